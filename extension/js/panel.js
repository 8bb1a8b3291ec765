// Starts the panel once the static page stands; all else is in a wasm module. There are two, made of the same source:
// a small one that connects by SAML and bookmarks, and one with every procedure, loaded from when it was asked for.
// Each is imported by its whole name: Mozilla's linter refuses one that is put together.
const SMALL = { glue: () => import("./org2org_panel.js"), module: "./org2org_panel_bg.wasm" };
const ALL = { glue: () => import("./org2org_panel_all.js"), module: "./org2org_panel_all_bg.wasm" };

const edition = async () => {
  const { edition } = await chrome.storage.local.get("edition").catch(() => ({}));
  return edition === "all" ? ALL : SMALL;
};

edition()
  .then(async ({ glue, module }) => {
    const { default: start, start_panel } = await glue();
    await start({ module_or_path: new URL(module, import.meta.url) });
    start_panel();
  })
  .catch((error) => {
    console.error("org2org: start", error?.name);
    const late = document.getElementById("late");
    if (late) late.textContent = "The panel could not start. Close it and open it again; nothing was changed in any org.";
    document.getElementById("app")?.setAttribute("aria-busy", "false");
  });
