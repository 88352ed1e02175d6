// SPDX-License-Identifier: Apache-2.0
// What every test of pages has: a demonstration, a browser in front of it, and what holds for every page.
import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { Browser, Demo } from "./demo.mjs";

const ginnel = process.env.GINNEL || path.join(path.dirname(fileURLToPath(import.meta.url)), "../../build/node/ginnel");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export async function nothingBarsAnybody(page, what) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
  const told = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join("; ")}`);
  assert.deepEqual(told, [], `axe on ${what}`);
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((each) => each.id));
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), [], `ids that stand twice on ${what}`);
}

// For all tests of a file; `take` is given the two once they are there.
export function withDemo(take) {
  let demo, browser;
  before(async () => {
    demo = await Demo.start(ginnel);
    browser = await Browser.start(demo);
    take(demo, browser);
  }, { timeout: 150_000 });
  after(async () => {
    if (browser) await browser.close();
    if (demo) await demo.close();
  }, { timeout: 60_000 });
  // Whatever a test did, no page wrote to the console, broke its policy or asked another host.
  afterEach(async () => {
    const faults = browser.faults.splice(0);
    browser.expected = [];
    for (const page of browser.context.pages().slice(1)) await page.close();
    assert.deepEqual(faults, []);
  });
}
