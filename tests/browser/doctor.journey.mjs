// The doctor in the panel: what it finds, what it does not know, and the way from a finding to the plan that mends it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { audit, focusOn, Keyboard } from "./access.mjs";
import { connected, signOut } from "./oracle.mjs";
import { allow, DONE, looks, Panel, signInAll, writes } from "./panel.mjs";
import { idpOf } from "./people.mjs";

/** The doctor's part of a panel. */
class Doctor {
  constructor(panel) {
    Object.assign(this, { panel, page: panel.page, main: panel.page.getByRole("main") });
  }

  /** Opens it from the panel's head. */
  static async of(panel) {
    const doctor = new Doctor(panel);
    await panel.page.getByRole("link", { name: "Doctor" }).click();
    await doctor.main.getByRole("heading", { name: "Doctor", exact: true }).waitFor();
    return doctor;
  }

  /** Examines to the end; how many findings of which rules, and what is unknown. */
  async examine() {
    await this.begin();
    return this.done();
  }

  begin() {
    return this.main.getByRole("button", { name: /^Examine (this pair|again)$/ }).click();
  }

  async done() {
    await this.page.getByRole("status").filter({ hasText: /^(Examined|Cancelled)\./ }).waitFor();
    const rules = (at) => this.main.locator(`${at} [data-rule]`).evaluateAll((all) => all.map((one) => one.dataset.rule));
    const unknown = await rules("#doctor-unknown");
    const all = await rules(":scope");
    return { verdict: await this.main.locator("#doctor-verdict").textContent(), findings: all.filter((one) => !unknown.includes(one)), unknown };
  }

  finding(rule) {
    return this.main.locator(`li.item[data-rule="${rule}"]`);
  }
}

/** A pair that the panel connected, proven. */
async function proven(story) {
  const { panel, tabs } = await connected(story);
  await panel.consent();
  await panel.proven();
  return { panel, tabs };
}

/** What another admin does by the API in the console of an org. */
async function meanwhile(tab, method, path) {
  const status = await tab.evaluate(async ([method, path]) => {
    const headers = { "content-type": "application/json", "X-Okta-XsrfToken": document.getElementById("_xsrfToken").textContent.trim() };
    return (await fetch(path, { method, headers })).status;
  }, [method, path]);
  assert.ok(status < 300, `${method} ${path}: ${status}`);
}

async function toThePlan(story) {
  const { lab } = story;
  const { panel, tabs } = await proven(story);
  const before = writes(await lab.requests()).length;
  const doctor = await Doctor.of(panel);
  assert.deepEqual(await doctor.examine(), { verdict: "Nothing is wrong", findings: [], unknown: [] });
  await looks(story, panel, "doctor-healthy");

  const { id } = idpOf(await lab.dump(), "hub", "ACME (Org2Org)");
  await meanwhile(tabs.hub, "POST", `/api/v1/idps/${id}/lifecycle/deactivate`);
  await meanwhile(tabs.hub, "DELETE", `/api/v1/idps/${id}`);
  const found = await doctor.examine();
  assert.ok(found.findings.includes("idp-missing"), JSON.stringify(found));
  await looks(story, panel, "doctor-broken");
  const finding = doctor.finding("idp-missing");
  await finding.getByText("What to do: ").waitFor();
  await finding.getByText("GET /api/v1/", { exact: false }).first().waitFor();
  // Its own two writes apart, and those of the other admin, nothing was written.
  assert.equal(writes(await lab.requests()).length, before + 2, "the doctor only reads");

  await finding.getByRole("button", { name: /^Open the plan/ }).click();
  await panel.planned();
  const planned = await panel.changes();
  assert.ok(planned.some(({ title }) => title === "Create the identity provider"), JSON.stringify(planned));
  await panel.consent();
  await panel.until("Create the identity provider", "", DONE);
  await panel.says(/^20 of 21 steps proven/);
  await doctor.page.getByRole("link", { name: "Doctor" }).click();
  const after = await doctor.examine();
  assert.equal(after.findings.includes("idp-missing"), false, JSON.stringify(after));
}

async function unknown(story) {
  const { lab } = story;
  const { panel } = await proven(story);
  await lab.fault({ org: "hub", path: "/api/v1/idps", kind: { error_before: 403 } });
  const doctor = await Doctor.of(panel);
  const found = await doctor.examine();
  assert.ok(found.unknown.includes("idp-missing") && found.unknown.length > 5, JSON.stringify(found));
  assert.match(found.verdict, /not everything is known/);
  await looks(story, panel, "doctor-unknown");
  await lab.clearFaults();
  assert.deepEqual((await doctor.examine()).unknown, []);
}

