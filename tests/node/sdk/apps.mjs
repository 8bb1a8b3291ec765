// Apps of each kind: made, read, replaced, paged, switched and deleted.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { all, ids, name, refused } from "./clients.mjs";

const BOOKMARK = { name: "bookmark", signOnMode: "BOOKMARK", settings: { app: { url: "https://hub.okta.com/home/x", requestIntegration: false } } };
const ORG2ORG = { name: "okta_org2org", signOnMode: "SAML_2_0", settings: { app: { baseUrl: "https://hub.okta.com", acsUrl: null, audRestriction: null } } };
const SERVICE = {
  name: "oidc_client", signOnMode: "OPENID_CONNECT",
  credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_basic" } },
  settings: { oauthClient: { application_type: "service", grant_types: ["client_credentials"], response_types: ["token"] } },
};
const WEB = {
  name: "oidc_client", signOnMode: "OPENID_CONNECT", credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_post" } },
  settings: { oauthClient: { application_type: "web", grant_types: ["authorization_code"], response_types: ["code"], redirect_uris: ["https://app.example.com/in"] } },
};
const SAML = {
  signOnMode: "SAML_2_0",
  settings: { signOn: {
    ssoAcsUrl: "https://app.example.com/acs", recipient: "https://app.example.com/acs", destination: "https://app.example.com/acs", audience: "https://app.example.com",
    idpIssuer: "http://www.okta.com/${org.externalKey}", subjectNameIdTemplate: "${user.userName}",
    subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", responseSigned: true, assertionSigned: true,
    signatureAlgorithm: "RSA_SHA256", digestAlgorithm: "SHA256", honorForceAuthn: true,
    authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
  } },
};

const made = (client, kind, more = {}) => client.applicationApi.createApplication({ application: { label: name("App"), ...kind, ...more } });

/**
 * An Org2Org app of the source, aimed at the target. The SDK's typed call takes every SAML app for a custom one and
 * leaves `settings.app` out, so this and `replaced` go the way its README shows for calls that it has no type for.
 */
export const org2org = (client) => untyped(client, "POST", "/api/v1/apps", { label: name("App"), ...ORG2ORG });

/** An Org2Org app as it is, with these changes. */
export async function replaced(client, { id }, change) {
  const app = await untyped(client, "GET", `/api/v1/apps/${id}`);
  return untyped(client, "PUT", `/api/v1/apps/${id}`, change(app));
}

async function untyped(client, method, path, value) {
  const headers = { accept: "application/json", "content-type": "application/json" };
  return (await client.http.http(`${client.baseUrl}${path}`, { method, headers, body: value && JSON.stringify(value) })).json();
}

/** A bookmark. */
export const bookmark = (client, more) => made(client, BOOKMARK, more);

/** A service app that proves itself by its secret. */
export const serviceApp = (client, more) => made(client, SERVICE, more);

export function apps(world) {
  const api = () => world.source.applicationApi;

  describe("apps", () => {
    for (const [kind, body] of Object.entries({ BOOKMARK, SAML, SERVICE, WEB })) {
      test(`of kind ${kind} live their whole life`, async () => {
        const app = await made(world.source, body);
        assert.ok(app.id.startsWith("0oa") && app.id.length === 20);
        assert.deepEqual([app.status, app.signOnMode], ["ACTIVE", body.signOnMode]);
        const read = await api().getApplication({ appId: app.id });
        assert.deepEqual([read.label, read.name, read.created], [app.label, app.name, app.created]);
        read.label = name("Renamed");
        const next = await api().replaceApplication({ appId: app.id, application: read });
        assert.deepEqual([next.id, next.label], [app.id, read.label]);
        assert.deepEqual((await api().getApplication({ appId: app.id })).settings, read.settings);
        await refused(api().deleteApplication({ appId: app.id }), 403, "E0000056");
        await api().deactivateApplication({ appId: app.id });
        assert.equal((await api().getApplication({ appId: app.id })).status, "INACTIVE");
        await refused(api().replaceApplication({ appId: app.id, application: read }), 400, "E0000024");
        await api().activateApplication({ appId: app.id });
        assert.equal((await api().getApplication({ appId: app.id })).status, "ACTIVE");
        await api().deactivateApplication({ appId: app.id });
        await api().deleteApplication({ appId: app.id });
        await refused(api().getApplication({ appId: app.id }), 404, "E0000007");
      });
    }

    test("of kind ORG2ORG live their whole life", async () => {
      const app = await org2org(world.source);
      assert.deepEqual([app.status, app.signOnMode, app.settings.app.baseUrl], ["ACTIVE", "SAML_2_0", "https://hub.okta.com"]);
      assert.equal((await api().getApplication({ appId: app.id })).label, app.label);
      const settings = { acsUrl: "https://hub.okta.com/sso/saml2/0oa1", audRestriction: "https://www.okta.com/saml2/service-provider/spa" };
      const next = await replaced(world.source, app, (app) => ({ ...app, settings: { ...app.settings, app: { ...app.settings.app, ...settings } } }));
      assert.deepEqual([next.id, next.settings.app.acsUrl, next.settings.app.baseUrl], [app.id, settings.acsUrl, app.settings.app.baseUrl]);
      await api().deactivateApplication({ appId: app.id });
      await api().deleteApplication({ appId: app.id });
      await refused(api().getApplication({ appId: app.id }), 404, "E0000007");
    });

    test("are made inactive when asked", async () => {
      const app = await api().createApplication({ application: { label: name("App"), ...BOOKMARK }, activate: false });
      assert.equal(app.status, "INACTIVE");
    });

    test("come page by page, by name and by filter", async () => {
      const labels = Array.from({ length: 7 }, () => name("Paged"));
      const wanted = new Set();
      for (const label of labels) wanted.add((await bookmark(world.source, { label })).id);
      const before = (await world.lab.requests()).length;
      const found = new Set(await ids(api().listApplications({ limit: 2, q: "Paged" })));
      assert.ok([...wanted].every((id) => found.has(id)));
      const pages = (await world.lab.requests()).slice(before).filter(({ path }) => path === "/api/v1/apps");
      assert.equal(pages.length, Math.ceil(found.size / 2), "one call for each page of two");
      const bookmarks = await all(api().listApplications({ filter: 'name eq "bookmark"' }));
      assert.ok(bookmarks.length >= 7 && bookmarks.every(({ signOnMode }) => signOnMode === "BOOKMARK"));
      let seen = 0;
      await (await api().listApplications({ limit: 2 })).each(() => (seen += 1) < 3);
      assert.equal(seen, 3, "stops when told");
    });

    test("tell their SAML metadata", async () => {
      const app = await org2org(world.source);
      const xml = await api().previewSAMLmetadataForApplication({ appId: app.id, kid: app.credentials.signing.kid });
      assert.match(String(xml), /<md:EntityDescriptor[^>]* entityID="http:\/\/www\.okta\.com\/exk/);
    });

    test("take a sign-on policy", async () => {
      const app = await made(world.source, SAML);
      const [policy] = await all(world.source.policyApi.listPolicies({ type: "ACCESS_POLICY" }));
      await api().assignApplicationPolicy({ appId: app.id, policyId: policy.id });
      const { _links } = await api().getApplication({ appId: app.id });
      assert.ok(_links.accessPolicy.href.endsWith(policy.id));
    });
  });
}
