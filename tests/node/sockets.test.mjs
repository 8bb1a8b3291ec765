// What arrives at the lab's sockets and is no request that anybody should send: Okta's answers, and a lab that goes on.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { connect } from "node:tls";
import { Lab } from "../browser/lab.mjs";
import { Api, call } from "./orgs.mjs";

describe("the lab's sockets", () => {
  let lab, acme;
  before(async () => {
    lab = await Lab.start();
    acme = new Api(lab, "acme");
  });
  after(() => lab.stop());

  const asked = (more) => call(lab, { host: acme.host, path: "/api/v1/groups", ...more, headers: { "content-type": "application/json", authorization: `SSWS ${acme.token}`, ...more.headers } });

  /** Bytes as they are, on a connection of their own: the status line that comes back. */
  function raw(bytes) {
    return new Promise((answer, failed) => {
      const socket = connect({ host: "127.0.0.1", port: lab.port, servername: acme.host, ca: lab.certificate }, () => socket.write(bytes));
      let text = "";
      const timer = setTimeout(() => failed(new Error(`no answer to ${bytes.slice(0, 60)}`)), 20_000);
      socket.on("data", (part) => { text += part; if (text.includes("\r\n")) socket.destroy(); });
      socket.on("error", () => {});
      socket.on("close", () => { clearTimeout(timer); answer(text.split("\r\n")[0]); });
    });
  }

  for (const megabytes of [2, 9]) {
    test(`refuse a body of ${megabytes} MB in Okta's words`, async () => {
      const { status, text } = await asked({ method: "POST", body: `{"profile":{"name":"${"x".repeat(megabytes << 20)}"}}` });
      assert.deepEqual([status, JSON.parse(text).errorCode], [400, "E0000003"]);
    });
  }

  test("refuse a method that the place does not have in Okta's words", async () => {
    for (const method of ["PATCH", "OPTIONS", "TRACE", "PROPFIND"]) {
      const { status, text } = await asked({ method });
      assert.deepEqual([status, JSON.parse(text).errorCode], [405, "E0000022"], method);
    }
    assert.equal((await asked({ method: "HEAD" })).status, 405);
  });

  test("take a long address and odd encodings", async () => {
    for (const path of [`/api/v1/groups/${"a".repeat(30_000)}`, "/api/v1/groups/%zz%00%ff", "/api/v1/groups/..%2f..", "/api/v1//groups", "/api/v1/groups/%C0%AF"]) {
      const { status, text } = await asked({ path });
      assert.deepEqual([status, JSON.parse(text).errorCode], [404, "E0000007"], path.slice(0, 40));
    }
  });

  test("close on what is no HTTP, and on headers without end", async () => {
    const host = `Host: ${acme.host}\r\n`;
    const bad = [
      "\x16\x03\x01 not again\r\n\r\n",
      "GET\r\n\r\n",
      `GET /api/v1/org HTTP/9.9\r\n${host}\r\n`,
      `GET /api/v1/org HTTP/1.1\r\n${host}X: ${"y".repeat(2 << 20)}\r\n\r\n`,
      `POST /api/v1/groups HTTP/1.1\r\n${host}Content-Length: -5\r\n\r\n`,
      `POST /api/v1/groups HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nx`,
      `GET /${"a".repeat(100_000)} HTTP/1.1\r\n${host}\r\n`,
    ];
    for (const bytes of bad) assert.match(await raw(bytes), /^($|HTTP\/1\.\d 4\d\d)/, bytes.slice(0, 40));
  });

  test("go on after all of this", async () => {
    assert.ok((await acme.ask("GET", "/api/v1/groups")).length > 0);
    assert.equal((await lab.requests()).filter(({ status }) => status >= 500).length, 0);
  });
});
