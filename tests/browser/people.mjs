// People of the orgs, as the lab's state has them and as they use a browser.

import assert from "node:assert/strict";

const only = (found, what) => {
  assert.equal(found.length, 1, `${found.length} of ${what}`);
  const [[id, value]] = found;
  return { id, ...value };
};
const all = (dump, org, kind, fits) => Object.entries(dump[org][kind]).filter(([, value]) => fits(value));

/** The one app with this label in an org of a dump. */
export const appOf = (dump, org, label, name) => only(all(dump, org, "apps", (app) => app.label === label && (!name || app.name === name)), `app ${label} in ${org}`);
/** The one group with this name. */
export const groupOf = (dump, org, name) => only(all(dump, org, "groups", (group) => group.name === name), `group ${name} in ${org}`);
/** The one identity provider with this name. */
export const idpOf = (dump, org, name) => only(all(dump, org, "idps", (idp) => idp.name === name), `IdP ${name} in ${org}`);
/** The one person with this login. */
export const userOf = (dump, org, login) => only(all(dump, org, "users", (user) => user.profile.login === login), `user ${login} in ${org}`);
/** Whether an org knows this login. */
export const exists = (dump, org, login) => all(dump, org, "users", (user) => user.profile.login === login).length > 0;

/** A person signs in with a password and sees the dashboard: the tab. */
export async function dashboard({ lab, page }, org, login) {
  const tab = await page();
  await tab.goto(`https://${lab.org(org).host}/login/signout`);
  await tab.getByLabel("Username").fill(login);
  await tab.getByLabel("Password").fill(lab.password);
  await tab.getByRole("button", { name: "Sign in" }).click();
  await tab.getByRole("heading", { name: "My Apps" }).waitFor();
  return tab;
}

/** A person clicks a tile of the dashboard and ends in that app of the other org, signed in there as `login`. */
export async function openByTile(story, { from, login, tile, into, app }) {
  const tab = await dashboard(story, from, login);
  await tab.getByRole("link", { name: tile, exact: true }).click();
  await tab.waitForURL(`https://${story.lab.org(into).host}/app/${app.name}/${app.id}/page`);
  await tab.getByRole("heading", { name: app.label, exact: true }).waitFor();
  await tab.getByText(`Signed in as ${login} at ${story.lab.org(into).name}.`).waitFor();
  return tab;
}
