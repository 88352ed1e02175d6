// SPDX-License-Identifier: Apache-2.0
// The pictures of the guides: node screenshots.mjs GINNEL OUT_FOLDER. Run by scripts/screenshots.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Browser, BROWSER_OPTIONS, Demo } from "./demo.mjs";

const [ginnel, out] = process.argv.slice(2);
if (!ginnel || !out) {
  console.error("usage: node screenshots.mjs GINNEL OUT_FOLDER");
  process.exit(2);
}
const WINDOW = { width: 1080, height: 800 };
const tall = { fullPage: true, clip: { x: 0, y: 0, width: WINDOW.width, height: 1500 } };
await mkdir(out, { recursive: true });
const demo = await Demo.start(ginnel);
let browser;
try {
  browser = await Browser.start(demo, { viewport: WINDOW, args: [...BROWSER_OPTIONS, "--hide-scrollbars"] });
  const page = await browser.page();
  const picture = async (name, options = {}) => {
    await page.evaluate(() => document.activeElement.blur());
    await page.screenshot({ path: path.join(out, name + ".png"), animations: "disabled", ...options });
    console.log(path.join(out, name + ".png"));
  };
  await browser.signIn(page);
  await page.goto(demo.node("bradford-csc").url + "/find");
  await picture("find", tall);
  const child = demo.child("moved-twice");
  await browser.ask(page, child);
  await picture("case-view", tall);
  await page.evaluate(() => document.getElementById("withheld").scrollIntoView());
  await picture("case-view-withheld");
  await demo.stopNode("wy-police");
  await browser.ask(page, child);
  await picture("case-view-incomplete");
  await page.setViewportSize({ width: 390, height: 844 });
  await picture("case-view-narrow");
} finally {
  if (browser) await browser.close();
  await demo.close();
}
