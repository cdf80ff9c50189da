// Every page of a node, at three widths and in both languages: nothing is against WCAG 2.1 AA, nothing is
// wider than the screen, nothing goes wrong; with a keyboard alone one gets everywhere. With a second
// folder, pictures of all of it go there (deploy/screenshots/take).
//   node pages.mjs REGION.json [FOLDER]
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";
import { look } from "./look.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];

const pages = [
	["table", "table"],
	["transitions", "transitions"],
	["transition", `transition/${region.transition}`],
	["send", "send"],
	["plan-answer", `send/${region.transition}?what=plan`],
	["directory", "directory"],
	["accessibility", "accessibility"],
	["missing", "nowhere"],
];

async function everyPage(browser, language) {
	const person = await Person.enter(browser, region.kommune, { language });
	for (const [name, path] of pages) {
		await person.go(path);
		await look(person, name, language, folder);
	}
	await person.go(`transition/${region.transition}`);
	await person.page.locator("#letters button").first().click();
	await person.page.locator("dialog .notification").waitFor();
	await look(person, "letter", language, folder);
	await person.page.keyboard.press("Escape");
	await person.dialogGone();
	await person.leave();
}

// What a receiver refused for good: on My table, and on the list from where it is brought again.
async function refusedForGood(browser, language) {
	const person = await Person.enter(browser, region.hospital, { language });
	await person.go("channels");
	await look(person, "channels-empty", language, folder);
	const row = (index) => ({ cursor: index, channel: "hook-1", message: `${index}f`.repeat(16), transition: region.transition, party: region.kommune.party,
		party_name: region.kommune.name, refusals: 10, at: new Date(Date.now() - index * 3600_000).toISOString() });
	const way = { name: "hook-1", kind: "response", paused: false, received: 12, filtered: 0, queued: 1, sent: 9, errored: 20, last: row(1).at, fault: "refused", created: row(9).at, aside: 2, url: "https://ris.example/svar", events: [] };
	let left = [row(1), row(2)];
	const posted = [];
	await person.page.route("**/api/v1/channels", async (route) => {
		const told = await (await route.fetch()).json();
		await route.fulfill({ json: { channels: [...told.channels, { ...way, aside: left.length }] } });
	});
	await person.page.route("**/api/v1/aside?*", (route) => route.fulfill({ json: { aside: left, next: 7 } }));
	await person.page.route("**/api/v1/channels/hook-1/again", (route) => {
		posted.push(route.request().postDataJSON());
		left = left.slice(1);
		return route.fulfill({ status: 204 });
	});
	await person.page.route("**/api/v1/board", async (route) => {
		const told = await (await route.fetch()).json();
		const task = { ...told.board[0], what: "put-aside", transition: null, next: null, duty: null, peer: null, peer_name: null, subject: null, name: "hook-1", citation: null,
			party: region.hospital.party, before: row(2).at, overdue: true, level: 0, count: 2 };
		await route.fulfill({ json: { ...told, board: [task] } });
	});
	await person.go("table");
	await look(person, "table-aside", language, folder);
	const task = person.page.locator("li.task");
	assert.match(await task.innerText(), /hook-1.*: 2/);
	await task.getByRole("button").click();
	await person.page.locator("#aside tbody tr").nth(1).waitFor();
	await look(person, "channels", language, folder);
	await person.page.locator("#aside tbody button").first().click();
	await person.page.waitForFunction(() => document.querySelectorAll("#aside tbody tr").length === 1);
	assert.deepEqual(posted, [{ message: row(1).message }]);
	await person.leave();
}

// The hospital's side of a plan: when the patient will be ready and will leave, as times that are not yet sure.
async function hospitalPlans(browser, language) {
	const person = await Person.enter(browser, region.hospital, { language });
	await person.go(`send/${region.transition}?what=plan`);
	await person.page.locator("form.card input").first().waitFor();
	await look(person, "plan", language, folder);
	await person.leave();
}

// Tab alone reaches every link, button and field of a page, in order, and what has it is seen.
async function byKeyboard(browser) {
	const person = await Person.enter(browser, region.kommune);
	await person.go("table");
	await person.page.keyboard.press("Tab");
	assert.equal(await person.page.evaluate(() => document.activeElement.className), "skip");
	const wanted = await person.page.evaluate(() => [...document.querySelectorAll("a[href], button:not([disabled]), input, select, textarea")]
		.filter((each) => each.getClientRects().length > 0).length);
	const reached = new Set();
	for (let i = 0; i < wanted + 20; i++) {
		const at = await person.page.evaluate(() => {
			const active = document.activeElement;
			const style = getComputedStyle(active);
			return { place: [...document.querySelectorAll("*")].indexOf(active), name: active.tagName, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
		});
		if (["A", "BUTTON", "INPUT", "SELECT", "TEXTAREA"].includes(at.name)) {
			assert.ok(at.seen, `the focus is not seen on a ${at.name}`);
			reached.add(at.place);
		}
		await person.page.keyboard.press("Tab");
	}
	assert.equal(reached.size, wanted, "everything is reached");
	// A dialog opens with Enter, keeps the focus and gives it back.
	const refuse = person.page.getByRole("button", { name: "Kan ikke modtage" }).first();
	await refuse.focus();
	await person.page.keyboard.press("Enter");
	await person.page.locator("dialog[open]").waitFor();
	for (let i = 0; i < 12; i++) {
		await person.page.keyboard.press("Tab");
		assert.ok(await person.page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest("dialog"))), "the focus stays in the dialog");
	}
	await person.page.keyboard.press("Escape");
	await person.dialogGone();
	assert.equal(await person.page.evaluate(() => document.activeElement.textContent.trim()), "Kan ikke modtage");
	await person.leave();
}

// The door itself, which nobody has gone through yet.
async function signedOut(browser, language) {
	const person = await Person.come(browser, region.kommune, { language });
	await look(person, "signin", language, folder);
	await person.leave();
}

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
	for (const language of ["da", "en"]) {
		await signedOut(browser, language);
		await everyPage(browser, language);
		await hospitalPlans(browser, language);
		await refusedForGood(browser, language);
	}
	await byKeyboard(browser);
	console.log(JSON.stringify({ pages: pages.length + 5 }));
} finally {
	await browser.close();
}
