// Every fault class of the lab, F1 to F24, set over its control address against a real lab and seen by a client of Node's
// own. The classes come from the lab's table; a class or kind without a check here fails.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { Api, call } from "./orgs.mjs";

let lab, acme;
before(async () => {
  lab = await Lab.start();
  acme = new Api(lab, "acme");
});
after(() => lab.stop());
beforeEach(() => lab.reset());

/** One call with the admin's token: { status, headers, text }, or { gone } when no answer came. */
async function send(method, path, { body, host = acme.host, headers, patience } = {}) {
  const credentials = headers ?? { authorization: `SSWS ${acme.token}` };
  const asked = { host, method, path, headers: { accept: "application/json", "content-type": "application/json", ...credentials }, body: body && JSON.stringify(body) };
  const answer = call(lab, asked).catch((error) => ({ gone: error.message }));
  return patience ? Promise.race([answer, new Promise((done) => setTimeout(done, patience, { gone: "timeout" }))]) : answer;
}

const write = (more = {}) => send("POST", "/api/v1/apps", { body: bookmark(), ...more });
const read = (path = "/api/v1/users?limit=2", more) => send("GET", path, more);
const bookmark = (label = `Bookmark ${randomUUID()}`) => ({ name: "bookmark", label, signOnMode: "BOOKMARK", settings: { app: { url: "https://x.example.com/" } } });
const written = async () => (await lab.effects()).length;

async function answered(got, status, code) {
  assert.equal(got.status, status, got.text ?? got.gone);
  if (code) assert.equal(JSON.parse(got.text).errorCode, code);
}

/** A refusal: this answer, and nothing happened. */
const refuses = (status, code, more = () => {}) => async (set) => {
  await set({ method: "POST", path: "/api/v1/apps" });
  const got = await write();
  await answered(got, status, code);
  assert.equal(await written(), 0);
  more(got);
};

/** This answer although it happened. */
const happens = (status, code) => async (set) => {
  await set({ method: "POST" });
  await answered(await write(), status, code);
  assert.equal(await written(), 1);
};

/** A dead connection and so many effects. */
const dies = (effects) => async (set) => {
  await set({ method: "POST" });
  assert.match((await write()).gone, /hang up|ECONNRESET/);
  assert.equal(await written(), effects);
};

/** Silence for longer than anybody waits, and so many effects by then and at the end. */
const silent = (now, late) => async (set) => {
  await set({ method: "POST" });
  assert.equal((await write({ patience: 1_000 })).gone, "timeout");
  assert.equal(await written(), now);
  await lab.advance(30_000);
  assert.equal(await written(), late);
};

/** An answer that says something else than it should; `look` gets it and what it would have been. */
const spoils = (look, path) => async (set) => {
  const right = await read(path);
  await set({});
  look(await read(path), right);
};

const limits = (limit) => ({ headers }) => {
  const [told, remaining, reset] = ["limit", "remaining", "reset"].map((name) => Number(headers[`x-rate-limit-${name}`]));
  assert.deepEqual([told, remaining], [limit, 0]);
  return reset - Date.parse(headers.date) / 1000;
};
const waits = (limit, from, to) => (got) => {
  const wait = limits(limit)(got);
  assert.ok(from <= wait && wait <= to, `${wait} s`);
};

const next = ({ headers }) => String(headers.link).match(/<([^>]*)>; rel="next"/)?.[1];
const ids = ({ text }) => JSON.parse(text).map(({ id }) => id);

async function secondPage() {
  const { pathname, search } = new URL(next(await read()));
  return pathname + search;
}

const shifts = (look) => async (set) => {
  const [first, path] = [ids(await read()), await secondPage()];
  const right = ids(await read(path));
  await set({});
  look(ids(await read(path)), right, first);
};

