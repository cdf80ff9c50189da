// The coordinator's pages in Chromium against real daemons; tests/e2e/auditor_test.py makes the region
// and says where it is.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { FIELD, changed, flipped } from "./evidence_parts.mjs";

const told = JSON.parse(process.argv[2]);
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PAGES = ["region", "indicators", "audit", `audit/${told.transition}`, "operator"];
const troubles = [];

const browser = await chromium.launch({ executablePath: told.chromium, args: ["--no-sandbox"] });

/** Signed in once, with the one-time link that `stafet user link` prints; others take the cookie over. */
let signedIn;

async function signIn() {
	const context = await browser.newContext();
	const page = await context.newPage();
	await page.goto(`${told.base}/console/#enter=${told.code}`);
	await page.getByText("Rikke Revisor").waitFor();
	assert.ok(!page.url().includes(told.code), "the code is gone from the address");
	signedIn = await context.storageState();
	await context.close();
}

async function open(language, size) {
	const context = await browser.newContext({ viewport: { width: size, height: 900 }, storageState: signedIn });
	const page = await context.newPage();
	page.on("console", (message) => {
		if (message.type() === "error" || /trusted ?types|content security/i.test(message.text())) troubles.push(`${page.url()}: ${message.text()}`);
	});
	page.on("pageerror", (error) => troubles.push(`${page.url()}: ${error.message}`));
	const go = async (path) => {
		await page.goto(`${told.base}/console/${path}${path.includes("?") ? "&" : "?"}lang=${language}`);
		await page.locator("h1").waitFor();
		await page.locator(".loading").first().waitFor({ state: "detached", timeout: 20_000 });
	};
	return { page, go, close: () => context.close() };
}

async function violations(page, where) {
	// Playwright evaluates past the page's policy, as a developer's console does.
	await page.evaluate(readFileSync(axe, "utf8"));
	const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
	return found.violations.map((one) => `${where}: ${one.id} ${one.nodes[0].target} ${one.nodes[0].failureSummary}`);
}

async function looksRight() {
	for (const language of ["da", "en"])
		for (const size of [1440, 768, 360]) {
			const { page, go, close } = await open(language, size);
			for (const path of PAGES) {
				await go(path);
				const where = `${path} ${language} ${size}`;
				const text = await page.locator("body").innerText();
				assert.ok(!text.includes("⟦"), `a text is missing: ${where}`);
				const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				assert.ok(over <= 0, `${where} is ${over} points too wide`);
				if (size !== 768) troubles.push(...(await violations(page, where)));
			}
			await close();
		}
}

async function auditorProves() {
	const { page, go, close } = await open("en", 1280);
	await go("audit");
	await page.getByLabel("Id of the transition").fill(told.transition.toUpperCase());
	await page.getByRole("button", { name: "Find" }).click();
	await page.locator(".timeline-svg .place").first().waitFor();
	for (const name of told.parties) assert.ok(await page.locator(`.timeline-svg .name:has-text("${name}")`).count(), name);
	await page.getByRole("button", { name: "Fetch and verify the evidence" }).click();
	await page.getByText("The file is whole, but only by its own keys").waitFor({ timeout: 60_000 });
	assert.equal(await page.locator(".proof-fault").count(), 0);
	for (const text of ["follow each other without a gap", "cosigned by", "Not recomputed here"])
		assert.ok(await page.locator(`.proof-line:has-text("${text}")`).count(), text);
	troubles.push(...(await violations(page, "verified")));
	// The table twin has every event; whoever reads here is written down.
	await page.getByRole("button", { name: "As a table" }).click();
	const rows = await page.locator(".timeline tbody tr td:nth-child(3):text-is('event')").count();
	assert.equal(rows, told.events);
	await page.reload();
	await page.locator("#readers tbody tr").first().waitFor();
	assert.ok((await page.locator("#readers").innerText()).includes("rikke"));
	await close();
}

async function tamperedTurnsRed() {
	const { page, go, close } = await open("en", 1280);
	const good = new Uint8Array(readFileSync(told.good));
	const put = (name, bytes) => {
		writeFileSync(join(told.folder, name), bytes);
		return join(told.folder, name);
	};
	await go("audit");
	await page.locator(".proof-trust summary").click();
	await page.locator("#proof-policy").setInputFiles(told.policy);
	const verify = async (file) => {
		await page.locator(".proof-file input").setInputFiles(file);
		await page.locator(".proof-report").waitFor({ timeout: 60_000 });
	};
	await verify(told.good);
	assert.ok(await page.getByText("All that can be verified here holds").count());
	assert.ok(await page.locator('.proof-line:has-text("that your trust policy names")').count());
	const cases = [
		["without.evidence", changed(good, FIELD.events, (events) => events.toSpliced(3, 1)), "gap", "Event 4 is missing before it"],
		["swapped.evidence", changed(good, FIELD.events, (events) => events.with(2, events[3]).with(3, events[2])), "order", "stands behind number"],
		["flipped.evidence", flipped(good, Math.floor(good.length * 0.6)), null, null],
		["cut.evidence", good.subarray(0, -40), "damaged", "cannot be read as evidence"],
	];
	for (const [name, bytes, code, words] of cases) {
		await go("audit");
		await verify(put(name, bytes));
		assert.ok(await page.getByText("The evidence does not hold").count(), name);
		assert.ok((await page.locator(".proof-fault").count()) > 0, name);
		if (code) assert.ok(await page.locator(`.proof-fault:has(code:text-is("${code}")):has-text("${words}")`).count(), `${name}: ${code}`);
	}
	troubles.push(...(await violations(page, "tampered")));
	await close();
}

async function keyboardAlone() {
	const { page, go, close } = await open("en", 1280);
	await go(`audit/${told.transition}`);
	const picture = page.locator(".timeline-picture");
	await picture.waitFor();
	await picture.focus();
	await page.keyboard.press("Home");
	const first = await page.locator(".timeline-detail").innerText();
	await page.keyboard.press("ArrowRight");
	const second = await page.locator(".timeline-detail").innerText();
	assert.notEqual(first, second);
	const span = () => page.locator(".timeline-span").innerText();
	const whole = await span();
	await page.keyboard.press("+");
	assert.notEqual(await span(), whole);
	await page.keyboard.press("0");
	assert.equal(await span(), whole);
	await close();
}

try {
	await signIn();
	await auditorProves();
	await tamperedTurnsRed();
	await keyboardAlone();
	await looksRight();
} finally {
	await browser.close();
}
assert.deepEqual(troubles, []);