async function cancelled(story) {
  const { lab } = story;
  const { panel } = await proven(story);
  const doctor = await Doctor.of(panel);
  await lab.fault({ org: "hub", kind: { slow: 4_000 } });
  await doctor.begin();
  await doctor.main.getByRole("progressbar").waitFor();
  await looks(story, panel, "doctor-reading");
  await doctor.main.getByRole("button", { name: "Cancel" }).click();
  const found = await doctor.done();
  assert.ok(found.unknown.length > 20, JSON.stringify(found));
  await doctor.main.getByText("You cancelled the examination").waitFor();
  await doctor.main.getByText("the examination was cancelled before this was read").first().waitFor();
  const sent = (await lab.requests()).length;
  await pause(6_000);
  assert.equal((await lab.requests()).length, sent, "nothing was sent after the cancel");
}

async function sessionEnded(story) {
  const { lab } = story;
  const { panel, tabs } = await proven(story);
  const doctor = await Doctor.of(panel);
  await signOut(tabs.hub);
  await doctor.begin();
  await doctor.main.getByText("Waiting for you").waitFor();
  await looks(story, panel, "doctor-paused");
  await tabs.hub.goto(lab.session("hub"));
  assert.deepEqual((await doctor.done()).unknown, []);
}

async function severalSources(story) {
  const { lab } = story;
  const { panel } = await Panel.paired(story);
  const doctor = await Doctor.of(panel);
  await doctor.examine();
  await panel.page.getByRole("link", { name: "Connection" }).click();
  await panel.main.getByText("Forget this pair").first().click();
  await panel.button("Forget…").click();
  await panel.button("Forget, journal included").click();
  await panel.notice("The pair is forgotten");
  await signInAll(story, "other");
  await allow(story, "other", "hub");
  await panel.pair(lab.org("other").host, lab.org("hub").host);
  await Doctor.of(panel);
  await doctor.examine();
  const rows = doctor.main.getByRole("region", { name: "Sources by families" }).getByRole("row");
  assert.equal(await rows.count(), 3);
  assert.deepEqual(await rows.getByRole("rowheader").allTextContents(), [lab.org("acme").host, lab.org("other").host]);
  await looks(story, panel, "doctor-sources");
  const saved = panel.page.waitForEvent("download");
  await panel.button("Save as JSON").click();
  const report = JSON.parse(await readFile(await (await saved).path(), "utf8"));
  assert.deepEqual(report.matrix.map(({ source }) => source), [lab.org("acme").host, lab.org("other").host]);
}

async function beforeAPair(story) {
  const panel = await Panel.open(story);
  const doctor = await Doctor.of(panel);
  await doctor.main.getByText("First pair two orgs under Connection").waitFor();
  await audit(story, panel.page, "doctor-no-pair");
}

async function forEverybody(story) {
  const { lab } = story;
  const { panel, tabs } = await proven(story);
  const { page } = panel;
  const { id } = idpOf(await lab.dump(), "hub", "ACME (Org2Org)");
  await meanwhile(tabs.hub, "POST", `/api/v1/idps/${id}/lifecycle/deactivate`);
  await lab.fault({ org: "acme", path: "/api/v1/mappings", kind: { error_before: 403 } });
  await page.bringToFront();
  const keys = new Keyboard(page);
  await keys.to(page.getByRole("link", { name: "Doctor" }), "Shift+Tab");
  await keys.press("Enter");
  const doctor = new Doctor(panel);
  await audit(story, page, "doctor-ready");
  await keys.to(page.getByRole("button", { name: "Examine this pair" }));
  await keys.press("Enter");
  await focusOn(page, "stop-examining", "examine");
  await doctor.done();
  await focusOn(page, "examine");
  await audit(story, page, "doctor-done");
  await keys.to(page.getByRole("button", { name: "Copy as text" }));
}

export const stories = [
  { name: "the doctor finds what is broken, and opens the plan that mends it", everywhere: "deep", timeout: 300_000, run: toThePlan },
  { name: "what the doctor could not read is unknown", timeout: 180_000, run: unknown },
  { name: "an examination is cancelled between two reads", timeout: 180_000, run: cancelled },
  { name: "an examination waits for a session that ended", timeout: 180_000, run: sessionEnded },
  { name: "several sources of one target stand side by side", timeout: 180_000, run: severalSources },
  { name: "without a pair the doctor says what to do first", lab: false, run: beforeAPair },
  { name: "the doctor by keyboard, and before axe", timeout: 300_000, run: forEverybody },
];
