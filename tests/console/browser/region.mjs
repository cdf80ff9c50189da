// The region's pages follow the region: a course that begins stands on the board by itself, a pause stands
// still, a coordinator that goes and comes back costs nothing, a node that goes is seen to be gone.
//   node region.mjs REGION.json   prints what shall happen, with a question mark
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await launch();
const person = await Person.enter(browser, region.coordinator);
const { page } = person;
const count = async () => Number((await page.locator(".board-count").innerText()).split(" ")[0]);
const waitCount = (wanted) => page.waitForFunction((number) => document.querySelector(".board-count")?.textContent.startsWith(`${number} `), wanted);
const asked = [];
page.on("request", (request) => asked.push(request));

async function boardLives() {
	await person.go("region");
	await page.locator(".live-live").waitFor();
	assert.equal(await count(), 1);
	await page.evaluate(() => (window.stafetSame = true));
	asked.length = 0;
	console.log("more?");
	await waitCount(2);
	// What changed is asked for, and that nobody sits here.
	await page.waitForLoadState("networkidle").catch(() => {});
	const lists = asked.filter((request) => /\/api\/v1\/transitions/.test(request.url()));
	assert.ok(lists.length > 0 && lists.every((request) => request.url().includes("_since=")), lists.map((one) => one.url()).join());
	for (const request of lists) assert.equal((await request.allHeaders())["stafet-background"], "1");
}

async function pauseStandsStill() {
	const button = page.getByRole("button", { name: "Sæt på pause" });
	await button.click();
	asked.length = 0;
	console.log("paused?");
	// Somebody else sees it; this page reads nothing.
	await page.waitForFunction(async (transitions) => (await (await fetch("/api/v1/transitions?_count=1000")).json()).transitions.length === transitions, 3, { polling: 200 });
	assert.equal(await count(), 2);
	assert.equal(asked.filter((request) => request.url().includes("_since=")).length, 0);
	await page.getByRole("button", { name: "Genoptag opdatering" }).click();
	await waitCount(3);
}

async function outlivesTheCoordinator() {
	console.log("down?");
	await page.locator(".live-lost").waitFor();
	console.log("up?");
	await page.locator(".live-live").waitFor();
	await waitCount(4);
	assert.equal(await page.evaluate(() => window.stafetSame), true, "the page is the same one");
}

async function pathwayIsInTheAddress() {
	await page.getByLabel("Forløb").selectOption({ label: "somatisk" });
	assert.match(page.url(), /pathway=somatic/);
	assert.equal(await count(), 4);
	await page.goto(page.url().replace("pathway=somatic", "pathway=psychiatric"));
	await person.settled();
	assert.equal(await count(), 0);
	assert.equal(await page.getByLabel("Forløb").inputValue(), "psychiatric");
}

async function operatorSees() {
	await person.go("operator");
	const row = page.locator("#nodes tbody tr", { hasText: region.gp.name });
	await row.getByText("forbundet", { exact: true }).waitFor();
	assert.match(await row.innerText(), /stafet-node \d+\.\d+\.\d+/);
	assert.match(await row.innerText(), /0 dage/);
	await page.evaluate(() => (window.stafetSame = true));
	console.log("node down?");
	await row.getByText("ikke forbundet").waitFor();
	await row.getByText("sidst set").waitFor();
	console.log("node up?");
	await row.getByText("forbundet", { exact: true }).waitFor();
	assert.equal(await page.evaluate(() => window.stafetSame), true);
}

// One who is an auditor and nothing else.
async function auditorFollows() {
	const auditor = await Person.enter(browser, region.auditor);
	await auditor.go(`audit/${region.transition}`);
	await auditor.page.locator(".timeline-svg .place").first().waitFor();
	await auditor.page.locator(".live-live").waitFor();
	const before = Number(await auditor.page.locator("#course dd").nth(4).innerText());
	console.log("accept?");
	await auditor.page.waitForFunction((known) => Number(document.querySelectorAll("#course dd")[4]?.textContent) > known, before);
	await auditor.leave();
}

try {
	await boardLives();
	await pauseStandsStill();
	await outlivesTheCoordinator();
	await pathwayIsInTheAddress();
	await operatorSees();
	await auditorFollows();
	// A daemon that is away is written into the console by the browser itself.
	person.faults = person.faults.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(fault));
	await person.leave();
	console.log(JSON.stringify({ lived: true }));
} finally {
	await browser.close();
}
