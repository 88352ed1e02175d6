// SPDX-License-Identifier: Apache-2.0
// A child on a plan moves from Bradford to Leeds and on to Wakefield, as the managers of the three authorities see it in
// a real Chromium: whoever looks sees who leads and who is accountable, and nothing of the file is lost on the way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import https from "node:https";
import { test } from "node:test";
import { nothingBarsAnybody, withDemo } from "./checks.mjs";

const MOVED_MS_MAX = 60_000; // what one node says is tried again for the other, with growing pauses
const BRADFORD = "bradford-csc", LEEDS = "leeds-csc", WAKEFIELD = "wakefield-csc";

let demo, browser, child;
let plan; // the id of the process
let started; // its steps as Bradford wrote them
let heldBefore; // what Bradford's manager is shown of Bradford's own records
const NOT_HANDED_ON = ["involvement", "process_invitation", "process_overview"];
let released; // what Bradford's page of the process said when nobody ordered its steps
const files = {}; // by receiver: what came, before it led
const moves = {}; // by receiver: the id of the transfer
withDemo((one, other) => {
  demo = one;
  browser = other;
  child = demo.child("moved-twice");
});

const url = (where, nodeId) => demo.node(nodeId).url + where;
const name = (nodeId) => demo.node(nodeId).name;
const today = () => new Date().toISOString().slice(0, 10);

