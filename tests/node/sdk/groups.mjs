// Groups with their members and apps, and who is assigned to an app.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { org2org } from "./apps.mjs";
import { all, ids, name, refused } from "./clients.mjs";
import { person } from "./users.mjs";

/** A group with these members. */
export async function group(client, members = []) {
  const made = await client.groupApi.createGroup({ group: { profile: { name: name("Group"), description: "made by the SDK" } } });
  for (const { id } of members) await client.groupApi.assignUserToGroup({ groupId: made.id, userId: id });
  return made;
}

export function groups(world) {
  const api = () => world.source.groupApi;
  const apps = () => world.source.applicationApi;
  const people = (count) => Promise.all(Array.from({ length: count }, () => person(world.source, "acme")));

  describe("groups", () => {
    test("are made, read, replaced, filled, emptied and deleted", async () => {
      const members = await people(3);
      const made = await group(world.source, members);
      assert.deepEqual([made.type, made.id.slice(0, 3)], ["OKTA_GROUP", "00g"]);
      const next = name("Renamed");
      assert.equal((await api().replaceGroup({ groupId: made.id, group: { profile: { name: next } } })).profile.name, next);
      assert.equal((await api().getGroup({ groupId: made.id })).profile.name, next);
      assert.deepEqual((await ids(api().listGroupUsers({ groupId: made.id, limit: 2 }))).sort(), members.map(({ id }) => id).sort());
      await api().unassignUserFromGroup({ groupId: made.id, userId: members[0].id });
      assert.equal((await ids(api().listGroupUsers({ groupId: made.id }))).length, 2);
      await refused(api().createGroup({ group: { profile: { name: next } } }), 400, "E0000001");
      await api().deleteGroup({ groupId: made.id });
      await refused(api().getGroup({ groupId: made.id }), 404, "E0000007");
    });

    test("are found by name and search, page by page", async () => {
      const wanted = [await group(world.source), await group(world.source), await group(world.source)];
      const found = await ids(api().listGroups({ q: "Group", limit: 2 }));
      assert.ok(wanted.every(({ id }) => found.includes(id)));
      assert.deepEqual(await ids(api().listGroups({ search: `profile.name eq "${wanted[0].profile.name}"` })), [wanted[0].id]);
      assert.deepEqual(await ids(api().listGroups({ filter: `id eq "${wanted[1].id}"` })), [wanted[1].id]);
    });
  });

  describe("assignments", () => {
    test("of people are made, read, changed, paged and taken back", async () => {
      const { id: appId } = await org2org(world.source);
      const members = await people(3);
      for (const { id, profile } of members) {
        const made = await apps().assignUserToApplication({ appId, appUser: { id, scope: "USER", credentials: { userName: profile.login } } });
        assert.deepEqual([made.id, made.scope], [id, "USER"]);
      }
      assert.deepEqual((await ids(apps().listApplicationUsers({ appId, limit: 2 }))).sort(), members.map(({ id }) => id).sort());
      const at = { appId, userId: members[0].id };
      const changed = await apps().updateApplicationUser({ ...at, appUser: { credentials: { userName: "k.johnson@example.com" } } });
      assert.equal(changed.credentials.userName, "k.johnson@example.com");
      assert.equal((await apps().getApplicationUser(at)).credentials.userName, "k.johnson@example.com");
      await apps().unassignUserFromApplication(at);
      await refused(apps().getApplicationUser(at), 404, "E0000007");
    });

    test("of groups are made, read, changed, paged and taken back, with their people", async () => {
      const { id: appId } = await org2org(world.source);
      const [member] = await people(1);
      const all_ = [await group(world.source, [member]), await group(world.source), await group(world.source)];
      for (const [priority, { id: groupId }] of all_.entries()) {
        const made = await apps().assignGroupToApplication({ appId, groupId, applicationGroupAssignment: { priority } });
        assert.deepEqual([made.id, made.priority], [groupId, priority]);
      }
      assert.deepEqual((await ids(apps().listApplicationGroupAssignments({ appId, limit: 2 }))).sort(), all_.map(({ id }) => id).sort());
      const at = { appId, groupId: all_[0].id };
      const changed = await apps().updateGroupAssignmentToApplication({ ...at, jsonPatchOperation: [{ op: "replace", path: "/priority", value: 2 }] });
      assert.equal(changed.priority, 2);
      assert.equal((await apps().getApplicationGroupAssignment(at)).priority, 2);
      assert.equal((await apps().getApplicationUser({ appId, userId: member.id })).scope, "GROUP");
      assert.deepEqual((await all(api().listAssignedApplicationsForGroup({ groupId: at.groupId }))).map(({ id }) => id), [appId]);
      await apps().unassignApplicationFromGroup(at);
      await refused(apps().getApplicationGroupAssignment(at), 404, "E0000007");
      await refused(apps().getApplicationUser({ appId, userId: member.id }), 404, "E0000007");
    });
  });
}
