// SPDX-License-Identifier: Apache-2.0
// The pages as people meet them: a real Chromium in front of a real demonstration federation.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { nothingBarsAnybody, withDemo } from "./checks.mjs";
import { Browser } from "./demo.mjs";

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const LATE_MS_MAX = 40_000; // a node starts, and is asked again within five seconds

let demo, browser;
withDemo((one, other) => {
  demo = one;
  browser = other;
});

const url = (where, nodeId = "bradford-csc") => demo.node(nodeId).url + where;

async function staysInside(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${what} is ${wide} px wider than the window`);
}
async function focused(page) {
  return page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
}
function answerOf(page, nodeId) {
  return page.locator(".ginnel-answer").filter({ hasText: demo.node(nodeId).name });
}

test("signing in: a wrong password is told beside the form, the right one leads to the start page", async () => {
  const page = await browser.page();
  browser.expected = [401];
  await page.goto(url("/"));
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await nothingBarsAnybody(page, "the sign-in page");
  await page.getByLabel("User name").fill(demo.user("bradford-csc").username);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("There is a problem").waitFor();
  assert.match(await page.title(), /^Error: Sign in/);
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
  await nothingBarsAnybody(page, "a failed sign-in");
  await browser.signIn(page);
  await nothingBarsAnybody(page, "the start page");
});

test("every story's child is found, and every agency's answer is as its story says", async () => {
  const page = await browser.page();
  await browser.signIn(page);
  for (const child of demo.facts.children) {
    await browser.ask(page, child);
    assert.equal(await page.locator("h1").innerText(), `${child.familyName.toUpperCase()}, ${child.givenName}`);
    assert.equal(await page.locator(".ginnel-answer").count(), demo.facts.nodes.length);
    for (const expect of child.expect)
      assert.ok(await answerOf(page, expect.node).evaluate((row, status) => row.classList.contains(`part-${status}`),
                                                           expect.status),
                `${child.story}: ${expect.node} should be ${expect.status}`);
    await nothingBarsAnybody(page, `the case view of ${child.story}`);
    for (const hidden of [child.familyName, child.givenName, child.nhsNumber]) {
      assert.ok(!(await page.title()).includes(hidden));
      assert.ok(!page.url().includes(hidden));
    }
  }
});

test("a case view tells whom to ring first, then what happened, then what is withheld and by whom", async () => {
  const page = await browser.page();
  await browser.signIn(page);
  await browser.ask(page, demo.child("moved-twice"));
  assert.deepEqual(await page.locator("#case-view section > h2").allInnerTexts(),
                   ["Who is involved, and whom to ring", "What happened", "What is withheld, and who can decide",
                    "What each agency answered", "Keep a file with this child"]);
  const cards = page.locator(".ginnel-card");
  assert.ok(await cards.count() >= 3);
  for (const card of await cards.all()) assert.match(await card.locator("a").getAttribute("href"), /^tel:01632960\d{3}$/);
  const box = await cards.first().boundingBox();
  assert.ok(box.y + box.height <= page.viewportSize().height, "the first number to ring is seen without scrolling");
  const voice = page.locator(".ginnel-voice");
  assert.match(await voice.innerText(), /In the child's own words/);
  assert.ok((await voice.boundingBox()).y < (await page.locator(".ginnel-year").first().boundingBox()).y);
  const withheld = page.locator("#withheld-now .ginnel-row");
  assert.ok(await withheld.count() > 0);
  for (const row of await withheld.all()) assert.match(await row.innerText(), /^\d+ \w+[\s\S]*Ask [\s\S]*01632 960\d{3}/);
  assert.match(await page.locator("#not-known + p").innerText(), /never means that a child is safe/);
  // A time of day stands only where the source gave one.
  const days = await page.locator(".ginnel-entry__when").allInnerTexts();
  assert.ok(days.some((day) => /^8 Nov 2026\s+23:10$/.test(day)), days.join("|"));
  assert.ok(days.some((day) => /^23 Nov 2026$/.test(day)));

  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".ginnel-printed").isVisible());
  assert.ok(!(await page.locator("#navigation").isVisible()));
  assert.ok(await cards.first().locator("a").isVisible());
  await page.emulateMedia({ media: "screen" });

  await page.goto(url("/"));
  assert.match(await page.locator("#recent ~ ul").innerText(), new RegExp(demo.child("moved-twice").familyName, "i"));
});

test("what is wrong in the form is told at once, with a way to each field", async () => {
  const page = await browser.page();
  await browser.signIn(page);
  browser.expected = [422];
  await page.goto(url("/find"));
  await nothingBarsAnybody(page, "the find page");
  await page.getByLabel("Postcode").fill("<b>nowhere</b>");
  await page.getByRole("button", { name: "Ask the agencies" }).click();
  const summary = page.locator(".govuk-error-summary");
  await summary.waitFor();
  assert.ok(await summary.evaluate((it) => it === document.activeElement), "the summary has the focus");
  const links = summary.getByRole("link");
  assert.equal(await links.count(), 7);
  for (const link of await links.all()) {
    await link.click();
    assert.equal("#" + (await focused(page)), await link.getAttribute("href"));
  }
  assert.equal(await page.getByLabel("Postcode").inputValue(), "<b>nowhere</b>");
  await nothingBarsAnybody(page, "the find page with errors");
  await page.setViewportSize({ width: 320, height: 640 });
  await staysInside(page, "the find page with errors");
});

test("an agency's own people are looked for first, by part of what is known, with a script and without one", async () => {
  const child = demo.child("moved-twice");
  const scripted = await browser.page();
  await browser.signIn(scripted);
  const plain = await Browser.start(demo, { javaScriptEnabled: false });
  try {
    const scriptless = await plain.page();
    await plain.signIn(scriptless);
    for (const page of [scripted, scriptless]) {
      await page.goto(url("/find"));
      await page.getByLabel("Family name").fill(child.familyName);
      await page.getByLabel("Year").fill(child.dateOfBirth.slice(0, 4));
      await page.getByLabel("Given name").fill(child.givenName);
      await page.getByRole("button", { name: "Look among your agency's own people" }).click();
      await page.getByRole("heading", { name: /of your agency may be meant/ }).waitFor();
      assert.equal(new URL(page.url()).pathname, "/find");
      const whole = `${child.familyName.toUpperCase()}, ${child.givenName}`;
      await page.getByRole("radio", { name: new RegExp(`^${whole}, born`) }).check();
      await page.getByLabel("Child protection, from strategy discussion").check();
      await page.getByLabel("Public task").check();
      await page.getByLabel("Why do you ask?").fill("Strategy discussion this afternoon.");
      if (page === scripted) {
        await nothingBarsAnybody(page, "the list of people found");
        await page.setViewportSize({ width: 320, height: 640 });
        await staysInside(page, "the list of people found");
        await page.setViewportSize({ width: 1280, height: 800 });
      }
      await page.getByRole("button", { name: "Ask the agencies" }).click();
      await page.waitForURL(/\/case-views\/[0-9a-f]{32}$/);
      assert.equal(await page.locator("h1").innerText(), whole);
    }
    await scripted.goto(url("/find"));
    await scripted.getByLabel("Family name").fill("Nobodyatall");
    await scripted.getByLabel("Given name").fill("Noone");
    await scripted.getByRole("button", { name: "Look among your agency's own people" }).click();
    await scripted.getByText("says nothing of other agencies").waitFor();
    await nothingBarsAnybody(scripted, "a list of nobody");
    browser.expected = [409];
    await scripted.getByLabel("Given name").fill("");
    await scripted.getByRole("button", { name: "Look among your agency's own people" }).click();
    await scripted.locator(".govuk-error-summary").getByText(/Say more/).waitFor();
    await nothingBarsAnybody(scripted, "a search with too little");
  } finally {
    await plain.close();
  }
});

test("a silent agency is named with its number, and its late part joins with a script and without one", async () => {
  const child = demo.child("moved-twice");
  const page = await browser.page();
  await browser.signIn(page);
  const plain = await Browser.start(demo, { javaScriptEnabled: false });
  try {
    await demo.stopNode("wy-police");
    const other = await plain.page();
    await plain.signIn(other);
    await Promise.all([browser.ask(page, child), plain.ask(other, child)]);
    for (const each of [page, other]) {
      assert.match(await each.locator("#completeness").innerText(), /^Incomplete: 1 agency silent/);
      assert.match(await each.locator("#outcome").innerText(), /West Yorkshire Police has not answered: ring 01632 960\d{3}/);
      assert.match(await answerOf(each, "wy-police").innerText(), /says nothing of what it knows/);
    }
    await nothingBarsAnybody(page, "a case view with a silent agency");
    const kept = page.locator(".ginnel-card a").first();
    await kept.focus();
    const focusBefore = await focused(page), scrollBefore = await page.evaluate(() => scrollY);
    await page.evaluate(() => (window.sameDocument = true));

    await demo.startNode("wy-police");
    await page.locator(".part-answered").filter({ hasText: "West Yorkshire Police" }).waitFor({ timeout: LATE_MS_MAX });
    assert.ok(await page.evaluate(() => window.sameDocument), "the page was not loaded again");
    assert.equal(await focused(page), focusBefore, "the focus did not move");
    assert.equal(await page.evaluate(() => scrollY), scrollBefore);
    await page.locator("#live-status").getByText("brought up to date. Complete").waitFor();
    assert.ok(await page.locator(".ginnel-new").filter({ hasText: "West Yorkshire Police" }).count() > 0);
    assert.equal(await page.locator("#case-view").getAttribute("data-events"), null, "nothing more is waited for");
    await nothingBarsAnybody(page, "a case view that a late part has joined");

    await other.getByRole("link", { name: "Check again" }).click();
    assert.match(await other.locator("#completeness").innerText(), /^Complete/);
    assert.deepEqual(plain.faults, []);
  } finally {
    await plain.close();
  }
});

test("the keyboard alone is enough", async () => {
  const page = await browser.page();
  const child = demo.child("moved-twice"), user = demo.user("bradford-csc");
  await browser.context.clearCookies();
  await page.goto(url("/sign-in"));
  const press = (key) => page.keyboard.press(key);
  const tabTo = async (wanted) => {
    for (let i = 0; i < 80; ++i) {
      await press("Tab");
      if ((await focused(page)).startsWith(wanted)) return;
    }
    assert.fail(`Tab never came to ${wanted}`);
  };
  await press("Tab");
  assert.equal(await focused(page), "Skip to main content");
  await press("Enter");
  assert.equal(await focused(page), "main");
  await tabTo("username");
  await page.keyboard.type(user.username);
  await tabTo("password");
  await page.keyboard.type(user.password);
  await press("Enter");
  await page.getByRole("heading", { name: "Who knows this child" }).waitFor();
  await tabTo("Find a person");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "Find a person" }).waitFor();
  await tabTo("nhs-number");
  await page.keyboard.type(child.nhsNumber);
  await tabTo("purpose");
  await press("Space");
  await tabTo("basis");
  await press("Space");
  await tabTo("reason");
  await page.keyboard.type("Strategy discussion.");
  await tabTo("Ask the agencies");
  await press("Enter");
  await page.waitForURL(/\/case-views\//);
  await tabTo("Whom to ring");
  await press("Enter");
  await press("Tab");
  const ring = await page.evaluate(() => document.activeElement.getAttribute("href"));
  assert.match(ring, /^tel:/);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).backgroundColor);
  assert.equal(outline, "rgb(255, 221, 0)", "the focus is seen");
  await tabTo("ring-part-");
});

test("at 320 pixels, which is 400 % of zoom, nothing is cut off and nothing scrolls sideways", async () => {
  const page = await browser.page();
  await page.setViewportSize({ width: 320, height: 640 });
  await browser.context.clearCookies();
  await page.goto(url("/sign-in"));
  await staysInside(page, "the sign-in page");
  await browser.signIn(page);
  await staysInside(page, "the start page");
  await page.goto(url("/find"));
  await staysInside(page, "the find page");
  await browser.ask(page, demo.child("moved-twice"));
  await staysInside(page, "the case view");
  await nothingBarsAnybody(page, "the case view at 320 pixels");
  // Wider windows, at and beside the widths where the layout changes.
  const view = page.url();
  for (const where of [url("/"), url("/find"), view]) {
    await page.goto(where);
    for (const width of [400, 641, 768, 1020, 1080, 1200, 1280, 1920]) {
      await page.setViewportSize({ width, height: 640 });
      await staysInside(page, `${new URL(where).pathname} at ${width} pixels`);
      const left = await page.locator("h1").evaluate((it) => it.getBoundingClientRect().left);
      assert.ok(left >= 15, `the heading of ${new URL(where).pathname} is ${left} px from the edge at ${width} pixels`);
    }
  }
});

test("work: a task is made, accepted, closed with a reason, and its history stays", async () => {
  const page = await browser.page();
  await browser.context.clearCookies();
  await browser.signIn(page);
  await page.getByRole("link", { name: "My work" }).click();
  assert.equal(await page.locator("h1").innerText(), "My work");
  await nothingBarsAnybody(page, "the page of work");
  await page.getByLabel("What is it?").selectOption({ label: "Something to follow up" });
  await page.getByLabel("What is to be known about it? (optional)").fill("ring the school");
  await page.getByRole("button", { name: "Make the task" }).click();
  await page.getByRole("link", { name: "Something to follow up" }).first().click();
  assert.match(await page.locator("main").innerText(), /Nobody has accepted it[\s\S]*ring the school/);
  await nothingBarsAnybody(page, "a task that nobody has accepted");
  await page.getByRole("button", { name: "I will do it" }).click();
  browser.expected = [422];
  await page.getByRole("button", { name: "Close it as done" }).click();
  await page.getByRole("alert").getByText("There is a problem").waitFor();
  await nothingBarsAnybody(page, "a task that was closed without a reason");
  await page.getByLabel("Why, or how?").fill("rang, all is well");
  const task = page.url();
  await page.getByRole("button", { name: "Close it as done" }).click();
  assert.equal(new URL(page.url()).pathname, "/work");
  await page.goto(task);
  assert.match(await page.locator("main").innerText(), /opened[\s\S]*accepted[\s\S]*done: acted[\s\S]*rang, all is well/);
  await nothingBarsAnybody(page, "a task that is done");
  await page.setViewportSize({ width: 320, height: 640 });
  for (const where of [task, url("/work")]) {
    await page.goto(where);
    await staysInside(page, `${new URL(where).pathname} at 320 pixels`);
  }
});

test("a process goes from the contact to the referral in the browser, late and early, with a script and without one", async () => {
  const child = demo.child("three-concerns");
  const manager = await browser.page();
  await browser.context.clearCookies();
  await browser.signInAs(manager, "bradford-csc", "manager");
  await manager.goto(url("/find"));
  await manager.getByLabel("Family name").fill(child.familyName);
  await manager.getByLabel("Given name").fill(child.givenName);
  await manager.getByLabel("Year").fill(child.dateOfBirth.slice(0, 4));
  await manager.getByRole("button", { name: "Look among your agency's own people" }).click();
  await manager.getByRole("button", { name: /^Begin: Child protection/ }).first().click();
  await manager.waitForURL(/\/processes\/[0-9a-f]{32}$/);
  const process = manager.url();
  assert.match(await manager.locator("h1").innerText(), new RegExp(`${child.familyName.toUpperCase()}[\\s\\S]*Child protection`));
  assert.equal(await manager.locator("svg.ginnel-clocks rect.ginnel-clocks__bar").count(), 1);
  assert.match(await manager.locator("table").innerText(), /Contact[\s\S]*the same day/);
  await nothingBarsAnybody(manager, "a process that was begun");

  await manager.getByText("End the step").click();
  await manager.getByLabel("With which outcome?").selectOption({ label: "Referral" });
  await manager.getByLabel("Why? (where it needs a reason)").fill("bruises");
  browser.expected = [422];
  await manager.getByRole("button", { name: "End it" }).click();
  await manager.locator(".govuk-error-summary").getByText(/legal-basis.*referral-source.*why/).waitFor();
  assert.equal(await manager.getByLabel("Why? (where it needs a reason)").inputValue(), "bruises");
  await nothingBarsAnybody(manager, "a step that does not end yet");

  const plain = await Browser.start(demo, { javaScriptEnabled: false });
  try {
    const worker = await plain.page();
    await plain.signIn(worker);
    for (const what of ["legal basis", "referral source", "why"]) {
      await worker.goto(process);
      await worker.getByText("Record something for it").click();
      await worker.getByLabel("What?").selectOption({ label: `${what} (missing)` });
      await worker.getByLabel("What is to be known about it?").fill("the school rang");
      await worker.getByRole("button", { name: "Record it" }).click();
    }
    assert.equal(await worker.getByText("It waits for:").count(), 0);
  } finally {
    await plain.close();
  }
  await manager.goto(process);
  await manager.getByText("End the step").click();
  await manager.getByLabel("With which outcome?").selectOption({ label: "Referral" });
  await manager.getByRole("button", { name: "End it" }).click();
  await manager.getByText("Contact: Referral").waitFor();
  assert.match(await manager.locator("article h3").innerText(), /Referral decision/);
  await manager.setViewportSize({ width: 320, height: 640 });
  await staysInside(manager, "a process at 320 pixels");
  await manager.goto(url("/processes"));
  await staysInside(manager, "the list of processes at 320 pixels");
  await nothingBarsAnybody(manager, "the list of processes");
  assert.equal((await manager.locator("main").innerText()).includes(child.familyName), false, "a list names nobody");
  await browser.context.clearCookies();
});

test("a strategy discussion: another agency is invited and brings its attendance from its own pages", async () => {
  const child = demo.child("three-concerns");
  const lead = await browser.page();
  await browser.context.clearCookies();
  await browser.signInAs(lead, "bradford-csc", "manager");
  await browser.ask(lead, child); // whoever knows her works with her from now on
  await lead.goto(url("/find"));
  await lead.getByLabel("Family name").fill(child.familyName);
  await lead.getByLabel("Given name").fill(child.givenName);
  await lead.getByRole("button", { name: "Look among your agency's own people" }).click();
  await lead.getByRole("button", { name: /^Begin: Child protection/ }).first().click();
  await lead.waitForURL(/\/processes\/[0-9a-f]{32}$/);
  const process = lead.url();
  await lead.getByLabel("Which?").selectOption({ label: "Strategy discussion" });
  await lead.getByRole("button", { name: "Begin it now" }).click();
  const step = lead.locator("article").filter({ has: lead.locator("h3", { hasText: "Strategy discussion" }) });
  await step.getByText(/Missing: .*Health/).waitFor();

  await browser.context.clearCookies();
  const nurse = await browser.page();
  await browser.signInAs(nurse, "bradford-health", "manager");
  const bring = nurse.getByRole("link", { name: /^Bring something to it\s*: Strategy discussion/ });
  const until = Date.now() + LATE_MS_MAX;
  do await nurse.goto(url("/notices", "bradford-health"));
  while ((await bring.count()) === 0 && Date.now() < until);
  await nothingBarsAnybody(nurse, "a notice that invites");
  await bring.first().click();
  await nurse.getByRole("heading", { level: 1, name: /Strategy discussion: bring something to it/ }).waitFor();
  await nothingBarsAnybody(nurse, "the form to bring something");
  browser.expected = [422];
  await nurse.getByLabel("On which day?").fill("yesterday");
  await nurse.getByLabel("What is to be known about it?").fill("Nurse Thackray was there");
  await nurse.getByRole("button", { name: "Send it" }).click();
  await nurse.locator(".govuk-error-summary").getByText("That is no day.").waitFor();
  assert.equal(await nurse.getByLabel("What is to be known about it?").inputValue(), "Nurse Thackray was there");
  await nothingBarsAnybody(nurse, "the form to bring something with an error");
  await nurse.setViewportSize({ width: 320, height: 640 });
  await staysInside(nurse, "the form to bring something at 320 pixels");
  await nurse.getByLabel("On which day?").fill("");
  await nurse.getByRole("button", { name: "Send it" }).click();
  await nurse.waitForURL(/\/notices\?answered=1$/);
  await nurse.getByText("It is recorded.").waitFor();
  await nothingBarsAnybody(nurse, "the notices after an answer");

  await browser.context.clearCookies();
  await browser.signInAs(lead, "bradford-csc", "manager");
  const came = step.getByText("Nurse Thackray was there");
  const late = Date.now() + LATE_MS_MAX;
  do await lead.goto(process);
  while ((await came.count()) === 0 && Date.now() < late);
  assert.match(await step.innerText(), new RegExp(`attendance[\\s\\S]*${demo.node("bradford-health").name}`));
  assert.equal(await step.getByText(/Missing: .*Health/).count(), 0, "health counts as there");

  // From now on health reads how it stands, at its own node.
  await browser.context.clearCookies();
  await browser.signInAs(nurse, "bradford-health", "manager");
  const stands = nurse.locator(".ginnel-stands").filter({ hasText: "Strategy discussion" });
  const told = Date.now() + LATE_MS_MAX;
  do await nurse.goto(url("/processes", "bradford-health"));
  while ((await stands.count()) === 0 && Date.now() < told);
  assert.match(await stands.innerText(), /Strategy discussion[\s\S]*open since[\s\S]*due [\s\S]*no quorum without [\s\S]*Police/);
  await nothingBarsAnybody(nurse, "processes that another agency leads");
  await nurse.setViewportSize({ width: 320, height: 640 });
  await staysInside(nurse, "processes that another agency leads at 320 pixels");
  await browser.context.clearCookies();
});

test("a chronology: lanes, a mark that a colleague sees, files to take away, and as it was known then", async () => {
  const page = await browser.page();
  await browser.signIn(page);
  await browser.ask(page, demo.child("moved-twice"));
  await page.locator("#as-chronology").click();
  await page.waitForURL(/\/chronology$/);
  const entries = page.locator("section .ginnel-entry");
  const whole = await entries.count();
  assert.ok(whole >= 8, `${whole} entries`);
  assert.match(await entries.first().innerText(), /./);
  assert.ok(await page.locator(".ginnel-voice .ginnel-entry").count() > 0, "the child's own words come first");
  assert.ok(await page.locator(".ginnel-lanes__label").count() >= 4, "a lane for each agency that told something");
  assert.equal(await page.locator(".ginnel-lanes__significant").count(), 0);
  await nothingBarsAnybody(page, "a chronology");

  // An entry of the police is marked, and what is missing in the form is told.
  const police = entries.filter({ hasText: demo.node("wy-police").name }).first();
  const headline = await police.locator(".ginnel-entry__headline").innerText();
  await police.getByText("Mark as significant").click();
  browser.expected = [422];
  await police.getByRole("button", { name: "Mark it" }).click();
  await page.getByRole("alert").getByText("say why it matters").waitFor();
  browser.expected = [];
  const again = page.locator("section .ginnel-entry").filter({ hasText: headline }).first();
  await again.getByText("Mark as significant").click();
  await again.getByLabel("Why does it matter?").fill("the second time within a month");
  await again.getByRole("button", { name: "Mark it" }).click();
  await page.getByRole("alert").getByText("The entry is marked as significant").waitFor();
  assert.match(await page.locator(".ginnel-mark").innerText(), /Significant: the second time within a month/);
  assert.ok(await page.locator(".ginnel-lanes__significant").count() > 0);
  await nothingBarsAnybody(page, "a chronology with a mark");
  await page.setViewportSize({ width: 320, height: 640 });
  await staysInside(page, "a chronology at 320 pixels");
  await page.setViewportSize({ width: 1280, height: 900 });

  for (const form of ["pdf", "html", "csv", "json"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#as-${form}`).click()]);
    assert.match(download.suggestedFilename(), new RegExp(`^chronology-cv-[0-9a-f]{8}\\.${form}$`));
    const file = await download.path();
    const text = form === "pdf" ? (await run("pdftotext", [file, "-"])).stdout : await readFile(file, "utf8");
    assert.match(text.replace(/\s+/g, " "), /the second time within a month/, form);
    assert.match(text, /Wakefield/, `${form} names who was asked`);
  }

  await page.getByLabel("On which day?").fill("8 November");
  browser.expected = [422];
  await page.getByRole("button", { name: "Ask again, for then" }).click();
  await page.getByRole("alert").getByText("That is no day.").waitFor();
  browser.expected = [];
  await page.getByLabel("On which day?").fill("2001-01-01");
  await page.getByRole("button", { name: "Ask again, for then" }).click();
  await page.locator("#as-known").getByText("As the agencies knew it on 1 Jan 2001 23:59").waitFor();
  assert.equal(await page.locator("section .ginnel-entry").count(), 0);
  await nothingBarsAnybody(page, "a chronology of a past moment");

  // A colleague sees it beside the same entry.
  await browser.context.clearCookies();
  const colleague = await browser.page();
  await browser.signInAs(colleague, "bradford-csc", "manager");
  await browser.ask(colleague, demo.child("moved-twice"));
  assert.match(await colleague.locator(".ginnel-mark").innerText(), /the second time within a month[\s\S]*Bradford/);
  await browser.context.clearCookies();
});

