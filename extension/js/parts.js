// Shows one part of the panel at a time, by the address: the connection, the pairs, the doctor, or the papers. The module of
// each but the first is loaded once it is asked for; what goes on in the first goes on.
const DOCTOR = { glue: () => import("./org2org_doctor.js"), module: "./org2org_doctor_bg.wasm", loaded: null };
const PAIRS = { glue: () => import("./org2org_pairs.js"), module: "./org2org_pairs_bg.wasm", loaded: null };
const SHOWN = { doctor: [DOCTOR, "show_doctor"], pairs: [PAIRS, "show_pairs"], papers: [DOCTOR, "show_papers"] };
const parts = [...document.querySelectorAll("main")];
const links = [...document.querySelectorAll(".parts a")];

async function load({ glue, module }) {
  const made = await glue();
  await made.default({ module_or_path: new URL(module, import.meta.url) });
  return made;
}

function late(part, error) {
  console.error(`org2org: ${part}`, error?.name);
  const words = document.getElementById(`${part}-late`);
  if (words) words.textContent = "This part could not start. Close the panel and open it again; nothing was changed in any org.";
}

function show() {
  const [first] = parts;
  const chosen = parts.find(({ id }) => `#${id}` === location.hash) ?? first;
  for (const part of parts) part.hidden = part !== chosen;
  for (const link of links) {
    if (link.hash === `#${chosen.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  // What papers say of people stays in no page that nobody looks at.
  if (chosen.id !== "papers") DOCTOR.loaded?.then((glue) => glue.hide_papers(), () => {});
  if (chosen === first) return;
  const [from, name] = SHOWN[chosen.id];
  from.loaded ??= load(from);
  from.loaded.then((glue) => glue[name]()).catch((error) => late(chosen.id, error));
}

addEventListener("hashchange", () => {
  show();
  // Where no link led here, the browser left the focus to the page as a whole.
  if (document.activeElement === document.body) parts.find(({ hidden }) => !hidden).querySelector("h2[tabindex]")?.focus();
});
show();
