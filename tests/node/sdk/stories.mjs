// What the SDK is made to do, once with each kind of credential, and the proof that no call was left out.

import https from "node:https";
import { after, before, describe } from "node:test";
import { Lab } from "../../browser/lab.mjs";
import { apps } from "./apps.mjs";
import { complete } from "./complete.mjs";
import { errors } from "./errors.mjs";
import { groups } from "./groups.mjs";
import { idps } from "./idps.mjs";
import { keys } from "./keys.mjs";
import { logs } from "./logs.mjs";
import { byKey, byToken } from "./clients.mjs";
import { org } from "./org.mjs";
import { policies } from "./policies.mjs";
import { provisioning } from "./provisioning.mjs";
import { rights } from "./rights.mjs";
import { scopes } from "./scopes.mjs";
import { users } from "./users.mjs";

const lab = Lab.running(JSON.parse(process.env.ORG2ORG_SDK_LAB));

// As a browser is started with its resolver mapped to the lab: every host is on this machine, and keeps its name in TLS.
https.globalAgent = new https.Agent({ keepAlive: true, host: "127.0.0.1", port: lab.port });
const { createConnection } = https.globalAgent;
https.globalAgent.createConnection = (to, ready) => createConnection.call(https.globalAgent, { ...to, host: "127.0.0.1", port: lab.port }, ready);
after(() => https.globalAgent.destroy());

for (const [name, credentials] of [["an API token", byToken], ["private_key_jwt and DPoP", byKey]]) {
  describe(`Okta's SDK with ${name}`, () => {
    const world = { lab };
    before(async () => Object.assign(world, await credentials(lab)));
    for (const story of [apps, keys, users, groups, idps, provisioning, rights, org, policies, logs, errors]) story(world);
  });
}

describe("Okta's SDK", () => {
  scopes(lab);
  complete(lab);
});
