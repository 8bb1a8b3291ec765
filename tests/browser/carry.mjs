// What a person does and carries: clicks, texts typed, and every use of the clipboard, over all tabs of a story.

import assert from "node:assert/strict";

/** Shorter texts are words such as `Sales`, and no value of an org. */
const SHORT = 8;

// Runs in every tab before its own scripts; a click counts when a real pointer made it.
function listen() {
  const tell = (kind, text) => window.carried(kind, location.host, String(text ?? ""));
  const named = (target) => target.closest?.("button, label, input, summary, [role=tab]")?.textContent.trim().slice(0, 40);
  addEventListener("pointerdown", (event) => { if (event.isTrusted) tell("click", named(event.target)); }, true);
  for (const kind of ["copy", "cut", "paste", "drop"]) addEventListener(kind, () => tell(kind), true);
  addEventListener("input", ({ target }) => { if (!/^(?:checkbox|radio)$/.test(target.type)) tell(target.type === "password" ? "secret" : "typed", target.value); }, true);
  const clipboard = globalThis.navigator.clipboard;
  for (const name of ["read", "readText", "write", "writeText"]) {
    const own = clipboard?.[name]?.bind(clipboard);
    if (own) clipboard[name] = (...given) => { tell("clipboard", name); return own(...given); };
  }
}

/** What hands do from now on, in tabs opened from now on: { seen, clicks(from), nothingCarried(values, known) }. */
export async function watchHands({ context }) {
  const seen = [];
  await context.exposeFunction("carried", (kind, host, text) => { seen.push({ kind, host, text }); });
  await context.addInitScript(listen);
  const of = (...kinds) => seen.filter(({ kind }) => kinds.includes(kind));
  return {
    seen,
    clicks: (from = 0) => of("click").slice(from),
    /** No clipboard, and in no field one of these values of the orgs, but for those that a person knows. */
    nothingCarried(values, known) {
      assert.deepEqual(of("copy", "cut", "paste", "drop", "clipboard"), []);
      const made = values.filter((value) => value.length >= SHORT && !known.includes(value));
      assert.ok(made.length > 0, "there are values that could have been carried");
      assert.deepEqual(of("typed", "secret").filter(({ text }) => made.some((value) => text.includes(value))), []);
    },
  };
}
