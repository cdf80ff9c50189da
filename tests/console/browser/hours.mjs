// Whom to call changes with the hour while nobody touches the page: in the directory and on the cards of a
// transition. The daemon's clock is an hour behind the browser's; what it tells is read once more, at the turn.
//   node hours.mjs REGION.json
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const BEHIND_MS = 3600_000;
const TURN_MS = 2000;
const HALF_DAY_MS = 12 * 3600_000;

// The daemon's answer with its clock and the turn to come: soon the first time, then after half a day.
async function turned(route, asked, change) {
	const told = await (await route.fetch()).json();
	const now = Date.now() - BEHIND_MS;
	const until = new Date(now + (asked === 1 ? TURN_MS : HALF_DAY_MS)).toISOString();
	change(told, until);
	await route.fulfill({ json: { ...told, as_of: new Date(now).toISOString() } });
}

async function directory(browser) {
	const person = await Person.enter(browser, region.kommune);
	let asked = 0;
	await person.page.route("**/api/v1/directory", (route) => turned(route, ++asked, ({ parties }, until) => {
		for (const row of parties) {
			row.contacts_until = row.party === region.other.party ? until : null;
			row.contacts.forEach((desk, index) => { desk.now = index === (asked === 1 ? 0 : 1); });
		}
	}));
	await person.go("directory");
	const desk = person.page.locator("tr", { hasText: region.other.name }).locator(".desk-now");
	await desk.getByText("Vagttelefon, formiddag").waitFor();
	await desk.getByText("Vagttelefon, eftermiddag").waitFor();
	assert.equal(await desk.count(), 1);
	assert.equal(asked, 2, "read once, and once more at the turn");
	await person.leave();
}

// A letter's word on whom to call ends as well, and then it is the desk of the hour.
async function cards(browser) {
	const person = await Person.enter(browser, region.kommune);
	let asked = 0;
	await person.page.route(`**/api/v1/transitions/${region.transition}`, (route) => turned(route, ++asked, ({ contacts }, until) => {
		for (const row of contacts)
			Object.assign(row, { until, next_contact: null, next_telephone: null },
				asked === 1 ? { source: "letter", contact: "Sygeplejerske på N3", telephone: "00000199" } : { source: "hours", contact: "Vagttelefon, formiddag", telephone: "00000101" });
	}));
	await person.go(`transition/${region.transition}`);
	const call = person.page.locator(".baton-call").first();
	await call.getByText("Sygeplejerske på N3").waitFor();
	await call.getByText("Vagttelefon, formiddag").first().waitFor();
	assert.equal((await call.locator("a.telephone-large").getAttribute("href")), "tel:00000101");
	await person.leave();
}

const browser = await launch();
try {
	await directory(browser);
	await cards(browser);
	console.log(JSON.stringify({ turned: 2 }));
} finally {
	await browser.close();
}
