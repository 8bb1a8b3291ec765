// The page's users tools: a file goes in by the file box, the account comes out, and the download is what was made of it.

import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { WWW } from "./places.mjs";

const HEADER = "User,Login,Status,Last Login\r\n";
const STATUSES = ["ACTIVE", "Active", "STAGED", "Locked out", "ACTIVE"];
/** One block of a large report: lines of about 120 bytes, three of five of active users. */
const BLOCK_ROWS = 10_000;
const block = () => Array.from({ length: BLOCK_ROWS }, (_, at) =>
  `"Müller, Ann ${at}",ann.${at}.of.a.long.name@department.example.com,${STATUSES[at % 5]},2026-01-01T00:00:${String(at % 60).padStart(2, "0")}.000Z\r\n`).join("");

/** Runs `work` with a folder that is gone afterwards. */
async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "org2org-users-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function large(folder, rows) {
  const path = join(folder, `${rows}.csv`);
  const out = createWriteStream(path);
  out.write(HEADER);
  const bytes = block();
  for (let left = rows; left > 0; left -= BLOCK_ROWS) if (!out.write(bytes)) await once(out, "drain");
  out.end();
  await once(out, "close");
  return path;
}

async function open({ page, site }) {
  const { url, close } = await site(WWW);
  const tab = await page();
  await tab.goto(url);
  await tab.locator("html[data-ready=true]").waitFor();
  const status = tab.locator("#users-status");
  const choose = (path) => tab.locator("#users-file").setInputFiles(path);
  const row = (name) => tab.getByRole("row", { name: new RegExp(`^${name}`) }).getByRole("cell").first();
  return { tab, status, choose, row, close };
}

/** The downloaded bytes as text. */
async function download(tab) {
  const [saved] = await Promise.all([tab.waitForEvent("download"), tab.getByRole("link", { name: /^Download/ }).click()]);
  return readFile(await saved.path(), "utf8");
}

/** Has each worker of the page collect its garbage over and over during `work`; tells how often. */
async function sweepingWorkers(context, tab, work) {
  const session = await context.newCDPSession(tab);
  let [swept, done] = [0, false];
  const sweep = (sessionId) => session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: (swept += 1), method: "HeapProfiler.collectGarbage" }) });
  session.on("Target.attachedToTarget", async ({ sessionId }) => {
    // Refused once the worker is gone.
    while (!done && await sweep(sessionId).then(() => true, () => false)) await pause(2);
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  try {
    await work();
  } finally {
    done = true;
    await session.detach();
  }
  return swept;
}

/** Runs in the page: every case by this module, in pieces of this size; what differs from its one answer. */
async function differences({ module, cases, size }) {
  const { default: start, Job } = await import(`./${module}.js`);
  await start({ module_or_path: new URL(`${module}_bg.wasm`, location.href) });
  const wanted = { make: "active", separator: "44", encoding: "utf-8", preview: "5", name: "report.csv" };
  const answer = (bytes) => {
    const kept = [];
    const to = { write: (some) => { kept.push(...some); } };
    const job = new Job(wanted);
    try {
      for (let at = 0; at < bytes.length; at += size) job.push(bytes.subarray(at, at + size), to);
      job.finish(to);
      return { kept: new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(kept)) };
    } catch (error) {
      const [code, says] = error;
      return { code, says };
    } finally {
      job.free();
    }
  };
  return cases.flatMap(({ name, text, hex, kept, code, says }) => {
    const bytes = hex ? Uint8Array.from(hex.match(/../g), (digits) => parseInt(digits, 16)) : new TextEncoder().encode(text);
    const [seen, right] = [answer(bytes), code ? { code, says } : { kept }].map((one) => JSON.stringify(one));
    return seen === right ? [] : [{ name, seen, right }];
  });
}

