// Every member of a wish file, over two orgs of a lab process: what it comes to, or why it is refused.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DONE, FINDINGS, USAGE, run } from "./command.mjs";
import { eachLab } from "./pair.mjs";

const here = eachLab();

/** Runs a live command over a wish that has a file and a journal of its own. */
async function org2org(command, text, ...more) {
  const name = join(here.folder, `wish-${Buffer.from(text).toString("hex").slice(0, 60)}`);
  await writeFile(`${name}.toml`, text);
  const tokens = ["acme", "hub"].map((org) => here.lab.org(org).admins[0].token).join("\n");
  return run([
    command, "--wish", `${name}.toml`, "--source", "https://acme.okta.com", "--target", "https://hub.okta.com",
    "--connect", `127.0.0.1:${here.lab.port}`, "--ca", join(here.folder, "lab.pem"), ...more,
  ], `${tokens}\n`);
}

async function applied(text) {
  const ran = await org2org("apply", text, "--yes");
  assert.equal(ran.code, DONE, ran.out + ran.err);
  const sent = await writes();
  const again = await org2org("apply", text, "--yes");
  assert.equal(again.code, DONE, again.out + again.err);
  assert.equal(await writes(), sent, "a second run writes nothing");
}

const { writes } = here;
const all = async (org, kind) => Object.values((await here.lab.dump())[org][kind]);
const PEOPLE = 'groups = ["Sales"]\n';

describe("a wish file", () => {
  test("by OpenID Connect, with names of its own", async () => {
    await applied(`sign_on = "oidc"\nidp_name = "ACME by OIDC"\napp_label = "The hub"\ngroup_name = "From ACME"\n${PEOPLE}`);
    const idp = (await all("hub", "idps")).find(({ name }) => name === "ACME by OIDC");
    assert.equal(idp.type, "OKTA_INTEGRATION");
    assert.equal((await all("acme", "apps")).find(({ label }) => label === "The hub").signOnMode, "OPENID_CONNECT");
    assert.ok((await all("hub", "groups")).some(({ name }) => name === "From ACME"));
  });

  test("new accounts at the first sign-in", async () => {
    await applied(`new_accounts_at_sign_in = true\n${PEOPLE}`);
    const idp = (await all("hub", "idps")).find(({ name }) => name === "ACME (Org2Org)");
    assert.equal(idp.policy.provisioning.action, "AUTO");
  });

  test("a key that a person keeps, then replaced by name", async () => {
    await applied(`${PEOPLE}[push]\nmethod = "oauth-manual"\ninitial_status = "pending_with_pass"\ndeactivate = true\ngroups = ["Engineering"]\n`);
    assert.ok((await all("hub", "groups")).some(({ name }) => name === "Engineering"));
    const app = (await all("acme", "apps")).find(({ name }) => name === "okta_org2org");
    const old = app.credentials.signing.kid;
    const lost = await org2org("plan", 'aim = "rotate-key"\nretire_key = "nothing"\n');
    assert.notEqual(lost.code, DONE);
    assert.match(lost.out + lost.err, new RegExp(old), "the key in use is told");
    await applied(`aim = "rotate-key"\nretire_key = "${old}"\n`);
    const fresh = (await all("acme", "apps")).find(({ name }) => name === "okta_org2org").credentials.signing.kid;
    assert.notEqual(fresh, old);
    const client = (await all("hub", "apps")).find(({ label }) => label === "Org2Org from ACME");
    assert.deepEqual(client.settings.oauthClient.jwks.keys.map(({ kid }) => kid), [fresh]);
  });

  test("one person, to see that it works, and back", async () => {
    await applied(`${PEOPLE}[push]\nmethod = "oauth-auto"\n`);
    const logins = async (org) => (await all(org, "users")).filter(({ status }) => status === "ACTIVE").map(({ profile }) => profile.login);
    const known = await logins("hub");
    const login = (await logins("acme")).find((one) => !known.includes(one));
    const pilot = `aim = "pilot"\nusers = ["${login}"]\n`;
    await applied(pilot);
    assert.ok((await logins("hub")).includes(login));
    const asked = await org2org("undo", pilot);
    assert.equal(asked.code, USAGE, asked.err);
    assert.match(asked.out, /In HUB no account is [^]*Accounts and groups that were pushed to HUB stay there/);
    const undone = await org2org("undo", pilot, "--yes");
    assert.equal(undone.code, DONE, undone.out + undone.err);
    assert.ok((await logins("hub")).includes(login));
  });

  test("the end of a connection", async () => {
    await applied(`${PEOPLE}[push]\nmethod = "oauth-auto"\n`);
    const people = (await all("hub", "users")).length;
    await applied('aim = "remove"\n');
    assert.ok(!(await all("acme", "apps")).some(({ name, status }) => name === "okta_org2org" && status === "ACTIVE"));
    assert.ok(!(await all("hub", "idps")).some(({ name, status }) => name === "ACME (Org2Org)" && status === "ACTIVE"));
    assert.equal((await all("hub", "users")).length, people, "nobody's account goes with it");
    assert.ok((await all("hub", "users")).every(({ status }) => status !== "DEPROVISIONED"));
  });

  test("accounts by file wait for a person, and say so", async () => {
    const plan = await org2org("plan", `accounts_by_file = true\nlink_accounts = true\n${PEOPLE}`);
    assert.equal(plan.code, FINDINGS, plan.err);
    assert.match((await org2org("check", `accounts_by_file = true\n${PEOPLE}`)).out, /Bring people to the target by a file/);
  });

  test("refuses each value that is none", async () => {
    for (const [text, told] of [
      ['sign_on = "wsfed"', /`sign_on` is `wsfed`[^]*saml, oidc/],
      ['aim = "destroy"', /`aim` is `destroy`[^]*connect, pilot, rotate-key, remove/],
      ['aim = "pilot"', /`users` names nobody/],
      ['aim = "pilot"\nusers = ["ada@acme.example.com"]\napps = ["Expenses"]', /are of no use to it/],
      ['aim = "rotate-key"', /`retire_key` is missing/],
      ['retire_key = "abc"', /`retire_key` goes with/],
      ['[push]\nmethod = "magic"', /`push\.method` is `magic`[^]*oauth-auto, oauth-manual, token/],
      ['[push]\ninitial_status = "active"', /`push\.initial_status` is `active`[^]*active_with_pass/],
      ['[push]\nroles = ["SUPER_ADMIN"]', /unknown field `roles`/],
      ['groups = "Sales"', /line 1, column 10: /],
    ]) {
      const ran = await org2org("plan", `${text}\n`);
      assert.equal(ran.code, USAGE, text);
      assert.match(ran.err, told);
    }
    assert.equal(await writes(), 0);
  });
});