test("notices: what came, what was sent, and an entry of the own agency that is taken back", async () => {
  const page = await browser.page();
  await browser.context.clearCookies();
  await browser.signIn(page);
  for (const where of ["/notices", "/notices/sent"]) {
    await page.goto(url(where));
    await nothingBarsAnybody(page, where);
  }
  await browser.ask(page, demo.child("moved-twice"));
  const view = page.url();
  const links = page.getByRole("link", { name: /^Put right or take back/ });
  const entries = await links.count();
  assert.ok(entries > 0, "no entry of the own agency can be put right");
  await nothingBarsAnybody(page, "a case view whose entries can be put right");
  await links.first().click();
  await page.getByRole("heading", { level: 1, name: "Put an entry right, or take it back" }).waitFor();
  await nothingBarsAnybody(page, "the form of a correction");
  browser.expected = [422];
  await page.getByLabel("It should not have been written at all").check();
  await page.getByRole("button", { name: "Do it, and tell them" }).click();
  await page.getByRole("alert").getByText("There is a problem").waitFor();
  assert.ok(await page.getByLabel("It should not have been written at all").isChecked(), "what was chosen stays");
  await nothingBarsAnybody(page, "the form of a correction with an error");
  await page.getByLabel("Why?").fill("It was written down twice.");
  await page.setViewportSize({ width: 320, height: 640 });
  await staysInside(page, "the form of a correction at 320 pixels");
  await page.getByRole("button", { name: "Do it, and tell them" }).click();
  await page.getByRole("heading", { level: 1, name: "The entry is taken back" }).waitFor();
  await nothingBarsAnybody(page, "what came of a correction");
  await page.goto(view);
  assert.equal(await links.count(), entries - 1, "the entry has left the view");
});

