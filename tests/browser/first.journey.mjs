// The product's main job, told whole: from two bare orgs to a bookmark that opens the target app.

import assert from "node:assert/strict";
import { HANDS, fill, showMe } from "./hand.mjs";
import { DONE, Panel, TO_DO, adminOrigin, looks, writes } from "./panel.mjs";
import { appOf, dashboard, exists, groupOf, idpOf, openByTile, userOf } from "./people.mjs";

const WISH = { apps: ["Expenses"], groups: ["Sales"] };
const ADA = "ada@acme.example.com";
const GRACE = "grace@acme.example.com";

/** Steps of this wish, and changes that reach it from two bare orgs. */
const STEPS = 21;
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

  // A click that no person made is no yes.
  await panel.yes.and(panel.page.locator("[aria-disabled=false]")).evaluate((button) => button.click());
  assert.equal(await panel.yes.isVisible(), true);

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
  assert.equal(await panel.main.getByText("stays as it is").count(), 0);
  await looks(story, panel, "undo-plan");
  const sent = writes(await lab.requests()).length;
  await panel.agree();
  assert.deepEqual(await panel.planned(), { met: 7, all: STEPS, writes: CHANGES });
  assertSent(planned, writes(await lab.requests()).slice(sent));
  assert.deepEqual(await lab.dump(), before);
  await panel.sheet("Steps");
  await looks(story, panel, "undone");

  // And once more: nothing of the first time is left in what is sent.
  await panel.consent();
  assert.equal(await panel.proven(), STEPS);
  await assertMade(panel, await lab.dump());
}

async function newAccount(story) {
  const { lab } = story;
  const before = await lab.dump();
  const { panel } = await Panel.paired(story);
  await panel.wish({ ...WISH, jit: true });
  await panel.planned();
  await panel.changes();
  await panel.notice(`${GRACE} gets an account in HUB at the first sign-in`);
  await panel.consent();
  assert.equal(await panel.proven(), STEPS);

  assert.equal(exists(await lab.dump(), "hub", GRACE), false);
  const expenses = appOf(before, "hub", "Expenses");
  await openByTile(story, { from: "acme", login: GRACE, tile: "Expenses", into: "hub", app: expenses });
  await openByTile(story, { from: "acme", login: ADA, tile: "Expenses", into: "hub", app: expenses });
  const landed = await lab.dump();
  const [grace, ada, group] = [userOf(landed, "hub", GRACE), userOf(landed, "hub", ADA), groupOf(landed, "hub", "People of ACME")];
  assert.deepEqual([grace.status, grace.provider, grace.profile.firstName, grace.profile.lastName], ["ACTIVE", "FEDERATION", "Grace", "Hopper"]);
  assert.deepEqual(ada, { ...userOf(before, "hub", ADA) });
  assert.deepEqual([...group.members].sort(), [ada.id, grace.id].sort());
  // The account that was made is found now, and nothing has to be written for it.
  assert.deepEqual(await panel.check(), { met: STEPS, all: STEPS, writes: 0 });

  await panel.planUndo();
  await panel.notice("Accounts that people's first sign-in made in HUB stay there.");
  await panel.agree();
  assert.equal((await panel.planned()).writes, CHANGES + 1);
  const after = await lab.dump();
  assert.equal(exists(after, "hub", GRACE), true);
  delete after.hub.users[grace.id];
  const everyone = groupOf(after, "hub", "Everyone");
  after.hub.groups[everyone.id].members = everyone.members.filter((id) => id !== grace.id);
  assert.deepEqual(after, before);
}

async function handOn(story, panel, tabs, hand) {
  const { lab } = story;
  const { title, member = "", org, label, number = 1, word = TO_DO } = hand;
  const tab = tabs[org];
  await hand.meanwhile?.(tab, lab);
  await panel.until(title, member, word);
  // Its turn has come: the panel has opened it.
  await panel.step(title, member).and(panel.page.locator("[data-next=true]")).waitFor();
  const address = adminOrigin(lab, org) + hand.at(await lab.dump());
  const others = Object.entries(tabs).filter(([name]) => name !== org).map(([, other]) => [other, other.url()]);
  await showMe(panel, { title, member, tab, address, label, number, control: hand.control(tab) });
  await story.screenshot(tab, `shown-${HANDS.indexOf(hand) + 1}`);
  for (const [other, url] of others) assert.equal(other.url(), url);
  await hand.act(tab, async (title, member) => {
    const step = panel.step(title, member);
    const details = step.locator("details");
    if (!(await details.evaluate(({ open }) => open))) await details.locator("summary").click();
    await fill(tab, step);
  });
  await panel.until(title, member, DONE);
}

async function byHand(story) {
  const { lab } = story;
  const before = await lab.dump();
  const { panel, tabs } = await Panel.paired(story);
  await panel.wish(WISH);
  assert.equal((await panel.planned()).writes, CHANGES);
  for (const hand of HANDS) await handOn(story, panel, tabs, hand);
  assert.equal(await panel.proven(), STEPS);
  await assertProven(panel);
  assert.deepEqual(writes(await lab.requests()), []);
  const journal = await panel.sheet("Journal");
  await journal.getByText("Nothing was written.").waitFor();
  await assertMade(panel, await lab.dump());
  await openByTile(story, { from: "acme", login: ADA, tile: "Expenses", into: "hub", app: appOf(before, "hub", "Expenses") });
}

export const stories = [
  {
    name: "from two bare orgs to a bookmark that opens the target app",
    timeout: 180_000,
    everywhere: true,
    run: wholeWay,
  },
  {
    name: "a person without an account gets one at the first sign-in and lands in the app",
    timeout: 120_000,
    run: newAccount,
  },
  {
    name: "the same by hand: shown by the panel, done in the consoles, proven by looking",
    timeout: 240_000,
    run: byHand,
  },
];
