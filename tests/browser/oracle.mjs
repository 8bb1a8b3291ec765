// What the lab saw, for judging a story: which orgs were spoken to, what was made, and by how many hands.

import { setTimeout as pause } from "node:timers/promises";

/** What the lab's orgs made or changed, as "acme: created app …", in the order of the words; key ids are random. */
export const madeIn = (effects) => effects.map(({ org, what }) => `${org}: ${what.replace(/IdP key \S+/, "IdP key KID")}`).sort();

/** What one calm apply of Expenses for Sales makes. */
export const MADE = [
  "acme: created app bookmark `Expenses`",
  "acme: created app okta_org2org `HUB (Org2Org)`",
  "acme: created group `Sales` in app `Expenses`",
  "acme: created group `Sales` in app `HUB (Org2Org)`",
  "acme: updated app okta_org2org `HUB (Org2Org)`",
  "hub: created IdP SAML2 `ACME (Org2Org)`",
  "hub: created IdP key KID",
  "hub: created ada@acme.example.com in group `People of ACME`",
  "hub: created group `People of ACME`",
  "hub: created group `People of ACME` in app `Expenses`",
];

/** Waits until a write to this path has reached an org. */
export async function written(lab, org, path) {
  const there = (one) => one.org === org && one.method !== "GET" && one.path === path;
  while (!(await lab.requests()).some(there)) await pause(20);
}

/** API calls that went to another host than the two Admin Consoles of the pair. */
export async function strays(lab, pair = ["acme", "hub"]) {
  const hosts = pair.map((name) => lab.org(name).admin_host);
  return (await lab.requests()).filter(({ host }) => !hosts.includes(host));
}

/** The browser's number of a tab: the one that is shown when the tab is brought to the front. */
export async function tabId(panel, tab) {
  await tab.bringToFront();
  const id = await panel.page.evaluate(async () => (await chrome.tabs.query({ active: true }))[0]?.id);
  await panel.page.bringToFront();
  return id;
}

/** Whether a relay of ours answers in the page of a tab. */
export async function hasRelay(panel, tab) {
  const id = await tabId(panel, tab);
  const answer = await panel.page.evaluate((id) => chrome.tabs.sendMessage(id, { type: "where", nonce: "n" }).catch((error) => String(error)), id);
  return typeof answer === "object" && answer.nonce === "n";
}
