// A person who is shown the way: presses Show me in the panel, looks where it points, and types into the console
// what the panel says. Nothing here knows a value: all come from the text of the step.

import assert from "node:assert/strict";
import { appOf, groupOf } from "./people.mjs";

const ADA = "ada@acme.example.com";

/** What the panel tells a person to do for an opened step: [{ verb, label, value }]. */
export async function instructions(step) {
  const lines = await step.locator("ol.clicks > li").evaluateAll((all) => all.map((line) => {
    const bold = [...line.querySelectorAll("b")].map(({ textContent }) => textContent);
    return { verb: line.textContent.trim().split(" ")[0], label: bold[0], value: line.querySelector("code")?.textContent ?? bold[1] };
  }));
  return lines.filter(({ verb }) => ["Fill", "Set"].includes(verb));
}

/** Does to the console's form what an opened step says. */
export async function fill(tab, step) {
  for (const { label, value } of await instructions(step)) {
    assert.ok(value, `the panel shows no value for ${label}`);
    await put(field(tab, label), value);
  }
}

// Labels are compared as people do: whole, whatever the case.
function field(tab, label) {
  const plain = label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return tab.getByLabel(new RegExp(`^\\s*${plain}\\s*$`, "i")).filter({ visible: true });
}

async function put(field, value) {
  const kind = await field.evaluate((element) => element.type);
  if (kind === "checkbox") return field.setChecked(value === "on");
  if (kind === "select-one") return field.selectOption({ label: value });
  return field.fill(value);
}

/** Presses Show me for a step and looks where it leads: to this address in this tab, which is in front, with this control outlined and numbered as in the panel. */
export async function showMe(panel, { title, member, tab, address, label, number, control }) {
  const told = panel.step(title, member).locator("ol.clicks > li").nth(number - 1);
  assert.ok((await told.locator("b").allTextContents()).includes(label), `instruction ${number} does not name ${label}`);
  await panel.button(`Show me: ${member ? `${title} – ${member}` : title}`).click();
  await at(tab, address);
  await outlined(tab, number, control);
  const front = await panel.page.evaluate(() => chrome.tabs.query({ active: true }));
  assert.ok(front.some(({ url }) => url === address), `${address} is not in front, but ${front.map(({ url }) => url)}`);
}

// Asked of the page itself: Firefox does not tell when a page changes its own address.
const at = (tab, address) => tab.waitForFunction((address) => location.href === address && document.readyState === "complete", address);

// The outline carries the instruction's number and lies around the control, and nothing else is as near.
async function outlined(tab, number, control) {
  const note = tab.locator("html > [aria-hidden=true]").getByText(String(number), { exact: true });
  await note.waitFor();
  await control.waitFor();
  const both = [await note.elementHandle(), await control.elementHandle()];
  await tab.waitForFunction(([note, control]) => {
    const [box, at] = [note.parentElement, control].map((element) => element.getBoundingClientRect());
    const near = (a, b) => Math.abs(a - b) <= 12;
    return near(box.left, at.left) && near(box.top, at.top) && near(box.right, at.right) && near(box.bottom, at.bottom);
  }, both);
}

