// Identity providers of the target: SAML with its keys, the Okta integration, and the people linked to them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { org2org } from "./apps.mjs";
import { all, ids, name, refused } from "./clients.mjs";
import { person } from "./users.mjs";

const POLICY = {
  provisioning: { action: "DISABLED", profileMaster: false, groups: { action: "NONE" } },
  accountLink: { action: "AUTO", filter: null },
  subject: { userNameTemplate: { template: "idpuser.subjectNameId" }, matchType: "USERNAME" },
  maxClockSkew: 120000,
};

function saml(kid) {
  return {
    type: "SAML2", name: name("Source"), issuerMode: "ORG_URL", policy: POLICY,
    protocol: {
      type: "SAML2",
      algorithms: { request: { signature: { algorithm: "SHA-256", scope: "REQUEST" } }, response: { signature: { algorithm: "SHA-256", scope: "ANY" } } },
      endpoints: { sso: { url: "https://acme.okta.com/app/x/sso/saml", binding: "HTTP-POST", destination: "https://acme.okta.com/app/x/sso/saml" }, acs: { binding: "HTTP-POST", type: "INSTANCE" } },
      credentials: { trust: { issuer: `http://www.okta.com/${name("exk")}`, kid } },
      settings: { nameFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", honorPersistentNameId: true },
    },
  };
}

const okta = () => ({
  type: "OKTA_INTEGRATION", name: name("Okta"), policy: { ...POLICY, subject: { userNameTemplate: { template: "idpuser.email" }, matchType: "USERNAME" } },
  protocol: { type: "OIDC", oktaIdpOrgUrl: "https://acme.okta.com", credentials: { client: { token_endpoint_auth_method: "private_key_jwt", client_id: "placeholder" } } },
});

export function idps(world) {
  const api = () => world.target.identityProviderApi;
  const people = () => world.target.userApi;

  // The certificate of a new app of the source.
  async function certificate() {
    const app = await org2org(world.source);
    const [key] = await all(world.source.applicationApi.listApplicationKeys({ appId: app.id }));
    return key;
  }

  async function trusted() {
    const { kid } = await api().createIdentityProviderKey({ jsonWebKey: { x5c: (await certificate()).x5c } });
    return api().createIdentityProvider({ identityProvider: saml(kid) });
  }

  async function wholeLife(idp) {
    const at = { idpId: idp.id };
    assert.ok(idp.id.startsWith("0oa"));
    assert.equal(idp.status, "ACTIVE");
    const read = await api().getIdentityProvider(at);
    read.name = name("Renamed");
    const next = await api().replaceIdentityProvider({ ...at, identityProvider: read });
    assert.deepEqual([next.id, next.name, next.type], [idp.id, read.name, idp.type]);
    assert.equal((await api().deactivateIdentityProvider(at)).status, "INACTIVE");
    assert.equal((await api().activateIdentityProvider(at)).status, "ACTIVE");
    await api().deactivateIdentityProvider(at);
    await api().deleteIdentityProvider(at);
    await refused(api().getIdentityProvider(at), 404, "E0000007");
  }

  describe("identity providers", () => {
    test("of type SAML2 live their whole life", async () => {
      const idp = await trusted();
      assert.match(idp.protocol.credentials.trust.audience, /^https:\/\/www\.okta\.com\/saml2\/service-provider\/sp[a-z]{18}$/);
      assert.equal(idp._links.acs.href, `https://hub.okta.com/sso/saml2/${idp.id}`);
      await wholeLife(idp);
    });

    test("of type OKTA_INTEGRATION live their whole life", async () => {
      const idp = await api().createIdentityProvider({ identityProvider: okta() });
      assert.equal(idp.protocol.endpoints.token.url, "https://acme.okta.com/oauth2/v1/token");
      await wholeLife(idp);
    });

    test("are found by type and name, page by page", async () => {
      const wanted = [await trusted(), await trusted(), await trusted()].map(({ id }) => id);
      const found = await ids(api().listIdentityProviders({ type: "SAML2", limit: 2 }));
      assert.ok(wanted.every((id) => found.includes(id)));
      const one = await api().createIdentityProvider({ identityProvider: okta() });
      assert.deepEqual(await ids(api().listIdentityProviders({ q: one.name })), [one.id]);
    });

    test("sign with keys of their own", async () => {
      const { id: idpId } = await trusted();
      const every = await all(api().listIdentityProviderSigningKeys({ idpId }));
      const active = await all(api().listActiveIdentityProviderSigningKey({ idpId }));
      assert.ok(every.some(({ kid }) => kid === active[0].kid));
    });
  });

  describe("keys of identity providers", () => {
    test("are uploaded, read, paged, replaced and deleted", async () => {
      const app = await certificate();
      const made = await api().createIdentityProviderKey({ jsonWebKey: { x5c: app.x5c } });
      assert.equal(made.x5tS256, app.x5tS256);
      assert.deepEqual((await api().getIdentityProviderKey({ keyId: made.kid })).x5c, app.x5c);
      assert.ok((await all(api().listIdentityProviderKeys({ limit: 1 }))).some(({ kid }) => kid === made.kid));
      const other = await certificate();
      const next = await api().replaceIdentityProviderKey({ keyId: made.kid, idPKeyCredential: { ...made, x5c: other.x5c } });
      assert.deepEqual([next.kid, next.x5c], [made.kid, other.x5c]);
      await api().deleteIdentityProviderKey({ keyId: made.kid });
      await refused(api().getIdentityProviderKey({ keyId: made.kid }), 404, "E0000007");
    });

    test("stay while they are trusted", async () => {
      const idp = await trusted();
      await refused(api().deleteIdentityProviderKey({ keyId: idp.protocol.credentials.trust.kid }), 400, "E0000001");
    });
  });

  describe("people of identity providers", () => {
    test("are linked, read, paged and unlinked", async () => {
      const { id: idpId } = await trusted();
      const linked = await Promise.all([1, 2, 3].map(() => person(world.target, "hub")));
      for (const { id: userId } of linked) {
        const made = await people().linkUserToIdentityProvider({ idpId, userId, userIdentityProviderLinkRequest: { externalId: `ext-${userId}` } });
        assert.deepEqual([made.id, made.externalId], [userId, `ext-${userId}`]);
      }
      assert.deepEqual((await ids(people().listIdentityProviderApplicationUsers({ idpId, limit: 2 }))).sort(), linked.map(({ id }) => id).sort());
      const at = { idpId, userId: linked[0].id };
      assert.equal((await people().getIdentityProviderApplicationUser(at)).externalId, `ext-${at.userId}`);
      assert.deepEqual(await ids(people().listUserIdentityProviders({ userId: at.userId })), [idpId]);
      await people().unlinkUserFromIdentityProvider(at);
      await refused(people().getIdentityProviderApplicationUser(at), 404, "E0000007");
    });
  });
}
