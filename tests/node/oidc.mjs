// OpenID Connect between the lab's two orgs, made by API alone, and a browser that walks it.

import { createHash, randomBytes } from "node:crypto";
import { Api, call, post } from "./orgs.mjs";

/** Exists in both orgs and may use the app. */
export const ADA = "ada@acme.example.com";

/** A PKCE verifier with its challenge. */
export function pkce() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** Cookies per host, and redirects one by one. */
export class Browser {
  #cookies = new Map();
  constructor(lab) {
    this.lab = lab;
  }

  async #send(method, address, fields) {
    const { host, pathname, search } = new URL(address);
    const jar = this.#cookies.get(host) ?? new Map();
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const headers = cookie ? { cookie } : {};
    const path = pathname + search;
    const answer = fields ? await post(this.lab, host, path, fields, headers) : await call(this.lab, { host, path, headers });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [name, ...value] = line.split(";")[0].split("=");
      jar.set(name, value.join("="));
    }
    this.#cookies.set(host, jar);
    return answer;
  }

  /** One answer: { status, headers, text, to }. */
  async get(address) {
    const answer = await this.#send("GET", address);
    const { location } = answer.headers;
    return { ...answer, to: location && new URL(location, address).href };
  }

  /** Follows redirects to the end, or until one leads to a place that starts so. */
  async open(address, until) {
    for (let left = 12; left > 0; left -= 1) {
      const answer = await this.get(address);
      if (!answer.to || (until && answer.to.startsWith(until))) return { ...answer, address };
      address = answer.to;
    }
    throw new Error(`redirects go round at ${address}`);
  }

  async signIn(host, login = ADA) {
    const { status } = await this.#send("POST", `https://${host}/login/login.htm`, { username: login, password: this.lab.password, fromURI: "" });
    if (status !== 303) throw new Error(`${login} could not sign in at ${host}: ${status}`);
  }
}

/** An Org2Org app at acme in the OIDC mode, and the identity provider at hub that it belongs to. */
export class Pair {
  static async made(lab) {
    const made = new Pair();
    const [source, target] = [new Api(lab, "acme"), new Api(lab, "hub")];
    Object.assign(made, { lab, source, target });
    const { id: idpId } = await target.ask("POST", "/api/v1/idps", provider(source.host, "placeholder"));
    const settings = { app: { baseUrl: `https://${target.host}`, idpId } };
    made.app = await source.ask("POST", "/api/v1/apps", { name: "okta_org2org", label: "Hub", signOnMode: "OPENID_CONNECT", settings });
    made.idp = await target.ask("PUT", `/api/v1/idps/${idpId}`, provider(source.host, made.app.id));
    const { id } = await source.ask("GET", `/api/v1/users/${ADA}`);
    await source.ask("POST", `/api/v1/apps/${made.app.id}/users`, { id, scope: "USER", credentials: { userName: ADA } });
    return Object.assign(made, { ada: id, start: `https://${target.host}/sso/idps/${idpId}`, callback: `https://${target.host}/oauth2/v1/authorize/callback` });
  }
}

function provider(host, client) {
  return {
    type: "OKTA_INTEGRATION",
    name: "Acme",
    protocol: { type: "OIDC", oktaIdpOrgUrl: `https://${host}`, credentials: { client: { token_endpoint_auth_method: "private_key_jwt", client_id: client } } },
    policy: {
      accountLink: { action: "AUTO", filter: null },
      provisioning: { action: "DISABLED", groups: { action: "NONE" } },
      maxClockSkew: 0,
      subject: { userNameTemplate: { template: "idpuser.email" }, matchType: "USERNAME" },
    },
  };
}
