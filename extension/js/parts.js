// Shows one part of the panel at a time, by the address: the connection, the doctor, or the papers. The module of the last
// two is loaded once one of them is asked for; what goes on in the first goes on.
const MODULE = "./org2org_doctor_bg.wasm";
const SHOWN = { doctor: "show_doctor", papers: "show_papers" };
const parts = [...document.querySelectorAll("main")];
const links = [...document.querySelectorAll(".parts a")];
let loaded = null;

async function load() {
  const glue = await import("./org2org_doctor.js");
  await glue.default({ module_or_path: new URL(MODULE, import.meta.url) });
  return glue;
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
  if (chosen.id !== "papers") loaded?.then((glue) => glue.hide_papers(), () => {});
  if (chosen === first) return;
  loaded ??= load();
  loaded.then((glue) => glue[SHOWN[chosen.id]]()).catch((error) => late(chosen.id, error));
}

addEventListener("hashchange", show);
show();