/** What each kind of fault does, by its name. A number that goes with it comes second. */
const CHECKS = {
  rate_limited: refuses(429, "E0000047", waits(600, 9, 11)),
  rate_limited_bare: refuses(429, "E0000047", ({ headers }) => assert.ok(!("x-rate-limit-limit" in headers))),
  rate_limited_reset: (set, by) => refuses(429, "E0000047", waits(600, by - 1, by + 1))(set),
  rate_limited_skewed: (set, by) => refuses(429, "E0000047", (got) => {
    waits(600, 9, 11)(got);
    const ahead = (Date.parse(got.headers.date) - Date.now()) / 1000;
    assert.ok(Math.abs(ahead - by) < 60, `the org's clock is ${ahead} s off`);
  })(set),
  concurrency: refuses(429, "E0000047", waits(0, 1, 60)),
  console_limited: refuses(429, "E0000047", waits(40, 9, 11)),
  error_before: (set, status) => refuses(status, status === 500 && "E0000009")(set),
  error_after: (set, status) => happens(status, status === 500 && "E0000009")(set),
  read_only_mode: refuses(503, "E0000010"),
  silent: silent(0, 0),
  silent_late_effect: silent(0, 1),
  late_effect: async (set) => {
    await dies(0)(set);
    await lab.advance(29_000);
    assert.equal(await written(), 0);
    await lab.advance(1_000);
    assert.equal(await written(), 1);
  },
  drop_after: dies(1),
  refused_after: dies(1),
  drop_before: dies(0),
  resent_dropped: dies(2),
  resent: async (set) => {
    await set({ method: "POST" });
    await answered(await write(), 200);
    assert.equal(await written(), 2);
  },
  session_gone: refuses(403, "E0000005"),
  session_gone_token: refuses(401, "E0000011"),
  session_gone_redirect: refuses(302, undefined, ({ headers }) => assert.equal(headers.location, `https://${acme.host}/login/login.htm`)),
  session_gone_html: refuses(200, undefined, ({ headers, text }) => assert.ok(headers["content-type"].startsWith("text/html") && text.includes("Sign In"))),
  no_permission: refuses(403, "E0000006"),
  step_up: refuses(403, "E0000006", ({ headers }) => assert.match(headers["www-authenticate"], /insufficient_authentication/)),
  not_found_flip: async (set) => {
    await set({ method: "POST" });
    const { id } = JSON.parse((await write()).text);
    await lab.clearFaults();
    const seen = () => read(`/api/v1/apps/${id}`).then(({ status }) => status);
    assert.deepEqual([await seen(), await seen(), await seen(), await seen()], [404, 200, 404, 200]);
    await lab.advance(60_000);
    assert.deepEqual([await seen(), await seen()], [200, 200]);
  },
  stale_list: async (set) => {
    await set({});
    const { id } = JSON.parse((await write()).text);
    const listed = async () => ids(await read("/api/v1/apps?limit=200")).includes(id);
    assert.equal(await listed(), false, "the new one is not listed yet");
    await answered(await read(`/api/v1/apps/${id}`), 200);
    await lab.advance(10_000);
    assert.equal(await listed(), true);
    await send("POST", `/api/v1/apps/${id}/lifecycle/deactivate`);
    await answered(await send("DELETE", `/api/v1/apps/${id}`), 204);
    assert.equal(await listed(), true, "the deleted one is still listed");
    await lab.advance(10_000);
    assert.equal(await listed(), false);
  },
  already_assigned: happens(409, "E0000090"),
  already_exists: happens(400, "E0000001"),
  html200: async (set) => {
    await refuses(200, undefined, ({ text }) => assert.match(text, /^<!doctype html>/))(set);
  },
  redirect_elsewhere: refuses(302, undefined, ({ headers }) => assert.equal(new URL(headers.location).host, "portal.example.com")),
  blocked: refuses(403, undefined, ({ headers }) => assert.match(headers["content-type"], /html/)),
  truncated_json: spoils((got, right) => {
    assert.ok(right.text.startsWith(got.text) && got.text.length < right.text.length);
    assert.throws(() => JSON.parse(got.text));
  }),
  wrong_content_type: spoils((got, right) => assert.deepEqual([got.headers["content-type"], got.text], ["text/plain", right.text])),
  wrong_charset: spoils((got) => {
    assert.match(got.headers["content-type"], /UTF-16/);
    assert.throws(() => JSON.parse(got.text));
  }),
  wrong_shape: spoils((got) => assert.ok(JSON.parse(got.text).every((user) => !("id" in user) && "ident" in user))),
  wrong_id: spoils((got) => assert.ok(ids(got).every((id) => !/^00u\w{17}$/.test(id)))),
  missing_field: spoils((got) => assert.ok(JSON.parse(got.text).every((user) => !("id" in user)))),
  extra_field: spoils((got, right) => {
    const { addedSince, ...rest } = JSON.parse(got.text);
    assert.ok(addedSince.by);
    assert.deepEqual(rest, JSON.parse(right.text));
  }, "/.well-known/okta-organization"),
  duplicate_keys: spoils((got, right) => {
    assert.equal(got.text.match(/"id":/g).length, 1 + right.text.match(/"id":/g).length);
    assert.deepEqual(JSON.parse(got.text), JSON.parse(right.text), "the last one counts for this reader");
  }, "/.well-known/okta-organization"),
  huge_body: spoils((got, right) => {
    assert.equal(got.text.length, right.text.length + 50 * 2 ** 20);
    assert.deepEqual(JSON.parse(got.text), JSON.parse(right.text));
  }),
  next_loop: spoils((got, right) => {
    assert.notEqual(next(got), next(right));
    assert.equal(new URL(next(got)).search, "?limit=2");
  }),
  next_elsewhere: spoils((got) => assert.equal(new URL(next(got)).host, "collector.example.com")),
  next_missing: spoils((got, right) => assert.ok(next(right) && !next(got))),
  page_overlap: shifts((got, right, first) => assert.deepEqual(got, [first[0], ...right])),
  page_gap: shifts((got, right) => assert.deepEqual(got, right.slice(1))),
  session_revoked: async (set) => {
    const { headers } = await call(lab, { host: acme.host, path: "/_lab/session" });
    const cookie = headers["set-cookie"][0].split(";")[0];
    const me = () => read("/api/v1/users/me", { headers: { cookie } });
    await answered(await me(), 200);
    await set({ calls: { nth: 1 } });
    await answered(await me(), 403, "E0000005");
    await answered(await me(), 403, "E0000005");
  },
  slow: async (set) => {
    await set({ method: "POST" });
    assert.equal((await write({ patience: 1_000 })).gone, "timeout");
    assert.equal(await written(), 1);
  },
  another_actor: spoils((got, right) => assert.notEqual(JSON.parse(got.text).id, JSON.parse(right.text).id), "/api/v1/users/me"),
  wrong_org: spoils((got, right) => assert.notEqual(JSON.parse(got.text).id, JSON.parse(right.text).id), "/.well-known/okta-organization"),
  not_stored: async (set) => {
    // What every client under test does: the note first, then the call.
    const careful = async () => {
      const { status } = await send("POST", "/_lab/store", { body: { intent: "a bookmark" } });
      return status === 204 ? (await write()).status : status;
    };
    await set({ calls: { nth: 2 } });
    assert.deepEqual([await careful(), await careful(), await careful()], [200, 507, 200]);
    assert.equal(await written(), 2, "no evidence, no effect");
    assert.deepEqual(JSON.parse((await read("/_lab/store")).text), [{ intent: "a bookmark" }, { intent: "a bookmark" }]);
  },
};

