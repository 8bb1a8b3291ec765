// Policies of the target: those of its kinds, and the routing rules that say which identity provider people are sent to.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { all, name, refused } from "./clients.mjs";

export function policies(world) {
  const api = () => world.target.policyApi;
  const routing = async () => (await all(api().listPolicies({ type: "IDP_DISCOVERY" })))[0];

  const rule = (label, domain) => ({
    type: "IDP_DISCOVERY", name: label, priority: 1,
    conditions: { userIdentifier: { type: "IDENTIFIER", patterns: [{ matchType: "SUFFIX", value: domain }] } },
    actions: { idp: { providers: [{ type: "OKTA" }] } },
  });

  describe("policies", () => {
    test("are listed by kind, and the routing policy is read", async () => {
      const policy = await routing();
      assert.deepEqual([policy.type, policy.system], ["IDP_DISCOVERY", true]);
      assert.equal((await api().getPolicy({ policyId: policy.id })).name, policy.name);
      await refused(api().getPolicy({ policyId: "00p00000000000000000" }), 404, "E0000007");
    });

    test("take routing rules that live their whole life, the default rule last", async () => {
      const policyId = (await routing()).id;
      const made = await api().createPolicyRule({ policyId, policyRule: rule(name("Route"), "acme.example.com") });
      assert.ok(made.id.startsWith("0pr"));
      assert.deepEqual([made.status, made.priority], ["ACTIVE", 1]);
      const listed = await all(api().listPolicyRules({ policyId }));
      assert.equal(listed[0].id, made.id);
      assert.equal(listed.at(-1).system, true);
      const at = { policyId, ruleId: made.id };
      const read = await api().getPolicyRule(at);
      assert.equal(read.conditions.userIdentifier.patterns[0].value, "acme.example.com");
      const next = await api().replacePolicyRule({ ...at, policyRule: rule(name("Route"), "acme.example.org") });
      assert.deepEqual([next.id, next.conditions.userIdentifier.patterns[0].value], [made.id, "acme.example.org"]);
      await api().deactivatePolicyRule(at);
      assert.equal((await api().getPolicyRule(at)).status, "INACTIVE");
      await api().activatePolicyRule(at);
      assert.equal((await api().getPolicyRule(at)).status, "ACTIVE");
      await refused(api().deletePolicyRule({ policyId, ruleId: listed.at(-1).id }), 400, "E0000001");
      await api().deletePolicyRule(at);
      await refused(api().getPolicyRule(at), 404, "E0000007");
    });
  });
}
