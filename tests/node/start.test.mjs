// A crowd: fifty sources and ten thousand people, in one process.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Lab } from "../browser/lab.mjs";
import { Api } from "./orgs.mjs";

test("fifty sources with ten thousand people are there from the start", async (told) => {
  const lab = await Lab.start({ flags: ["--spokes", "50", "--users", "10000"] });
  try {
    const spokes = lab.orgs.filter(({ subdomain }) => /^spoke\d\d$/.test(subdomain));
    assert.equal(spokes.length, 50);
    let people = 0;
    for (const { subdomain } of spokes) {
      const spoke = new Api(lab, subdomain);
      const [staff] = await spoke.ask("GET", "/api/v1/groups?q=Staff");
      people += (await spoke.ask("GET", `/api/v1/groups/${staff.id}/users?limit=200`)).length;
    }
    assert.equal(people, 10_000);
    // Each of them is an org of its own with keys and people of its own.
    const keys = await Promise.all(["spoke01", "spoke50"].map((name) => new Api(lab, name).ask("GET", "/oauth2/v1/keys")));
    assert.notDeepEqual(keys[0], keys[1]);
    // Said on another pipe than the addresses, so it may come after them.
    told.diagnostic(lab.said.trim());
    assert.match(lab.said, /^Started in \d+ ms\.$/m);
  } finally {
    await lab.stop();
  }
});
