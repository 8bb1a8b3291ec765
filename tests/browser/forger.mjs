// A page of the org turned against us: it runs in the page's own world and does all that a script of the page can.

/** Words that no org ever said; they stand wherever the page lies. */
export const LIE = "forged-by-the-page";

/** Draws labels of the console with values beside them that are lies, and elements that hide what scripts look up. */
export const forge = (tab, labels) => tab.evaluate(([labels, lie]) => {
  const box = document.createElement("section");
  for (const [index, label] of labels.entries()) {
    const row = document.createElement("dl");
    const [name, value, field] = [document.createElement("dt"), document.createElement("dd"), document.createElement("input")];
    name.textContent = label;
    value.textContent = `${lie}-${index}`;
    Object.assign(field, { value: `${lie}-${index}`, id: `forged-${index}`, ariaLabel: label });
    row.append(name, value, field);
    box.append(row);
  }
  // Named elements stand before the document's own members: document.getElementById is then an image.
  for (const name of ["getElementById", "cookie", "title", "body"]) {
    const image = document.createElement("img");
    image.setAttribute("name", name);
    box.append(image);
  }
  for (const id of ["org2orgOperations", "org2orgAlive", "org2orgPoint", "org2orgWatching", "chrome", "fetch"]) {
    const link = document.createElement("a");
    link.id = id;
    link.setAttribute("href", `https://hub.okta.com/${lie}`);
    box.append(link);
  }
  document.documentElement.append(box);
  globalThis.org2orgAlive = globalThis.org2orgWatching = () => false;
  globalThis.org2orgPoint = () => [lie];
  globalThis.org2orgOperations = { lie: { method: "DELETE", path: "/api/v1/apps" } };
}, [labels, LIE]);

/** Fires what a page can fire at whatever stands in it, our outlines included, and posts messages to every ear; how many there were. */
export const fire = (tab, messages, times) => tab.evaluate(async ([texts, times]) => {
  const messages = JSON.parse(texts);
  const kinds = [["click", MouseEvent], ["pointerdown", PointerEvent], ["mouseup", MouseEvent], ["keyup", KeyboardEvent], ["keydown", KeyboardEvent],
    ["change", Event], ["input", InputEvent], ["submit", Event], ["focus", FocusEvent], ["visibilitychange", Event], ["message", MessageEvent], ["org2org", CustomEvent]];
  const outlines = [...Document.prototype.querySelectorAll.call(document, "html > [aria-hidden=true], html > [aria-hidden=true] *")];
  const [all, channel] = [[window, document, document.documentElement, document.body, ...outlines], new BroadcastChannel("org2org")];
  let fired = 0;
  for (; fired < times; fired += 1) {
    const [kind, Kind] = kinds[fired % kinds.length];
    const detail = messages[fired % messages.length];
    const more = Kind === MessageEvent ? { data: detail, origin: location.origin, source: window } : { detail, key: "Enter" };
    all[fired % all.length].dispatchEvent(new Kind(kind, { bubbles: true, cancelable: true, composed: true, ...more }));
    for (const post of [() => window.postMessage(detail, "*"), () => channel.postMessage(detail), () => document.querySelector("iframe")?.contentWindow.postMessage(detail, "*")]) {
      try { post(); } catch { /* what cannot be copied is not sent */ }
    }
    if (fired % 100 === 0) await new Promise((later) => setTimeout(later));
  }
  channel.close();
  return { fired, outlines: outlines.length, runtime: typeof globalThis.chrome?.runtime?.sendMessage };
}, [JSON.stringify(messages), times]);