test("consent: a decision is recorded and withdrawn on a person's page, with a script and without one", async () => {
  const child = demo.child("moved-twice");
  const page = await browser.page();
  await browser.context.clearCookies();
  await browser.signIn(page);
  await browser.ask(page, child);
  await page.getByRole("link", { name: "consent", exact: true }).click();
  await page.waitForURL(/\/people\/[0-9a-f]{32}\/consent$/);
  assert.equal(await page.title(), "Consent - Ginnel");
  assert.match(await page.locator("h1").innerText(), new RegExp(`${child.familyName.toUpperCase()}, ${child.givenName}[\\s\\S]*Consent`));
  await page.getByText("Nothing: nobody was asked").waitFor();
  await nothingBarsAnybody(page, "a page of consent");
  const where = page.url();

  // What is wrong is told at once, with a way to each field.
  browser.expected = [422];
  await page.getByRole("button", { name: "Record the decision" }).click();
  const summary = page.locator(".govuk-error-summary");
  await summary.waitFor();
  const links = summary.getByRole("link");
  assert.equal(await links.count(), 4);
  for (const link of await links.all()) {
    await link.click();
    assert.equal("#" + (await focused(page)), await link.getAttribute("href"));
  }
  await nothingBarsAnybody(page, "a page of consent with errors");
  await page.setViewportSize({ width: 320, height: 640 });
  await staysInside(page, "a page of consent with errors at 320 pixels");
  await page.setViewportSize({ width: 1280, height: 900 });

  const fill = async (on) => {
    await on.getByLabel("They agree that it is shared").check();
    await on.getByLabel("The child, judged competent").check();
    await on.getByLabel("Yes, somebody judged that they can decide it").check();
    await on.getByLabel("Who judged it, by name and role?").fill("C. Clinician, school nurse");
    await on.getByLabel("Health", { exact: true }).check();
    await on.getByText("Only with some agencies").click();
    await on.getByLabel(demo.node("leeds-health").name).check();
    await on.getByLabel("What was said, and how?").fill("Said so twice, alone, in her own words.");
    await on.getByRole("button", { name: "Record the decision" }).click();
    await on.getByText("It is recorded.").waitFor();
  };
  await fill(page);
  const row = page.locator("#stands ~ ul > li");
  assert.equal(await row.count(), 1);
  assert.match(await row.innerText(), /The child was judged competent and [\s\S]*Health[\s\S]*Leeds Community Healthcare[\s\S]*Said so twice/);
  await nothingBarsAnybody(page, "a decision that stands");
  await page.setViewportSize({ width: 320, height: 640 });
  await staysInside(page, "a decision that stands at 320 pixels");
  await page.setViewportSize({ width: 1280, height: 900 });

  const plain = await Browser.start(demo, { javaScriptEnabled: false });
  try {
    const other = await plain.page();
    await plain.signIn(other);
    await other.goto(where);
    plain.expected = [422];
    await other.getByRole("button", { name: "Record that they withdraw it" }).click();
    await other.locator("#stands ~ ul .govuk-error-message").getByText("Enter what they said").waitFor();
    await other.getByLabel("If they withdraw it: what did they say?").fill("She changed her mind.");
    await other.getByRole("button", { name: "Record that they withdraw it" }).click();
    await other.getByText("It is recorded.").waitFor();
    assert.match(await other.locator("#others ~ ul").innerText(), /Withdrawn[\s\S]*She changed her mind/);
    assert.deepEqual(plain.faults, []);
  } finally {
    await plain.close();
  }
  await page.goto(where);
  assert.equal(await row.count(), 0, "nothing stands any more");

  // From the search among the agency's own people too.
  await page.goto(url("/find"));
  await page.getByLabel("Family name").fill(child.familyName);
  await page.getByLabel("Given name").fill(child.givenName);
  await page.getByLabel("Year").fill(child.dateOfBirth.slice(0, 4));
  await page.getByRole("button", { name: "Look among your agency's own people" }).click();
  assert.equal(new URL(await page.getByRole("link", { name: /^Consent of/ }).first().evaluate((it) => it.href)).pathname,
               new URL(where).pathname);
  await nothingBarsAnybody(page, "people found, with links to what was decided");
});

