// Starts the panel once the static page stands; all else is in the wasm module.
import start, { start_panel } from "./org2org_panel.js";

start({ module_or_path: new URL("./org2org_panel_bg.wasm", import.meta.url) })
  .then(() => start_panel())
  .catch((error) => {
    console.error("org2org: start", error?.name);
    const late = document.getElementById("late");
    if (late) late.textContent = "The panel could not start. Close it and open it again; nothing was changed in any org.";
    document.getElementById("app")?.setAttribute("aria-busy", "false");
  });
