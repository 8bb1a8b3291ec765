// Who may do what: roles of people and clients, custom roles, scopes, tokens and shares of the rate limit.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serviceApp } from "./apps.mjs";
import { all, ids, name, refused } from "./clients.mjs";
import { group } from "./groups.mjs";
import { person } from "./users.mjs";

export function rights(world) {
  const roles = () => world.target.roleAssignmentApi;
  const tokens = () => world.target.apiTokenApi;

  describe("rights", () => {
    test("by role are given to people, read and taken back", async () => {
      const { id: userId } = await person(world.target, "hub");
      const made = await roles().assignRoleToUser({ userId, assignRoleRequest: { type: "USER_ADMIN" } });
      const at = { userId, roleId: made.id };
      assert.equal((await roles().getUserAssignedRole(at)).type, "USER_ADMIN");
      await refused(roles().assignRoleToUser({ userId, assignRoleRequest: { type: "USER_ADMIN" } }), 409, "E0000090");
      assert.deepEqual(await ids(roles().listAssignedRolesForUser({ userId })), [made.id]);
      const { value } = await roles().listUsersWithRoleAssignments({ limit: 100 });
      assert.ok(value.some(({ id }) => id === userId));
      await roles().unassignRoleFromUser(at);
      assert.deepEqual(await ids(roles().listAssignedRolesForUser({ userId })), []);
    });

    test("by role are given to clients, limited to groups, and taken back", async () => {
      const { id: clientId } = await serviceApp(world.target);
      const made = await roles().assignRoleToClient({ clientId, assignRoleRequest: { type: "USER_ADMIN" } });
      await refused(roles().assignRoleToClient({ clientId, assignRoleRequest: { type: "USER_ADMIN" } }), 409, "E0000090");
      const at = { clientId, roleAssignmentId: made.id };
      assert.equal((await roles().retrieveClientRole(at)).type, "USER_ADMIN");
      assert.deepEqual(await ids(roles().listRolesForClient({ clientId })), [made.id]);
      const targets = world.target.roleTargetApi;
      const own = [await group(world.target), await group(world.target)].map(({ id }) => id);
      for (const groupId of own) await targets.assignGroupTargetRoleForClient({ ...at, groupId });
      assert.deepEqual((await ids(targets.listGroupTargetRoleForClient({ ...at, limit: 1 }))).sort(), [...own].sort());
      await targets.removeGroupTargetRoleFromClient({ ...at, groupId: own[0] });
      assert.deepEqual(await ids(targets.listGroupTargetRoleForClient(at)), [own[1]]);
      await roles().deleteRoleFromClient(at);
      await refused(roles().retrieveClientRole(at), 404, "E0000007");
    });

    test("by a custom role hold over a resource set", async () => {
      const { customRoleApi: custom, resourceSetApi: sets } = world.target;
      const role = await custom.createRole({ instance: { label: name("Role"), description: "makes groups", permissions: ["okta.groups.create", "okta.groups.read"] } });
      assert.equal((await custom.getRole({ roleIdOrLabel: role.label })).id, role.id);
      assert.ok((await custom.listRoles({})).roles.some(({ id }) => id === role.id));
      const { permissions } = await custom.listRolePermissions({ roleIdOrLabel: role.id });
      assert.deepEqual(permissions.map(({ label }) => label).sort(), ["okta.groups.create", "okta.groups.read"]);
      const set = await sets.createResourceSet({ instance: { label: name("Set"), description: "all groups", resources: ["https://hub.okta.com/api/v1/groups"] } });
      const at = { resourceSetId: set.id };
      assert.equal((await sets.getResourceSet(at)).label, set.label);
      assert.ok((await sets.listResourceSets({}))["resource_sets"].some(({ id }) => id === set.id));
      assert.equal((await sets.listResourceSetResources(at)).resources.length, 1);
      const { id: userId } = await person(world.target, "hub");
      await sets.createResourceSetBinding({ ...at, instance: { role: role.id, members: [`https://hub.okta.com/api/v1/users/${userId}`] } });
      assert.ok((await sets.listBindings(at)).roles.some(({ id }) => id === role.id));
      await refused(custom.deleteRole({ roleIdOrLabel: role.id }), 400, "E0000001");
      const unused = await custom.createRole({ instance: { label: name("Role"), description: "unused", permissions: ["okta.users.read"] } });
      await custom.deleteRole({ roleIdOrLabel: unused.id });
      const empty = await sets.createResourceSet({ instance: { label: name("Set"), description: "unused", resources: ["https://hub.okta.com/api/v1/users"] } });
      await sets.deleteResourceSet({ resourceSetId: empty.id });
      await refused(sets.getResourceSet({ resourceSetId: empty.id }), 404, "E0000007");
    });

    test("by scope are granted, read, listed and revoked", async () => {
      const { id: appId } = await serviceApp(world.target);
      const api = world.target.applicationApi;
      const grant = { scopeId: "okta.users.manage", issuer: "https://hub.okta.com" };
      const made = await api.grantConsentToScope({ appId, oAuth2ScopeConsentGrant: grant });
      const at = { appId, grantId: made.id };
      assert.equal((await api.getScopeConsentGrant(at)).scopeId, grant.scopeId);
      assert.deepEqual(await ids(api.listScopeConsentGrants({ appId })), [made.id]);
      await refused(api.grantConsentToScope({ appId, oAuth2ScopeConsentGrant: { ...grant, scopeId: "okta.nothing.manage" } }), 400, "E0000001");
      await api.revokeScopeConsentGrant(at);
      await refused(api.getScopeConsentGrant(at), 404, "E0000007");
    });

    test("of a new service app are what the org's setting says", async () => {
      const api = world.target.orgSettingApi;
      const { clientPrivilegesSetting } = await api.getClientPrivilegesSetting();
      const set = async (value) => (await api.assignClientPrivilegesSetting({ clientPrivilegesSetting: { clientPrivilegesSetting: value } })).clientPrivilegesSetting;
      assert.equal(await set(!clientPrivilegesSetting), !clientPrivilegesSetting);
      assert.equal(await set(clientPrivilegesSetting), clientPrivilegesSetting);
    });

    test("by API token are listed, read, limited to a network and revoked", async () => {
      const { target } = world;
      const listed = await all(tokens().listApiTokens());
      assert.ok(listed.every(({ id, tokenWindow }) => id.startsWith("00T") && tokenWindow === "P30D"));
      const one = listed.find(({ name: own }) => own.startsWith("auditor")) ?? listed.at(-1);
      assert.equal((await tokens().getApiToken({ apiTokenId: one.id })).userId, one.userId);
      const changed = await tokens().upsertApiToken({ apiTokenId: one.id, apiTokenUpdate: { name: name("Token"), userId: one.userId, network: { connection: "ZONE", include: ["nzo1"] } } });
      assert.deepEqual([changed.id, changed.network.connection], [one.id, "ZONE"]);
      const limits = target.principalRateLimitApi;
      const entity = { principalId: one.id, principalType: "SSWS_TOKEN", defaultPercentage: 40, defaultConcurrencyPercentage: 60 };
      const made = await limits.createPrincipalRateLimitEntity({ entity });
      const at = { principalRateLimitId: made.id };
      assert.equal((await limits.getPrincipalRateLimitEntity(at)).defaultPercentage, 40);
      assert.ok((await ids(limits.listPrincipalRateLimitEntities({ filter: 'principalType eq "SSWS_TOKEN"', limit: 1 }))).includes(made.id));
      assert.equal((await limits.replacePrincipalRateLimitEntity({ ...at, entity: { ...entity, defaultPercentage: 20 } })).defaultPercentage, 20);
      await tokens().revokeApiToken({ apiTokenId: one.id });
      await refused(tokens().getApiToken({ apiTokenId: one.id }), 404, "E0000007");
    });
  });
}
