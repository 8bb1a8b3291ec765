// Keeps the relays registered for exactly the origins the person granted.
// It holds no state, decides nothing and answers no message.
const RELAY = ["operations.js", "point.js", "content.js", "watch.js"];
const EXACT = /^https:\/\/[a-z0-9-]+-admin\.(?:okta|oktapreview|okta-emea|okta-gov)\.com\/\*$|^https:\/\/[a-z0-9-]+-admin\.okta\.mil\/\*$/;

async function register() {
  const { origins = [] } = await chrome.permissions.getAll();
  const matches = origins.filter((origin) => EXACT.test(origin));
  const old = await chrome.scripting.getRegisteredContentScripts();
  if (old.length) await chrome.scripting.unregisterContentScripts({ ids: old.map(({ id }) => id) });
  if (matches.length) await chrome.scripting.registerContentScripts([{ id: "relay", matches, js: RELAY, runAt: "document_idle", allFrames: false }]);
}

// Relays outlive a returned permission: they are told to stop first.
async function stop(removed) {
  const origins = (removed ?? []).map((pattern) => pattern.replace(/\/\*$/, ""));
  if (origins.length === 0) return;
  const tabs = await chrome.tabs.query({});
  await Promise.allSettled(tabs.map(({ id }) => chrome.tabs.sendMessage(id, { type: "stop", origins }, { frameId: 0 })));
}

// One after the other: two registrations at once would refuse each other's id.
let last = Promise.resolve();
const queue = (work) => { last = last.then(work).catch((error) => console.warn("org2org: register", error?.name)); };

chrome.runtime.onInstalled.addListener(() => queue(register));
chrome.runtime.onStartup.addListener(() => queue(register));
chrome.permissions.onAdded.addListener(() => queue(register));
chrome.permissions.onRemoved.addListener(({ origins }) => { queue(() => stop(origins)); queue(register); });