/** What a person's hands do for each open step, in the order in which the panel asks for them. */
export const HANDS = [
  {
    title: "Create the Org2Org app",
    org: "acme",
    at: () => "/admin/apps/add-app",
    label: "Okta Org2Org",
    number: 2,
    control: (tab) => tab.getByRole("link", { name: "Okta Org2Org" }),
    async act(tab, fillFrom) {
      await tab.getByRole("link", { name: "Okta Org2Org" }).click();
      await tab.getByRole("link", { name: "Add Integration" }).click();
      await fillFrom(this.title);
      await tab.getByRole("button", { name: "Next" }).click();
      await tab.getByRole("radio", { name: "SAML 2.0" }).check();
      await tab.getByRole("button", { name: "Done" }).click();
    },
  },
  {
    title: "Create the group for people of the source",
    org: "hub",
    at: () => "/admin/groups",
    label: "Add group",
    control: (tab) => tab.getByRole("button", { name: "Add group" }),
    async act(tab, fillFrom) {
      await tab.getByRole("button", { name: "Add group" }).click();
      await fillFrom(this.title);
      await tab.getByRole("button", { name: "Save" }).click();
    },
  },
  {
    title: "Put the person's account into the group",
    member: ADA,
    org: "hub",
    at: (dump) => `/admin/group/${groupOf(dump, "hub", "People of ACME").id}`,
    label: "Assign people",
    control: (tab) => tab.getByRole("button", { name: "Assign people" }),
    async act(tab) {
      await tab.getByRole("button", { name: "Assign people" }).click();
      await tab.getByRole("row").filter({ hasText: ADA }).getByRole("button", { name: "Assign" }).click();
    },
  },
  {
    title: "Give the target the app's certificate",
    org: "hub",
    at: () => "/admin/access/identity-providers",
    label: "Add identity provider",
    control: (tab) => tab.getByRole("link", { name: "Add identity provider" }),
    async act(tab, fillFrom) {
      await tab.getByRole("link", { name: "Add identity provider" }).click();
      await tab.getByRole("link", { name: "Next" }).click();
      await fillFrom(this.title);
      await fillFrom("Create the identity provider");
      await tab.getByRole("button", { name: "Finish" }).click();
    },
  },
  {
    title: "Tell the app where the target takes people",
    org: "acme",
    at: (dump) => `${instance(dump, "acme", "HUB (Org2Org)")}#tab-signon`,
    label: "Edit",
    control: (tab) => tab.getByRole("button", { name: "Edit" }).filter({ visible: true }),
    async act(tab, fillFrom) {
      await tab.getByRole("button", { name: "Edit" }).filter({ visible: true }).click();
      await fillFrom(this.title);
      await tab.getByRole("button", { name: "Save" }).filter({ visible: true }).click();
    },
  },
  {
    title: "Make sure that provisioning is off",
    word: "Differs",
    org: "acme",
    at: (dump) => `${instance(dump, "acme", "HUB (Org2Org)")}#tab-user-management/api-credentials`,
    label: "Provisioning",
    control: (tab) => tab.getByRole("link", { name: "Provisioning", exact: true }),
    // Nothing is to be done here until somebody turns it on.
    async meanwhile(tab, lab) {
      await tab.getByRole("link", { name: "Provisioning", exact: true }).click();
      await tab.getByRole("button", { name: "Configure API Integration" }).click();
      await tab.getByRole("checkbox", { name: "Enable API integration" }).check();
      await tab.getByLabel("Security token").fill(lab.org("hub").admins[0].token);
      await tab.getByRole("button", { name: "Save" }).filter({ visible: true }).click();
    },
    async act(tab) {
      await tab.getByRole("link", { name: "Provisioning", exact: true }).click();
      await tab.getByRole("button", { name: "Edit" }).filter({ visible: true }).click();
      await tab.getByRole("checkbox", { name: "Enable API integration" }).uncheck();
      await tab.getByRole("button", { name: "Save" }).filter({ visible: true }).click();
    },
  },
  assigning("Assign the group to the Org2Org app", "Sales", "acme", "Sales", (dump) => instance(dump, "acme", "HUB (Org2Org)")),
  assigning("Open the target app to people of the source", "Expenses", "hub", "People of ACME", (dump) => instance(dump, "hub", "Expenses")),
  {
    title: "Create the bookmark app",
    member: "Expenses",
    org: "acme",
    at: () => "/admin/apps/add-app",
    label: "Bookmark App",
    number: 2,
    control: (tab) => tab.getByRole("link", { name: "Bookmark App" }),
    async act(tab, fillFrom) {
      await tab.getByRole("link", { name: "Bookmark App" }).click();
      await tab.getByRole("link", { name: "Add Integration" }).click();
      await fillFrom(this.title, this.member);
      await tab.getByRole("button", { name: "Done" }).click();
    },
  },
  assigning("Assign the group to the bookmark", "Expenses · Sales", "acme", "Sales", (dump) => instance(dump, "acme", "Expenses", "bookmark")),
];

// Giving an app to a group: the same clicks wherever it is.
function assigning(title, member, org, group, app) {
  return {
    title,
    member,
    org,
    at: (dump) => `${app(dump)}#tab-assignments`,
    label: "Assign",
    control: (tab) => tab.getByRole("button", { name: "Assign", exact: true }).filter({ visible: true }),
    async act(tab) {
      await tab.getByRole("button", { name: "Assign", exact: true }).filter({ visible: true }).click();
      await tab.getByRole("button", { name: "Assign to Groups" }).click();
      const row = tab.getByRole("row").filter({ has: tab.getByRole("cell", { name: group, exact: true }) });
      await row.getByRole("button", { name: "Assign" }).click();
    },
  };
}

function instance(dump, org, label, name) {
  const app = appOf(dump, org, label, name);
  return `/admin/app/${app.name}/instance/${app.id}/`;
}
