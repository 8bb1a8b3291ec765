// The console is one page: links and forms change it in place, and tabs follow the hash.
const main = () => document.getElementById("main");

const showTab = () => {
  const tabs = [...document.querySelectorAll("[data-tab]")];
  if (!tabs.length) return;
  const [wanted, part] = location.hash.slice(1).split("/");
  const shown = tabs.some((tab) => tab.dataset.tab === wanted) ? wanted : tabs[0].dataset.tab;
  for (const tab of tabs) tab.hidden = tab.dataset.tab !== shown;
  for (const link of document.querySelectorAll(".tabs a")) link.setAttribute("aria-selected", String(link.hash === "#" + shown));
  showPart(part);
};

// A tab may have parts, each with an address of its own behind the tab's.
const showPart = (wanted) => {
  const parts = [...document.querySelectorAll("[data-part]")];
  if (!parts.length) return;
  const shown = parts.some((part) => part.dataset.part === wanted) ? wanted : parts[0].dataset.part;
  for (const part of parts) part.hidden = part.dataset.part !== shown;
  for (const link of document.querySelectorAll(".parts a")) link.setAttribute("aria-current", String(link.hash.endsWith("/" + shown)));
};

const say = (text, role) => {
  const place = document.getElementById("message");
  place.setAttribute("role", role);
  place.textContent = text;
};

const go = async (address, push) => {
  const answer = await fetch(address, { headers: { "x-requested-with": "console" } });
  if (answer.redirected && !new URL(answer.url).pathname.startsWith("/admin/")) return location.assign(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (push) history.pushState(null, "", address);
  document.title = page.title;
  main().replaceChildren(...page.getElementById("main").childNodes);
  showTab();
};

// A value that the org tells once: it is gone with the button.
const showOnce = (value) => {
  const [box, label, shown, button] = ["section", "label", "input", "button"].map((name) => document.createElement(name));
  Object.assign(box, { id: "once" });
  Object.assign(label, { htmlFor: "once-value", textContent: "Token value" });
  Object.assign(shown, { id: "once-value", type: "text", readOnly: true, value });
  Object.assign(button, { type: "button", textContent: "OK, got it", onclick: () => box.remove() });
  box.append(label, shown, button);
  main().prepend(box);
  shown.focus();
};

// As an attribute: a field of that name would hide the property.
const actionOf = (form) => form.getAttribute("action");

const send = async (form, action) => {
  const button = form.querySelector("button[type=submit]");
  if (button) button.disabled = true;
  say("", "status");
  const token = document.getElementById("_xsrfToken").textContent;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(action, { method: "POST", body, headers: { "X-Okta-XsrfToken": token } });
  const told = await answer.json().catch(() => ({ error: "The org gave no answer that this page understands." }));
  if (button) button.disabled = false;
  if (!answer.ok) return say(told.error, "alert");
  if (action !== actionOf(form)) return say(told.message, "status");
  const stay = told.go === location.pathname;
  await go(stay ? told.go + location.hash : told.go, !stay);
  say(told.message, "status");
  if (told.once) showOnce(told.once);
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-send]")) return;
  event.preventDefault();
  send(event.target, actionOf(event.target));
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    for (const part of document.querySelectorAll(opener.dataset.opens)) part.hidden = !part.hidden;
    for (const part of document.querySelectorAll(opener.dataset.closes || "no-such-part")) part.hidden = true;
    return;
  }
  // A choice of where a page's one way on leads.
  const choice = event.target.closest("[data-leads]");
  if (choice) return document.getElementById("next").setAttribute("href", choice.dataset.leads);
  // A second button of a form sends it elsewhere.
  const also = event.target.closest("[data-also]");
  if (also) return send(also.form, also.dataset.also);
  const link = event.target.closest("a[href^='/admin/']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  say("", "status");
  go(link.getAttribute("href"), true);
});

addEventListener("popstate", () => go(location.href, false));
addEventListener("hashchange", showTab);
showTab();
