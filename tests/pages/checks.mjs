// SPDX-License-Identifier: Apache-2.0
// What holds for every page of the product.
import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export async function nothingBarsAnybody(page, what) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
  const told = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join("; ")}`);
  assert.deepEqual(told, [], `axe on ${what}`);
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((each) => each.id));
  assert.deepEqual(ids.filter((id, at) => ids.indexOf(id) !== at), [], `ids that stand twice on ${what}`);
}
