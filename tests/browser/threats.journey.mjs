// Threats that the other stories do not tell of: another extension, a frame around the panel, a yes too early, leftovers, and
// a stored run that somebody changed. docs/security.md names the story that answers each threat.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { IMPORTS, NEVER } from "./imports.mjs";
import { MADE, connected, madeIn, strays } from "./oracle.mjs";
import { adminOrigin, Panel, writes } from "./panel.mjs";
import { ROOT } from "./places.mjs";

const kept = (panel) => panel.page.evaluate(() => chrome.storage.local.get());

/** What could have changed: what is stored, what the panel shows, what was asked of the orgs. */
async function state(story, panel) {
  const text = await panel.main.innerText();
  return { kept: await kept(panel), text, requests: (await story.lab.requests()).length, effects: await story.lab.effects() };
}

// Another extension.

const OTHER = join(ROOT, "tests/browser/other");

/** Chromium's id for an unpacked extension is made of its path. */
function idOf(folder) {
  const digest = createHash("sha256").update(folder).digest("hex").slice(0, 32);
  return digest.replace(/./g, (digit) => String.fromCharCode(97 + parseInt(digit, 16)));
}

async function anotherExtension(story) {
  const { lab, page } = story;
  const { panel } = await connected(story);
  await panel.check();
  const before = await state(story, panel);
  const other = await page();
  await other.goto(`chrome-extension://${idOf(OTHER)}/page.html`);
  const good = { type: "call", nonce: "n", origin: adminOrigin(lab, "acme"), call: { op: "groups.create", params: {}, body: { profile: { name: "X" } } } };
  const messages = [good, { type: "changed" }, { type: "place", href: `${adminOrigin(lab, "acme")}/admin/groups` }, { type: "stop", origins: [adminOrigin(lab, "acme")] }, null];
  const heard = await other.evaluate(async ([id, messages]) => {
    const sent = Array.from({ length: 500 }, (_, index) => chrome.runtime.sendMessage(id, messages[index % messages.length]).then(() => "heard", (error) => error.message));
    const opened = Array.from({ length: 50 }, (_, index) => new Promise((ended) => {
      const port = chrome.runtime.connect(id, { name: `port ${index}` });
      port.onMessage.addListener(() => ended("heard"));
      port.onDisconnect.addListener(() => ended(chrome.runtime.lastError?.message));
      port.postMessage(messages[index % messages.length]);
    }));
    return { sent: [...new Set(await Promise.all(sent))], opened: [...new Set(await Promise.all(opened))] };
  }, [story.id, messages]);
  const nobody = ["Could not establish connection. Receiving end does not exist."];
  assert.deepEqual(heard, { sent: nobody, opened: nobody });
  assert.deepEqual(await state(story, panel), before);
}

// Frames and early clicks.

async function framed(story) {
  // Each browser says in the framing page's console that it refused.
  story.allow(/Denying load|Refused to frame|may not load|violates|Failed to load resource|ERR_BLOCKED|frame-ancestors/);
  const { lab, fox, id, signIn } = story;
  await Panel.open(story);
  const tab = await signIn("acme");
  const scheme = fox ? "moz-extension" : "chrome-extension";
  for (const file of ["panel.html", "popup.html"]) {
    const shown = await tab.evaluate(async (address) => {
      const frame = document.createElement("iframe");
      frame.src = address;
      const over = new Promise((done) => { frame.addEventListener("load", () => done("loaded")); setTimeout(() => done("nothing"), 3_000); });
      document.body.append(frame);
      await over;
      // A page of the extension would be of another origin, and its document not to be had.
      let address_ = "elsewhere";
      try { address_ = frame.contentWindow.location.href; } catch { /* another origin */ }
      return { windows: frame.contentWindow.length, address: address_ };
    }, `${scheme}://${id}/${file}`);
    assert.equal(shown.windows, 0);
    const inside = tab.frames().filter((frame) => frame !== tab.mainFrame());
    for (const frame of inside) assert.equal(await frame.getByText("Org2Org Assistant").count().catch(() => 0), 0, `${file} is shown in ${frame.url()}`);
    await tab.evaluate(() => document.querySelector("iframe").remove());
  }
  assert.deepEqual(writes(await lab.requests()), []);
}

