// The lab as the other stories need it: both consoles signed in, and looking changes nothing.

import assert from "node:assert/strict";

export const stories = [
  {
    name: "both consoles open signed in and looking changes nothing",
    async run({ lab, signIn, screenshot }) {
      const before = await lab.dump();
      for (const { subdomain, admin_host: host } of [lab.org("acme"), lab.org("hub")]) {
        const tab = await signIn(subdomain);
        assert.equal(new URL(tab.url()).host, host);
        assert.equal(new URL(tab.url()).pathname, "/admin/dashboard");
        await screenshot(tab, `console-${subdomain}`);
      }
      assert.deepEqual(await lab.dump(), before);
      assert.deepEqual(await lab.effects(), []);
    },
  },
  {
    name: "a granted origin is the only one the extension may touch",
    async run({ lab, grant, panel }) {
      const [acme, hub] = [lab.org("acme"), lab.org("hub")].map(({ admin_host: host }) => `https://${host}`);
      await grant(acme);
      const tab = await panel();
      // Only now is the grant in force: the extension asks for it itself and is answered without a prompt.
      const asked = await tab.evaluate((origin) => chrome.permissions.request({ origins: [`${origin}/*`] }), acme);
      assert.equal(asked, true);
      const has = (origin) => tab.evaluate((wanted) => chrome.permissions.contains({ origins: [`${wanted}/*`] }), origin);
      assert.deepEqual([await has(acme), await has(hub)], [true, false]);
    },
  },
  {
    name: "the lab comes back on its port after it was stopped",
    extension: false,
    async run({ lab }) {
      const { port } = lab;
      await lab.stop();
      await assert.rejects(lab.dump(), /ECONNREFUSED/);
      await lab.start();
      assert.equal(lab.port, port);
      assert.deepEqual(await lab.effects(), []);
    },
  },
];
