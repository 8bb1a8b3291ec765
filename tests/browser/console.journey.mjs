// The lab's Admin Console by itself: an admin does federation and a bookmark with menus, buttons and labels alone, as
// Okta's help describes it and without the extension, and the orgs are then as the API would have made them.

import assert from "node:assert/strict";
import { Api } from "../node/orgs.mjs";
import { browse, Console } from "./console.mjs";
import { appOf, groupOf, openByTile } from "./people.mjs";

const ADA = "ada@acme.example.com";
const NAMES = { app: "Hub", idp: "Acme", bookmark: "Expenses", people: "Sales", guests: "ACME people", target: "Expenses" };

// The order of Okta's help: the app, the identity provider, back to the app, people, the target app, the bookmark.
async function byHand({ lab, signIn }) {
  const [acme, hub] = [new Console(await signIn("acme")), new Console(await signIn("hub"))];
  const home = await addOrg2Org(acme, lab);
  const { issuer, sso, certificate } = await setupInstructions(acme);
  const idp = await addIdp(hub, { issuer, sso, certificate });
  await acme.tab.goto(`${home}#tab-signon`);
  await acme.press("Edit");
  await acme.fill({ "Hub ACS URL": idp.acs, "Audience URI": idp.audience });
  await acme.submit("Save", "Saved.");
  assert.deepEqual([await acme.value("Hub ACS URL"), await acme.value("Audience URI")], [idp.acs, idp.audience]);
  await acme.assign(NAMES.people);
  const embed = await openTarget(hub);
  await addBookmark(acme, `${sso}?RelayState=${embed}`);
}

async function addOrg2Org(acme, lab) {
  await browse(acme, "Org2Org", "Okta Org2Org");
  await acme.heading("General Settings");
  await acme.fill({ "Application Label": NAMES.app, "Base Url": `https://${lab.org("hub").host}` });
  await acme.press("Next");
  await acme.heading("Sign-On Options");
  await acme.fill({ "SAML 2.0": true });
  await acme.submit("Done", "The app was added.");
  assert.match(new URL(acme.tab.url()).pathname, /^\/admin\/app\/okta_org2org\/instance\/0oa\w{17}\/$/);
  return acme.tab.url();
}

async function setupInstructions(acme) {
  await acme.sheet("Sign On", "#tab-signon");
  await acme.press("View SAML setup instructions");
  await acme.tab.waitForURL(/\/app\/okta_org2org\/0oa\w{17}\/setup\/help\/SAML_2_0\/external-doc$/);
  const [issuer, sso, certificate] = await Promise.all(["IdP Issuer URI", "IdP Single Sign-On URL", "IdP Signature Certificate"].map((term) => acme.value(term)));
  return { issuer, sso, certificate };
}

async function addIdp(hub, { issuer, sso, certificate }) {
  await hub.menu("Identity Providers", "/admin/access/identity-providers");
  await hub.press("Add identity provider");
  await hub.press("Next");
  await hub.fill({
    Name: NAMES.idp,
    "IdP Username": "idpuser.subjectNameId",
    Filter: "^[^@]+@acme\\.example\\.com$",
    "Match against": { option: "Okta Username" },
    "Account link policy": { option: "Enable automatic linking" },
    "Auto-Link filters": { option: NAMES.guests },
    "Exclude admins": true,
    "If no match is found": { option: "Redirect to Okta sign-in page" },
    "IdP Issuer URI": issuer,
    "IdP Single Sign-On URL": sso,
    // Copied through a chat, a certificate often comes on one line.
    "IdP Signature Certificate": certificate.replaceAll("\n", " "),
  });
  await hub.submit("Finish", "Saved.");
  assert.match(new URL(hub.tab.url()).pathname, /^\/admin\/access\/identity-providers\/edit\/0oa\w{17}$/);
  return { acs: await hub.value("Assertion Consumer Service URL"), audience: await hub.value("Audience URI") };
}

async function openTarget(hub) {
  await hub.menu("Applications", "/admin/apps/active");
  await hub.press(NAMES.target);
  await hub.heading("App Embed Link");
  const embed = await hub.value("Embed Link");
  await hub.assign(NAMES.guests);
  return embed;
}

async function addBookmark(acme, url) {
  await browse(acme, "Bookmark", "Bookmark App");
  await acme.fill({ "Application label": NAMES.bookmark, URL: url });
  await acme.submit("Done", "The app was added.");
  assert.equal(await acme.value("URL"), url);
  await acme.assign(NAMES.people);
}