export const stories = [
  {
    name: "a sample report becomes active users, and every other row is accounted for",
    lab: false,
    extension: false,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose, row } = await open(given);
      const kept = ["\"Löwe, Ada\",ada@example.com,ACTIVE,\r\n", "Cy,cy@example.com,active,x\r"];
      const path = join(folder, "report.csv");
      await writeFile(path, `${HEADER}${kept[0]}Bob,bob@example.com,Staged,\n${kept[1]}Dee,dee@example.com,Activ,\nEve,eve@example.com\n`);
      await choose(path);
      await status.filter({ hasText: "5 rows, 2 active users kept" }).waitFor();
      assert.equal(await row("✓ kept: Active").textContent(), "2");
      assert.equal(await row("left out: Staged").textContent(), "1");
      assert.equal(await row("refused").textContent(), "2");
      assert.equal(await row("rows, counted twice").textContent(), "5");
      await tab.getByRole("cell", { name: "unknown status Activ" }).waitFor();
      await tab.getByRole("cell", { name: /2 cells, header has 4; missing: Status, Last Login/ }).waitFor();
      assert.equal(await tab.locator(".bar meter").count(), 3);
      assert.equal(await download(tab), HEADER + kept.join(""));
      await given.screenshot(tab, "users");
    }),
  },
  {
    name: "a million rows pass through, and the page shows fifty of them",
    lab: false,
    extension: false,
    everywhere: true,
    timeout: 180_000,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose } = await open(given);
      await choose(await large(folder, 1_000_000));
      await status.filter({ hasText: "1000000 rows, 600000 active users kept" }).waitFor({ timeout: 120_000 });
      const rows = tab.getByRole("region", { name: "Kept rows" }).getByRole("row");
      assert.equal(await rows.count(), 51);
      // Downloads are not told of over the way in which Firefox is driven here.
      if (given.fox) return;
      const text = await download(tab);
      assert.equal(text.length, HEADER.length + 100 * block().split("\r\n").filter((line) => /,active,/i.test(line)).join("\r\n").length + 200);
    }),
  },
  {
    name: "a file is read to its end however often the browser sweeps its memory",
    lab: false,
    extension: false,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose } = await open(given);
      const path = await large(folder, 300_000);
      const swept = await sweepingWorkers(given.context, tab, async () => {
        await choose(path);
        await status.filter({ hasText: "300000 rows, 180000 active users kept" }).waitFor();
      });
      assert.ok(swept > 0, "no worker was swept");
    }),
  },
  {
    name: "a long read is cancelled at 40 % and leaves nothing behind",
    lab: false,
    extension: false,
    timeout: 180_000,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose } = await open(given);
      // Clicked from within the page: a round trip to this process could come after the end.
      await tab.evaluate(() => {
        const shown = document.getElementById("users-status");
        new MutationObserver((_, observer) => {
          const percent = /^(\d+) %: \d+ of \d+ MB, \d+ rows, about \d+ s left$/.exec(shown.textContent)?.[1];
          if (Number(percent) < 40 || percent === undefined) return;
          observer.disconnect();
          document.documentElement.dataset.cancelledAt = percent;
          document.getElementById("users-cancel").click();
        }).observe(shown, { childList: true, characterData: true, subtree: true });
      });
      await choose(await large(folder, 3_000_000));
      await status.filter({ hasText: "Cancelled; nothing was kept." }).waitFor({ timeout: 120_000 });
      const at = Number(await tab.locator("html").getAttribute("data-cancelled-at"));
      assert.ok(at >= 40 && at < 100, `${at} %`);
      assert.equal(await tab.getByRole("link", { name: /^Download/ }).count(), 0);
      assert.equal(await tab.locator("#users-progress").isHidden(), true);
      // The tool is ready for the next file.
      const path = join(folder, "next.csv");
      await writeFile(path, `${HEADER}A,a@example.com,ACTIVE,\n`);
      await choose(path);
      await status.filter({ hasText: "1 rows, 1 active users kept" }).waitFor();
    }),
  },
  {
    name: "a wrong file is refused by name, and another encoding converted once it is chosen",
    lab: false,
    extension: false,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose } = await open(given);
      const refused = async (name, bytes, reason) => {
        const path = join(folder, name);
        await writeFile(path, bytes);
        await choose(path);
        await tab.locator("#users-result .trouble", { hasText: reason }).waitFor();
        assert.match(await status.textContent(), /refused; nothing was kept/);
        assert.equal(await tab.getByRole("link", { name: /^Download/ }).count(), 0);
      };
      await refused("book.xlsx.csv", "PK\x03\x04 and more", "an Excel workbook");
      await refused("login.csv", "<!DOCTYPE html><title>Sign in</title>", "a web page");
      await refused("lost.csv", `${HEADER}"Ann,a@example.com,ACTIVE,\n`, "quote opened at line 2 column 1 is never closed");
      const units = Buffer.from(`\ufeff${HEADER}Åsa,asa@example.com,ACTIVE,\r\n`, "utf16le");
      await refused("unicode.csv", units, "UTF-16LE");
      await tab.locator("#users-encoding").selectOption("utf-16le");
      await status.filter({ hasText: "1 rows, 1 active users kept" }).waitFor();
      assert.equal(await download(tab), `${HEADER}Åsa,asa@example.com,ACTIVE,\r\n`);
    }),
  },
  {
    name: "a report becomes the target's import file, a repeated login blocks it until chosen, and the check finds it sound",
    lab: false,
    extension: false,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose, row } = await open(given);
      const file = async (name, text) => {
        const path = join(folder, name);
        await writeFile(path, text);
        return path;
      };
      const report = await file("report.csv", "User,Login,Status\nLöwe Ada,ada@example.com,ACTIVE\nCy van Dam,cy@example.com,Active\nBo,bo@example.com,STAGED\nAda again,ADA@example.com,ACTIVE\n");
      await tab.locator("#users-make").selectOption("import");
      await tab.locator("#users-schema").setInputFiles(await file("template.csv", "login,firstName,lastName,email,userType\r\n"));
      await tab.locator("#users-names").setInputFiles(await file("names.csv", "login,firstName,lastName,email\nada@example.com,Ada,Löwe,a.loewe@example.com\n"));
      await tab.locator("#users-suffix").fill(".acme");
      await tab.locator("#users-type").fill("partner");
      await tab.locator("#users-group").fill("People of ACME");
      await tab.locator("#users-email").check();
      await choose(report);
      await status.filter({ hasText: "repeats logins (rows: 1)" }).waitFor();
      await tab.getByText("Nothing to download yet").waitFor();
      assert.equal(await tab.getByRole("link", { name: /^Download/ }).count(), 0);
      await given.screenshot(tab, "users-blocked");
      await tab.locator("#users-repeated").selectOption("keep-first");
      await status.filter({ hasText: "4 rows, 2 users in the import file" }).waitFor();
      await tab.getByText("put everybody into People of ACME after the import").waitFor();
      await tab.getByText("Names from the second file: 1.").waitFor();
      await tab.getByRole("region", { name: "Names to look at" }).getByRole("cell", { name: "van Dam" }).waitFor();
      assert.equal(await row("refused").textContent(), "1");
      await given.screenshot(tab, "users-import");
      const made = await download(tab);
      assert.deepEqual(made.split("\n").slice(0, 3), [
        "login,firstName,lastName,email,userType",
        "ada@example.com.acme,Ada,Löwe,a.loewe@example.com,partner",
        "cy@example.com.acme,Cy,van Dam,cy@example.com,partner",
      ]);

      await tab.locator("#users-make").selectOption("check");
      await choose(await file("import.csv", made));
      await status.filter({ hasText: "2 rows, 2 sound, 0 mended, 0 refused" }).waitFor();
      await tab.getByText("upload the file as it is").waitFor();
      assert.equal(await tab.getByRole("link", { name: /^Download/ }).count(), 0);
      const there = [{ id: "00u1", status: "DEPROVISIONED", profile: { login: "CY@example.com.acme" } }];
      await tab.locator("#users-existing").setInputFiles(await file("users.json", JSON.stringify(there)));
      await status.filter({ hasText: "2 rows, 1 sound, 0 mended, 1 refused" }).waitFor();
      await tab.getByRole("region", { name: "Rows to look at" }).getByRole("cell", { name: /login.*DEPROVISIONED/ }).waitFor();
      await given.screenshot(tab, "users-check");
      assert.deepEqual((await download(tab)).trimEnd().split("\n"), made.split("\n").slice(0, 2));
      await tab.locator("#users-existing").setInputFiles(await file("no-users.json", "{}"));
      await tab.locator("#users-result .trouble", { hasText: "users-" }).waitFor();
    }),
  },
  {
    name: "a copy to look at runs nothing and says that it is not for import",
    lab: false,
    extension: false,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose } = await open(given);
      const path = join(folder, "report.csv");
      await writeFile(path, `${HEADER}=HYPERLINK("x"),a@example.com,ACTIVE,\n`);
      await tab.locator("#users-make").selectOption("view");
      await choose(path);
      await status.filter({ hasText: "1 rows copied, 1 formulas made text" }).waitFor();
      const copy = await download(tab);
      assert.match(copy, /NOT FOR IMPORT/);
      assert.match(copy, /'=HYPERLINK/);
    }),
  },
  {
    name: "every bad input has its one answer, with vectors and without",
    lab: false,
    extension: false,
    timeout: 60_000,
    async run(story) {
      const cases = JSON.parse(await readFile(new URL("../users/bad-inputs.json", import.meta.url), "utf8"));
      const { tab } = await open(story);
      for (const module of ["org2org_www", "org2org_www_plain"]) {
        for (const size of [1, 7, 1 << 20]) assert.deepEqual(await tab.evaluate(differences, { module, cases, size }), [], `${module}, ${size}`);
      }
    },
  },
  {
    name: "works without a network from the second visit on",
    lab: false,
    extension: false,
    run: (given) => inFolder(async (folder) => {
      const { tab, status, choose, close } = await open(given);
      await tab.evaluate(async () => {
        const worker = (await navigator.serviceWorker.ready).active;
        while (worker.state !== "activated") await new Promise((changed) => worker.addEventListener("statechange", changed, { once: true }));
      });
      // The server is gone: what answers now is what the page kept.
      given.allow(/ERR_CONNECTION_REFUSED|Failed to fetch|Failed to load resource/);
      await close();
      await tab.reload();
      await tab.locator("html[data-ready=true]").waitFor();
      const path = join(folder, "report.csv");
      await writeFile(path, `${HEADER}A,a@example.com,ACTIVE,\nB,b@example.com,STAGED,\n`);
      await choose(path);
      await status.filter({ hasText: "2 rows, 1 active users kept" }).waitFor();
    }),
  },
];
