// What a browser does by itself when a connection dies under a POST: it sends the request again, on a new connection, and
// tells nobody. The lab counts the arrivals and the effects; the page sees one answer or one error.

import assert from "node:assert/strict";

const PATH = "/api/v1/apps";

/** A console's tab whose connection was used before: only then does a browser send again. */
async function tabOn({ lab, signIn }, protocol) {
  const tab = await signIn("acme");
  const used = await tab.evaluate(async () => {
    await fetch("/api/v1/groups?limit=1");
    return performance.getEntriesByType("resource").at(-1).nextHopProtocol;
  });
  assert.equal(used, protocol);
  await lab.clearFaults();
  return tab;
}

/** One POST of the page: { status, id } or { failed }. */
function post(tab, label) {
  return tab.evaluate(async ([path, body]) => {
    const headers = { "content-type": "application/json", "X-Okta-XsrfToken": document.getElementById("_xsrfToken").textContent };
    try {
      const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: answer.status, id: (await answer.json()).id };
    } catch (error) {
      return { failed: String(error) };
    }
  }, [PATH, { name: "bookmark", label, signOnMode: "BOOKMARK", settings: { app: { url: "https://x.example.com/" } } }]);
}

async function seen(lab, label) {
  const arrivals = (await lab.requests()).filter(({ method, path }) => method === "POST" && path === PATH);
  const effects = (await lab.effects()).filter(({ what }) => what.includes(label));
  return { arrivals, effects };
}

// F12: every connection dies after the effect. The page hears of one failure; there are several objects.
const failsAtLast = (protocol) => async (story) => {
  const { lab, allow } = story;
  allow(/ERR_|Failed to load/);
  const tab = await tabOn(story, protocol);
  await lab.fault({ org: "acme", method: "POST", path: PATH, kind: "F12" });
  const { failed } = await post(tab, "Twice");
  assert.match(failed, /Failed to fetch/);
  await lab.clearFaults();
  const { arrivals, effects } = await seen(lab, "Twice");
  console.log(`# ${protocol}: one POST of the page, every connection dies: ${arrivals.length} arrivals, ${effects.length} effects`);
  assert.ok(arrivals.length >= 2, "the browser sent it again by itself");
  assert.equal(effects.length, arrivals.length);
  assert.ok(arrivals.every(({ status }) => status === null));
};

// F13: only the first dies. The page sees a clean answer with the second object's id.
const succeedsAtLast = (protocol) => async (story) => {
  const { lab, allow } = story;
  allow(/ERR_|Failed to load/);
  const tab = await tabOn(story, protocol);
  await lab.fault({ org: "acme", method: "POST", path: PATH, calls: { nth: 1 }, kind: "F12" });
  const { status, id } = await post(tab, "Quietly twice");
  assert.equal(status, 200, "the page sees nothing of it");
  const { arrivals, effects } = await seen(lab, "Quietly twice");
  assert.deepEqual(arrivals.map(({ status: one }) => one), [null, 200]);
  assert.equal(effects.length, 2, "and two objects are there");
  const made = Object.entries((await lab.dump()).acme.apps).filter(([, app]) => app.label === "Quietly twice").map(([own]) => own);
  assert.equal(made.length, 2);
  assert.equal(id, made.sort().at(-1), "the answer was the second one's");
};

const PROTOCOLS = [
  ["HTTP/1.1", "http/1.1", ["--http1"]],
  ["HTTP/2", "h2", []],
];

export const stories = PROTOCOLS.flatMap(([name, protocol, flags]) => [
  { name: `a POST whose connections die arrives several times over ${name}`, extension: false, flags, run: failsAtLast(protocol) },
  { name: `a POST whose first connection dies is answered the second time over ${name}`, extension: false, flags, run: succeedsAtLast(protocol) },
]);