async function tooEarly(story) {
  const { lab } = story;
  const { panel } = await connected(story);
  const { page } = panel;
  await panel.check();
  // From here on time stands still for the panel until it is told to go on.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  const armed = () => panel.yes.getAttribute("aria-disabled").then((value) => value === "false");
  const press = () => panel.yes.click({ force: true });
  await panel.sheet("Plan");
  assert.equal(await armed(), false);
  await press();
  await page.clock.runFor(499);
  assert.equal(await armed(), false);
  await press();
  await page.clock.runFor(1);
  assert.equal(await armed(), true);
  // Something covers the window: the half second begins again when it is back.
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  assert.equal(await armed(), false);
  await press();
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await page.clock.runFor(499);
  await press();
  assert.equal(await armed(), false);
  assert.deepEqual(await lab.effects(), []);
  assert.equal("run" in await kept(panel), true);
  await page.clock.resume();
  await panel.consent();
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
}

// What stays behind.

/** Things that must never be stored, shown in a journal or written to a console. */
async function canaries({ lab, context }, tabs) {
  const cookies = (await context.cookies()).map(({ name, value }) => [`cookie ${name}`, value]);
  const xsrf = await Promise.all(Object.entries(tabs).map(async ([org, tab]) => [`XSRF token of ${org}`, await tab.evaluate(() => document.getElementById("_xsrfToken").textContent.trim())]));
  const tokens = lab.orgs.flatMap(({ subdomain, admins }) => admins.map(({ token, login }) => [`API token of ${login} in ${subdomain}`, token]));
  const people = ["ada@acme.example.com", "grace@acme.example.com", "Lovelace", "Hopper"].map((word) => ["a person", word]);
  const found = [...cookies, ...xsrf, ...tokens, ["the password", lab.password], ...people].filter(([, value]) => value?.length > 5);
  assert.ok(found.length >= 12, `${found.length} canaries`);
  return found;
}

async function noSecretStays(story) {
  const { lab } = story;
  const { panel, tabs } = await connected(story);
  const secrets = await canaries(story, tabs);
  const said = [];
  for (const page of story.context.pages()) page.on("console", (message) => said.push(message.text()));
  await panel.consent();
  await panel.proven();
  await panel.sheet("Journal");
  const [saved] = await Promise.all([panel.page.waitForEvent("download"), panel.button("Save as file").click()]);
  const texts = {
    "the storage": JSON.stringify(await kept(panel)),
    "the saved journal": await readFile(await saved.path(), "utf8"),
    "a file's name": saved.suggestedFilename(),
    "the console": said.join("\n"),
    "the addresses": story.context.pages().map((page) => page.url()).join("\n"),
  };
  assert.ok(texts["the storage"].length > 1_000 && texts["the saved journal"].length > 1_000);
  for (const [place, text] of Object.entries(texts)) {
    const leaks = secrets.filter(([, secret]) => text.includes(secret));
    assert.deepEqual(leaks.map(([what]) => what), [], place);
  }
  assert.deepEqual(await strays(lab), []);
}

