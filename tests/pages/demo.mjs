// SPDX-License-Identifier: Apache-2.0
// One running `ginnel demo` in a folder of its own, and a browser that trusts nothing else.
import { spawn, execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
const START_MS_MAX = 120_000;
const STOP_MS_MAX = 30_000;
const BROWSER = process.env.GINNEL_CHROMIUM || "/usr/bin/chromium";
export const BROWSER_OPTIONS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export class Demo {
  // `ginnel` is the program; the demonstration's people come from the seed.
  static async start(ginnel, { children = 40, seed = 2 } = {}) {
    const demo = new Demo();
    demo.ginnel = ginnel;
    demo.folder = await mkdtemp(path.join(tmpdir(), "ginnel-pages-"));
    demo.dir = path.join(demo.folder, "demo");
    demo.said = "";
    demo.process = spawn(ginnel, ["demo", "--dir", demo.dir, "--children", String(children), "--seed", String(seed)],
                         { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [demo.process.stdout, demo.process.stderr]) stream.on("data", (text) => (demo.said += text));
    demo.ended = new Promise((done) => demo.process.once("exit", done));
    const until = Date.now() + START_MS_MAX;
    for (;;) {
      const text = await readFile(path.join(demo.dir, "demo.json"), "utf8").catch(() => null);
      if (text) {
        demo.facts = JSON.parse(text);
        return demo;
      }
      if (demo.process.exitCode !== null || Date.now() > until) {
        await demo.close();
        throw new Error("the demonstration did not start:\n" + demo.said);
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  node(id) {
    return this.facts.nodes.find((node) => node.id === id);
  }
  user(nodeId) {
    return this.facts.users.find((user) => user.node === nodeId);
  }
  child(story) {
    return this.facts.children.find((child) => child.story === story);
  }
  async stopNode(id) {
    await run(this.ginnel, ["demo", "stop", id, "--dir", this.dir]);
  }
  async startNode(id) {
    await run(this.ginnel, ["demo", "start", id, "--dir", this.dir]);
  }

  async close() {
    if (this.process.exitCode === null) this.process.kill("SIGTERM");
    const late = setTimeout(() => this.process.kill("SIGKILL"), STOP_MS_MAX);
    await this.ended;
    clearTimeout(late);
    await rm(this.folder, { recursive: true, force: true });
  }
}

// A browser with a new profile. `faults` collects what no page may do: write to the console, break its policy, ask
// another host.
export class Browser {
  static async start(demo, options = {}) {
    const browser = new Browser();
    browser.demo = demo;
    browser.faults = [];
    browser.expected = []; // status codes that a test provokes: Chromium writes each failed load to the console
    browser.profile = await mkdtemp(path.join(tmpdir(), "ginnel-browser-"));
    browser.context = await chromium.launchPersistentContext(browser.profile, {
      executablePath: BROWSER,
      headless: false, // our own option asks for the new headless mode
      args: BROWSER_OPTIONS,
      ignoreHTTPSErrors: true,
      viewport: { width: 1280, height: 900 },
      locale: "en-GB",
      timezoneId: "Europe/London",
      ...options,
    });
    browser.context.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      const status = /status of (\d+)/.exec(message.text());
      if (status && browser.expected.includes(Number(status[1]))) return;
      browser.faults.push(`console: ${message.text()}`);
    });
    browser.context.on("weberror", (error) => browser.faults.push(`script: ${error.error()}`));
    const hosts = new Set(demo.facts.nodes.map((node) => new URL(node.url).host));
    browser.context.on("request", (request) => {
      if (/^http/.test(request.url()) && !hosts.has(new URL(request.url()).host)) browser.faults.push(`asked another host: ${request.url()}`);
    });
    return browser;
  }

  async page() {
    const page = await this.context.newPage();
    page.setDefaultTimeout(20_000);
    return page;
  }

  async signIn(page, nodeId = "bradford-csc") {
    await this.signInWith(page, nodeId, this.demo.user(nodeId));
  }
  async signInAs(page, nodeId, role) {
    await this.signInWith(page, nodeId, this.demo.facts.users.find((user) => user.node === nodeId && user.role === role));
  }
  async signInWith(page, nodeId, user) {
    await page.goto(this.demo.node(nodeId).url + "/sign-in");
    await page.getByLabel("User name").fill(user.username);
    await page.getByLabel("Password", { exact: true }).fill(user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Who knows this child" }).waitFor();
  }

  // Fills the form as a person does, and sends it.
  async ask(page, child, { purpose = "Child protection, from strategy discussion", nodeId = "bradford-csc" } = {}) {
    await page.goto(this.demo.node(nodeId).url + "/find");
    await page.getByLabel("Family name").fill(child.familyName);
    await page.getByLabel("Given name").fill(child.givenName);
    const [year, month, day] = child.dateOfBirth.split("-");
    await page.getByLabel("Day").fill(day);
    await page.getByLabel("Month").fill(month);
    await page.getByLabel("Year").fill(year);
    await page.getByLabel("NHS number").fill(child.nhsNumber);
    await page.getByLabel(purpose).check();
    await page.getByLabel("Public task").check();
    await page.getByLabel("Why do you ask?").fill("Strategy discussion this afternoon.");
    await page.getByRole("button", { name: "Ask the agencies" }).click();
    await page.waitForURL(/\/case-views\/[0-9a-f]{32}$/);
  }

  async close() {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}
