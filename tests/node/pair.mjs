// Sets up what each story of the command line needs: a fresh lab, a folder with its certificate, and words for both orgs.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach } from "node:test";
import { Lab } from "../browser/lab.mjs";

export const url = (org) => `https://${org}.okta.com`;

/** A lab for each test of the file that calls it. */
export function eachLab() {
  const trash = [];
  after(() => Promise.all(trash.map((throwAway) => throwAway())));
  const here = {
    /** API tokens of these orgs, one a line. */
    tokens: (...orgs) => orgs.map((org) => `${here.lab.org(org).admins[0].token}\n`).join(""),
    /** How the lab is reached. */
    reach: () => ["--connect", `127.0.0.1:${here.lab.port}`, "--ca", join(here.folder, "lab.pem")],
    /** A file in the folder. */
    async file(name, text) {
      await writeFile(join(here.folder, name), text, { mode: 0o600 });
      return join(here.folder, name);
    },
    /** How many writes came from outside of the orgs. */
    writes: async () => (await here.lab.requests()).filter(({ method, from }) => method !== "GET" && !from).length,
  };
  beforeEach(async () => {
    const lab = here.lab = await Lab.start();
    trash.push(() => lab.stop());
    const folder = here.folder = await mkdtemp(join(tmpdir(), "org2org-"));
    trash.push(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "lab.pem"), lab.certificate);
  });
  return here;
}
