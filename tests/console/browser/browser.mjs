// A browser for tests: Debian's Chromium by playwright-core, one context for each person, everything that
// goes wrong in a page collected: errors of scripts, of the console, and what a policy reports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];
export const WAIT_MS = 30_000;

// As people have it: with the pages that one goes back to as they were left, which playwright turns off.
export async function launch() {
	return chromium.launch({ executablePath: process.env.STAFET_CHROMIUM || "/usr/bin/chromium", args: ARGUMENTS,
		ignoreDefaultArgs: ["--disable-back-forward-cache"] });
}

// Asking who is signed in is answered 401 when nobody is, which Chromium writes into its console.
const NOBODY = /status of 401 .*\/console\/session$/;

function listen(page, person) {
	page.on("console", (message) => {
		const said = `${message.text()} ${message.location().url}`;
		if (["error", "warning"].includes(message.type()) && !person.expected.some((each) => each.test(said))) person.faults.push(`console: ${said}`);
	});
	page.on("pageerror", (error) => person.faults.push(`script: ${error.message}`));
}

// Signed in as a person of a party: {url, user, password}.
export class Person {
	static async enter(browser, party, options) {
		const person = await Person.come(browser, party, options);
		await person.signIn();
		return person;
	}

	// At the door. prepare(context) is called before anything is asked; headers go with every request.
	static async come(browser, party, { width = 1440, height = 900, language = "da", motion = "reduce", prepare, headers } = {}) {
		const context = await browser.newContext({ viewport: { width, height }, locale: "da-DK", timezoneId: "Europe/Copenhagen", reducedMotion: motion, acceptDownloads: true, extraHTTPHeaders: headers });
		await prepare?.(context);
		const page = await context.newPage();
		page.setDefaultTimeout(WAIT_MS);
		const person = new Person(context, page, party);
		listen(page, person);
		// Said to the test when it happens, on whichever page of the console: the next page forgets it.
		await context.exposeBinding("stafetReport", ({ frame }, report) => frame.url().startsWith(party.url) && person.faults.push(`policy: ${report}`));
		await context.addInitScript(() => {
			document.addEventListener("securitypolicyviolation", (event) => window.stafetReport(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
		});
		await page.goto(`${party.url}/console/?lang=${language}`);
		await person.page.locator("h1, form").first().waitFor();
		return person;
	}

	constructor(context, page, party) {
		Object.assign(this, { context, page, party, faults: [], expected: [NOBODY] });
	}

	// What Chromium writes into its console because this test asks for what is refused.
	expect(...patterns) {
		this.expected.push(...patterns);
	}

	// Another page of the same browser.
	async another() {
		const page = await this.context.newPage();
		page.setDefaultTimeout(WAIT_MS);
		listen(page, this);
		return page;
	}

	async signIn() {
		await this.page.locator("input[name=username]").fill(this.party.user);
		await this.page.locator("input[name=password]").fill(this.party.password);
		await this.page.locator("form button[type=submit]").click();
		await this.page.locator(".sign-out").waitFor();
	}

	async go(path) {
		await this.page.goto(`${this.party.url}/console/${path}`);
		await this.settled();
	}

	// Nothing is being fetched that a page waits for.
	async settled() {
		await this.page.locator("h1").first().waitFor();
		await this.page.waitForFunction(() => !document.querySelector(".loading, .patient-waits"), null, { timeout: WAIT_MS });
	}

	// A task of My table about this, waited for as it comes by itself.
	task(text) {
		return this.page.locator("li.task", { hasText: text });
	}

	async choose(label, text) {
		const field = this.page.getByLabel(label, { exact: true });
		await field.locator("option", { hasText: text }).waitFor({ state: "attached" });
		const value = await field.locator("option", { hasText: text }).first().evaluate((option) => option.value);
		await field.selectOption(value);
	}

	async press(name, within = this.page) {
		await within.getByRole("button", { name, exact: true }).first().click();
	}

	async dialogGone() {
		await this.page.locator("dialog").waitFor({ state: "detached" });
	}

	// WCAG 2.1 A and AA of what is shown now; waits: also while something is being fetched.
	async accessible(where, { waits = false } = {}) {
		if (!waits) await this.settled();
		await this.page.evaluate(axe);
		const { violations } = await this.page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
		const told = violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
		assert.deepEqual(told, [], `${where} at ${this.page.viewportSize().width}`);
	}

	// No part of the page is wider than the screen (WCAG 1.4.10).
	async reflows(where) {
		const wide = await this.page.evaluate(() => {
			const room = document.documentElement.clientWidth;
			if (document.documentElement.scrollWidth <= room) return [];
			return [...document.querySelectorAll("main *, header *, footer *")].filter((each) => each.getBoundingClientRect().right > room + 0.5).map((each) => `${each.tagName}.${each.className}`);
		});
		assert.deepEqual(wide, [], `${where} is too wide at ${this.page.viewportSize().width}`);
	}

	async leave() {
		await this.context.close();
		assert.deepEqual(this.faults, [], `what went wrong at ${this.party.name}`);
	}
}