const IDS = Array.from({ length: 24 }, (_, at) => `F${at + 1}`);

describe("the lab's fault classes", () => {
  let classes;
  before(async () => {
    classes = JSON.parse((await read("/_lab/fault-classes")).text);
  });

  test("are F1 to F24, each with a check for each of its kinds", () => {
    assert.deepEqual(classes.map(({ id }) => id), IDS);
    for (const { id, kinds } of classes) for (const kind of kinds) assert.ok(CHECKS[named(kind)[0]], `${id}: ${named(kind)[0]}`);
    const used = new Set(classes.flatMap(({ kinds }) => kinds.map((kind) => named(kind)[0])));
    assert.deepEqual(Object.keys(CHECKS).filter((name) => !used.has(name)), []);
  });

  for (const id of IDS) {
    test(id, async (suite) => {
      const { what, kinds } = classes.find((one) => one.id === id);
      for (const [at, kind] of kinds.entries()) {
        const [name, number] = named(kind);
        // The first kind is set by the name of its class, the others by their own.
        await suite.test(`${what}: ${name}${number === undefined ? "" : ` ${number}`}`, async () => {
          await lab.reset();
          await CHECKS[name]((narrowed) => lab.fault({ org: "acme", kind: at === 0 ? id : kind, ...narrowed }), number);
        });
      }
    });
  }
});

const named = (kind) => (typeof kind === "string" ? [kind] : Object.entries(kind)[0]);

describe("a fault hits", () => {
  const statuses = async (count) => {
    const seen = [];
    for (let at = 0; at < count; at += 1) seen.push((await read()).status);
    return seen;
  };

  test("the Nth call and no other", async () => {
    await lab.fault({ kind: "F5", calls: { nth: 3 } });
    assert.deepEqual(await statuses(5), [200, 200, 500, 200, 200]);
  });

  test("the Nth call and all after it", async () => {
    await lab.fault({ kind: "F5", calls: { from: 3 } });
    assert.deepEqual(await statuses(5), [200, 200, 500, 500, 500]);
  });

  test("calls by seed, the same ones each time", async () => {
    const run = async (seed) => {
      await lab.reset();
      await lab.fault({ kind: "F5", calls: { seeded: { seed, one_in: 3 } } });
      return (await statuses(40)).join();
    };
    const first = await run(7);
    assert.ok(first.includes("500") && first.includes("200"));
    assert.equal(await run(7), first);
    assert.notEqual(await run(8), first);
  });

  test("only its org, method and path", async () => {
    await lab.fault({ kind: "F5", org: "acme", method: "GET", path: "/api/v1/groups" });
    assert.deepEqual(await statuses(1), [200]);
    assert.equal((await read("/api/v1/groups")).status, 500);
    assert.equal((await send("POST", "/api/v1/groups", { body: { profile: { name: "x" } } })).status, 200);
    const hub = new Api(lab, "hub");
    assert.equal((await read("/api/v1/groups", { host: hub.host, headers: { authorization: `SSWS ${hub.token}` } })).status, 200);
    assert.deepEqual(JSON.parse((await read("/_lab/fault")).text), [{ org: "acme", method: "GET", path: "/api/v1/groups", ends: null, calls: "every", kind: { error_before: 500 } }]);
  });

  test("only a path that ends so", async () => {
    await lab.fault({ kind: "F5", ends: "/groups" });
    assert.equal((await read("/api/v1/groups")).status, 500);
    assert.equal((await read("/api/v1/users/me")).status, 200);
  });

  test("and says what is wrong with one that is none", async () => {
    for (const kind of ["F25", "no_such", { slow: "long" }]) {
      const { status, text } = await send("POST", "/_lab/fault", { body: { kind } });
      assert.equal(status, 400);
      assert.match(JSON.parse(text).error, /the body is no fault/);
    }
  });
});