test("decided not to share: recorded with its test, reviewed by a governance lead, and found in the register", async () => {
  const child = demo.child("moved-twice");
  const page = await browser.page();
  await browser.context.clearCookies();
  await browser.signIn(page);
  await browser.ask(page, child);
  await page.getByRole("link", { name: "what was decided not to be shared" }).click();
  await nothingBarsAnybody(page, "a page of refusals to share");
  browser.expected = [422];
  await page.getByRole("button", { name: "Record it" }).click();
  await page.locator(".govuk-error-summary").waitFor();
  const links = page.locator(".govuk-error-summary").getByRole("link");
  assert.equal(await links.count(), 4);
  for (const link of await links.all()) {
    await link.click();
    assert.equal("#" + (await focused(page)), await link.getAttribute("href"));
  }
  await nothingBarsAnybody(page, "a page of refusals with errors");
  await page.getByLabel("What was not shared?").selectOption({ label: "Health" });
  await page.getByLabel("With whom?").selectOption({ label: demo.node("wy-police").name });
  await page.getByLabel("They have no role with the child").check();
  await page.getByLabel("How did you come to it?").fill("Rang them: no officer works with her.");
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("On which day is it looked at again?").fill(day);
  await page.getByRole("button", { name: "Record it" }).click();
  await page.getByText("It is recorded.").waitFor();
  assert.match(await page.locator("#decided ~ ul").innerText(), /They have no role with the child[\s\S]*West Yorkshire Police/);
  await nothingBarsAnybody(page, "a refusal to share that stands");
  await page.setViewportSize({ width: 320, height: 640 });
  await staysInside(page, "a refusal to share at 320 pixels");
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.getByRole("button", { name: "Sign out" }).click();
  await browser.signInAs(page, "bradford-csc", "governance_lead");
  await page.getByRole("link", { name: "Governance", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Reviews" }).waitFor();
  await page.getByRole("link", { name: "Decided not to share" }).first().click();
  const register = page.locator("main ul.ginnel-rows > li");
  assert.equal(await register.count(), 1);
  assert.match(await register.innerText(), new RegExp(child.familyName, "i"));
  await nothingBarsAnybody(page, "the register of refusals");
  await register.getByRole("link").click();
  await page.getByText("Record its review").click();
  await page.getByRole("button", { name: "Record the review" }).click();
  assert.equal(await page.locator(".govuk-error-summary").getByRole("link").count(), 2);
  await nothingBarsAnybody(page, "a review with errors");
  await page.getByLabel("It is to be shared").check();
  await page.getByLabel("Why?", { exact: true }).fill("An officer is allocated now.");
  await page.getByRole("button", { name: "Record the review" }).click();
  await page.getByText("It is recorded.").waitFor();
  assert.match(await page.locator("#decided ~ ul").innerText(), /To be shared[\s\S]*An officer is allocated now/i);
});

test("governance: the registers, what was withheld, the reviews and the agreement, by keyboard and at 320 pixels", async () => {
  const page = await browser.page();
  await browser.context.clearCookies();
  await browser.signIn(page);
  assert.equal(await page.getByRole("link", { name: "Governance", exact: true }).count(), 0, "not for a practitioner");
  await browser.ask(page, demo.child("moved-twice"), { purpose: "Immediate danger" });
  // Another agency asks, and something is withheld from it.
  await browser.signIn(page, "leeds-csc");
  await browser.ask(page, demo.child("moved-twice"), { purpose: "First contact", nodeId: "leeds-csc" });
  await browser.context.clearCookies();
  await browser.signInAs(page, "bradford-csc", "governance_lead");

  await page.goto(url("/reviews"));
  const glass = page.locator("main ul.ginnel-rows > li").filter({ hasText: "Review of a break-glass" }).first();
  assert.match(await glass.innerText(), /Why: Strategy discussion this afternoon\./);
  await nothingBarsAnybody(page, "the reviews");
  await glass.getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: /Review of a break-glass/ }).waitFor();

  await page.goto(url("/withheld"));
  assert.match(await page.locator("main").innerText(), /\d+ asks? of other agencies; something was withheld from [1-9]/);
  assert.match(await page.getByRole("table").first().innerText(), /Leeds/);
  await nothingBarsAnybody(page, "what was withheld");
  browser.expected = [422];
  await page.getByLabel("From which day?").fill("soon");
  await page.getByRole("button", { name: "Count again" }).click();
  await page.locator(".govuk-error-summary").getByRole("link").click();
  assert.equal(await focused(page), "from");
  await nothingBarsAnybody(page, "what was withheld, with an error");

  await page.goto(url("/policy"));
  const said = await page.locator("main").innerText();
  assert.match(said, /West Yorkshire[\s\S]*In force here[\s\S]*since \d+ \w+ \d{4}[\s\S]*Signed by/);
  assert.match(said, /(\d+) of \1 cases come out as they say/i);
  await nothingBarsAnybody(page, "the agreement");
  await page.locator("#main").focus();
  const press = (key) => page.keyboard.press(key);
  for (let i = 0; i < 40 && !(await focused(page)).startsWith("Cases ("); ++i) await press("Tab");
  await press("Enter");
  await press("Tab");
  await press("Enter");
  assert.ok(await page.locator("#cases ~ details[open]").count() > 0, "the cases of a file open by keyboard");
  await nothingBarsAnybody(page, "the cases of a file");

  for (const where of ["/reviews", "/consents", "/refusals", "/retention", "/withheld", "/policy"]) {
    await page.goto(url(where));
    await nothingBarsAnybody(page, where);
    for (const width of [320, 641, 1020, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      await staysInside(page, `${where} at ${width} pixels`);
    }
  }
});

test("governance: an agreement is compared with the one in force, and nothing of it is put in force", async () => {
  const page = await browser.page();
  await browser.context.clearCookies();
  // Another agency asks.
  await browser.signIn(page, "leeds-csc");
  await browser.ask(page, demo.child("moved-twice"), { purpose: "First contact", nodeId: "leeds-csc" });
  await browser.context.clearCookies();
  await browser.signInAs(page, "bradford-csc", "governance_lead");
  await page.goto(url("/policy"));
  await page.getByRole("link", { name: "Compare another agreement with this one" }).click();
  await page.getByRole("heading", { level: 1, name: "Compare an agreement with the one in force" }).waitFor();
  await nothingBarsAnybody(page, "the form to compare agreements");

  browser.expected = [422];
  const compare = async (file) => {
    if (file) await page.getByLabel("Which sealed agreement?").setInputFiles(file);
    await page.getByRole("button", { name: "Compare", exact: true }).click();
  };
  await compare();
  await page.locator(".govuk-error-summary").getByRole("link", { name: "Choose the file" }).click();
  assert.equal(await focused(page), "agreement");
  await nothingBarsAnybody(page, "no agreement was chosen");
  await compare({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("a letter") });
  assert.match(await page.locator(".govuk-error-summary").innerText(), /The agreement cannot be read/);
  await nothingBarsAnybody(page, "what was chosen is no agreement");

  const folder = await mkdtemp(path.join(tmpdir(), "ginnel-agreement-"));
  await cp(new URL("../../config-examples/policies", import.meta.url), folder, { recursive: true });
  const rules = path.join(folder, "west-yorkshire", "20-between-agencies.cedar");
  const text = await readFile(rules, "utf8");
  await writeFile(rules, text.replaceAll('principal.kind == Share::AgencyKind::"police" && context.purpose',
                                         'principal.kind == Share::AgencyKind::"fire" && context.purpose') +
    '\n@id("MY-01") @title("Nothing for first contact")\n@basis("a test")\n@ask("the duty desk, 01632 960145")\n' +
    'forbid (principal, action in Share::Action::"view", resource)\n' +
    'when { context.purpose == Share::Purpose::"first_contact" && principal.agency != resource.owner };\n');
  const manifest = path.join(folder, "west-yorkshire", "bundle.toml");
  const before = await readFile(manifest, "utf8");
  // Its cases no longer hold: sealing tries them, so they are left out.
  await writeFile(manifest, before.replace(/^version = .*$/m, "version = 99").replace(/^cases = \[[^\]]*\]/m, ""));
  const sealed = path.join(folder, "next.bundle");
  await run(demo.ginnel, ["policy", "seal", path.join(folder, "west-yorkshire"), "--out", sealed]);
  await compare(sealed);
  await page.getByRole("heading", { name: "What was compared" }).waitFor();
  const said = await page.locator("main").innerText();
  assert.match(said, /version 99[\s\S]*could not be put in force as it is:[\s\S]*Too few have signed it yet/);
  assert.match(await page.locator("section[aria-labelledby=more]").innerText(), /Fire[\s\S]*By WY-13/);
  assert.match(await page.locator("section[aria-labelledby=less]").innerText(), /By MY-01 Nothing for first contact/);
  const replay = await page.locator("section[aria-labelledby=replay]").innerText();
  assert.match(replay, /[1-9]\d* would tell otherwise[\s\S]*Would be by:?\s*MY-01 Nothing for first contact[\s\S]*Entries:?\s*\d+/);
  for (const child of demo.facts.children) assert.ok(!said.includes(child.familyName), "a child's name is on the page");
  await nothingBarsAnybody(page, "the comparison");
  for (const width of [320, 641, 1020, 1280]) {
    await page.setViewportSize({ width, height: 640 });
    await staysInside(page, `the comparison at ${width} pixels`);
  }
  await page.goto(url("/policy"));
  assert.ok(!(await page.locator("main").innerText()).includes("version 99"), "it was put in force");
  await rm(folder, { recursive: true, force: true });
});

