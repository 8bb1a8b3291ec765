// What a view owes to people who see little, use no mouse, or listen: judged by axe-core and by what the page measures.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const LOOKS = ["light", "dark"].flatMap((colorScheme) => [320, 1280].map((width) => ({ colorScheme, width })));

/**
 * What axe cannot judge by itself, with the reason why it is right all the same. Every other undecided check fails.
 * { rule, target: pattern of the selector, says: pattern of axe's words, because }
 */
const EXPLAINED = [
  { rule: "color-contrast", target: /\.(?:good|note) > b$/, says: /contains only non-text characters$/, because: "it is a sign alone; words in its colours are judged where they stand beside one" },
  { rule: "color-contrast", target: /(?:^|(?:tr|\.more)(?::nth-child\(\d+\))? > )(?:td|\.wide|\.mono)[^ ]*(?: > (?:button|\.mono))?$/, says: /partially obscured by another element$/, because: "the rest of the row is beyond the edge of its box, which scrolls by keyboard; at 1280 px it is judged" },
];

/** Holds a view to axe in light and dark, at 320 and 1280 px, and takes its pictures; it must not scroll sideways. */
export async function audit({ screenshot }, page, name) {
  const before = page.viewportSize();
  for (const { colorScheme, width } of LOOKS) {
    const look = `${name}-${colorScheme}-${width}`;
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${look} is ${wide} px wide`);
    await screenshot(page, look);
    // At the end the consent and the status stand in their own places, over nothing.
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    // In one piece: the other way opens a tab, and a window that lost its focus disarms the consent.
    const found = await new AxeBuilder({ page }).setLegacyMode().analyze();
    assert.ok(found.passes.length > 10, `${look}: axe looked at the page`);
    assert.deepEqual([...told(found.violations), ...undecided(found.incomplete)], [], look);
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: "light" });
}

const told = (results) => results.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`));

function undecided(results) {
  const open = ({ id, nodes }) => ({ id, nodes: nodes.filter(({ target, failureSummary }) => !EXPLAINED.some((one) => one.rule === id && one.target.test(target.join(" ")) && one.says.test(failureSummary))) });
  return told(results.map(open)).map((line) => `undecided: ${line}`);
}

/** Where the focus is: its tag, role, name, id and what it is described by. */
export function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const text = (id) => document.getElementById(id)?.textContent ?? "";
    return { tag: at.tagName.toLowerCase(), id: at.id, text: at.textContent.trim(), invalid: at.closest("[aria-invalid=true]") !== null,
      told: text(at.closest("[aria-describedby]")?.getAttribute("aria-describedby")) };
  });
}

/** Waits until the focus is on an element with one of these texts or ids. */
export async function focusOn(page, ...wanted) {
  const there = await page.waitForFunction((wanted) => {
    const at = document.activeElement;
    return at !== document.body && (wanted.includes(at.id) || wanted.includes(at.textContent.trim()));
  }, wanted).catch(() => null);
  assert.ok(there, `the focus is not on ${wanted.join(" or ")} but on ${JSON.stringify(await focused(page))}`);
}

/** A person at the keyboard: moves by Tab and arrows, and sees at each stop where they are. */
export class Keyboard {
  /** Stops that were made, by their names. */
  stops = [];

  constructor(page) {
    this.page = page;
  }

  /** Presses keys one after the other. */
  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Types over what stands in the field. */
  async type(text) {
    await this.press("Control+A");
    await this.page.keyboard.type(text);
  }

  /** Presses Tab (or Shift+Tab) until the one control that this locator finds has the focus. */
  async to(locator, key = "Tab") {
    await locator.waitFor();
    for (let presses = 0; presses < 120; presses += 1) {
      await this.press(key);
      await this.#seen();
      if (await locator.evaluate((one) => one === document.activeElement)) return;
    }
    assert.fail(`no way to ${locator} by ${key}: ${this.stops.slice(-120).join(" · ")}`);
  }

  // Every stop shows its ring, stands in the window and lies under nothing.
  async #seen() {
    const at = await this.page.evaluate(() => {
      const at = document.activeElement;
      if (at === document.body || at === document.documentElement) return { name: "the page" };
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, innerHeight) / 2];
      const top = document.elementFromPoint(x, y);
      return { name: `${at.getAttribute("role") ?? at.tagName.toLowerCase()} ${at.getAttribute("aria-label") ?? at.id ?? ""} ${at.textContent.trim().slice(0, 40)}`,
        ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)$/.test(outlineColor), free: Boolean(top && (at.contains(top) || top.contains(at) || top.closest("label")?.contains(at))), top: top?.outerHTML.slice(0, 120) };
    });
    this.stops.push(at.name);
    if (at.name === "the page") return;
    assert.ok(at.ring, `${at.name} shows no ring`);
    assert.ok(at.free, `${at.name} lies under ${at.top}`);
  }
}
