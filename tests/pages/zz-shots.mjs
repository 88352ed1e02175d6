import { Browser, Demo } from "./demo.mjs";
const out="/tmp/gov/shots/";
const demo = await Demo.start(process.argv[2]);
const browser = await Browser.start(demo);
try {
  const page = await browser.page();
  const url=(w,n="bradford-csc")=>demo.node(n).url+w;
  const shot=(n)=>page.screenshot({path:out+n+".png",fullPage:true});
  await browser.signIn(page);
  const child=demo.child("moved-twice");
  await browser.ask(page, child, { purpose: "Immediate danger" });
  await browser.ask(page, child);
  const consent = await page.getByRole("link", { name: "consent", exact: true }).evaluate((it) => it.href);
  await page.goto(consent);
  await page.getByLabel("They refuse").check();
  await page.getByLabel("Young person of 16 or 17").check();
  await page.getByLabel("Health", { exact: true }).check();
  await page.getByLabel("What was said, and how?").fill("Said so.");
  await page.getByRole("button", { name: "Record the decision" }).click();
  await page.goto(consent.replace("consent","refusals"));
  await page.getByLabel("What was not shared?").selectOption({ label: "Health" });
  await page.getByLabel("They have no role with the child").check();
  await page.getByLabel("How did you come to it?").fill("Rang them: no officer works with her.");
  await page.getByLabel("On which day is it looked at again?").fill(new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10));
  await page.getByRole("button", { name: "Record it" }).click();
  browser.expected=[422];
  await browser.signIn(page,"leeds-csc");
  await browser.ask(page, child, { purpose: "First contact", nodeId: "leeds-csc" });
  await browser.context.clearCookies();
  await browser.signInAs(page,"bradford-csc","governance_lead");
  await shot("start");
  for (const w of ["/reviews","/consents","/refusals","/withheld","/policy"]) { await page.goto(url(w)); await shot(w.slice(1)); await page.setViewportSize({width:320,height:640}); await page.screenshot({path:out+w.slice(1)+"-320.png"}); await page.setViewportSize({width:1280,height:900}); }
  await page.goto(url("/withheld?from=soon&to=")); await shot("withheld-errors");
} catch (e) { console.log(e); }
console.log(browser.faults);
await browser.close(); await demo.close();
