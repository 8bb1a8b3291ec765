// What makes an Org2Org app push: its connection, features, mapping, schema and group push.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bookmark, org2org, serviceApp } from "./apps.mjs";
import { all, ids, name, refused } from "./clients.mjs";
import { group } from "./groups.mjs";
import { person } from "./users.mjs";

export function provisioning(world) {
  const api = () => world.source.applicationApi;
  const token = () => world.lab.org("hub").admins[0].token;

  /** An Org2Org app whose connection works, by the target's API token. */
  async function connected() {
    const app = await org2org(world.source);
    const profile = { authScheme: "TOKEN", token: token() };
    const connection = await api().updateDefaultProvisioningConnectionForApplication({ appId: app.id, ProvisioningConnectionRequest: { profile }, activate: true });
    assert.equal(connection.status, "ENABLED");
    return app;
  }

  describe("provisioning", () => {
    test("has a connection by token that is read, switched off and on", async () => {
      const { id: appId } = await connected();
      const read = () => api().getDefaultProvisioningConnectionForApplication({ appId });
      assert.equal((await read()).profile.authScheme, "TOKEN");
      await api().deactivateDefaultProvisioningConnectionForApplication({ appId });
      assert.equal((await read()).status, "DISABLED");
      await api().activateDefaultProvisioningConnectionForApplication({ appId });
      assert.equal((await read()).status, "ENABLED");
      await refused(api().getUserProvisioningConnectionJWKS({ appId }), 404, "E0000007");
    });

    test("has a connection by OAuth that publishes its keys", async () => {
      const [{ id: appId }, service] = [await org2org(world.source), await serviceApp(world.target)];
      const profile = { authScheme: "OAUTH2", clientId: service.id, signing: { rotationMode: "AUTO" } };
      const made = await api().updateDefaultProvisioningConnectionForApplication({ appId, ProvisioningConnectionRequest: { profile }, activate: true });
      assert.equal(made.status, "ENABLED");
      const { jwks } = await api().getUserProvisioningConnectionJWKS({ appId });
      assert.ok(jwks.keys.length > 0 && jwks.keys.every(({ kty, use }) => kty === "RSA" && use === "sig"));
    });

    test("has features that are listed, read and switched", async () => {
      const { id: appId } = await connected();
      const names = (await all(api().listFeaturesForApplication({ appId }))).map(({ name }) => name);
      assert.deepEqual(names.sort(), ["INBOUND_PROVISIONING", "USER_PROVISIONING"]);
      const at = { appId, name: "USER_PROVISIONING" };
      const wish = { create: { lifecycleCreate: { status: "ENABLED" } }, update: { profile: { status: "ENABLED" }, lifecycleDeactivate: { status: "ENABLED" } } };
      await api().updateFeatureForApplication({ ...at, CapabilitiesObject: wish });
      const { capabilities } = await api().getFeatureForApplication(at);
      assert.deepEqual([capabilities.create.lifecycleCreate.status, capabilities.update.profile.status], ["ENABLED", "ENABLED"]);
      const { id } = await bookmark(world.source);
      await refused(all(api().listFeaturesForApplication({ appId: id })), 400, "E0000001");
    });

    test("has a mapping that takes a rule and gives it back", async () => {
      const { id: targetId } = await connected();
      const mappings = world.source.profileMappingApi;
      const [{ id: mappingId }] = await all(mappings.listProfileMappings({ targetId, limit: 1 }));
      const rule = { expression: '"active_with_pass"', pushStatus: "DONT_PUSH" };
      await mappings.updateProfileMapping({ mappingId, profileMapping: { properties: { initialStatus: rule } } });
      const { properties } = await mappings.getProfileMapping({ mappingId });
      assert.deepEqual({ ...properties.initialStatus }, rule);
      await refused(mappings.updateProfileMapping({ mappingId, profileMapping: { properties: { shoeSize: rule } } }), 400, "E0000001");
      assert.ok((await all(mappings.listProfileMappings({ limit: 2 }))).some(({ id }) => id === mappingId));
    });

    test("has a schema for its people, which takes one attribute more", async () => {
      const { id: appInstanceId } = await connected();
      const schemas = world.source.schemaApi;
      const { definitions } = await schemas.getApplicationUserSchema({ appInstanceId });
      assert.ok(definitions.base.properties.firstName);
      const custom = { id: "#custom", type: "object", properties: { badge: { title: "Badge", type: "string" } } };
      await schemas.updateApplicationUserProfile({ appInstanceId, body: { definitions: { custom } } });
      assert.equal((await schemas.getApplicationUserSchema({ appInstanceId })).definitions.custom.properties.badge.title, "Badge");
    });

    test("pushes people to the target", async () => {
      const { id: appId } = await connected();
      const wish = { create: { lifecycleCreate: { status: "ENABLED" } } };
      await api().updateFeatureForApplication({ appId, name: "USER_PROVISIONING", CapabilitiesObject: wish });
      const { id: userId, profile } = await person(world.source, "acme");
      await api().assignUserToApplication({ appId, appUser: { id: userId, scope: "USER" } });
      const { externalId } = await api().getApplicationUser({ appId, userId });
      assert.equal((await world.target.userApi.getUser({ userId: externalId })).profile.login, profile.login);
    });

    test("pushes groups by mappings that are made, read, paged, switched and deleted", async () => {
      const push = world.source.groupPushMappingApi;
      const { id: appId } = await connected();
      const made = [];
      for (let count = 0; count < 3; count += 1) {
        const { id: sourceGroupId } = await group(world.source);
        made.push(await push.createGroupPushMapping({ appId, body: { sourceGroupId, targetGroupName: name("Pushed"), status: "ACTIVE" } }));
      }
      assert.deepEqual((await ids(push.listGroupPushMappings({ appId, limit: 2 }))).sort(), made.map(({ id }) => id).sort());
      const [{ id: mappingId, sourceGroupId }] = made;
      assert.deepEqual(await ids(push.listGroupPushMappings({ appId, sourceGroupId, status: "ACTIVE" })), [mappingId]);
      assert.ok((await push.getGroupPushMapping({ appId, mappingId })).lastPush);
      await refused(push.deleteGroupPushMapping({ appId, mappingId, deleteTargetGroup: false }), 400, "E0000001");
      assert.equal((await push.updateGroupPushMapping({ appId, mappingId, body: { status: "INACTIVE" } })).status, "INACTIVE");
      await push.deleteGroupPushMapping({ appId, mappingId, deleteTargetGroup: true });
      await refused(push.getGroupPushMapping({ appId, mappingId }), 404, "E0000007");
    });
  });
}
