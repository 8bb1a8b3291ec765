// Federation by OpenID Connect, set up in both consoles by hand as Okta's help describes it: the app, the identity provider
// with the app's client id, the app once more with the identity provider's id.

import assert from "node:assert/strict";
import { Api } from "../node/orgs.mjs";
import { browse, Console } from "./console.mjs";
import { dashboard, exists } from "./people.mjs";

const ADA = "ada@acme.example.com";
const GRACE = "grace@acme.example.com";

async function addApp(acme, lab) {
  await browse(acme, "Org2Org", "Okta Org2Org");
  await acme.fill({ "Application Label": "Hub", "Base Url": `https://${lab.org("hub").host}` });
  await acme.press("Next");
  await acme.fill({ "OpenID Connect": true });
  await acme.submit("Done", "The app was added.");
  const home = acme.tab.url();
  await acme.sheet("Sign On", "#tab-signon");
  return { home, client: await acme.value("Client ID") };
}

async function addIdp(hub, lab, client) {
  await hub.menu("Identity Providers", "/admin/access/identity-providers");
  await hub.press("Add identity provider");
  await hub.fill({ "Okta Integration IdP": true });
  await hub.press("Next");
  await hub.heading("Configure Okta Integration IdP");
  await hub.fill({
    Name: "Acme",
    "Okta IdP Org URL": `https://${lab.org("acme").host}`,
    "Client ID": client,
    "IdP Username": "idpuser.email",
    "Match against": { option: "Okta Username" },
    "Account link policy": { option: "Enable automatic linking" },
    "Auto-Link filters": { option: "ACME people" },
    "Exclude admins": true,
    "If no match is found": { option: "Redirect to Okta sign-in page" },
  });
  await hub.submit("Finish", "Saved.");
  return hub.value("IdP ID");
}

export const stories = [
  {
    name: "OpenID Connect by hand lets Ada in and nobody else",
    extension: false,
    timeout: 120_000,
    async run(story) {
      const { lab, signIn, screenshot, allow } = story;
      const [acme, hub] = [new Console(await signIn("acme")), new Console(await signIn("hub"))];
      const { home, client } = await addApp(acme, lab);
      const idp = await addIdp(hub, lab, client);
      await screenshot(hub.tab, "console-okta-integration-idp");
      await acme.press("Edit");
      await acme.fill({ "IdP ID": idp });
      await acme.submit("Save", "Saved.");
      await acme.assign("Sales");
      await acme.tab.goto(home);

      const made = await new Api(lab, "hub").ask("GET", `/api/v1/idps/${idp}`);
      assert.deepEqual([made.type, made.protocol.oktaIdpOrgUrl, made.protocol.credentials.client.client_id], ["OKTA_INTEGRATION", "https://acme.okta.com", client]);
      const app = await new Api(lab, "acme").ask("GET", `/api/v1/apps/${client}`);
      assert.deepEqual([app.signOnMode, app.settings.app.idpId], ["OPENID_CONNECT", idp]);

      const tab = await dashboard(story, "acme", ADA);
      await tab.getByRole("link", { name: "Hub", exact: true }).click();
      await tab.waitForURL(`https://${lab.org("hub").host}/app/UserHome`);
      await tab.getByText(ADA).first().waitFor();

      // Her colleague has the app too, but no account in the target, and none is made.
      allow(/403/);
      const other = await dashboard(story, "acme", GRACE);
      await other.getByRole("link", { name: "Hub", exact: true }).click();
      await other.waitForURL(({ host }) => host === lab.org("hub").host);
      await other.locator("#notice").waitFor();
      assert.equal(exists(await lab.dump(), "hub", GRACE), false);
    },
  },
];
