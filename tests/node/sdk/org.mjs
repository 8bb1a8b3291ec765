// The org itself: who it is, its domains, features, schema and user types.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { all, name, refused } from "./clients.mjs";

export function org(world) {
  describe("the org", () => {
    test("says who it is, with and without credentials", async () => {
      const { id } = world.lab.org("hub");
      assert.equal((await world.target.orgSettingApi.getWellknownOrgMetadata()).id, id);
      const settings = await world.target.orgSettingApi.getOrgSettings();
      assert.deepEqual([settings.id, settings.subdomain, settings.status], [id, "hub", "ACTIVE"]);
    });

    test("has domains that are made, read, listed and deleted", async () => {
      const api = world.target.customDomainApi;
      const domain = `${name("login").replace(" ", "")}.hub.example.com`;
      const made = await api.createCustomDomain({ domain: { domain, certificateSourceType: "OKTA_MANAGED" } });
      assert.ok(made.id.startsWith("OcD"));
      assert.equal((await api.getCustomDomain({ domainId: made.id })).domain, domain);
      assert.ok((await api.listCustomDomains()).domains.some(({ id }) => id === made.id));
      await api.deleteCustomDomain({ domainId: made.id });
      await refused(api.getCustomDomain({ domainId: made.id }), 404, "E0000007");
    });

    test("has features that need each other and are switched", async () => {
      const api = world.target.featureApi;
      const listed = await all(api.listFeatures());
      const needing = await firstWith(listed, (featureId) => api.listFeatureDependencies({ featureId }));
      const [needed] = await all(api.listFeatureDependencies({ featureId: needing.id }));
      assert.ok((await all(api.listFeatureDependents({ featureId: needed.id }))).some(({ id }) => id === needing.id));
      const on = await api.updateFeatureLifecycle({ featureId: needing.id, lifecycle: "ENABLE", mode: "force" });
      assert.equal(on.status, "ENABLED");
      assert.equal((await api.getFeature({ featureId: needed.id })).status, "ENABLED");
      await refused(api.updateFeatureLifecycle({ featureId: needed.id, lifecycle: "DISABLE" }), 400, "E0000001");
      await api.updateFeatureLifecycle({ featureId: needed.id, lifecycle: "DISABLE", mode: "force" });
      assert.equal((await api.getFeature({ featureId: needing.id })).status, "DISABLED");
    });

    test("has a schema that takes one attribute more and gives it back", async () => {
      const api = world.target.schemaApi;
      const [type] = await all(world.target.userTypeApi.listUserTypes());
      assert.ok(type.id.startsWith("oty") && type._default);
      const attribute = name("badge").replace(" ", "");
      const custom = (property) => ({ definitions: { custom: { id: "#custom", type: "object", properties: { [attribute]: property } } } });
      await api.updateUserProfile({ schemaId: "default", userSchema: custom({ title: "Badge", type: "string" }) });
      assert.equal((await api.getUserSchema({ schemaId: "default" })).definitions.custom.properties[attribute].title, "Badge");
      await api.updateUserProfile({ schemaId: "default", userSchema: custom(null) });
      assert.equal((await api.getUserSchema({ schemaId: "default" })).definitions.custom.properties[attribute], undefined);
    });
  });
}

async function firstWith(features, list) {
  for (const feature of features) if ((await all(list(feature.id))).length > 0) return feature;
  return assert.fail("no feature needs another");
}
