// A thousand things happen while pages are open, and the daemon dies under them: My table and a transition show
// all of it, nothing twice, without being loaded again; and their memory does not grow with what happened.
//   node steady.mjs REGION.json   prints "more N" when the next N shall happen, "kill N" when the daemon shall die on the way
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
// What a page that lived through a thousand events may have more than one that shows the same and was just opened.
const HEAP_MAX = 4 * 1024 * 1024;
const NODES_MAX = 100;
const LISTENERS_MAX = 20;
const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();

// {seen: what the page has been told of, at least} when it has happened.
async function happen(word, count) {
	console.log(`${word} ${count}`);
	return JSON.parse((await answers.next()).value);
}

// Every event that the pages of this browser are told of: one of them follows the daemon and tells all.
function hearEvents() {
	window.stafetEvents = [];
	new BroadcastChannel("stafet-events").onmessage = ({ data }) => data.id && window.stafetEvents.push(Number(data.id));
}

async function measure(page) {
	const session = await page.context().newCDPSession(page);
	for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
	await session.send("Performance.enable");
	const { metrics } = await session.send("Performance.getMetrics");
	await session.detach();
	const of = (name) => metrics.find((each) => each.name === name).value;
	return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

async function heard(page, last) {
	await page.waitForFunction((wanted) => Math.max(0, ...window.stafetEvents) >= wanted, last, { timeout: 60_000 });
	return page.evaluate(() => window.stafetEvents);
}

async function keepsNothing(person, lived) {
	const fresh = await person.another();
	await fresh.goto(lived.url());
	await fresh.locator(".live-live").waitFor();
	await fresh.waitForFunction((size) => document.querySelectorAll("*").length >= size, await lived.evaluate(() => document.querySelectorAll("*").length));
	const [one, other] = [await measure(lived), await measure(fresh)];
	const kept = Object.fromEntries(Object.keys(one).map((key) => [key, one[key] - other[key]]));
	console.error(`${new URL(lived.url()).pathname.split("/")[2]}: ${JSON.stringify(one)}, more than one that was just opened: ${JSON.stringify(kept)}`);
	assert.ok(kept.heap < HEAP_MAX, `${kept.heap} bytes are kept`);
	assert.ok(kept.nodes < NODES_MAX, `${kept.nodes} nodes are kept`);
	assert.ok(kept.listeners < LISTENERS_MAX, `${kept.listeners} listeners are kept`);
	await fresh.close();
}

const browser = await launch();
try {
	const party = region.people.kommune.clinician;
	const person = await Person.enter(browser, party, { prepare: (context) => context.addInitScript(hearEvents) });
	person.expect(/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|net::ERR/);
	const table = person.page;
	await person.go("table");
	const transition = await person.another();
	await transition.goto(`${party.url}/console/transition/${region.transition}`);
	await transition.locator("li.baton").first().waitFor();
	for (const page of [table, transition]) {
		await page.locator(".live-live").waitFor();
		await page.evaluate(() => { window.stafetSame = true; });
	}
	let last;
	while ((await table.evaluate(() => window.stafetEvents.length)) < 1000) {
		last = await happen("more", 250);
		for (const page of [table, transition]) await heard(page, last.cursor);
	}
	await transition.locator("li.say-question").nth(last.questions - 1).waitFor();
	for (const page of [table, transition]) await keepsNothing(person, page);
	// The daemon is killed while things happen, and comes back.
	last = await happen("kill", 40);
	for (const page of [table, transition]) {
		const ids = await heard(page, last.cursor);
		assert.equal(new Set(ids).size, ids.length, "no event is told twice");
		const missed = last.kept.filter((id) => !ids.includes(id));
		assert.deepEqual(missed, [], "no event that is kept is lost");
		assert.equal(await page.evaluate(() => window.stafetSame), true, "the same page all the time");
	}
	await transition.locator("li.say-question").nth(last.questions - 1).waitFor();
	assert.equal(await transition.locator("li.say-question").count(), last.questions);
	// More pages than a browser opens connections to a host; and the one that follows for all is closed.
	const more = [];
	for (let i = 0; i < 6; i++) {
		more.push(await person.another());
		await more.at(-1).goto(`${party.url}/console/table`);
		await more.at(-1).locator(".live-live").waitFor();
	}
	await table.close();
	last = await happen("more", 20);
	for (const page of [transition, ...more]) {
		const ids = await heard(page, last.cursor);
		assert.equal(new Set(ids).size, ids.length, "no event is told twice");
	}
	person.page = transition;
	await person.leave();
	console.log(JSON.stringify({ events: 1000 }));
} finally {
	lines.close();
	process.stdin.destroy();
	await browser.close();
}
