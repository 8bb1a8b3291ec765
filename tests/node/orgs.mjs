// Calls to the lab's orgs as an independent client makes them: TLS checked against the lab's certificate, real host names.

import { request } from "node:https";
import { text } from "node:stream/consumers";
import { patience } from "../browser/lab.mjs";

/** One answered call: { status, headers, text }. `host` is an org's host; the lab's port and certificate do the rest. */
export function call(lab, { host, method = "GET", path, headers = {}, body = "" }) {
  const to = { host: "127.0.0.1", port: lab.port, servername: host, ca: lab.certificate, agent: false, signal: patience() };
  return new Promise((answer, failed) => {
    const sent = request({ ...to, method, path, headers: { ...headers, host } }, (response) => {
      const { statusCode: status, headers } = response;
      text(response).then((text) => answer({ status, headers, text }), failed);
    });
    sent.on("error", failed).end(body);
  });
}

/** A posted form, as a browser sends it. */
export function post(lab, host, path, fields, headers = {}) {
  const form = { "content-type": "application/x-www-form-urlencoded", ...headers };
  return call(lab, { host, method: "POST", path, headers: form, body: String(new URLSearchParams(fields)) });
}

/** The Management API of one org, called with its super admin's token; a refusal is an error that shows the answer. */
export class Api {
  constructor(lab, subdomain) {
    const { host, admins } = lab.org(subdomain);
    Object.assign(this, { lab, host, token: admins[0].token });
  }

  /** The answer of an operation, read as JSON; null where it has no body. */
  async ask(method, path, value) {
    return JSON.parse(await this.text(method, path, value, "application/json") || "null");
  }

  /** The answer of an operation as text. */
  async text(method, path, value, accept) {
    const headers = { accept, "content-type": "application/json", authorization: `SSWS ${this.token}` };
    const body = value === undefined ? "" : JSON.stringify(value);
    const { status, text } = await call(this.lab, { host: this.host, method, path, headers, body });
    if (status >= 300) throw new Error(`${method} ${path} at ${this.host} answered ${status}: ${text}`);
    return text;
  }
}
