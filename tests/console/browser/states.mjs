// A node's pages at other times than when one just came to them: each dialog, what is said of a wrong password
// and of a page for others, the warning before one is signed out, a timeline as its table, and a transition on
// paper. At three widths and in both languages, as pages.mjs does for pages.
//   node states.mjs REGION.json [FOLDER]
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import da from "../../../src/http/console/source/words/da.js";
import en from "../../../src/http/console/source/words/en.js";
import { Person, launch } from "./browser.mjs";
import { look, lookOnPaper } from "./look.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const words = { da, en };
const MINUTE = 60_000;
let looked = 0;

async function see(person, name, language) {
	await look(person, name, language, folder);
	looked++;
}

// What a button opens is looked at and closed again; then.(dialog) is done with it before.
async function opens(person, language, button, name, then) {
	await button.click();
	const dialog = person.page.locator("dialog[open]");
	await dialog.waitFor();
	await then?.(dialog);
	await see(person, name, language);
	await person.page.keyboard.press("Escape");
	await person.dialogGone();
}

// The answers on My table, each to whom it is about.
async function answers(person, language) {
	const say = (key) => words[language][key];
	const button = (who, key) => person.task(who).getByRole("button", { name: say(key), exact: true });
	await person.go("table");
	await opens(person, language, button("Karla", "answer.later"), "answer-later");
	await opens(person, language, button("Karla", "answer.cannot"), "answer-cannot");
	// A refusal without a direction, as it is sent back to who gives it.
	await opens(person, language, button("Karla", "answer.not-ours"), "answer-not-ours", async (dialog) => {
		await dialog.getByRole("button", { name: say("answer.send"), exact: true }).click();
		await dialog.getByText(say("answer.direction.missing")).waitFor();
	});
	await opens(person, language, button("Frode", "answer.no-case"), "answer-no-case");
	await opens(person, language, button("Bodil", "answer.agree"), "answer-agree");
	await opens(person, language, button("Ebba", "answer.reply"), "answer-question");
	await person.go("table?show=others");
	await see(person, "table-others", language);
}

async function onTransition(person, language) {
	const { page } = person;
	const button = (key) => page.getByRole("button", { name: words[language][key], exact: true });
	await person.go(`transition/${region.transition}`);
	await opens(person, language, button("transition.ask"), "question");
	await opens(person, language, button("transition.add-duty"), "duty");
	await opens(person, language, page.locator("#letters tr", { hasText: words[language]["word.letter.care-plan"] }).locator("button"), "letter-text", (dialog) => dialog.locator("pre").waitFor());
	await lookOnPaper(person, "transition", language, folder);
	await button("timeline.as-table").click();
	await page.locator(".timeline table").waitFor();
	await see(person, "timeline-table", language);
}

async function atHospital(browser, language) {
	const person = await Person.enter(browser, region.hospital, { language });
	const { page } = person;
	const button = (key, within = page) => within.getByRole("button", { name: words[language][key], exact: true });
	await person.go("table");
	await see(person, "table-hospital", language);
	await opens(person, language, button("answer.bind", person.task("Asta")), "answer-bind");
	await person.go("send");
	await see(person, "send-hospital", language);
	await person.go(`send/${region.transition}?what=letter`);
	await see(person, "send-letter", language);
	await person.go(`transition/${region.transition}`);
	await opens(person, language, button("baton.extend").first(), "window-extend");
	await opens(person, language, button("baton.end").first(), "window-end");
	await person.leave();
}

async function refused(browser, language) {
	const stranger = await Person.come(browser, region.kommune, { language });
	stranger.expect(/status of 401/);
	await stranger.page.locator("input[name=username]").fill("mettte");
	await stranger.page.locator("input[name=password]").fill("noget-der-er-forkert");
	await stranger.page.locator("form button[type=submit]").click();
	await stranger.page.getByText(words[language]["signin.refused.title"]).waitFor();
	await see(stranger, "signin-refused", language);
	await stranger.leave();
	const auditor = await Person.enter(browser, region.watcher, { language });
	await auditor.go("table");
	await see(auditor, "refused", language);
	await auditor.go("transitions");
	await see(auditor, "transitions-auditor", language);
	await auditor.leave();
}

async function idle(browser, language) {
	const person = await Person.come(browser, region.kommune, { language, prepare: (context) => context.clock.install() });
	await person.signIn();
	await person.go("directory");
	await person.context.clock.fastForward(13.25 * MINUTE);
	await person.page.getByRole("dialog", { name: words[language]["shell.idle.title"] }).waitFor();
	await see(person, "idle", language);
	await person.leave();
}

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
	for (const language of ["da", "en"]) {
		const person = await Person.enter(browser, region.kommune, { language });
		await answers(person, language);
		await onTransition(person, language);
		await person.leave();
		await atHospital(browser, language);
		await refused(browser, language);
		await idle(browser, language);
	}
	assert.ok(looked > 30);
	console.log(JSON.stringify({ looked }));
} finally {
	await browser.close();
}
