// What a button saves.

import { readFile } from "node:fs/promises";

/** Presses the button with this name: the saved file's name and its text. */
export async function saved(tab, name) {
  const [file] = await Promise.all([tab.waitForEvent("download"), tab.getByRole("button", { name }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}
