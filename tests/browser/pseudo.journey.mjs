// The page in a language for tests: what is said by no message shows as plain text, and what is too narrow for a long
// language shows as well.

import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { PSEUDO } from "./places.mjs";

/** What is no text of the interface, and whose it is. Everything else stands between the two brackets. */
const OTHERS = [
  ["pre, code, .mono", "values"],
  [".trouble", "core: why something is refused, and what then"],
  ["#build-status .note", "core: what it notes about a URL"],
  ["#read-status li", "core: what a URL is made of, and what it needs"],
  ["#keys-status li, #keys-live-status li", "core: what was changed, and what differs"],
  ["td", "values, and core's reasons"],
  ["#users-result td, #users-result .scroll th", "cells of the file, and names of its columns"],
  ["#users-result .note", "core: the rule by which names are guessed"],
  ["#list-steps, #list-procedure, #list-values label", "rows of the procedures"],
  ["#offers", "the extension"],
];

/** Texts that stand outside brackets, and elements that are wider than their room. */
const look = (tab) => tab.evaluate((others) => {
  const plain = [], wide = [];
  // A hole may hold what a message says elsewhere.
  const outside = (text) => {
    let depth = 0, rest = "";
    for (const sign of text) {
      if (sign === "⟦") depth += 1;
      else if (sign === "⟧") depth -= 1;
      else if (depth === 0) rest += sign;
    }
    return depth === 0 ? rest : `${rest} (a bracket has no other half)`;
  };
  const words = (text) => /\p{L}/u.test(outside(text));
  const own = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("");
  const walk = (element) => {
    if (element.matches(others) || element.matches("noscript, script")) return;
    const holdsCode = [...element.children].some((child) => child.matches("code"));
    if (words(holdsCode ? element.textContent : own(element))) plain.push(`<${element.tagName.toLowerCase()}#${element.id}> ${element.textContent.trim().slice(0, 90)}`);
    for (const name of ["aria-label", "title", "alt"]) {
      const text = element.getAttribute(name);
      if (text !== null && words(text)) plain.push(`${name}=${text}`);
    }
    const cut = getComputedStyle(element).overflowX !== "auto" && element.matches("button, label, legend, summary, h1, h2, h3, a, p") && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    if (cut) wide.push(`${element.tagName.toLowerCase()}#${element.id} ${element.textContent.trim().slice(0, 60)}`);
    if (!holdsCode) for (const child of element.children) walk(child);
  };
  walk(document.body);
  return { plain, wide: [...wide, ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [])] };
}, OTHERS.map(([selector]) => selector).join(", "));

async function whole({ page, site, screenshot }) {
  await access(PSEUDO).catch(() => assert.fail(`${PSEUDO} is not built: cargo xtask test --only journeys/pseudo builds it`));
  const { url } = await site(PSEUDO);
  const tab = await page();
  await tab.goto(url);
  await tab.locator("html[data-ready=true]").waitFor();
  let views = 0;
  const judge = async (view) => {
    views += 1;
    for (const width of [320, 1280]) {
      await tab.setViewportSize({ width, height: 900 });
      assert.deepEqual(await look(tab), { plain: [], wide: [] }, `${view} at ${width} px`);
      await screenshot(tab, `pseudo-${view}-${width}`);
    }
  };
  assert.ok((await tab.title()).startsWith("⟦"));
  await judge("users");
  const report = (text) => tab.locator("#users-file").setInputFiles({ name: "report.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const rows = "User,Login,Status\r\nAda Fox,ada@example.com,Active\r\n=1+1,bob@example.com,Active\r\n\r\nCy,cy@example.com,Asleep\r\nDee,dee@example.com,Staged\r\nEve Ng,ada@example.com,Active\r\n";
  await report(rows);
  await tab.locator("#users-result .scroll").first().waitFor();
  await judge("users-active");
  await tab.locator("#users-result input[type=checkbox]").check();
  await tab.locator("#users-result a.button").waitFor();
  await judge("users-agreed");
  await tab.locator("#users-make").selectOption("import");
  await tab.locator("#users-email").check();
  await tab.locator("#users-group").fill("Everybody");
  await tab.locator("#users-group").blur();
  await tab.locator("#users-result .note").first().waitFor();
  await judge("users-blocked");
  await tab.locator("#users-repeated").selectOption("keep-first");
  await tab.locator("#users-result .scroll").nth(2).waitFor();
  await judge("users-import");
  await tab.locator("#users-suffix").fill("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0c2VjcmV0c2VjcmV0");
  await tab.locator("#users-suffix").blur();
  await tab.locator("#users-result .trouble").waitFor();
  await judge("users-refused");
  await tab.locator("#users-suffix").fill("");
  await tab.locator("#users-make").selectOption("check");
  await report("login,firstName,lastName,email,Status,title\nada@example.com,Ada,Fox,ada@example.com,x,\nbob,,,nope,x,Dr\n");
  await tab.locator("#users-result .scroll").first().waitFor();
  await judge("users-check");
  await tab.locator("#users-make").selectOption("view");
  await tab.locator("#users-result a.button").waitFor();
  await judge("users-view");

  await tab.locator("nav a[href='#bookmark']").click();
  await tab.locator("#sso-url").fill("https://acme.okta.com/app/okta_org2org/exk1abcdefghijklmnop/sso/saml");
  await tab.locator("#embed-link").fill("https://hub.okta.com/home/expenses/0oa1abcdefghijklmnop/42?a=b c");
  await tab.locator("#build-status pre").waitFor();
  await tab.locator("#any-url").fill(await tab.locator("#build-status pre").textContent());
  await tab.locator("#read-status ol").waitFor();
  await judge("bookmark");
  await tab.locator("#any-url").fill("https://hub.okta.com.evil.com/home/x/1/2");
  await tab.locator("#batch-sample").click();
  await tab.locator("#batch-status table").waitFor();
  await tab.locator("#batch-links").press("End");
  await judge("bookmark-many");

  await tab.locator("nav a[href='#keys']").click();
  await tab.locator("#keys-sample").click();
  await tab.locator("#keys-live-status ul").waitFor();
  await judge("keys");
  await tab.locator("#keys-text").fill("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  await tab.locator("#keys-status .trouble").waitFor();
  await judge("keys-refused");

  await tab.locator("nav a[href='#checklist']").click();
  await tab.locator("#list-steps li").first().waitFor();
  await tab.locator("details summary").click();
  await tab.locator("#list-forget").click();
  await judge("checklist");
  console.log(`  ${views} views, two widths each`);
}

export const stories = [{ name: "every text comes from the message file, and a long language fits", lab: false, extension: false, timeout: 180_000, run: whole }];
