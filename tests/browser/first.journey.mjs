// The product's main job, told whole: from two bare orgs to a bookmark that opens the target app.

import assert from "node:assert/strict";
import { DONE, Panel, TO_DO, looks, writes } from "./panel.mjs";
import { appOf, dashboard, exists, groupOf, idpOf, openByTile, userOf } from "./people.mjs";

const WISH = { apps: ["Expenses"], groups: ["Sales"] };
const ADA = "ada@acme.example.com";
const GRACE = "grace@acme.example.com";

/** Steps of this wish, and changes that reach it from two bare orgs. */
const STEPS = 19;
const CHANGES = 10;

// A stand-in such as ⟨org2org-app⟩ fits whatever was learnt.
const fits = (change, request) => {
  const pattern = change.path.split(/⟨[^⟩]+⟩/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^/?]+");
  return change.org.toLowerCase() === request.org && change.method === request.method && new RegExp(`^${pattern}$`).test(request.path);
};

// Every planned change was sent once, and nothing else was.
function assertSent(planned, sent) {
  const rest = [...sent];
  for (const change of planned) {
    const at = rest.findIndex((request) => fits(change, request));
    assert.notEqual(at, -1, `planned but not sent: ${change.org} ${change.method} ${change.path}`);
    rest.splice(at, 1);
  }
  assert.deepEqual(rest.map(({ org, method, path }) => [org, method, path]), [], "sent but not planned");
}

async function assertProven(panel) {
  const steps = await panel.steps();
  assert.equal(steps.length, STEPS);
  assert.deepEqual(steps.filter(({ state }) => state !== DONE), []);
}

async function wholeWay(story) {
  const { lab } = story;
  const before = await lab.dump();
  const { panel } = await Panel.paired(story);
  await panel.wish(WISH);

  const first = await panel.planned();
  assert.deepEqual([first.all, first.writes], [STEPS, CHANGES]);
  await looks(story, panel, "steps");
  const planned = await panel.changes();
  assert.equal(planned.length, CHANGES);
  await panel.notice(`${GRACE} has no account in HUB`);
  await looks(story, panel, "plan");
  assert.deepEqual(writes(await lab.requests()), []);
  assert.deepEqual(await lab.dump(), before);

  // The target takes its time, so that a person sees what is being written.
  await lab.fault({ org: "hub", method: "POST", path: "/api/v1/idps", kind: { slow: 5_000 } });
  await panel.consent();
  await panel.until("Create the identity provider", "", "Writing");
  await looks(story, panel, "applying");
  assert.equal(await panel.proven(), STEPS);
  await lab.clearFaults();
  await assertProven(panel);
  await looks(story, panel, "proven");
  assertSent(planned, writes(await lab.requests()));

  const made = await lab.dump();
  const read = (await lab.requests()).length;
  assert.deepEqual(await panel.check(), { met: STEPS, all: STEPS, writes: 0 });
  await assertProven(panel);
  const again = (await lab.requests()).slice(read);
  assert.ok(new Set(again.map(({ host, path, query }) => host + path + query)).size >= CHANGES, "a check reads every object anew");
  assert.deepEqual(writes(again), []);
  await assertMade(panel, made);

  await openByTile(story, { from: "acme", login: ADA, tile: "Expenses", into: "hub", app: appOf(before, "hub", "Expenses") });
  await refused(story);
  const later = await nothingMore(story, panel, planned);
  await backAgain(story, later, before);
}

// What the panel says it made is what is in the orgs.
async function assertMade(panel, dump) {
  const [app, bookmark] = [appOf(dump, "acme", "HUB (Org2Org)"), appOf(dump, "acme", "Expenses", "bookmark")];
  const [idp, group, ada] = [idpOf(dump, "hub", "ACME (Org2Org)"), groupOf(dump, "hub", "People of ACME"), userOf(dump, "hub", ADA)];
  const target = appOf(dump, "hub", "Expenses");
  assert.equal(app.settings.app.acsUrl, `https://hub.okta.com/sso/saml2/${idp.id}`);
  assert.equal(app.settings.app.audRestriction, idp.protocol.credentials.trust.audience);
  assert.equal(idp.policy.accountLink.filter.users.excludeAdmins, true);
  assert.deepEqual(idp.policy.accountLink.filter.groups.include, [group.id]);
  assert.deepEqual(group.members, [ada.id]);
  assert.ok(group.id in dump.hub["app groups"][target.id]);
  const shown = Object.fromEntries((await panel.values()).map(({ title, value }) => [title, value]));
  assert.deepEqual(shown, {
    "Org2Org app": app.id,
    "IdP Single Sign-On URL": idp.protocol.endpoints.sso.url,
    "IdP Issuer URI": idp.protocol.credentials.trust.issuer,
    "IdP Signature Certificate": dump.hub["idp keys"][idp.protocol.credentials.trust.kid],
    "Group for people of the source": group.id,
    "Certificate in the target": idp.protocol.credentials.trust.kid,
    "Identity provider": idp.id,
    "Assertion Consumer Service URL": app.settings.app.acsUrl,
    "Audience URI": app.settings.app.audRestriction,
    "Embed Link – Expenses": `https://hub.okta.com/home/${target.name}/${target.id}/${target.link}`,
    "Bookmark app – Expenses": bookmark.id,
  });
  assert.equal(bookmark.settings.app.url, `${shown["IdP Single Sign-On URL"]}?RelayState=${shown["Embed Link – Expenses"]}`);
}

// The plan said so: who has no account there is turned away, and gets none.
async function refused(story) {
  const tab = await dashboard(story, "acme", GRACE);
  await tab.getByRole("link", { name: "Expenses", exact: true }).click();
  await tab.getByRole("heading", { name: "Sign-in failed" }).waitFor();
  await tab.getByText("just-in-time provisioning is off").waitFor();
  assert.equal(exists(await story.lab.dump(), "hub", GRACE), false);
}

// After all is done there is nothing to agree to, in this panel and in one opened anew.
async function nothingMore(story, first, planned) {
  await first.page.close();
  const panel = await Panel.open(story);
  assert.equal(await panel.proven(), STEPS);
  assert.deepEqual(await panel.changes(), []);
  await panel.main.getByRole("heading", { name: "The plan is empty" }).waitFor();
  assert.equal(await panel.yes.count(), 0);
  assertSent(planned, writes(await story.lab.requests()));
  return panel;
}

async function backAgain(story, panel, before) {
  const { lab } = story;
  await panel.sheet("Journal");
  await looks(story, panel, "journal");
  await panel.planUndo();
  const planned = await panel.changes();
  await looks(story, panel, "undo-plan");
  const sent = writes(await lab.requests()).length;
  await panel.yes.click();
  assert.deepEqual(await panel.planned(), { met: 6, all: STEPS, writes: CHANGES });
  assertSent(planned, writes(await lab.requests()).slice(sent));
  assert.deepEqual(await lab.dump(), before);
  await panel.sheet("Steps");
  await looks(story, panel, "undone");
}

export const stories = [
  {
    name: "from two bare orgs to a bookmark that opens the target app",
    timeout: 180_000,
    run: wholeWay,
  },
];
