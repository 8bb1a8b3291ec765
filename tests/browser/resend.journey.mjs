// What a browser does by itself when a POST goes unanswered because its connection died or its stream was refused: it sends
// the request again and tells nobody. The lab counts the arrivals and the effects; the page sees one answer or one error.

import assert from "node:assert/strict";
import { resent } from "./resent.mjs";

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

// F12, every time: the page hears of one failure, and there is an object for each arrival.
const failsAtLast = ({ protocol, title, kind, atLeast }) => async (story) => {
  const { lab, allow } = story;
  allow(/ERR_|Failed to load/);
  const tab = await tabOn(story, protocol);
  await lab.fault({ org: "acme", method: "POST", path: PATH, kind });
  const { failed } = await post(tab, "Twice");
  assert.match(failed, /Failed to fetch|NetworkError/);
  await lab.clearFaults();
  const { arrivals, effects } = await seen(lab, "Twice");
  console.log(`# ${title}, every time: one POST of the page, ${arrivals.length} arrivals, ${effects.length} effects`);
  assert.ok(arrivals.length >= atLeast, `the browser sent it ${arrivals.length} times`);
  assert.equal(effects.length, arrivals.length);
  assert.ok(arrivals.every(({ status }) => status === null));
};

// F13: only the first time. The page sees a clean answer with the second object's id.
const succeedsAtLast = ({ protocol, kind }) => async (story) => {
  const { lab, allow } = story;
  allow(/ERR_|Failed to load/);
  const tab = await tabOn(story, protocol);
  await lab.fault({ org: "acme", method: "POST", path: PATH, calls: { nth: 1 }, kind });
  const { status, id } = await post(tab, "Quietly twice");
  assert.equal(status, 200, "the page sees nothing of it");
  const { arrivals, effects } = await seen(lab, "Quietly twice");
  assert.deepEqual(arrivals.map(({ status: one }) => one), [null, 200]);
  assert.equal(effects.length, 2, "and two objects are there");
  const made = Object.entries((await lab.dump()).acme.apps).filter(([, app]) => app.label === "Quietly twice").map(([own]) => own);
  assert.equal(made.length, 2);
  assert.equal(id, made.sort().at(-1), "the answer was the second one's");
};

const HTTP1 = { over: "HTTP/1.1", protocol: "http/1.1", flags: ["--http1"] };
const HTTP2 = { over: "HTTP/2", protocol: "h2", flags: [] };
const DIES = { how: "connection dies", kind: "drop_after" };
const REFUSED = { how: "stream is refused", kind: "refused_after" };

// How a POST fails, in which browser, and how often it arrives at least. Firefox sends none again when an HTTP/2 connection
// dies, but does when a stream is refused.
const CASES = [
  { browser: "Chromium", ...HTTP1, ...DIES, atLeast: 2 },
  { browser: "Chromium", ...HTTP2, ...DIES, atLeast: 2 },
  { browser: "Chromium", ...HTTP2, ...REFUSED, atLeast: 2 },
  { browser: "Firefox", ...HTTP1, ...DIES, atLeast: 2 },
  { browser: "Firefox", ...HTTP2, ...DIES, atLeast: 1 },
  { browser: "Firefox", ...HTTP2, ...REFUSED, atLeast: 2 },
];

const posts = CASES.flatMap((one) => {
  const title = `${one.how} over ${one.over} in ${one.browser}`;
  const told = { extension: false, firefox: one.browser === "Firefox", flags: one.flags };
  const always = { name: `a POST whose ${title}, every time`, ...told, run: failsAtLast({ ...one, title }) };
  const once = { name: `a POST whose ${title}, once`, ...told, run: succeedsAtLast(one) };
  return one.atLeast > 1 ? [always, once] : [always];
});

export const stories = [...posts, ...(process.env.ORG2ORG_DEEP === "1" ? resent : [])];
