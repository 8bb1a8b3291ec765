// Messages that nobody should believe, for the panel and for the relay.

/** A seeded die, so that a failing run can be had again. */
function dice(seed) {
  let state = BigInt(seed);
  return (below) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 33n) % below;
  };
}

const nested = (depth) => (depth === 0 ? {} : { a: nested(depth - 1) });

/** Forged messages to the panel: all that asks, agrees, answers or pretends. */
export function deceits(origin, stored) {
  const answer = { nonce: `${Date.now()}-1`, origin, status: 200, headers: {}, body: "[]", redirected: false };
  const asks = ["call", "write", "consent", "Consent", "ConsentUndo", "store", "forget", "Forget", "stop", "where", "point", "run", "act"];
  return [
    null, true, 0, 1e308, "", "place", [], [[]], {}, nested(200),
    ...asks.map((type) => ({ type })),
    ...asks.map((type) => ({ type, plan: "x", call: { op: "apps.create", params: {}, body: { name: "bookmark" } }, origins: [origin] })),
    { type: "place" }, { type: "place", href: 1 }, { type: "place", href: null }, { type: "place", href: "" },
    { type: "place", href: "https://hub-admin.okta.com/admin/dashboard" }, { type: "place", href: "https://acme-admin.okta.com.evil.com/" },
    { type: "place", href: `${origin}/admin/dashboard`, more: 1 }, { type: "changed", tab: 1 }, { type: "changed", org: "hub" },
    { type: ["changed"] }, { Type: "changed" }, { type: "changed\u0000" },
    JSON.parse('{"__proto__":{"type":"changed"}}'), JSON.parse('{"constructor":{"prototype":{"type":"changed"}}}'),
    answer, { ...answer, nonce: "" }, { ...answer, status: 70_000 }, { ...answer, failed: "timeout" }, { ...answer, type: "call" },
    stored, { run: stored.run }, { type: "store", ...stored }, { text: "\ud800\udfff\udc00" },
  ];
}

/** Seeded mutations of the messages that relays really send. */
export function mutations(origin, count) {
  const roll = dice(0x5eed);
  const bases = [
    { type: "place", href: `${origin}/admin/users` },
    { type: "changed" },
    { nonce: "1-1", origin, status: 200, headers: { date: "x" }, body: "[]", redirected: false },
    { nonce: "1-1", origin, failed: "timeout" },
  ];
  const values = [null, true, -1, 1.5, "", "call", "changed", "https://hub-admin.okta.com/", [], {}, [null], { type: "changed" }];
  const names = ["type", "href", "nonce", "origin", "status", "headers", "body", "redirected", "failed", "call", "constructor", "toString"];
  const one = () => {
    const message = structuredClone(bases[roll(bases.length)]);
    for (let change = roll(3); change >= 0; change -= 1) {
      const name = names[roll(names.length)];
      if (roll(3) === 0) delete message[name];
      else message[name] = values[roll(values.length)];
    }
    return message;
  };
  return Array.from({ length: count }, one);
}

/** Texts of messages to the relay that are no call of the table, each but for one thing like `good`. */
export function notCalls(good) {
  const call = (change) => JSON.stringify({ ...good, call: { ...good.call, ...change } });
  const user = (text) => call({ params: { user: text } });
  return [
    ...["users.delete", "", "__proto__", "constructor", "toString", "hasOwnProperty", 1, null, ["users", "read"]].map((op) => call({ op })),
    ...["../apps", "..", ".", "me/lifecycle/deactivate", "me?expand=x", "me#x", "%2e%2e", "me\\x", "//evil.com", "", " ", "me\n", "x".repeat(201), {}, null, true].map(user),
    call({ params: {} }), call({ params: null }), call({ params: "me" }), call({ params: { user: "me", more: "1" } }), call({ params: { user: "me", limit: "1" } }),
    ...["a#b", "a b", "a\\b", "", "x".repeat(4_001), 5, {}].map((query_raw) => call({ query_raw })),
    JSON.stringify({ ...good, call: undefined }), JSON.stringify({ ...good, call: null }), JSON.stringify({ ...good, call: "users.read" }),
    ...["https://hub-admin.okta.com", "https://acme-admin.okta.com/", "", null].map((origin) => JSON.stringify({ ...good, origin })),
    ...["Call", "fetch", "write", "", null, ["call"]].map((type) => JSON.stringify({ ...good, type })),
    ...[5, {}, "", null].map((origins) => JSON.stringify({ type: "stop", nonce: "n", origins })),
    `{"type":"call","nonce":"n","origin":"${good.origin}","__proto__":{"call":${JSON.stringify(good.call)}}}`,
    "null", "[]", "1", '"call"', "{}", "true",
  ];
}
