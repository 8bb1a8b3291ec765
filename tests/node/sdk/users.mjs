// People: made, searched, changed, and every step of their life cycle.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { all, ids, login, refused } from "./clients.mjs";

/** A person of an org, by default without password. */
export function person(client, subdomain, { more = {}, ...asked } = {}) {
  const own = login(subdomain);
  return client.userApi.createUser({ body: { profile: { firstName: "Katherine", lastName: "Johnson", login: own, email: own }, ...more }, ...asked });
}

export function users(world) {
  const api = () => world.source.userApi;
  const made = (asked) => person(world.source, "acme", asked);
  const status = async ({ id }) => (await api().getUser({ userId: id })).status;

  describe("people", () => {
    test("are made, read by id and login, changed, replaced and deleted", async () => {
      const user = await made({ more: { credentials: { password: { value: "Orbital-Mechanics-62" } } } });
      assert.deepEqual([user.status, user.id.slice(0, 3)], ["ACTIVE", "00u"]);
      assert.equal((await api().getUser({ userId: user.profile.login })).id, user.id);
      const named = await api().updateUser({ userId: user.id, user: { profile: { nickName: "Kate" } } });
      assert.deepEqual([named.profile.nickName, named.profile.firstName], ["Kate", "Katherine"]);
      const { login: own } = user.profile;
      const whole = await api().replaceUser({ userId: user.id, user: { profile: { firstName: "K", lastName: "Johnson", login: own, email: own } } });
      assert.deepEqual([whole.profile.firstName, whole.profile.nickName], ["K", undefined]);
      await api().deleteUser({ userId: user.id });
      assert.equal(await status(user), "DEPROVISIONED");
      await api().deleteUser({ userId: user.id });
      await refused(api().getUser({ userId: user.id }), 404, "E0000007");
    });

    test("go through their life cycle", async () => {
      const user = await made({ activate: false });
      const at = { userId: user.id };
      assert.equal(await status(user), "STAGED");
      const token = await api().activateUser({ ...at, sendEmail: false });
      assert.match(token.activationUrl, /^https:\/\/acme\.okta\.com\/welcome\//);
      assert.equal(await status(user), "PROVISIONED");
      assert.ok((await api().reactivateUser({ ...at, sendEmail: false })).activationToken);
      await refused(api().suspendUser(at), 403, "E0000038");
      await api().updateUser({ ...at, user: { credentials: { password: { value: "Orbital-Mechanics-62" } } } });
      assert.equal(await status(user), "ACTIVE");
      await api().suspendUser(at);
      assert.equal(await status(user), "SUSPENDED");
      await api().unsuspendUser(at);
      assert.equal(await status(user), "ACTIVE");
      await api().deactivateUser({ ...at, sendEmail: false });
      assert.equal(await status(user), "DEPROVISIONED");
      await refused(api().updateUser({ ...at, user: { profile: { nickName: "x" } } }), 403, "E0000038");
    });

    test("lose their password to an admin and get a new one", async () => {
      const password = { password: { value: "Orbital-Mechanics-62" } };
      const user = await made({ more: { credentials: password } });
      const at = { userId: user.id };
      assert.equal((await api().expirePassword(at)).status, "PASSWORD_EXPIRED");
      // The SDK reads the answer as a person and so loses the temporary password.
      await api().expirePasswordAndGetTemporaryPassword(at);
      assert.equal(await status(user), "PASSWORD_EXPIRED");
      assert.match((await api().generateResetPasswordToken({ ...at, sendEmail: false })).resetPasswordUrl, /^https:\/\/acme\.okta\.com\/reset_password\//);
      assert.equal(await status(user), "RECOVERY");
      await api().updateUser({ ...at, user: { credentials: password } });
      assert.equal(await status(user), "ACTIVE");
      await api().resetFactors(at);
      await refused(api().unlockUser(at), 403, "E0000032");
    });

    test("sign in elsewhere when their provider says so", async () => {
      const federated = { credentials: { provider: { type: "FEDERATION", name: "FEDERATION" } } };
      const user = await made({ provider: true, more: federated });
      assert.deepEqual([user.status, user.credentials.provider.type], ["ACTIVE", "FEDERATION"]);
    });

    test("are found by search, filter and the start of a name, page by page", async () => {
      const wanted = [await made(), await made(), await made()];
      const logins = wanted.map(({ profile }) => profile.login);
      const search = logins.map((own) => `profile.login eq "${own}"`).join(" or ");
      assert.deepEqual((await ids(api().listUsers({ search, limit: 1 }))).sort(), wanted.map(({ id }) => id).sort());
      assert.deepEqual(await ids(api().listUsers({ filter: `profile.login eq "${logins[1]}"` })), [wanted[1].id]);
      assert.deepEqual(await ids(api().listUsers({ q: logins[2] })), [wanted[2].id]);
      const everybody = await all(api().listUsers({ limit: 5 }));
      assert.equal(new Set(everybody.map(({ id }) => id)).size, everybody.length);
      assert.ok(everybody.length > 10);
    });

    test("have groups, apps and identity providers", async () => {
      const ada = await api().getUser({ userId: "ada@acme.example.com" });
      const groups = await all(api().listUserGroups({ userId: ada.id }));
      assert.deepEqual(groups.map(({ profile }) => profile.name).sort(), ["Everyone", "Sales"]);
      const alan = await api().getUser({ userId: "alan@acme.example.com" });
      const [link] = await all(api().listAppLinks({ userId: alan.id }));
      assert.equal(link.label, "Time Sheets");
      assert.deepEqual(await all(api().listUserIdentityProviders({ userId: ada.id })), []);
    });

    test("are refused with a login that is taken, a weak password or an unknown attribute", async () => {
      const { profile } = await made();
      await refused(api().createUser({ body: { profile } }), 400, "E0000001");
      await refused(made({ more: { credentials: { password: { value: "short" } } } }), 400, "E0000001");
      const other = login("acme");
      await refused(api().createUser({ body: { profile: { firstName: "a", lastName: "b", login: other, email: other, shoeSize: 42 } } }), 400, "E0000001");
    });
  });
}
