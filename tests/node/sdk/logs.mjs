// The System Log: filtered, in order, page by page, and a next page that never ends.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { all, name } from "./clients.mjs";

export function logs(world) {
  const api = () => world.source.systemLogApi;

  describe("the System Log", () => {
    test("tells what was done, by whom and to what", async () => {
      const since = new Date(Date.now() - 60_000).toISOString();
      const { id } = await world.source.groupApi.createGroup({ group: { profile: { name: name("Logged") } } });
      const filter = `eventType eq "group.lifecycle.create" and target.id eq "${id}"`;
      const [event, ...others] = await all(api().listLogEvents({ since, until: new Date(Date.now() + 60_000).toISOString(), filter }));
      assert.equal(others.length, 0);
      assert.deepEqual([event.outcome.result, event.target[0].id], ["SUCCESS", id]);
      assert.ok(event.published instanceof Date && event.actor.id);
    });

    test("comes in pages of any size, the same events in the same order", async () => {
      const until = new Date().toISOString();
      const asked = (limit, sortOrder) => all(api().listLogEvents({ since: "2026-01-01T00:00:00Z", until, limit, sortOrder }));
      const uuids = (events) => events.map(({ uuid }) => uuid);
      const whole = uuids(await asked(1000, "ASCENDING"));
      assert.ok(whole.length > 20);
      assert.deepEqual(uuids(await asked(7, "ASCENDING")), whole);
      assert.deepEqual(uuids(await asked(9, "DESCENDING")), whole.reverse());
    });

    test("can be followed: after the last event comes a page that waits for the next", async () => {
      const collection = await api().listLogEvents({ since: new Date().toISOString(), limit: 10 });
      const { value, done } = await collection.next();
      assert.deepEqual([value, done], [null, false]);
      const { id } = await world.source.groupApi.createGroup({ group: { profile: { name: name("Followed") } } });
      const { value: event } = await collection.next();
      assert.deepEqual([event.eventType, event.target[0].id], ["group.lifecycle.create", id]);
    });
  });
}