async function staysInside(page, what) {
  for (const width of [320, 641, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${what} is ${wide} px wider than the window at ${width} pixels`);
  }
}
async function isForEverybody(page, what) {
  await nothingBarsAnybody(page, what);
  await staysInside(page, what);
}

// As a program asks, with the token of somebody who works there.
function call(nodeId, username, method, where, body) {
  const { token } = demo.facts.users.find((user) => user.node === nodeId && user.username === username);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return new Promise((done, failed) => {
    const options = { method, headers, ca: readFileSync(demo.facts.ca) };
    const asked = https.request(url("/api/v1" + where, nodeId), options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (more) => (text += more));
      answer.on("end", () => {
        if (answer.statusCode < 300) done(text ? JSON.parse(text) : null);
        else failed(new Error(`${method} ${where}: ${answer.statusCode} ${text}`));
      });
    });
    asked.on("error", failed);
    asked.end(body ? JSON.stringify(body) : undefined);
  });
}

// From the contact to a plan, as Bradford's people write it; tests/fault/on_a_plan.py does the same at the terminal.
async function beginPlan() {
  const { people } = await call(BRADFORD, "f.door", "POST", "/people/search", { nhsNumber: child.nhsNumber });
  const { id } = await call(BRADFORD, "f.door", "POST", "/processes", { definition: "child-protection", person: people[0].id });
  const now = new Date().toISOString().replace(/\.\d+/, "");
  const record = async (step, names, more = {}) => {
    for (const each of names)
      await call(BRADFORD, "s.worker", "POST", `/processes/${id}/steps/${step}/contributions`, { name: each, ...more });
  };
  const meet = async (step, names) => {
    await record(step, names);
    await record(step, ["held"], { at: now });
    for (const member of ["wy-police", "bradford-health"]) await record(step, ["attendance"], { member });
  };
  const end = (step, outcome) =>
    call(BRADFORD, "m.manager", "POST", `/processes/${id}/steps/${step}/outcome`, { outcome, reason: "agreed" });
  await record(1, ["referral-source", "why", "legal-basis"]);
  await end(1, "referral");
  await record(2, ["source-code", "need-code", "referrer-told", "manager-agreed"]);
  await end(2, "strategy");
  await meet(4, ["attendance", "shared", "decision", "interim-safety", "actions"]);
  await end(4, "s47");
  await record(5, ["seen-alone", "enquiries", "manager-agreed"]);
  await record(5, ["child-seen"], { at: now });
  await end(5, "continuing-risk");
  await meet(6, ["attendance", "reports", "decision", "category", "earlier-plans", "core-group-members"]);
  await record(6, ["review-date"], { at: new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10) });
  await end(6, "plan");
  return id;
}

async function asManager(nodeId) {
  await browser.context.clearCookies();
  const page = await browser.page();
  await browser.signInAs(page, nodeId, "manager");
  return page;
}
// Loads a page again until `seen` can be seen on it.
async function comes(page, where, seen) {
  const until = Date.now() + MOVED_MS_MAX;
  for (;;) {
    await page.goto(where);
    if (await seen.count()) return;
    assert.ok(Date.now() < until, `it never came: ${seen}\n${await page.locator("main").innerText()}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}
async function textComes(page, where, selector, words) {
  await comes(page, where, page.locator(selector).filter({ hasText: words }));
}
// What a form calls optional is left out.
async function say(page, said, { held = "", sure = false } = {}) {
  const form = page.locator(`#say-${said}`);
  if (!(await form.evaluate((it) => it.open))) await form.locator("summary").click();
  const label = await form.locator(`label[for=text-${said}]`).innerText();
  if (!/optional/.test(label)) await form.locator("textarea").fill("As agreed on the telephone.");
  if (held) await form.getByLabel("On which day was it held?").fill(held);
  if (sure) await form.getByLabel("I know that this cannot be taken back").check();
  await form.locator("button").click();
}
async function saysAndItIsDone(page, said, filled) {
  await say(page, said, filled);
  await page.locator(`#say-${said}`).waitFor({ state: "detached" });
}
async function standing(page) {
  return page.locator(".ginnel-standing").innerText();
}
async function leadsAndIsAccountable(page, nodeId) {
  assert.match(await standing(page), new RegExp(`^Leads now: ${name(nodeId)}\\. Accountable now: ${name(nodeId)}\\.$`));
}
// What a page of a process offers to whoever orders its steps, and to nobody else.
async function offersToOrder(page) {
  const offered = [];
  for (const words of ["Begin a step", "End the step", "Record something for it", "Offer the lead to another authority"])
    if (await page.getByText(words).count()) offered.push(words);
  return offered;
}

async function offerTheLead(from, to) {
  const page = await asManager(from);
  await page.goto(url(`/processes/${plan}`, from));
  assert.match(await page.locator("h1").innerText(), new RegExp(child.familyName, "i"));
  assert.match(await standing(page), new RegExp(`Lead: ${name(from)}\\.`));
  assert.ok((await offersToOrder(page)).includes("End the step"));
  await page.getByText("Offer the lead to another authority").click();
  browser.expected = [422];
  await page.getByRole("button", { name: "Offer the lead" }).click();
  const links = page.locator(".govuk-error-summary").getByRole("link");
  await links.first().waitFor();
  assert.equal(await links.count(), 3);
  for (const link of await links.all()) {
    await link.click();
    assert.equal("#" + (await page.evaluate(() => document.activeElement.id)), await link.getAttribute("href"));
  }
  await isForEverybody(page, `an offer of ${from} that says nothing`);
  await page.getByLabel("To which authority?").selectOption({ label: name(to) });
  await page.getByLabel("How does the child move?").selectOption({ label: "Planned: the move was known before" });
  await page.getByLabel("Why, and what has to happen first?").fill("The family has a house there from Monday.");
  await page.getByRole("button", { name: "Offer the lead" }).click();
  await page.waitForURL(/\/transfers\/[0-9a-f]{32}$/);
  await leadsAndIsAccountable(page, from);
  assert.equal(await page.locator("#say-release").count(), 0, "nothing to release before it was accepted");
  return new URL(page.url()).pathname;
}

async function acceptTheLead(from, to, transfer) {
  const page = await asManager(to);
  const row = page.locator("#waits + ul > li").filter({ has: page.locator(`a[href="${transfer}"]`) });
  await comes(page, url("/transfers", to), row);
  assert.match(await row.innerText(), new RegExp(`${name(from)} to ${name(to)}[\\s\\S]*Leads now: ${name(from)}`));
  assert.ok(!(await page.locator("main").innerText()).includes(child.familyName), "a list names nobody");
  await isForEverybody(page, `the transfers of ${to}`);

  await textComes(page, url(transfer, to), "#file ~ p", "has said that it has the whole file");
  assert.match(await page.locator("h1").innerText(),
               new RegExp(`${child.givenName} ${child.familyName}, born[\\s\\S]*${name(from)} to ${name(to)}`));
  await leadsAndIsAccountable(page, from);
  const file = await page.locator("section[aria-labelledby=file]").innerText();
  assert.match(file, /(\d+) of \1 parts are here/);
  assert.match(file, /Kitchen bare\. Mother tired, spoke little\./);
  assert.match(await page.locator("section[aria-labelledby=said]").innerText(), /offered the lead[\s\S]*from Monday/);
  await isForEverybody(page, `a transfer that ${to} was offered`);
  files[to] = await call(to, "m.manager", "GET", transfer);

  await saysAndItIsDone(page, "accept");
  browser.expected = [422];
  await say(page, "conference");
  await page.locator(".govuk-error-summary").getByRole("link", { name: /on which day/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "held-conference");
  await nothingBarsAnybody(page, "a conference without a day");
  await saysAndItIsDone(page, "conference", { held: today() });
  await saysAndItIsDone(page, "acceptance");
  await leadsAndIsAccountable(page, from); // as before
}

async function releaseTheLead(from, transfer) {
  const page = await asManager(from);
  await comes(page, url(transfer, from), page.locator("#say-release"));
  browser.expected = [422];
  await say(page, "release");
  await page.locator(".govuk-error-summary").getByRole("link", { name: /cannot be taken back/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "sure-release");
  await isForEverybody(page, "a release that nobody is sure of");
  await leadsAndIsAccountable(page, from);
  await saysAndItIsDone(page, "release", { sure: true });
  return page;
}

async function bothSeeThatItMoved(from, to, transfer) {
  const page = await asManager(from);
  await textComes(page, url(transfer, from), "#leads ~ p", "It has moved");
  await leadsAndIsAccountable(page, to);
  await isForEverybody(page, `a transfer that has moved, at ${from}`);
  await page.goto(url(`/processes/${plan}`, from));
  assert.match(await standing(page), new RegExp(`Lead: ${name(to)}\\.`));
  await isForEverybody(page, `a process that ${from} leads no longer`);
  await page.goto(url("/processes", from));
  assert.equal(await page.locator(`a[href="/processes/${plan}"]`).count(), 0, `${from} lists it no longer`);

  const other = await asManager(to);
  await textComes(other, url(transfer, to), "#leads ~ p", "It has moved");
  await leadsAndIsAccountable(other, to);
  await textComes(other, url(transfer, to), "#file ~ p", "It has become the records of this authority");
  await isForEverybody(other, `a transfer that has moved, at ${to}`);
  await comes(other, url("/processes", to), other.locator(`a[href="/processes/${plan}"]`));
  await other.locator(`a[href="/processes/${plan}"]`).click();
  assert.match(await standing(other), new RegExp(`Lead: ${name(to)}\\.`));
  assert.match(await other.locator("h1").innerText(), new RegExp(child.familyName, "i"));
  assert.ok((await offersToOrder(other)).includes("End the step"), `${to} orders its steps`);
  await other.goto(url("/transfers", to));
  assert.equal(await other.locator(`#ended + ul a[href="${transfer}"]`).count(), 1);
  await isForEverybody(other, `the transfers of ${to} after the move`);
}

// A record as a person tells it from others.
const told = (item) => [item.kind, item.headline, item.occurred, item.narrative ?? ""].join(" | ");
const toldSteps = (process) =>
  process.steps.map((step) => [step.number, step.title, step.outcome ?? "",
                               ...step.contributions.map((one) => `${one.name} by ${one.member}`)].join(" | "));

test("the child is on a plan that Bradford leads", { timeout: 120_000 }, async () => {
  plan = await beginPlan();
  started = await call(BRADFORD, "m.manager", "GET", `/processes/${plan}`);
  assert.match(started.states.join(), /plan/i);
  const view = { child: { nhsNumber: child.nhsNumber }, purpose: "child_protection", basis: "public_task",
                 reason: "before the move", deadlineMs: 3000, scope: [BRADFORD] };
  heldBefore = (await call(BRADFORD, "m.manager", "POST", "/case-views", view)).items;
});

test("the lead goes to Leeds, and while nobody orders steps Bradford is accountable", { timeout: 240_000 }, async () => {
  const transfer = (moves[LEEDS] = await offerTheLead(BRADFORD, LEEDS));
  await acceptTheLead(BRADFORD, LEEDS, transfer);
  await demo.stopNode(LEEDS);
  try {
    const page = await releaseTheLead(BRADFORD, transfer);
    assert.match(await standing(page), new RegExp(`^Nobody orders steps now\\. Accountable now: ${name(BRADFORD)}\\.$`));
    await isForEverybody(page, "a transfer that was released");
    await page.goto(url(`/processes/${plan}`, BRADFORD));
    released = { standing: await standing(page), offered: await offersToOrder(page) };
  } finally {
    await demo.startNode(LEEDS);
  }
  await bothSeeThatItMoved(BRADFORD, LEEDS, transfer);
});

test("the lead goes on from Leeds to Wakefield", { timeout: 240_000 }, async () => {
  const transfer = (moves[WAKEFIELD] = await offerTheLead(LEEDS, WAKEFIELD));
  await acceptTheLead(LEEDS, WAKEFIELD, transfer);
  await releaseTheLead(LEEDS, transfer);
  await bothSeeThatItMoved(LEEDS, WAKEFIELD, transfer);
});

test("nothing that Bradford gave is lost on the way to Wakefield", { timeout: 60_000 }, async () => {
  const first = files[LEEDS].items, second = new Set(files[WAKEFIELD].items.map(told));
  assert.ok(new Set(first.map(told)).size >= 15, `${first.length} records`);
  // Everything that Bradford's manager reads of Bradford's own, but how Bradford itself works with the child.
  const given = new Set(first.map(told));
  const own = heldBefore.filter((item) => item.agency === BRADFORD && !NOT_HANDED_ON.includes(item.kind));
  assert.ok(own.length >= 15, `${own.length} of Bradford's own`);
  assert.deepEqual(own.map(told).filter((record) => !given.has(record)), []);
  assert.deepEqual(first.map(told).filter((record) => !second.has(record)), []);
  const attached = (items) => items.flatMap((item) => (item.attachments ?? []).map((file) => file.sha256));
  assert.deepEqual(attached(first).filter((hash) => !attached(files[WAKEFIELD].items).includes(hash)), []);
  // The process went as it was.
  const came = await call(WAKEFIELD, "m.manager", "GET", `/processes/${plan}`);
  assert.deepEqual(toldSteps(came), toldSteps(started));
  assert.deepEqual(came.states, started.states);
  assert.equal(came.lead, WAKEFIELD);
});

test("who leads no longer is not offered to order steps", { timeout: 60_000 }, async () => {
  assert.deepEqual(released.offered, [], "once it was released");
  assert.doesNotMatch(released.standing, /Lead: *\.$/, "who leads is told, or that nobody does");
  for (const nodeId of [BRADFORD, LEEDS]) {
    const page = await asManager(nodeId);
    await page.goto(url(`/processes/${plan}`, nodeId));
    assert.deepEqual(await offersToOrder(page), [], `at ${nodeId}`);
  }
});

test("no page of Leeds says that Leeds leads still", { timeout: 60_000 }, async () => {
  const page = await asManager(LEEDS);
  for (const where of ["/transfers", moves[LEEDS]]) {
    await page.goto(url(where, LEEDS));
    assert.ok(!(await page.locator("main").innerText()).includes(`Leads now: ${name(LEEDS)}`), where);
  }
});

test("what Bradford wrote stands among Wakefield's own records", { timeout: 60_000 }, async () => {
  const page = await asManager(WAKEFIELD);
  await browser.ask(page, child, { nodeId: WAKEFIELD });
  const own = page.locator(`.ginnel-entry[data-entry^="${WAKEFIELD}/"]`);
  assert.equal(await own.filter({ hasText: "Kitchen bare. Mother tired, spoke little." }).count(), 1);
  assert.equal(await own.filter({ hasText: "Said she gets her own tea" }).count(), 1);
  await isForEverybody(page, "a case view of whom Wakefield leads for");
  await page.locator("#as-chronology").click();
  await page.waitForURL(/\/chronology$/);
  const entry = page.locator("section .ginnel-entry").filter({ hasText: "Kitchen bare. Mother tired, spoke little." });
  assert.equal(await entry.count(), 1, "alike at both authorities, it stands once");
  assert.match(await entry.innerText(), new RegExp(name(WAKEFIELD)));
  await isForEverybody(page, "a chronology of whom Wakefield leads for");
});

test("whoever is to be rung at Wakefield works at Wakefield", { timeout: 60_000 }, async () => {
  const page = await asManager(WAKEFIELD);
  await browser.ask(page, child, { nodeId: WAKEFIELD });
  const booth = await page.locator(".ginnel-card").filter({ hasText: "Parminder Booth" }).allInnerTexts();
  assert.ok(booth.length > 0);
  for (const card of booth) assert.ok(card.includes(name(BRADFORD)), card);
});
