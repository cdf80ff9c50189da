// Every page of a node, at three widths and in both languages: nothing is against WCAG 2.1 AA, nothing is
// wider than the screen, nothing goes wrong; with a keyboard alone one gets everywhere. With a second
// folder, pictures of all of it go there (deploy/screenshots/take).
//   node pages.mjs REGION.json [FOLDER]
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const WIDTHS = [1440, 768, 360];

const pages = [
	["table", "table"],
	["transitions", "transitions"],
	["transition", `transition/${region.transition}`],
	["send", "send"],
	["plan", `send/${region.transition}?what=plan`],
	["directory", "directory"],
	["accessibility", "accessibility"],
	["missing", "nowhere"],
];

// What is kept among the sources is small: the pages that matter, as JPEG.
const KEPT = ["table", "transition", "plan", "letter", "signin"];

async function picture(person, name, file) {
	if (folder && KEPT.includes(name))
		await person.page.screenshot({ path: join(folder, `${file}.jpg`), type: "jpeg", quality: 55, fullPage: name !== "letter" });
}

async function look(person, name, language) {
	for (const width of WIDTHS) {
		await person.page.setViewportSize({ width, height: 900 });
		await person.accessible(`${name} (${language})`);
		await person.reflows(name);
		await picture(person, name, `${name}-${language}-${width}`);
	}
	// What is left at 320 points and at twice the size of 1280 (WCAG 1.4.10, 1.4.4).
	await person.page.setViewportSize({ width: 320, height: 600 });
	await person.reflows(name);
	await person.page.setViewportSize({ width: 1440, height: 900 });
	const missing = await person.page.evaluate(() => document.body.innerText.match(/⟦[^⟧]*⟧/g) ?? []);
	assert.deepEqual(missing, [], name);
}

async function everyPage(browser, language) {
	const person = await Person.enter(browser, region.kommune, { language });
	for (const [name, path] of pages) {
		await person.go(path);
		await look(person, name, language);
	}
	await person.go(`transition/${region.transition}`);
	await person.page.locator("#letters button").first().click();
	await person.page.locator("dialog .notification").waitFor();
	await look(person, "letter", language);
	await person.page.keyboard.press("Escape");
	await person.dialogGone();
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
	await look(person, "signin", language);
	await person.leave();
}

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
	for (const language of ["da", "en"]) {
		await signedOut(browser, language);
		await everyPage(browser, language);
	}
	await byKeyboard(browser);
	console.log(JSON.stringify({ pages: pages.length + 2 }));
} finally {
	await browser.close();
}
