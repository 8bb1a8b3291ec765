// What a story counted, held against the README's table of what was measured.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./places.mjs";

/** A row of the README says these clicks and changes, and no fewer calls than were sent. */
export async function measured(name, { clicks, changes, calls }) {
  console.log(`measured: ${name}: ${clicks} clicks, ${changes} changes, ${calls} calls`);
  const text = await readFile(join(ROOT, "README.md"), "utf8");
  const row = text.split("\n").find((line) => line.startsWith(`| ${name} |`));
  assert.ok(row, `the README has no row "${name}"`);
  const [said, written, most] = row.split("|").slice(2, 5).map(Number);
  assert.deepEqual({ clicks: said, changes: written }, { clicks, changes }, `the README's row "${name}"`);
  assert.ok(calls <= most, `${calls} calls, the README says at most ${most}`);
}
