// Every state of the console that is not a page as it mostly is: axe finds nothing in it, nothing is wider than the
// screen, and nothing goes wrong. Pages as they mostly are, and the dialogs in which
// people answer, at three widths in two languages: pages.mjs, states.mjs, region_pages.mjs. What a whole discharge and
// a stay come by: discharge.mjs, stay.mjs; proven and forged: audit.mjs; an organisation's sign-in: front.mjs; a
// daemon that is away: restart.mjs. A new dialog, notice or form needs a line in one of these.
//   node every_state.mjs REGION.json [PART]
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";
import { looker } from "./stand_in.mjs";
import { doorStates } from "./states_door.mjs";
import { regionStates } from "./states_region.mjs";
import { tableStates } from "./states_table.mjs";
import { transitionStates } from "./states_transition.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const PARTS = { door: doorStates, table: tableStates, transition: transitionStates, region: regionStates };

// What all of this stands on can fail: a picture without words, a wide box, markup that a script writes.
async function wouldBeTold(browser) {
	const person = await Person.enter(browser, region.people.kommune.clinician);
	const { page } = person;
	await person.go("directory");
	await page.evaluate(() => document.querySelector("main").append(document.createElement("img")));
	await assert.rejects(person.accessible("a picture without words"), /image-alt/);
	await page.evaluate(() => document.querySelector("main img").remove());
	await person.accessible("without it");
	assert.deepEqual(person.faults, []);
	await page.evaluate(() => {
		try {
			document.querySelector("main").innerHTML = "<b>markup</b>";
		} catch {
			// Trusted Types say no; what is asked here is whether the test hears of it.
		}
	});
	await page.goto(`${person.party.url}/console/table`);
	await person.settled();
	assert.ok(person.faults.some((fault) => /^policy: require-trusted-types-for/.test(fault)), `${person.faults}`);
	person.faults.length = 0;
	await person.leave();
}

const browser = await launch();
const { seen, found, see } = looker();
try {
	await wouldBeTold(browser);
	for (const [name, part] of Object.entries(PARTS)) if (!process.argv[3] || process.argv[3] === name) await part(browser, region, see);
	assert.deepEqual(found, []);
	console.log(JSON.stringify({ seen }));
} catch (failure) {
	console.error(`behind "${seen.at(-1)}"`, found);
	throw failure;
} finally {
	await browser.close();
}
