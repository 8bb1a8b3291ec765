// The page's key and bookmark tools: by mouse, by keyboard, without a network, and with secrets where none belong.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Keyboard } from "./access.mjs";
import { WWW } from "./places.mjs";
import { saved } from "./saved.mjs";

const SSO = "https://acme.okta.com/app/okta_org2org/exk1abcdefghijklmnop/sso/saml";
const LINK = "https://hub.okta.com/home/expenses/0oa1abcdefghijklmnop/42";

async function open({ page, site }, tool) {
  const { url, close } = await site(WWW);
  const tab = await page();
  const asked = [];
  await tab.goto(`${url}#${tool}`);
  await tab.locator("html[data-ready=true]").waitFor();
  await tab.waitForLoadState("networkidle");
  tab.on("request", (request) => asked.push(request.url()));
  return { tab, url, close, asked };
}

const status = (tab, id) => tab.locator(`#${id}`);

async function keysByMouse(story) {
  const { tab } = await open(story, "keys");
  await tab.getByRole("button", { name: "Try it with sample keys" }).click();
  await status(tab, "keys-status").getByText("Keys: 2 read, 2 accepted, 0 refused.").waitFor();
  await status(tab, "keys-live-status").getByText("new: next-year").waitFor();
  await status(tab, "keys-live-status").getByText("gone: last-year").waitFor();
  const table = tab.getByRole("region", { name: "Accepted keys" });
  assert.match(await table.innerText(), /IdP Signature Certificate/);
  const { name, text } = await saved(tab, "Save as jwks.json");
  assert.equal(name, "jwks.json");
  // The browser's own cryptography takes what was accepted.
  const imported = await tab.evaluate((jwks) => Promise.all(JSON.parse(jwks).keys.map(async (key) => {
    const algorithm = key.kty === "RSA" ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: key.crv };
    return (await crypto.subtle.importKey("jwk", key, algorithm, true, ["verify"])).type;
  })), text);
  assert.deepEqual(imported, ["public", "public"]);
  const certificate = await saved(tab, "Save certificate (PEM)");
  assert.match(certificate.text, /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n$/);
  await tab.getByLabel("Key credentials, JWKS, or one key").fill(certificate.text);
  await status(tab, "keys-status").getByText("Keys: 1 read, 1 accepted").waitFor();
  await tab.getByRole("button", { name: "Clear" }).click();
  assert.equal(await status(tab, "keys-status").innerText(), "");
}

async function keysFromFiles(story) {
  const { tab } = await open(story, "keys");
  for (const [type, options] of [["rsa", { modulusLength: 2048 }], ["ec", { namedCurve: "P-384" }]]) {
    const { publicKey } = generateKeyPairSync(type, options);
    for (const format of ["pem", "der"]) {
      const buffer = Buffer.from(publicKey.export({ type: "spki", format }));
      await tab.locator("#keys-file").setInputFiles({ name: `key.${format}`, mimeType: "application/octet-stream", buffer });
      await status(tab, "keys-status").getByText("Keys: 1 read, 1 accepted, 0 refused.").waitFor();
      const shown = JSON.parse(await tab.getByRole("region", { name: "JWKS" }).innerText()).keys[0];
      const { kty, n, e, crv, x, y } = publicKey.export({ format: "jwk" });
      assert.deepEqual([shown.kty, shown.n, shown.e, shown.crv, shown.x, shown.y], [kty, n, e, crv, x, y]);
      await tab.getByRole("button", { name: "Clear" }).click();
    }
  }
}

async function manyBookmarks(story) {
  const { tab } = await open(story, "bookmark");
  await tab.getByRole("button", { name: "Try it with sample links" }).click();
  await status(tab, "batch-status").getByText("6 bookmark URLs: 2 source orgs, 3 apps, 1 refused.").waitFor();
  await status(tab, "batch-status").getByText("line 5: embed link: host").waitFor();
  const rows = JSON.parse((await saved(tab, "Save all as JSON")).text);
  // The browser's own reading, not core's.
  const targets = rows.map(({ url }) => new URL(url).searchParams.get("RelayState"));
  assert.equal(targets[2], "https://hub.okta.com/home/wiki/0oa3abcdefghijklmnop/44?from=org&to=start");
  assert.deepEqual(rows.map(({ label }) => label), ["Expenses", "Travel, booking", "Wiki", "Expenses", "Travel, booking", "Wiki"]);
  const csv = (await saved(tab, "Save all as CSV")).text.trim().split("\r\n");
  assert.equal(csv.length, 7);
  for (const { url } of rows) assert.ok(csv.some((line) => line.endsWith(`,"${url}"`)));
  await tab.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tab.getByRole("button", { name: "Copy the URL of Wiki in beta.okta.com" }).click();
  await status(tab, "batch-copied").getByText("Copied").waitFor();
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), rows[5].url);
}

