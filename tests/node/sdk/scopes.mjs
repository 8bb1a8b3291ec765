// What a token with few scopes or a small role is refused.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Client, all, refused, service } from "./clients.mjs";

export function scopes(lab) {
  describe("with few rights", () => {
    let reader, nobody;
    before(async () => {
      reader = await service(lab, "hub", { scopes: ["okta.users.read"] });
      nobody = await service(lab, "hub", { scopes: ["okta.users.manage"], role: null });
    });

    test("reads what its scope names, and nothing else", async () => {
      assert.ok((await all(reader.userApi.listUsers({ limit: 200 }))).length > 5);
      await refused(reader.userApi.createUser({ body: { profile: {} } }), 403, "E0000006");
      await refused(all(reader.groupApi.listGroups()), 403, "E0000006");
      await refused(reader.applicationApi.createApplication({ application: { signOnMode: "BOOKMARK" } }), 403, "E0000006");
    });

    test("does nothing without a role, whatever its scopes say", async () => {
      await refused(all(nobody.userApi.listUsers()), 403, "E0000006");
    });

    test("changes nothing with a read-only admin's API token", async () => {
      const { token } = lab.org("acme").admins.find(({ role }) => role === "READ_ONLY_ADMIN");
      const auditor = new Client({ orgUrl: "https://acme.okta.com", token });
      assert.ok((await all(auditor.applicationApi.listApplications())).length > 0);
      await refused(auditor.groupApi.createGroup({ group: { profile: { name: "x" } } }), 403, "E0000006");
    });

    test("gets no token for a scope that was not granted", async () => {
      const greedy = await service(lab, "hub", { scopes: ["okta.users.read"] });
      greedy.scopes = ["okta.apps.manage"];
      await refused(greedy.orgSettingApi.getOrgSettings(), 401, "E0000011");
    });

    test("may end its own API token", async () => {
      const { token } = lab.org("other").admins.at(-1);
      const own = new Client({ orgUrl: "https://other.okta.com", token });
      await own.apiTokenApi.revokeCurrentApiToken();
      await refused(own.orgSettingApi.getOrgSettings(), 401, "E0000011");
    });
  });
}
