// Shows one part of the panel at a time, by the address: the connection, or the doctor. The doctor's module is loaded once
// it is asked for; what goes on in the other part goes on.
const MODULE = "./org2org_doctor_bg.wasm";
const parts = [...document.querySelectorAll("main")];
const links = [...document.querySelectorAll(".parts a")];
let loaded = null;

async function load() {
  const { default: start, show_doctor } = await import("./org2org_doctor.js");
  await start({ module_or_path: new URL(MODULE, import.meta.url) });
  return show_doctor;
}

function late(error) {
  console.error("org2org: doctor", error?.name);
  const words = document.getElementById("doctor-late");
  if (words) words.textContent = "The doctor could not start. Close the panel and open it again; nothing was changed in any org.";
}

function show() {
  const [first] = parts;
  const chosen = parts.find(({ id }) => `#${id}` === location.hash) ?? first;
  for (const part of parts) part.hidden = part !== chosen;
  for (const link of links) {
    if (link.hash === `#${chosen.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (chosen === first) return;
  loaded ??= load();
  loaded.then((show_doctor) => show_doctor()).catch(late);
}

addEventListener("hashchange", show);
show();
