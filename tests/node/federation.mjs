// Federation between the lab's two orgs, made by API alone, and the two ends of a sign-in as a browser walks them.

import { DOMParser } from "@xmldom/xmldom";
import { Api, call, post } from "./orgs.mjs";

/** Exists in both orgs and may use the app. */
export const ADA = "ada@acme.example.com";

/** An Org2Org app at acme that signs for an identity provider at hub, with Ada assigned. */
export class Federation {
  static async made(lab) {
    const made = new Federation();
    const [source, target] = [new Api(lab, "acme"), new Api(lab, "hub")];
    Object.assign(made, { lab, source, target });
    const body = { name: "okta_org2org", label: "Hub", signOnMode: "SAML_2_0", settings: { app: { baseUrl: `https://${target.host}` } } };
    made.app = await source.ask("POST", "/api/v1/apps", body);
    made.metadata = read(await source.text("GET", `/api/v1/apps/${made.app.id}/sso/saml/metadata`, undefined, "application/xml"));
    made.key = await made.upload(made.metadata.certificate);
    made.idp = await made.trust("Acme", made.metadata.entityId, made.key);
    await made.aim(made.idp);
    await made.assign(ADA);
    return made;
  }

  /** The id that hub gives to a certificate (DER in base64). */
  async upload(certificate) {
    return (await this.target.ask("POST", "/api/v1/idps/credentials/keys", { x5c: [certificate] })).kid;
  }

  /** An identity provider at hub that trusts an uploaded key: { id, acs, audience }. */
  async trust(name, issuer, kid) {
    const idp = await this.target.ask("POST", "/api/v1/idps", provider(name, issuer, kid, this.metadata.signOn));
    return { id: idp.id, acs: idp._links.acs.href, audience: idp.protocol.credentials.trust.audience };
  }

  /** Lets the app send people to this receiving end. */
  async aim({ acs, audience }) {
    const app = await this.source.ask("GET", `/api/v1/apps/${this.app.id}`);
    Object.assign(app.settings.app, { acsUrl: acs, audRestriction: audience });
    await this.source.ask("PUT", `/api/v1/apps/${this.app.id}`, app);
  }

  /** Assigns a person of acme; `userName` is what assertions call them. */
  async assign(login, userName = login) {
    const { id } = await this.source.ask("GET", `/api/v1/users/${login}`);
    await this.source.ask("POST", `/api/v1/apps/${this.app.id}/users`, { id, scope: "USER", credentials: { userName } });
  }

  /** Signs in at acme and opens the app's sign-on address: the XML that acme posts, where to, and with what RelayState. */
  async issue(login = ADA, relay = `https://${this.target.host}/app/UserHome`) {
    const { host } = this.source;
    const entered = await post(this.lab, host, "/login/login.htm", { username: login, password: this.lab.password, fromURI: "/app/UserHome" });
    const cookie = entered.headers["set-cookie"]?.[0].split(";")[0];
    if (entered.status !== 303 || !cookie) throw new Error(`${login} could not sign in at ${host}: ${entered.status}`);
    const path = `${new URL(this.metadata.signOn).pathname}?${new URLSearchParams({ RelayState: relay })}`;
    const sent = await call(this.lab, { host, path, headers: { cookie } });
    if (sent.status !== 200) throw new Error(`acme issued nothing: ${sent.status} ${sent.text}`);
    const form = sent.text.match(/<form[^>]* action="([^"]*)"/)?.[1];
    return { acs: form, xml: Buffer.from(field(sent.text, "SAMLResponse"), "base64").toString("utf8"), relay: field(sent.text, "RelayState") };
  }

  /** Posts a response to a receiving end at hub: { status, entered, location, said }. */
  async deliver(xml, { id } = this.idp, relay = `https://${this.target.host}/app/UserHome`) {
    const fields = { SAMLResponse: Buffer.from(xml).toString("base64"), RelayState: relay };
    const { status, headers, text } = await post(this.lab, this.target.host, `/sso/saml2/${id}`, fields);
    return { status, entered: "set-cookie" in headers, location: headers.location, said: text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim() };
  }
}

// The documented shape; accounts are linked by username, nobody is created.
function provider(name, issuer, kid, signOn) {
  return {
    type: "SAML2",
    name,
    issuerMode: "ORG_URL",
    protocol: {
      type: "SAML2",
      algorithms: { request: { signature: { algorithm: "SHA-256", scope: "REQUEST" } }, response: { signature: { algorithm: "SHA-256", scope: "ANY" } } },
      endpoints: { sso: { url: signOn, binding: "HTTP-POST", destination: signOn }, acs: { binding: "HTTP-POST", type: "INSTANCE" } },
      credentials: { trust: { issuer, kid } },
      settings: { nameFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" },
    },
    policy: {
      provisioning: { action: "DISABLED", profileMaster: false, groups: { action: "NONE" } },
      accountLink: { action: "AUTO", filter: null },
      subject: { userNameTemplate: { template: "idpuser.subjectNameId" }, matchType: "USERNAME" },
      maxClockSkew: 0,
    },
  };
}

function read(xml) {
  const metadata = new DOMParser().parseFromString(xml, "text/xml");
  const [service] = Array.from(metadata.getElementsByTagName("md:SingleSignOnService"));
  return {
    entityId: metadata.documentElement.getAttribute("entityID"),
    signOn: service.getAttribute("Location"),
    certificate: metadata.getElementsByTagName("ds:X509Certificate")[0].textContent.replace(/\s/g, ""),
  };
}

function field(page, name) {
  const value = page.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
  const signs = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
  return value?.replace(/&(?:amp|lt|gt|quot|#39);/g, (sign) => signs[sign]);
}
