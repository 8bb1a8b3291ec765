// Chromium is killed in the middle of an apply, all its processes at once, and started again with the same profile: the panel
// shows what is true, reads before it writes, asks again, and nothing is made twice.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { MADE, connected, madeIn, strays } from "./oracle.mjs";
import { Panel, adminOrigin, signInAll, writes } from "./panel.mjs";

/** Long enough that the call is still under way when the browser is gone. */
const SLOW = 5_000;
/** Chromium writes what a person allowed to its profile after at most ten seconds. */
const WRITTEN = 11_000;

// The calls of an apply in whose middle it is killed: each of the ten writes, and reads before, between and after them.
const WRITES = [["hub", "POST", 1], ["hub", "POST", 2], ["hub", "POST", 3], ["hub", "PUT", 1], ["hub", "PUT", 2], ["acme", "POST", 1], ["acme", "POST", 2], ["acme", "PUT", 1], ["acme", "PUT", 2], ["acme", "PUT", 3]];
const READS = [["hub", "GET", 2], ["acme", "GET", 6], ["hub", "GET", 12], ["acme", "GET", 20]];
const POINTS = [...WRITES, ...READS];
const ALWAYS = new Set(["hub POST 3", "acme PUT 1"]);

const killedAt = ([org, method, nth]) => async (story) => {
  const { lab } = story;
  const { panel } = await connected(story);
  await pause(WRITTEN);
  const before = (await lab.requests()).length;
  await lab.fault({ org, method, kind: { slow: SLOW }, calls: { nth } });
  await panel.consent();
  const due = async () => (await lab.requests()).slice(before).filter((one) => one.org === org && one.method === method && one.host === new URL(adminOrigin(lab, org)).host).length >= nth;
  while (!(await due())) await pause(10);
  const anew = await story.kill();
  // What the call does, it does without anybody who waits for it.
  await pause(SLOW);
  await lab.clearFaults();
  const calm = writes(await lab.requests()).length;
  await signInAll(anew, "acme", "hub");

  const since = performance.now();
  const again = await Panel.open(anew);
  await again.step("Create the Org2Org app").first().waitFor();
  const shown = (performance.now() - since) / 1000;
  const { writes: left, all, met } = await again.planned();
  console.log(`killed in call ${nth} of ${method} to ${org}: shown in ${shown.toFixed(1)} s, ${met} of ${all} steps proven, ${left} to write`);
  assert.equal(writes(await lab.requests()).length, calm, "nothing is written without a new yes");
  const made = madeIn(await lab.effects());
  assert.equal(new Set(made).size, made.length, "nothing was made twice");
  if (left > 0) await again.consent();
  await again.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
  assert.deepEqual(await strays(lab), []);
  assert.equal((await again.check()).writes, 0);
};

const POINTS_TOLD = POINTS.filter((point) => process.env.ORG2ORG_DEEP === "1" || ALWAYS.has(point.slice(0, 2).concat(point[2]).join(" ")));

export const stories = POINTS_TOLD.map((point) => ({ name: `in call ${point[2]} of ${point[1]} to ${point[0]}`, timeout: 240_000, killed: true, run: killedAt(point) }));