test("signing out and a session that has ended say so, and a view is nobody else's", async () => {
  const page = await browser.page();
  await browser.context.clearCookies();
  await browser.signIn(page);
  await browser.ask(page, demo.child("moved-twice"));
  const view = page.url();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You have signed out.").waitFor();
  await nothingBarsAnybody(page, "the page after signing out");
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, "/sign-in", "going back shows nothing");
  const host = new URL(view).hostname;
  await browser.context.addCookies([{ name: "__Host-ginnel-session", value: "x".repeat(43), domain: host, path: "/",
                                      secure: true, httpOnly: true, sameSite: "Strict" }]);
  await page.goto(view);
  await page.getByText("Your session has ended. Sign in again.").waitFor();
  await nothingBarsAnybody(page, "the page after a session ended");

  browser.expected = [404, 403];
  await browser.signIn(page, "leeds-csc");
  for (const where of [new URL(view).pathname, "/case-views/" + "0".repeat(32), "/nowhere"]) {
    const answer = await page.goto(url(where, "leeds-csc"));
    assert.equal(answer.status(), 404);
    await nothingBarsAnybody(page, "a page that is not there");
  }
  assert.match(await page.locator("main").innerText(), /there is nothing here for you/i);
  assert.match(await page.locator(".ginnel-id").innerText(), /^err-/);
});
