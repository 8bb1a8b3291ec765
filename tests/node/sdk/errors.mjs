// What goes wrong, as the SDK tells it: unknown, taken, refused, too many, spoilt.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client, all, refused } from "./clients.mjs";

export function errors(world) {
  const { lab } = world;

  describe("errors", () => {
    test("name what was not found", async () => {
      const error = await world.source.applicationApi.getApplication({ appId: "0oanothere00000000d7" }).catch((error) => error);
      assert.deepEqual([error.name, error.status, error.errorCode], ["OktaApiError", 404, "E0000007"]);
      assert.equal(error.errorSummary, "Not found: Resource not found: 0oanothere00000000d7 (AppInstance)");
      assert.match(error.errorId, /^oae[\w-]{22}$/);
      assert.ok(Array.isArray(error.errorCauses));
      await refused(world.source.userApi.getUser({ userId: "nobody@example.com" }), 404, "E0000007");
      await refused(world.source.groupApi.getGroup({ groupId: "00gnothere00000000d7" }), 404, "E0000007");
      await refused(world.target.identityProviderApi.getIdentityProvider({ idpId: "0oanothere00000000d7" }), 404, "E0000007");
    });

    test("say why a body was refused", async () => {
      const error = await world.source.applicationApi.createApplication({ application: { name: "bookmark", label: "", signOnMode: "BOOKMARK" } }).catch((error) => error);
      assert.deepEqual([error.status, error.errorCode], [400, "E0000001"]);
      assert.match(error.message, /label: The field cannot be left blank/);
    });

    test("of too many calls are waited out by the server's own clock, then the call succeeds", async () => {
      const path = "/api/v1/groups";
      await lab.fault({ org: "acme", method: "GET", path, calls: { nth: 1 }, kind: { rate_limited_reset: 1 } });
      const waits = [];
      const told = (request, response, id, delay) => waits.push({ delay, reset: response.headers.get("x-rate-limit-reset"), date: response.headers.get("date") });
      const { requestExecutor } = world.source;
      requestExecutor.on("backoff", told);
      try {
        const before = (await lab.requests()).length;
        assert.ok((await all(world.source.groupApi.listGroups({ limit: 200 }))).length > 2);
        const seen = (await lab.requests()).slice(before).filter((request) => request.path === path);
        assert.deepEqual(seen.map(({ status }) => status), [429, 200]);
        assert.equal(waits.length, 1);
        assert.equal(waits[0].delay, waits[0].reset * 1000 - Date.parse(waits[0].date) + 1000);
      } finally {
        requestExecutor.off("backoff", told);
        await lab.clearFaults();
      }
    });

    test("of too many calls come through when they do not end", async () => {
      await lab.fault({ org: "acme", method: "GET", path: "/api/v1/features", kind: "rate_limited_bare" });
      try {
        await refused(all(world.source.featureApi.listFeatures()), 429, "E0000047");
      } finally {
        await lab.clearFaults();
      }
    });

    test("of the server come through as they are", async () => {
      await lab.fault({ org: "acme", path: "/api/v1/org", calls: { nth: 1 }, kind: { error_before: 500 } });
      try {
        await refused(world.source.orgSettingApi.getOrgSettings(), 500, "E0000009");
      } finally {
        await lab.clearFaults();
      }
      assert.equal((await world.source.orgSettingApi.getOrgSettings()).subdomain, "acme");
    });

    test("of a token that is none are 401", async () => {
      const stranger = new Client({ orgUrl: "https://acme.okta.com", token: "00nothing" });
      await refused(stranger.orgSettingApi.getOrgSettings(), 401, "E0000011");
    });
  });
}
