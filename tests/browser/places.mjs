// Where the harness finds the built package and the programs, and where it leaves pictures.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Top level of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** Pictures and the logs of failed stories. */
export const SCREENSHOTS = join(ROOT, "target/screenshots");
/** The built extension. */
export const EXTENSION = join(ROOT, "dist/extension");
/** The built extension for Firefox. */
export const ADDON = join(ROOT, "dist/firefox");
/** The built page. */
export const WWW = join(ROOT, "dist/www");
/** Chromium; `cargo xtask test` says where it is. */
export const CHROMIUM = process.env.ORG2ORG_CHROMIUM ?? "/usr/bin/chromium";
/** Firefox, for what only a second browser can show; empty where there is none. */
export const FIREFOX = process.env.ORG2ORG_FIREFOX ?? ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync) ?? "";
/** The lab's program; `cargo xtask test` says where it is. */
export const LAB = process.env.ORG2ORG_LAB ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/org2org-lab");
/** The page in the language for tests; `cargo xtask test --only journeys` builds it. */
export const PSEUDO = process.env.ORG2ORG_PSEUDO ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "pseudo");
