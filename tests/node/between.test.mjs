// What the lab's orgs send each other goes over sockets: the listener's own access log tells of each request, and what goes
// wrong on the way leaves the traces in the source that Okta's articles name.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { Browser, Pair } from "./oidc.mjs";
import { ALAN, GRACE, Provisioning } from "./provisioning.mjs";

const labs = [];
after(() => Promise.all(labs.map((lab) => lab.stop())));

async function fresh(flags) {
  const lab = await Lab.start({ flags });
  labs.push(lab);
  return lab;
}

const line = ({ from, method, host, path, status }) => `${from} ${method} ${host}${path} ${status}`;

for (const flags of [[], ["--http1"]]) {
  describe(`orgs of a lab started with ${flags.join() || "no flags"}`, () => {
    let lab, pair, arrived;
    before(async () => {
      lab = await fresh(flags);
      pair = await Provisioning.made(lab);
      await pair.assign(GRACE);
      arrived = (await lab.arrivals()).filter(({ from }) => from);
    });

    test("ask for tokens, fetch keys and push over TLS, each as an HTTP request to the other's name", async () => {
      const [hub, acme] = [pair.target.host, pair.source.host];
      const told = arrived.map(line);
      assert.deepEqual(told.filter((one) => one.includes("/oauth2/v1/token")), [`acme POST ${hub}/oauth2/v1/token 400`, `acme POST ${hub}/oauth2/v1/token 400`, `acme POST ${hub}/oauth2/v1/token 200`], "a proof and then a nonce are asked for");
      assert.ok(told.includes(`hub GET ${acme}${pair.keys} 200`), told.join("\n"));
      assert.ok(told.includes(`acme POST ${hub}/api/v1/users 200`), told.join("\n"));
      for (const { host, server_name: name, tls, http, user_agent: agent, method, content_type: kind } of arrived) {
        assert.deepEqual([name, tls, http, agent], [host, "TLSv1_3", "HTTP/1.1", "Okta Org2Org"]);
        if (method === "POST") assert.match(kind, /^application\/(json|x-www-form-urlencoded)/);
      }
      assert.equal((await pair.pushed(GRACE)).profile.firstName, "Grace");
    });

    test("keep a connection for what one sends the other", () => {
      const sent = arrived.filter(({ from }) => from === "acme");
      const ports = new Set(sent.map(({ port }) => port)).size;
      // One that lay idle for long is closed by the other side, as busy machines show; never is each request on its own.
      assert.ok(sent.length > 4 && ports * 2 < sent.length, `${sent.length} requests over ${ports} connections`);
    });

    test("are told apart from callers outside by their connection, and by nothing that a caller could write", async () => {
      const outside = (await lab.arrivals()).filter(({ from }) => !from);
      assert.ok(outside.some(({ method, path }) => method === "POST" && path === "/api/v1/apps"));
      const requests = (await lab.requests()).filter(({ from }) => from);
      // A request that waited for another is later in the orgs' log than at the socket.
      assert.deepEqual(requests.map(line).sort(), arrived.map(line).sort(), "the orgs' own log says the same");
    });
  });
}

test("the lab's certificate is that of an authority", async () => {
  const lab = await fresh();
  assert.equal(new X509Certificate(lab.certificate).ca, true);
});

test("a sign-in's code, keys and userinfo go over sockets as well", async () => {
  const lab = await fresh();
  const pair = await Pair.made(lab);
  const browser = new Browser(lab);
  await browser.signIn(pair.source.host);
  assert.equal((await browser.open(pair.start)).status, 200);
  const told = (await lab.arrivals()).filter(({ from }) => from).map(line);
  const { host } = pair.source;
  for (const one of [`hub POST ${host}/oauth2/v1/token 200`, `acme GET ${pair.target.host}/oauth2/v1/keys 200`, `hub GET ${host}/oauth2/v1/keys 200`, `hub GET ${host}/oauth2/v1/userinfo 200`]) assert.ok(told.includes(one), `${one} is not in\n${told.join("\n")}`);
});