async function byKeyboard(story) {
  const { tab } = await open(story, "bookmark");
  const keyboard = new Keyboard(tab);
  await keyboard.to(tab.getByLabel("IdP single sign-on URL, from the source org"));
  await keyboard.type(SSO);
  await keyboard.to(tab.getByLabel("Embed link of the app, from the target org"));
  await keyboard.type(LINK);
  await status(tab, "build-status").getByText(`${SSO}?RelayState=${LINK}`).waitFor();
  await keyboard.to(tab.getByRole("button", { name: "Try it with sample links" }));
  await keyboard.press("Enter");
  const copy = tab.getByRole("button", { name: "Copy the URL of Wiki in acme.okta.com" });
  await copy.waitFor();
  await keyboard.to(copy);
  await keyboard.to(tab.getByRole("button", { name: "Save all as CSV" }));
  const [file] = await Promise.all([tab.waitForEvent("download"), keyboard.press("Enter")]);
  assert.equal(file.suggestedFilename(), "bookmarks.csv");
  await keyboard.to(tab.getByLabel("Any URL of an Okta org"));
  await keyboard.type(SSO);
  await status(tab, "read-status").getByText("no RelayState, so the target org shows its dashboard").waitFor();
  await keyboard.to(tab.getByRole("navigation", { name: "Tools" }).getByRole("link", { name: "Keys" }), "Shift+Tab");
  await keyboard.press("Enter");
  await keyboard.to(tab.getByRole("button", { name: "Try it with sample keys" }));
  await keyboard.press("Space");
  await status(tab, "keys-status").getByText("Keys: 2 read, 2 accepted").waitFor();
  await keyboard.to(tab.getByRole("button", { name: "Copy JWKS" }));
}

async function offline(story) {
  const { tab, close, url } = await open(story, "keys");
  await tab.evaluate(async () => {
    await navigator.serviceWorker.ready;
    for (const name of await caches.keys()) if ((await (await caches.open(name)).keys()).length > 10) return;
    throw new Error("nothing is kept for offline use");
  });
  await close();
  await tab.goto(`${url}#keys`);
  await tab.reload();
  await tab.locator("html[data-ready=true]").waitFor();
  await tab.getByRole("button", { name: "Try it with sample keys" }).click();
  await status(tab, "keys-status").getByText("Keys: 2 read, 2 accepted").waitFor();
  await tab.getByRole("link", { name: "Bookmark URL" }).click();
  await tab.getByRole("button", { name: "Try it with sample links" }).click();
  await status(tab, "batch-status").getByText("6 bookmark URLs").waitFor();
  await tab.getByRole("link", { name: "Users" }).click();
  const report = "User,Login,Status\r\nAda,ada@example.com,Active\r\nDee,dee@example.com,Staged\r\n";
  await tab.locator("#users-file").setInputFiles({ name: "report.csv", mimeType: "text/csv", buffer: Buffer.from(report) });
  await tab.getByRole("heading", { name: "Kept rows" }).waitFor();
}

/** Secrets of each kind, each with the parts that would betray an echo. */
function canaries() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const jwk = privateKey.export({ format: "jwk" });
  const token = `00${randomBytes(30).toString("base64url")}`;
  return [
    { kind: "private key in PEM", text: pem, parts: [pem.split("\n")[3]] },
    { kind: "private key as a JWK", text: JSON.stringify({ keys: [jwk] }), parts: [jwk.d, jwk.p] },
    { kind: "API token", text: `SSWS ${token}`, parts: [token] },
    { kind: "client secret", text: `client_secret=${token}`, parts: [token] },
    { kind: "password in an address", text: `https://ann:${token}@acme.okta.com/`, parts: [token] },
  ];
}

const REPORT = { name: "report.csv", mimeType: "text/csv", buffer: Buffer.from("User,Login,Status\nAda Fox,ada@example.com,ACTIVE\n") };
/** Each view (and its tool where that is called otherwise), how all its fields come to be shown, and what may be pressed there whatever stands in them. */
const VIEWS = {
  users: {
    show: async (tab) => {
      await tab.locator("#users-make").selectOption("import");
      await tab.locator("#users-email").check();
      await tab.locator("#users-file").setInputFiles(REPORT);
      await tab.locator("#users a[download]").waitFor();
    },
    pressed: /^Download/,
  },
  "users in the target": { tool: "users", show: (tab) => tab.locator("#users-make").selectOption("check"), pressed: /^Download/ },
  bookmark: { show: () => {}, pressed: /^Try it/ },
  keys: { show: () => {}, pressed: /^(?:Clear|Try it)/ },
  checklist: {
    show: async (tab) => {
      await tab.locator("#checklist details").evaluate((details) => { details.open = true; });
      await tab.locator("#list-values input").first().waitFor();
    },
    pressed: /^(?:Save as|Print|Forget)/,
  },
};

/** All that the page shows or keeps, and what may be pressed in this view. */
const left = (tab, tool) => tab.evaluate(async (tool) => {
  const kept = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
  const shown = JSON.stringify([document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), kept, document.cookie, location.href, document.title]);
  const pressed = [...document.querySelectorAll(`#${tool} :is(button:enabled, a[download])`)].filter((one) => one.checkVisibility()).map((one) => one.textContent.trim());
  return { shown, pressed };
}, tool);

