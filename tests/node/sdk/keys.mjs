// Keys: signing keys of apps, public keys and secrets of OAuth clients.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { org2org, replaced, serviceApp } from "./apps.mjs";
import { all, ids, name, refused } from "./clients.mjs";

const jwk = () => ({ ...generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" }), kid: name("kid"), use: "sig", status: "ACTIVE" });

export function keys(world) {
  const api = () => world.source.applicationApi;
  const own = () => world.source.applicationSSOPublicKeysApi;

  describe("keys", () => {
    test("of an app are listed, generated, read, cloned and switched", async () => {
      const [app, other] = [await org2org(world.source), await org2org(world.source)];
      const [first] = await all(api().listApplicationKeys({ appId: app.id }));
      assert.equal(first.kid, app.credentials.signing.kid);
      const second = await api().generateApplicationKey({ appId: app.id, validityYears: 3 });
      assert.equal(new Date(second.expiresAt).getUTCFullYear(), new Date().getUTCFullYear() + 3);
      assert.equal((await all(api().listApplicationKeys({ appId: app.id }))).length, 2);
      assert.deepEqual((await api().getApplicationKey({ appId: app.id, keyId: second.kid })).x5c, second.x5c);
      const clone = await api().cloneApplicationKey({ appId: app.id, keyId: second.kid, targetAid: other.id });
      assert.equal(clone.kid, second.kid);
      const { credentials: { signing } } = await replaced(world.source, app, (app) => ({ ...app, credentials: { ...app.credentials, signing: { kid: second.kid } } }));
      assert.equal(signing.kid, second.kid);
      await refused(api().generateApplicationKey({ appId: app.id, validityYears: 90 }), 400, "E0000001");
      await refused(api().getApplicationKey({ appId: app.id, keyId: "nothing" }), 404, "E0000007");
    });

    test("of an OAuth client are added, read, switched and deleted", async () => {
      const { id: appId } = await serviceApp(world.source);
      const [one, two] = [await own().addJwk({ appId, addJwkRequest: jwk() }), await own().addJwk({ appId, addJwkRequest: jwk() })];
      assert.ok(one.id.startsWith("pks"));
      const listed = await own().listJwk({ appId });
      assert.deepEqual(listed.keys.map(({ id }) => id).sort(), [one.id, two.id].sort());
      assert.equal((await own().getJwk({ appId, keyId: one.id })).kid, one.kid);
      await refused(own().deletejwk({ appId, keyId: one.id }), 400, "E0000001");
      assert.equal((await own().deactivateOAuth2ClientJsonWebKey({ appId, keyId: one.id })).status, "INACTIVE");
      assert.equal((await own().activateOAuth2ClientJsonWebKey({ appId, keyId: one.id })).status, "ACTIVE");
      await own().deactivateOAuth2ClientJsonWebKey({ appId, keyId: one.id });
      await own().deletejwk({ appId, keyId: one.id });
      await refused(own().getJwk({ appId, keyId: one.id }), 404, "E0000007");
    });

    test("include the secrets of an OAuth client", async () => {
      const { id: appId } = await serviceApp(world.source);
      const secret = await own().createOAuth2ClientSecret({ appId });
      assert.equal((await ids(own().listOAuth2ClientSecrets({ appId }))).length, 2);
      const at = { appId, secretId: secret.id };
      assert.equal((await own().getOAuth2ClientSecret(at)).id, secret.id);
      assert.equal((await own().deactivateOAuth2ClientSecret(at)).status, "INACTIVE");
      assert.equal((await own().activateOAuth2ClientSecret(at)).status, "ACTIVE");
      await own().deactivateOAuth2ClientSecret(at);
      await own().deleteOAuth2ClientSecret(at);
      await refused(own().getOAuth2ClientSecret(at), 404, "E0000007");
    });
  });
}