// The token path of Okta's help: a token of the target, the connection, what goes to the app and back, people, groups.
async function provisionByHand({ lab, signIn, screenshot, allow }) {
  const [acme, hub] = [new Console(await signIn("acme")), new Console(await signIn("hub"))];
  await addOrg2Org(acme, lab);
  const shown = (name) => screenshot(acme.tab, `console-${name}`);
  await acme.sheet("Push Groups", "#tab-group-push");
  await acme.tab.getByText("Group Push needs provisioning").waitFor();
  await connect(acme, await token(hub), allow, shown);
  await toApp(acme, shown);
  await toOkta(acme, shown);
  await acme.assign(NAMES.people);
  await pushGroup(acme, shown);
  return acme;
}

async function token(hub) {
  await hub.menu("API", "/admin/access/api/tokens");
  await hub.press("Create token");
  await hub.fill({ "What do you want your token to be named": "For acme" });
  await hub.tab.locator(".create-token").getByRole("button", { name: "Create token" }).click();
  const value = await hub.tab.getByLabel("Token value").inputValue();
  await hub.press("OK, got it");
  return value;
}

async function connect(acme, value, allow, shown) {
  await acme.sheet("Provisioning", "#tab-user-management");
  assert.equal(await acme.value("API integration"), "Not enabled");
  assert.match(await acme.value("Client Public Key URL"), /^https:\/\/acme\.okta\.com\/api\/v1\/apps\/0oa\w{17}\/connections\/default\/jwks$/);
  assert.equal(await acme.tab.getByRole("link", { name: "To App", exact: true }).count(), 0, "nothing to set before it is enabled");
  await acme.press("Configure API Integration");
  const credentials = { "Enable API integration": true, "Authentication Scheme": { option: "API token" }, "Security token": "not the token" };
  allow(/400/);
  await acme.fill(credentials);
  await acme.press("Test API Credentials");
  await acme.tab.getByRole("alert").filter({ hasText: "Error authenticating: Unauthorized" }).waitFor();
  await acme.fill({ "Security token": value, "Prefer Username Over Email": true });
  await acme.submit("Test API Credentials", "was verified successfully");
  await shown("integration");
  await acme.submit("Save", "Saved.");
  await acme.sheet("Integration", "#tab-user-management/api-credentials");
  assert.deepEqual([await acme.value("API integration"), await acme.value("Authentication Scheme")], ["Enabled", "API token"]);
}

/** Opens the form behind a button *Edit* of a part, of which a page has several. */
const edit = (acme, part) => acme.tab.locator(`[data-opens=".edit-${part}"]`).click();

async function toApp(acme, shown) {
  await acme.sheet("To App", "#tab-user-management/create-n-update");
  assert.equal(await acme.value("Create Users"), "Not enabled");
  await edit(acme, "to-app");
  await acme.fill({ "Create Users": true, "Update User Attributes": true, "Deactivate Users": true, "Sync Password": true, "Password type": { option: "Sync Okta Password" } });
  await acme.submit("Save", "Saved.");
  assert.equal(await acme.value("Create Users"), "Enabled");
  await acme.tab.getByRole("row", { name: /^initialStatus/ }).getByRole("button", { name: "Edit" }).click();
  await acme.fill({ "Attribute value": { option: "active_with_pass" }, "Apply on": { option: "Create" } });
  await acme.submit("Save", "Saved.");
  await acme.tab.getByRole("row", { name: 'initialStatus "active_with_pass" Create' }).waitFor();
  await shown("to-app");
}

async function toOkta(acme, shown) {
  await acme.press("To Okta");
  for (const heading of ["General", "User Creation & Matching", "Profile & Lifecycle Sourcing", "Import Safeguard"]) await acme.heading(heading);
  await edit(acme, "to-okta");
  await acme.fill({ "Imported user is an exact match": { option: "Email matches" }, "Confirm new users: auto-confirm": true });
  await acme.submit("Save", "Saved.");
  await edit(acme, "sourcing");
  await acme.fill({ "Allow Okta Org2Org to source": true });
  await acme.submit("Save", "Saved.");
  await edit(acme, "safeguard");
  await acme.fill({ "App unassignment safeguard": "35" });
  await acme.submit("Save", "Saved.");
  assert.deepEqual([await acme.value("Imported user is"), await acme.value("App unassignment")], ["EMAIL", "35 %"]);
  await shown("to-okta");
}

