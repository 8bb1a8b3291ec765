// Starts the panel once the static page stands; all else is in a wasm module. There are two, made of the same source:
// a small one that connects by SAML and bookmarks, and one with every procedure, loaded from when it was asked for.
const edition = async () => {
  const { edition } = await chrome.storage.local.get("edition").catch(() => ({}));
  return edition === "all" ? "org2org_panel_all" : "org2org_panel";
};

edition()
  .then(async (name) => {
    const { default: start, start_panel } = await import(`./${name}.js`);
    await start({ module_or_path: new URL(`./${name}_bg.wasm`, import.meta.url) });
    start_panel();
  })
  .catch((error) => {
    console.error("org2org: start", error?.name);
    const late = document.getElementById("late");
    if (late) late.textContent = "The panel could not start. Close it and open it again; nothing was changed in any org.";
    document.getElementById("app")?.setAttribute("aria-busy", "false");
  });
