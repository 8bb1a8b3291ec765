// That nothing was left out: every operation of the SDK that the lab knows was called with success, by both credentials.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { call } from "../orgs.mjs";

// The lab has no such resource: it takes the last part for the id of another.
const TAKEN = ["GET /api/v1/groups/rules", "GET /api/v1/meta/schemas/user/linkedObjects", "POST /api/v1/meta/schemas/user/linkedObjects"];
// Nobody gets locked out in the lab, so nobody can be unlocked; `users.mjs` sees the refusal.
const REFUSED = ["POST /api/v1/users/{userId}/lifecycle/unlock"];
// A service app calls with no API token that it could end.
const BY_TOKEN = ["DELETE /api/v1/api-tokens/current"];

export function complete(lab) {
  test("was made to call everything that the lab has of it", async () => {
    const known = [];
    for (const operation of operations().filter(({ path, line }) => /^\/(api|oauth2|\.well-known)\//.test(path) && !TAKEN.includes(line))) if (await isKnown(lab, operation)) known.push(operation);
    assert.ok(known.length > 140, `only ${known.length} operations are known`);
    const called = await calls(lab);
    const missing = (kind) => known.filter(({ line }) => !called[kind].has(line)).map(({ line }) => line);
    assert.deepEqual(missing("user"), REFUSED);
    assert.deepEqual(missing("client"), [...BY_TOKEN, ...REFUSED]);
    // Of what was called, the template with the most fixed parts counts.
    async function calls(lab) {
      const found = { user: new Set(), client: new Set() };
      for (const { method, path, status, actor } of await lab.requests()) {
        if (status >= 300) continue;
        const fits = known.filter((operation) => operation.method === method && operation.shape.test(path));
        const [best] = fits.sort((left, right) => right.fixed - left.fixed);
        if (best && (actor === "" || actor.includes("@"))) found.user.add(best.line);
        if (best && !actor.includes("@")) found.client.add(best.line);
      }
      return found;
    }
  });
}

/** Every operation of the SDK: { method, path, line, shape, fixed }. */
function operations() {
  const root = dirname(createRequire(import.meta.url).resolve("@okta/okta-sdk-nodejs/package.json"));
  const folder = join(root, "src/generated/apis");
  const text = readdirSync(folder).filter((file) => file.endsWith("Api.js")).map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  const found = new Map();
  for (const [, path, method] of text.matchAll(/const path = '([^']+)';[\s\S]*?HttpMethodEnum\.([A-Z]+)/g)) {
    const parts = path.split("/");
    const shape = new RegExp(`^${parts.map((part) => (part.includes("{") ? "[^/]+" : part.replaceAll(".", "\\."))).join("/")}$`);
    const line = `${method} ${path}`;
    found.set(line, { method, path, line, shape, fixed: parts.filter((part) => !part.includes("{")).length });
  }
  return [...found.values()];
}

// The lab tells whether it has an operation before it asks who calls.
async function isKnown(lab, { method, path }) {
  const { status, text } = await call(lab, { host: lab.org("other").host, method, path: path.replace(/\{[^}]*\}/g, "x") });
  return status !== 405 && !text.includes("(Endpoint)");
}
