// What the lab saw, for judging a story: which orgs were spoken to, what was made, and by how many hands.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Panel } from "./panel.mjs";

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

/** Pairs ACME and HUB, wishes what `MADE` tells, and waits for the plan. */
export async function connected(story) {
  const { panel, tabs } = await Panel.paired(story);
  await panel.wish({ apps: ["Expenses"], groups: ["Sales"] });
  const { writes } = await panel.planned();
  assert.ok(writes > 0, "there is something to write");
  return { panel, tabs };
}

/** Lets the answer to a write take a while, so that a story can act meanwhile; gives the wait for its arrival. */
export async function hold(lab, org, method, path) {
  await lab.fault({ org, method, path, kind: { slow: 2_000 } });
  const there = (one) => one.org === org && one.method === method && one.path === path;
  return async () => { while (!(await lab.requests()).some(there)) await pause(20); };
}

/** Ends the session of an org's tab without the page noticing. */
export const signOut = (tab) => tab.evaluate(() => fetch("/_lab/sign-out", { method: "POST" }));

/** API calls that went to another host than the two Admin Consoles of the pair. */
export async function strays(lab, pair = ["acme", "hub"]) {
  const hosts = pair.map((name) => lab.org(name).admin_host);
  return (await lab.requests()).filter(({ host }) => !hosts.includes(host));
}

/** The browser's number of a tab: the one that is shown when the tab is brought to the front. */
export async function tabId(panel, tab) {
  await tab.bringToFront();
  // In Firefox each of our tabs has a window of its own, with one that is active.
  const id = await panel.page.evaluate(async () => {
    const active = await chrome.tabs.query({ active: true });
    const [front = active[0]] = active.length > 1 ? await chrome.tabs.query({ active: true, lastFocusedWindow: true }) : active;
    return front?.id;
  });
  await panel.page.bringToFront();
  return id;
}

/** Whether a relay of ours answers in the page of a tab. */
export async function hasRelay(panel, tab) {
  const id = await tabId(panel, tab);
  const answer = await panel.page.evaluate((id) => chrome.tabs.sendMessage(id, { type: "where", nonce: "n" }).catch((error) => String(error)), id);
  return typeof answer === "object" && answer.nonce === "n";
}