/** What this view saves. */
async function files(tab, tool) {
  const texts = [];
  for (const link of await tab.locator(`#${tool} :is(button:enabled, a[download])`).filter({ hasText: /^\s*(?:Save|Download)/, visible: true }).all()) {
    const [file] = await Promise.all([tab.waitForEvent("download"), link.click()]);
    texts.push(file.suggestedFilename(), await readFile(await file.path(), "utf8"));
  }
  return texts;
}

/** A field is left, and no file is being read. */
async function settled(tab, field) {
  await field.blur();
  await tab.waitForFunction(() => document.getElementById("users-progress").hidden);
}

async function secretsIn(tab, tool, { pressed: known }, canary, heard) {
  const clean = (where, ...texts) => {
    for (const part of canary.parts) assert.ok(!texts.join("\n").includes(part), `the ${canary.kind} is told: ${where}`);
  };
  const look = async (id) => {
    const { shown, pressed } = await left(tab, tool);
    clean(id, shown, ...heard);
    for (const words of pressed) assert.match(words, known, `${id} offers something of the ${canary.kind}`);
  };
  const ids = (kind) => tab.locator(`#${tool} :is(${kind})`).filter({ visible: true }).evaluateAll((fields) => fields.map(({ id }) => id));
  const [typed, chosen] = [await ids("input[type=text], textarea"), await ids("input[type=file]")];
  for (const id of typed) {
    const field = tab.locator(`#${id}`);
    await field.fill(canary.text);
    await settled(tab, field);
    await look(id);
    if (/^(?:keys|list-value)-/.test(id) && canary.kind.startsWith("private key")) assert.equal(await field.inputValue(), "", `${id} keeps the ${canary.kind}`);
  }
  clean(`a file of ${tool}`, ...await files(tab, tool));
  for (const id of typed) await tab.locator(`#${id}`).fill("");
  for (const id of chosen) {
    const field = tab.locator(`#${id}`);
    await field.setInputFiles({ name: "file.txt", mimeType: "text/plain", buffer: Buffer.from(canary.text) });
    await settled(tab, field);
    await look(id);
  }
  clean(`a file of ${tool}`, ...await files(tab, tool));
  return typed.length + chosen.length;
}

async function secrets(story) {
  const { tab, asked, url } = await open(story, "users");
  const heard = [];
  tab.on("console", (message) => heard.push(message.text()));
  const counts = [];
  for (const [name, view] of Object.entries(VIEWS)) {
    const tool = view.tool ?? name;
    for (const canary of canaries()) {
      await tab.goto(`${url}#${tool}`);
      await tab.reload();
      await tab.locator("html[data-ready=true]").waitFor();
      await view.show(tab);
      counts.push(await secretsIn(tab, tool, view, canary, heard));
    }
  }
  console.log(`  fields and boxes by view and secret: ${counts.join(" ")}`);
  assert.ok(Math.min(...counts) >= 3);
  assert.deepEqual(asked.filter((address) => !address.startsWith(url) && !address.startsWith("blob:")), []);
}

// The browser tells of several lines put in at once line by line, so that empty text follows a refusal that empties the field.
async function refusedInLines(story) {
  const { tab } = await open(story, "keys");
  const secret = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  for (const [tool, field, shown] of [["keys", "keys-text", "keys-status"], ["keys", "keys-live", "keys-live-status"], ["bookmark", "any-url", "read-status"], ["bookmark", "batch-links", "batch-status"]]) {
    await tab.locator(`nav a[href='#${tool}']`).click();
    await tab.locator(`#${field}`).fill("https://hub.okta.com");
    await tab.locator(`#${field}`).fill(secret);
    await status(tab, shown).getByText("Refused:").waitFor();
    assert.equal(await tab.locator(`#${field}`).inputValue(), "", field);
    assert.equal(await tab.locator(`#${field}`).getAttribute("aria-invalid") === "true", field !== "any-url", field);
  }
  await tab.locator("nav a[href='#keys']").click();
  await tab.getByRole("button", { name: "Clear" }).click();
  await status(tab, "keys-status").getByText("Refused:").waitFor({ state: "detached" });
}

const told = (name, run, timeout = 120_000) => ({ name, lab: false, extension: false, timeout, run });

export const stories = [
  told("sample keys become a JWKS that the browser imports, compared with those in use", keysByMouse),
  told("public keys are read from files of PEM and DER", keysFromFiles),
  told("a list of apps and several source orgs become bookmark URLs, all in one file", manyBookmarks),
  told("the tools are used by keyboard alone", byKeyboard),
  told("a secret of several lines is refused, and stays refused", refusedInLines),
  told("every tool works when the server is gone", offline),
  told("no secret that is put into a field is told anywhere, and nothing is asked of the network", secrets, 420_000),
];
