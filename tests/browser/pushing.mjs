// Connections that push, as a person sets them up from the panel. Shared by the stories.

import assert from "node:assert/strict";
import { Console } from "./console.mjs";
import { DONE, Panel } from "./panel.mjs";
import { appOf } from "./people.mjs";

/** Labels that the panel suggests: of the app in ACME, and of the service app or token in HUB. */
export const APP = "HUB (Org2Org)";
export const CLIENT = "Org2Org from ACME";

/** No step is left. */
export const allDone = async (panel) => assert.deepEqual((await panel.steps()).filter(({ state }) => state !== DONE), []);

/** Pairs, fills in a wish with push, and waits for the plan. */
export async function pushing(story, push = {}, people = { groups: ["Sales"] }) {
  const { panel, tabs } = await Panel.paired(story);
  await panel.wish({ ...people, push });
  return { panel, tabs, plan: await panel.planned() };
}

/** Says yes and waits until every step is proven. */
export async function applied(panel) {
  await panel.consent();
  await panel.proven();
  await allDone(panel);
}

/** Connects with an API token that a person makes and carries between the consoles: { panel, tabs, canary }, the token. */
export async function connectByToken(story) {
  const { lab } = story;
  const { panel, tabs } = await pushing(story, { method: /^API token/ });
  await panel.sheet("Plan");
  await panel.main.getByText("Create the API token — by hand").waitFor();
  await panel.consent();
  await panel.until("Create the API token", "", "To do");
  const [acme, hub] = [new Console(tabs.acme), new Console(tabs.hub)];
  await hub.menu("API", "/admin/access/api/tokens");
  await hub.press("Create token");
  await hub.fill({ "What do you want your token to be named": CLIENT });
  await hub.tab.locator(".create-token").getByRole("button", { name: "Create token" }).click();
  const canary = await hub.tab.getByLabel("Token value").inputValue();
  assert.ok(canary.length > 20);
  await acme.tab.goto(`https://${lab.org("acme").admin_host}/admin/app/okta_org2org/instance/${appOf(await lab.dump(), "acme", APP).id}/#tab-user-management`);
  await acme.press("Configure API Integration");
  await acme.fill({ "Enable API integration": true, "Authentication Scheme": { option: "API token" }, "Security token": canary });
  await acme.submit("Save", "Saved.");
  await hub.press("OK, got it");

  // What was done by hand is proven by reading; the rest is planned anew and agreed to.
  await panel.until("Create the API token", "", DONE);
  await panel.until("Connect the app with the token", "", DONE);
  if ((await panel.check()).writes > 0) await panel.consent();
  await panel.proven();
  await allDone(panel);
  return { panel, tabs, canary };
}