describe("a call from org to org that fails", () => {
  let lab, pair;
  before(async () => { lab = await fresh(); });
  beforeEach(async () => {
    await lab.reset();
    pair = await Provisioning.made(lab);
    await pair.assign(GRACE);
  });
  afterEach(() => lab.options({ patience_ms: 10_000 }));

  const USERS = { org: "hub", method: "POST", path: "/api/v1/users" };
  const GENERAL = "application.integration.general_failure: No valid answer from the remote server";
  const push = (reason) => `application.provision.user.push: Automatic provisioning of user Alan Turing to app Hub failed: Error while creating user ${ALAN}: ${reason}`;
  const lost = [GENERAL, push("No valid answer from the remote server")];
  const last = async (path) => (await lab.sent()).findLast(({ url }) => url.includes(path));

  async function leaves(failures, exists) {
    const { syncState, externalId = null } = await pair.assigned(ALAN);
    assert.deepEqual([syncState, externalId], ["ERROR", null]);
    assert.deepEqual((await pair.failures()).sort(), failures.toSorted());
    assert.equal(Boolean(await pair.pushed(ALAN)), exists);
  }

  test("by a refused connection leaves an error, and nothing arrives", async () => {
    await lab.fault({ ...USERS, kind: "unreachable" });
    const before = (await lab.arrivals()).filter(({ from, method }) => from && method === "POST").length;
    await pair.assign(ALAN);
    await leaves(lost, false);
    const { status, trouble } = await last("/api/v1/users?activate");
    assert.equal(status, null);
    assert.match(trouble, /refused/i);
    assert.equal((await lab.arrivals()).filter(({ from, method }) => from && method === "POST").length, before);
  });

  test("by 500 leaves the same error", async () => {
    await lab.fault({ ...USERS, kind: { error_before: 500 } });
    await pair.assign(ALAN);
    await leaves(lost, false);
    assert.equal((await last("/api/v1/users?activate")).status, 500);
  });

  test("by a connection that dies after the effect leaves an error and a person whom the source does not know", async () => {
    await lab.fault({ ...USERS, kind: "drop_after" });
    await pair.assign(ALAN);
    await leaves(lost, true);
    assert.equal((await last("/api/v1/users?activate")).status, null);
  });

  test("by an answer that takes too long leaves an error, and whoever waited goes on", async () => {
    await lab.options({ patience_ms: 200 });
    await lab.fault({ ...USERS, kind: { slow: 600_000 } });
    await pair.assign(ALAN);
    await leaves(lost, true);
    assert.match((await last("/api/v1/users?activate")).trouble, /no answer in 200 ms/);
  });

  test("by 429 is told in the log and goes on after the reset", async () => {
    await lab.fault({ ...USERS, calls: { nth: 1 }, kind: "rate_limited" });
    await pair.assign(ALAN);
    assert.deepEqual(await pair.failures(), ["application.integration.rate_limit_exceeded: Rate limit exceeded"]);
    assert.equal(await pair.pushed(ALAN), undefined);
    await lab.advance(60_000);
    assert.equal((await pair.assigned(ALAN)).externalId, (await pair.pushed(ALAN)).id);
  });

  test("by refused keys costs the token and the person", async () => {
    await lab.fault({ org: "acme", path: pair.keys, kind: "unreachable" });
    await lab.advance(3_600_000);
    await pair.assign(ALAN);
    const { syncState } = await pair.assigned(ALAN);
    assert.equal(syncState, "ERROR");
    const why = "Unable to get an access token: invalid_client: The JSON Web Key Set couldn't be retrieved from the client's 'jwks_uri'.";
    assert.ok((await pair.failures()).includes(`application.integration.authentication_failure: ${why}`), (await pair.failures()).join("\n"));
    assert.match((await last(pair.keys)).trouble, /refused/i);
  });
});

describe("while a call from org to org is under way", () => {
  let lab, pair, clean, assigning, ended;
  before(async () => {
    lab = await fresh();
    clean = await lab.dump();
  });
  beforeEach(async () => {
    pair = await Provisioning.made(lab);
    await lab.options({ patience_ms: 600_000 });
    ended = false;
  });

  /** Begins a push whose answer takes so long, and returns when the target has made the person. */
  async function begin(ms) {
    await lab.fault({ org: "hub", method: "POST", path: "/api/v1/users", kind: { slow: ms } });
    assigning = pair.assign(ALAN).finally(() => { ended = true; });
    while (!(await pair.pushed(ALAN))) assert.ok(!ended, "the push has ended, and nobody is there");
  }

  test("both orgs answer others, and a dump waits until they are at rest", async () => {
    await begin(3_000);
    assert.equal((await pair.source.ask("GET", "/api/v1/groups?limit=1")).length, 1);
    assert.equal(ended, false, "the answer is still on its way");
    const dump = await lab.dump();
    const { id } = await pair.pushed(ALAN);
    assert.ok(Object.values(dump.acme["app provisioning"][pair.app.id].people).some(({ externalId }) => externalId === id));
    await assigning;
    assert.equal((await pair.assigned(ALAN)).externalId, id);
    await lab.reset();
  });

  test("a reset cuts it, and leaves the orgs as they were at the start", async () => {
    await begin(600_000);
    await lab.reset();
    assert.deepEqual(await lab.dump(), clean);
    // Whoever set it off is answered by orgs that do not know them any more, or was answered before.
    await assigning.catch(() => {});
    assert.deepEqual(await lab.dump(), clean);
    assert.deepEqual(await lab.requests(), []);
  });
});
