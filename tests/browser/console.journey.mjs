// The lab's Admin Console by itself: an admin does federation and a bookmark with menus, buttons and labels alone, as
// Okta's help describes it and without the extension, and the orgs are then as the API would have made them.

import assert from "node:assert/strict";
import { Api } from "../node/orgs.mjs";
import { appOf, groupOf, openByTile } from "./people.mjs";

const ADA = "ada@acme.example.com";
const NAMES = { app: "Hub", idp: "Acme", bookmark: "Expenses", people: "Sales", guests: "ACME people", target: "Expenses" };

/** One admin's tab of a console. */
class Console {
  constructor(tab) {
    this.tab = tab;
  }

  /** Presses a button or follows a link by its name. */
  async press(name, within = this.tab) {
    const named = within.getByRole("button", { name, exact: true }).or(within.getByRole("link", { name, exact: true }));
    await named.filter({ visible: true }).click();
  }

  /** Chooses from the menu and ends at the documented address. */
  async menu(name, path) {
    await this.press(name, this.tab.getByRole("navigation", { name: "Main" }));
    await this.at(path);
  }

  at(path) {
    return this.tab.waitForURL((address) => address.pathname + address.hash === path);
  }

  async heading(name) {
    await this.tab.getByRole("heading", { name, exact: true }).waitFor();
  }

  /** Fills in a form by its labels: text for fields, `true` for boxes and radios, { option } for lists. */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const field = this.tab.getByLabel(new RegExp(`^\\s*${label}`, "i")).filter({ visible: true });
      if (value === true) await field.check();
      else if (typeof value === "object") await field.selectOption({ label: value.option });
      else await field.fill(value);
    }
  }

  /** Submits a form and waits for the console's word. */
  async submit(button, says) {
    await this.press(button);
    await this.tab.getByRole("status").filter({ hasText: says }).waitFor();
  }

  /** The value that a page shows under a term. */
  value(term) {
    return this.tab.locator("dt", { hasText: term }).filter({ visible: true }).locator("xpath=following-sibling::dd[1]").innerText();
  }

  /** Opens a tab of an app's page. */
  async sheet(name, hash) {
    await this.press(name);
    await this.tab.waitForURL((address) => address.hash === hash);
  }

  /** Gives the app shown to a group. */
  async assign(group) {
    await this.sheet("Assignments", "#tab-assignments");
    await this.press("Assign");
    await this.press("Assign to Groups");
    const row = this.tab.getByRole("row").filter({ has: this.tab.getByRole("cell", { name: group, exact: true }) });
    await row.getByRole("button", { name: "Assign" }).click();
    await this.tab.getByRole("status").filter({ hasText: "Assigned." }).waitFor();
  }
}

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

async function browse(acme, search, entry) {
  await acme.menu("Applications", "/admin/apps/active");
  await acme.press("Browse App Catalog");
  await acme.at("/admin/apps/add-app");
  await acme.fill({ Search: search });
  await acme.press("Search");
  await acme.press(entry);
  await acme.press("Add Integration");
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
