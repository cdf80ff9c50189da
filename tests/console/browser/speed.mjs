// How fast the coordinator's pages answer, and that they do not grow: a board of 5,000 followed over 1,000
// events, a course of 500. Times are printed, beside those of another build when one is named, and are not
// asserted: bytes and questions are.
//   node speed.mjs BUILT [BUILT_BEFORE]
import assert from "node:assert/strict";
import { courseOf, idOf, startCoordinator } from "../coordinator.mjs";
import { launch } from "./browser.mjs";

const [built, before] = process.argv.slice(2);
const ROUNDS = 9;
const EVENTS = 1000;
const HEAP_GROWTH_MAX = 8 * 1024 * 1024; // a row is some hundred bytes, a leaked drawing of the board many megabytes
const IDLE_MS = 60_000;

/** Milliseconds from an input until the frame behind it is drawn, in the page itself. */
const timed = (page, act) => page.evaluate(`(async () => {
	const begun = performance.now();
	${act};
	await new Promise((resume) => requestAnimationFrame(() => { const next = new MessageChannel(); next.port1.onmessage = resume; next.port2.postMessage(0); }));
	return performance.now() - begun;
})()`);

/** The median of some: the machine does other things as well. */
async function median(page, acts) {
	const all = [];
	for (let round = 0; round < ROUNDS; round++) {
		all.push(await timed(page, acts[round % acts.length]));
		await page.waitForTimeout(30);
	}
	return all.sort((a, b) => a - b)[ROUNDS >> 1];
}

const nth = (selector, at) => `document.querySelectorAll("${selector}")[${at}].click()`;
const type = (text) => `{ const field = [...document.querySelectorAll(".filters input")].find((one) => one.type === "text");
	Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, ${JSON.stringify(text)}); field.dispatchEvent(new Event("input", { bubbles: true })); }`;

async function board(page, url) {
	await page.goto(`${url}/console/region?lang=da`);
	await page.locator(".board-row").first().waitFor();
	const times = {};
	times["board: a tile"] = await median(page, [nth(".tile", 1), nth(".tile", 1)]);
	times["board: a state"] = await median(page, [nth(".tile", 4), nth(".tile", 5)]);
	await page.evaluate(`history.replaceState(null, "", "/console/region")`);
	await page.goto(`${url}/console/region?lang=da`);
	await page.locator(".board-row").first().waitFor();
	times["board: scrolling"] = await median(page, [2000, 9000, 40000, 120000, 500].map((top) => `document.querySelector(".board-scroll").scrollTop = ${top}`));
	times["board: scrolling a little"] = await median(page, [600, 660, 720, 780, 840].map((top) => `document.querySelector(".board-scroll").scrollTop = ${top}`));
	times["board: a letter typed"] = await median(page, ["0", "00", "000", "0000", ""].map(type));
	return times;
}

async function timeline(page, url) {
	await page.goto(`${url}/console/audit/${idOf(1)}?lang=da`);
	await page.locator(".timeline-svg .place").first().waitFor();
	const key = (name, more = "") => `document.querySelector(".timeline-picture").dispatchEvent(new KeyboardEvent("keydown", { key: "${name}", bubbles: true${more} }))`;
	const times = {};
	times["timeline: zooming"] = await median(page, [nth(".timeline-steps button", 2), nth(".timeline-steps button", 1)]);
	times["timeline: moving"] = await median(page, [nth(".timeline-steps button", 3), nth(".timeline-steps button", 0)]);
	times["timeline: to the next event"] = await median(page, [key("ArrowRight")]);
	await page.evaluate(key("0"));
	await page.waitForTimeout(50);
	times["timeline: whole"] = await median(page, [nth(".timeline-tools .button", 3), nth(".timeline-tools .button", 0)]);
	return times;
}

async function measured(browser, folder) {
	const coordinator = await startCoordinator(folder);
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
	const page = await context.newPage();
	const times = { ...(await board(page, coordinator.url)), ...(await timeline(page, coordinator.url)) };
	await context.close();
	await coordinator.close();
	return times;
}

async function heapOf(page, session) {
	for (let round = 0; round < 3; round++) await session.send("HeapProfiler.collectGarbage");
	const { usedSize } = await session.send("Runtime.getHeapUsage");
	const { nodes } = await session.send("Memory.getDOMCounters");
	return { bytes: usedSize, nodes };
}

async function steady(browser, folder) {
	const coordinator = await startCoordinator(folder);
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
	const page = await context.newPage();
	const session = await context.newCDPSession(page);
	await page.goto(`${coordinator.url}/console/region?lang=da`);
	await page.locator(".board-row").first().waitFor();
	await page.locator(".live-live").waitFor();
	const rounds = [];
	for (let round = 0; round < 3; round++) {
		coordinator.asked.length = 0;
		const count = round === 0 ? 100 : EVENTS / 2;
		for (let at = 0; at < count; at++) {
			coordinator.change(2 + ((round * 500 + at) * 37) % 4998, { late_deliveries: at % 2 });
			if (at % 25 === 24) await page.waitForTimeout(100);
		}
		// The newest of them is frozen, which puts it on top: what is seen has caught up.
		coordinator.change(1, { frozen: true, municipality_name: `Omgang ${round}` });
		await page.locator(".board-row").first().getByText(`Omgang ${round}`).waitFor({ timeout: IDLE_MS });
		await page.waitForTimeout(300);
		rounds.push({ ...(await heapOf(page, session)), asked: coordinator.asked.length, whole: coordinator.asked.filter((path) => !path.includes("_since") && path.includes("transitions")).length, count });
	}
	// The first round warms what is made once; the other two are 1,000 events.
	const [warm, , last] = rounds;
	const grown = last.bytes - warm.bytes;
	console.log(`board of 5,000 over ${EVENTS} events: heap ${(warm.bytes / 1e6).toFixed(1)} → ${(last.bytes / 1e6).toFixed(1)} MB, nodes ${warm.nodes} → ${last.nodes}, questions ${rounds[1].asked + last.asked}`);
	assert.ok(grown < HEAP_GROWTH_MAX, `the heap grew by ${grown} bytes`);
	assert.ok(last.nodes - warm.nodes < 2000, `${last.nodes - warm.nodes} nodes more`);
	for (const round of rounds.slice(1)) {
		assert.equal(round.whole, 0, "nothing is read whole again");
		assert.ok(round.asked * 5 < round.count, `${round.asked} questions for ${round.count} events`);
	}
	assert.ok((await page.locator(".board-row").count()) < 60);
	await context.close();
	await coordinator.close();
}

assert.equal(courseOf(500, 0).events.length, 500);
const browser = await launch();
try {
	await steady(browser, built);
	const now = await measured(browser, built);
	const then = before ? await measured(browser, before) : {};
	for (const [name, ms] of Object.entries(now))
		console.log(`${name}: ${ms.toFixed(1)} ms${then[name] ? `, before ${then[name].toFixed(1)} ms, ${(then[name] / ms).toFixed(1)} times as fast` : ""}`);
} finally {
	await browser.close();
}