async function forgotten(story) {
  const { panel } = await connected(story);
  await panel.consent();
  await panel.proven();
  const left = () => panel.page.evaluate(async () => ({
    stored: await chrome.storage.local.get(),
    origins: (await chrome.permissions.getAll()).origins,
    scripts: await chrome.scripting.getRegisteredContentScripts(),
    local: { ...localStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys().catch(() => []),
  }));
  assert.notDeepEqual((await left()).stored, {});
  // What is ticked in the checklists of the tools goes too, and what they read of the orgs, in a page that stays open.
  const tools = await story.tools();
  await tools.locator("html[data-ready=true]").waitFor();
  await tools.getByRole("button", { name: "Read their values" }).click();
  await tools.getByRole("button", { name: /^Fill in the sign-on URL of / }).waitFor();
  await tools.getByRole("link", { name: "Checklists" }).click();
  await tools.getByRole("checkbox").first().check();
  await tools.waitForFunction(() => JSON.stringify({ ...localStorage }).includes("acme.okta.com"));
  await panel.main.locator("summary", { hasText: "Forget this pair" }).click();
  await panel.button("Forget…").click();
  await panel.button("Forget, journal included").click();
  await panel.page.getByRole("heading", { name: "Connect two Okta orgs" }).waitFor();
  // The background takes the relays away by itself, after the permission went.
  await panel.page.waitForFunction(async () => (await chrome.scripting.getRegisteredContentScripts()).length === 0);
  await tools.getByText("No two orgs are paired in this browser.").waitFor();
  await tools.locator("html[data-ready=true]").waitFor();
  const typed = await tools.locator("input[type=text], textarea").evaluateAll((fields) => fields.map(({ value }) => value).join(""));
  assert.deepEqual([typed, await tools.locator("input:checked").count()], ["", 0], "the open page of tools");
  assert.deepEqual(await left(), { stored: {}, origins: [], scripts: [], local: {}, databases: [], caches: [] });
}

// A stored run that was changed, as a file of a colleague or another program would.

/** One change to a text of JSON, by number: a letter, a cut, a member, an org. */
function changed(text, number) {
  const at = (number * 7919) % text.length;
  const changes = [
    () => `${text.slice(0, at)}${text[at] === "a" ? "b" : "a"}${text.slice(at + 1)}`,
    () => text.slice(0, at),
    () => text.replace("acme.okta.com", "evil.okta.com"),
    () => text.replace(/"id":"00o/, '"id":"00oX'),
    () => text.replaceAll("hub", "acme"),
    () => `{"__proto__":${text}}`,
    () => text + text,
    () => "null",
  ];
  return changes[number % changes.length]();
}

async function changedRuns(story) {
  // A stored text that is none of ours is told in the console, by name.
  story.allow(/org2org/);
  const { lab, deep } = story;
  const { panel } = await connected(story);
  await panel.check();
  const good = await kept(panel);
  const texts = Object.entries(good).filter(([, value]) => typeof value === "string" && value.length > 20);
  assert.ok(texts.length > 0);
  for (let number = 0; number < (deep ? 50 : 10); number += 1) {
    const [key, text] = texts[number % texts.length];
    await panel.page.evaluate(async ([key, text]) => chrome.storage.local.set({ [key]: text }), [key, changed(text, number)]);
    await panel.page.reload();
    await panel.ready();
    assert.deepEqual([writes(await lab.requests()), await lab.effects()], [[], []], `change ${number} of ${key}`);
    await panel.page.evaluate(async (good) => { await chrome.storage.local.clear(); await chrome.storage.local.set(good); }, good);
  }
  await panel.page.reload();
  await panel.ready();
  await panel.planned();
  assert.deepEqual(await lab.effects(), []);
  await panel.consent();
  await panel.proven();
  assert.deepEqual(madeIn(await lab.effects()), MADE);
}

// What the modules can do at all.

async function imported() {
  const seen = {};
  for (const face of ["extension", "www"]) {
    const folder = join(ROOT, "dist", face);
    for (const file of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".wasm"))) {
      const module = await WebAssembly.compile(await readFile(join(folder, file)));
      const names = WebAssembly.Module.imports(module).map(({ name }) => name.replace(/_[0-9a-f]{16}$/, ""));
      const plain = names.map((name) => name.replace(/^__wbg_/, "").replace(/^_*wbindgen_/, "wbindgen_"));
      seen[`${face}/${file}`] = [...new Set(plain)].sort();
      if (face === "extension" && !file.startsWith("tools/")) assert.deepEqual(plain.filter((name) => NEVER.test(name)), [], file);
    }
  }
  assert.deepEqual(seen, IMPORTS, "a module calls something else: look at it, then list it in imports.mjs");
}

export const stories = [
  { name: "the modules call nothing but what is listed", lab: false, extension: false, run: imported },
  { name: "another extension is not heard", timeout: 120_000, beside: OTHER, run: anotherExtension },
  { name: "no page shows the panel in a frame", timeout: 60_000, everywhere: "deep", run: framed },
  { name: "a yes in its first half second, or under another window, counts for nothing", timeout: 120_000, run: tooEarly },
  { name: "no secret is stored, saved or written to a console", timeout: 120_000, run: noSecretStays },
  { name: "forgetting the pair leaves nothing in the browser", timeout: 120_000, everywhere: "deep", run: forgotten },
  { name: "a stored run that somebody changed gets no write without a new yes", timeout: 240_000, run: changedRuns },
];