async function pushGroup(acme, shown) {
  await acme.sheet("Push Groups", "#tab-group-push");
  await acme.submit("Refresh App Groups", "The app groups are read anew.");
  // A group of the target that was made by others can now be linked by name.
  assert.ok((await acme.tab.locator("#linkTo option").allInnerTexts()).includes(NAMES.guests));
  await acme.press("Push Groups", acme.tab.locator("[data-tab=tab-group-push]"));
  await acme.press("Find groups by name");
  await acme.fill({ "Enter a group to push": { option: NAMES.people }, "Match result": { option: "Create Group" } });
  await acme.submit("Save", "The group is pushed.");
  const row = acme.tab.getByRole("row").filter({ has: acme.tab.getByRole("cell", { name: "Active", exact: true }) });
  await row.waitFor();
  await shown("push-groups");
}

// The same by the documented operations, in the same order.
async function byApi(lab) {
  const [acme, hub] = [new Api(lab, "acme"), new Api(lab, "hub")];
  const before = await lab.dump();
  const app = await acme.ask("POST", "/api/v1/apps", { name: "okta_org2org", label: NAMES.app, signOnMode: "SAML_2_0", settings: { app: { baseUrl: `https://${hub.host}` } } });
  const metadata = await acme.text("GET", `/api/v1/apps/${app.id}/sso/saml/metadata`, undefined, "application/xml");
  const one = (pattern) => metadata.match(pattern)[1];
  const sso = one(/HTTP-POST" Location="([^"]*)"/);
  const { kid } = await hub.ask("POST", "/api/v1/idps/credentials/keys", { x5c: [one(/X509Certificate>([^<]*)</).replace(/\s/g, "")] });
  const guests = groupOf(before, "hub", NAMES.guests).id;
  const idp = await hub.ask("POST", "/api/v1/idps", provider({ issuer: one(/entityID="([^"]*)"/), sso, kid, guests }));
  app.settings.app.acsUrl = idp._links.acs.href;
  app.settings.app.audRestriction = idp.protocol.credentials.trust.audience;
  await acme.ask("PUT", `/api/v1/apps/${app.id}`, app);
  const people = groupOf(before, "acme", NAMES.people).id;
  await acme.ask("PUT", `/api/v1/apps/${app.id}/groups/${people}`);
  const target = await hub.ask("GET", `/api/v1/apps/${appOf(before, "hub", NAMES.target).id}`);
  await hub.ask("PUT", `/api/v1/apps/${target.id}/groups/${guests}`);
  const url = `${sso}?RelayState=${target._links.appLinks[0].href}`;
  const bookmark = await acme.ask("POST", "/api/v1/apps", { name: "bookmark", label: NAMES.bookmark, signOnMode: "BOOKMARK", settings: { app: { url, requestIntegration: false } } });
  await acme.ask("PUT", `/api/v1/apps/${bookmark.id}/groups/${people}`);
}

function provider({ issuer, sso, kid, guests }) {
  return {
    type: "SAML2",
    name: NAMES.idp,
    issuerMode: "ORG_URL",
    protocol: {
      type: "SAML2",
      endpoints: { sso: { url: sso, binding: "HTTP-POST", destination: sso }, acs: { binding: "HTTP-POST", type: "INSTANCE" } },
      algorithms: { request: { signature: { algorithm: "SHA-256", scope: "REQUEST" } }, response: { signature: { algorithm: "SHA-256", scope: "ANY" } } },
      settings: { nameFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", honorPersistentNameId: true },
      credentials: { trust: { issuer, kid } },
    },
    policy: {
      provisioning: { action: "DISABLED", profileMaster: false, groups: { action: "NONE" }, conditions: { deprovisioned: { action: "NONE" }, suspended: { action: "NONE" } } },
      accountLink: { action: "AUTO", filter: { users: { excludeAdmins: true }, groups: { include: [guests] } } },
      subject: { userNameTemplate: { template: "idpuser.subjectNameId" }, matchType: "USERNAME", filter: "^[^@]+@acme\\.example\\.com$" },
      maxClockSkew: 120_000,
    },
  };
}

// A certificate's signature differs with every making; what else differs is a difference.
const comparable = (dump) => JSON.parse(JSON.stringify(dump).replace(/MII[A-Za-z0-9+/]{200,}={0,2}/g, "CERTIFICATE"));

export const stories = [
  {
    name: "federation and a bookmark by hand end as the API would, and Ada lands in the target app",
    extension: false,
    timeout: 120_000,
    async run(story) {
      const { lab, screenshot } = story;
      await byHand(story);
      const hands = await lab.dump();
      const tab = await openByTile(story, { from: "acme", login: ADA, tile: NAMES.bookmark, into: "hub", app: appOf(hands, "hub", NAMES.target) });
      await screenshot(tab, "target-app");
      await lab.reset();
      await byApi(lab);
      assert.deepEqual(comparable(hands), comparable(await lab.dump()));
    },
  },
  {
    name: "the console says what is wrong with a form and keeps what was typed",
    extension: false,
    async run({ lab, signIn, allow }) {
      const before = await lab.dump();
      const hub = new Console(await signIn("hub"));
      await hub.menu("Identity Providers", "/admin/access/identity-providers");
      await hub.press("Add identity provider");
      await hub.press("Next");
      await hub.fill({ Name: NAMES.idp, "IdP Issuer URI": "http://www.okta.com/exk1" });
      allow(/400/);
      await hub.press("Finish");
      await hub.tab.getByRole("alert").filter({ hasText: "IdP Signature Certificate: The field cannot be left blank" }).waitFor();
      assert.equal(await hub.tab.getByLabel("Name", { exact: true }).inputValue(), NAMES.idp);
      assert.deepEqual(await lab.dump(), before);
    },
  },
  {
    name: "provisioning and group push by hand set what the API reads, and people and groups go over",
    extension: false,
    timeout: 300_000,
    async run(story) {
      const { lab } = story;
      const acme = await provisionByHand(story);
      const api = new Api(lab, "acme");
      const dump = await lab.dump();
      const place = `/api/v1/apps/${appOf(dump, "acme", NAMES.app).id}`;
      const connection = await api.ask("GET", `${place}/connections/default`);
      assert.deepEqual([connection.status, connection.profile], ["ENABLED", { authScheme: "TOKEN" }]);
      const [to, from] = (await api.ask("GET", `${place}/features`)).map(({ capabilities }) => capabilities);
      const on = { status: "ENABLED" };
      assert.deepEqual(to, { create: { lifecycleCreate: on }, update: { profile: on, lifecycleDeactivate: on, password: { ...on, seed: "OKTA", change: "KEEP_EXISTING" } } });
      const rules = from.importRules.userCreateAndMatch;
      assert.deepEqual([rules.exactMatchCriteria, rules.autoConfirmNewUsers, rules.autoConfirmExactMatch], ["EMAIL", true, false]);
      assert.equal((await api.ask("GET", place)).settings.app.preferUsernameOverEmail, true);
      const [push] = await api.ask("GET", `${place}/group-push/mappings`);
      // The app group that stands for the target's has the same name.
      const { name, type, members } = dump.acme.groups[push.sourceGroupId];
      assert.deepEqual([push.status, name, type], ["ACTIVE", NAMES.people, "OKTA_GROUP"]);
      const people = members.length;
      assert.ok(people > 1);
      assert.equal(groupOf(dump, "hub", NAMES.people).members.length, people, "everybody went over with the group");
      assert.ok((await lab.sent()).some(({ method, url }) => method === "POST" && url.startsWith(`https://${lab.org("hub").host}/api/v1/users?`)));

      await acme.submit("Deactivate group push", "The push was changed.");
      await acme.submit("Unlink pushed group: leave the group in the target app", "The group was unlinked.");
      const after = await lab.dump();
      assert.deepEqual(after.acme["app provisioning"][appOf(after, "acme", NAMES.app).id].pushes, {});
      assert.equal(groupOf(after, "hub", NAMES.people).members.length, people);
    },
  },
  {
    name: "an auditor sees the pages and none of their forms",
    extension: false,
    async run({ lab, signIn }) {
      const hub = new Console(await signIn("hub", "auditor@hub.example.com"));
      await hub.menu("Identity Providers", "/admin/access/identity-providers");
      await hub.heading("Identity Providers");
      assert.equal(await hub.tab.getByRole("link", { name: "Add identity provider" }).count(), 0);
      await hub.menu("Applications", "/admin/apps/active");
      await hub.press(NAMES.target);
      await hub.heading("App Embed Link");
      assert.equal(await hub.tab.getByRole("main").getByRole("button").count(), 0);
      assert.deepEqual(await lab.effects(), []);
    },
  },
];
