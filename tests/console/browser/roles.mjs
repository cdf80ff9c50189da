// What each role is offered, page by page and button by button, against a table that is written down here;
// and what happens when a page offers more than its reader may: the daemon refuses, and the page says so.
//   node roles.mjs REGION.json
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const REFUSED = "Siden er ikke for din rolle";
const CARE = ["clerk", "clinician"];
const ROLES = [...CARE, "auditor", "operator"];

// Every page: whose daemon has it, who is offered it, its name in the menu ("" when it is not there).
const PAGES = [
	["node", "table", [...CARE, "operator"], "Mit bord"],
	["node", "transitions", [...CARE, "auditor"], "Overgange"],
	["node", "send", CARE, "Send"],
	["node", "directory", ROLES, "Adressebog"],
	["node", "channels", ["operator"], "Kanaler"],
	["node", `transition/${region.transition}`, [...CARE, "auditor"], ""],
	["coordinator", "region", ["auditor", "operator"], "Overblik"],
	["coordinator", "indicators", ["auditor", "operator"], "Indikatorer"],
	["coordinator", `audit/${region.transition}`, ["auditor"], "Revision"],
	["coordinator", "operator", ["operator"], "Drift"],
];

// Every button and link that does something, and who has it, at the municipality and at the hospital of one
// transition: it was offered to the municipality, which has asked the hospital a question.
const EVERYBODY = ["Print"]; // and what moves the timeline
// What comes with time, so that it is there or not yet: who else has it is wrong.
const IN_TIME = { "Markér som set": CARE, "Send brev": ["clinician"] };
const CPR = "Vis hele CPR-nummeret (opslaget registreres)";
const BUTTONS = {
	kommune: {
		transitions: { Find: CARE },
		channels: { "Sæt på pause": ["operator"] },
		table: { Overtag: CARE, Senere: CARE, "Kan ikke modtage": CARE, "Ikke vores borger": CARE, "Sæt på pause": [...CARE, "operator"] },
		[`transition/${region.transition}`]: {
			Overtag: CARE, Senere: CARE, "Kan ikke modtage": CARE, "Ikke vores borger": CARE, Send: CARE, "Anmod om en opgave": CARE, "Stil et spørgsmål": CARE,
			[CPR]: CARE, Åbn: ["clinician"], Læs: ["clinician"],
		},
	},
	hospital: {
		table: { Svar: CARE, "Sæt på pause": [...CARE, "operator"] },
		[`transition/${region.transition}`]: {
			Send: CARE, "Anmod om en opgave": CARE, "Stil et spørgsmål": CARE, Svar: CARE, "Påtag jer opgaven": CARE, Udført: CARE,
			[CPR]: CARE, Åbn: ["clinician"], Læs: ["clinician"],
		},
	},
};
// What can be said on the Send page, at the hospital.
const SENDS = { "Udskrivning besluttet": CARE, Plan: CARE, Færdigbehandlet: CARE, "Ikke længere færdigbehandlet": CARE, "Bekræft udskrivningstid": CARE,
	Brev: ["clinician"], Spørgsmål: CARE, "Klaret på telefon": CARE,
	// Of a stay that was told to have ended at home.
	Dødsfald: ["clinician"], "Ret det seneste advis": ["clinician"], "Annullér det seneste advis": ["clinician"] };
let tried = 0;
const differences = [];

// Collected, so that one run tells all of them.
function same(found, wanted, where) {
	tried++;
	const more = found.filter((each) => !wanted.includes(each)), fewer = wanted.filter((each) => !found.includes(each));
	if (more.length + fewer.length > 0) differences.push({ where, more, fewer });
}

async function heading(person) {
	await person.settled();
	return person.page.locator("h1").innerText();
}

function asked(person) {
	const paths = [];
	person.page.on("request", (request) => paths.push(new URL(request.url()).pathname));
	return () => paths.splice(0).filter((path) => /^\/(api|fhir)/.test(path) && path !== "/api/v1/events");
}

async function pagesOf(person, key, daemon, role) {
	const here = PAGES.filter((page) => page[0] === daemon);
	const menu = await person.page.locator("nav.menu a").allInnerTexts();
	const wanted = here.filter(([, , roles, name]) => name && roles.includes(role)).map((page) => page[3]);
	same(menu.map((text) => text.trim()), wanted, `menu (PAGES), ${daemon}, ${role}`);
	const paths = asked(person);
	let typed = false;
	for (const [, path, roles] of here) {
		// Every page that is this role's, and one that is not, by its address; others by a way inside the page.
		if (roles.includes(role) || !typed) await person.go(path);
		else await person.page.evaluate((to) => { history.pushState(null, "", to); dispatchEvent(new PopStateEvent("popstate")); }, `/console/${path}`);
		typed ||= !roles.includes(role);
		const found = paths();
		if (roles.includes(role)) {
			assert.notEqual(await heading(person), REFUSED, `${role} at ${path}`);
			assert.ok(found.length > 0, path);
			await buttonsOf(person, key, role, path);
		} else {
			// Not offered, and nothing is asked for that would only be refused.
			assert.equal(await heading(person), REFUSED, `${role} at ${path}`);
			assert.deepEqual(found, [], `${role} at ${path}`);
			assert.equal(await person.page.locator("main button, main a").count(), 0);
		}
		tried++;
	}
}

// The names of what can be pressed, without what every reader has.
async function offered(person) {
	const names = await person.page.locator("main button:not([class^=tab]), main a.button").evaluateAll((all) => all.filter((each) => !each.closest("#timeline")).map((each) => each.innerText.trim() || each.getAttribute("aria-label")));
	return [...new Set(names)].filter((name) => !EVERYBODY.includes(name) && !/^Vis \d+ afsluttede$/.test(name));
}

async function buttonsOf(person, key, role, path) {
	const buttons = BUTTONS[key]?.[path];
	if (!buttons) return;
	if (path === "table" && CARE.includes(role)) await person.page.locator("li.task button").first().waitFor();
	const wanted = Object.keys(buttons).filter((name) => buttons[name].includes(role));
	const found = (await offered(person)).filter((name) => !IN_TIME[name]?.includes(role));
	same(found, wanted, `BUTTONS, ${key}, ${role}, ${path}`);
}

// What is alike at every node is tried at one.
async function buttonsAlone(person, key, role) {
	for (const path of Object.keys(BUTTONS[key])) {
		if (!PAGES.find((page) => page[1] === path)[2].includes(role)) continue;
		await person.go(path);
		await buttonsOf(person, key, role, path);
	}
}

async function sendsOf(person, role) {
	if (!CARE.includes(role)) return;
	await person.go("send");
	assert.equal(await person.page.locator("#message-file").count(), role === "clinician" ? 1 : 0, "hands in a file");
	assert.equal(await person.page.getByRole("button", { name: "Skriv indlæggelse" }).count(), role === "clinician" ? 1 : 0, "writes an admission");
	await person.go(`send/${region.transition}`);
	await person.page.locator("form.card").waitFor();
	const names = await person.page.locator(".send .choices label").allInnerTexts();
	const wanted = Object.keys(SENDS).filter((name) => SENDS[name].includes(role));
	same(names.map((name) => name.trim()), wanted, `SENDS, ${role}`);
}

// My table has this row alone.
async function tabled(person, changes) {
	await person.page.route("**/api/v1/board", async (route) => {
		const told = await (await route.fetch()).json();
		const row = { ...told.board[0], next: "", duty: "", party: region.kommune.party, ...changes };
		await route.fulfill({ json: { ...told, board: [row] } });
	});
	await person.go("table");
	await person.page.locator("li.task").waitFor();
}

// A letter that reaches nobody: the operator sends it again, who cares for people calls. And answers that a
// system refuses: the operator sees them, for nobody else can do anything about it.
async function undeliverable(person, role) {
	if (!["clerk", "operator"].includes(role)) return;
	await tabled(person, { what: "undeliverable", transition: region.transition, subject: "0f".repeat(16) });
	assert.deepEqual(await person.page.locator("li.task button").allInnerTexts(), [role === "operator" ? "Send igen" : "Ring i stedet"]);
	// No name of a patient for the operator, and no way that only leads to a refusal.
	assert.equal(await person.page.locator("li.task a, li.task .patient").count(), role === "operator" ? 0 : 2);
	await person.page.unroute("**/api/v1/board");
	await tabled(person, { what: "put-aside", transition: null, subject: null, name: "hook-1", count: 3, before: "2026-01-01T12:00:00Z" });
	assert.deepEqual(await person.page.locator("li.task button").allInnerTexts(), role === "operator" ? ["Se dem"] : []);
	await person.page.unroute("**/api/v1/board");
}

async function walk(browser, key, daemon, role) {
	const person = await Person.enter(browser, region.people[key][role]);
	if (key === "hospital") await buttonsAlone(person, key, role);
	else await pagesOf(person, key, daemon, role);
	if (key === "hospital") await sendsOf(person, role);
	if (key === "kommune") await undeliverable(person, role);
	await person.leave();
}

// At the coordinator a clerk has nothing to see, and hears that.
async function nothingHere(browser) {
	const person = await Person.enter(browser, region.people.coordinator.clerk);
	assert.equal(await heading(person), REFUSED);
	// What is no name or id never becomes part of what is asked for.
	const paths = asked(person);
	for (const path of ["nowhere", "%C3%BF", "transition/a%3Fb"]) {
		await person.go(path);
		assert.equal(await heading(person), "Siden findes ikke", path);
		assert.deepEqual(paths(), [], path);
	}
	await person.leave();
}

// The page is made to believe in every role: each thing that is not this reader's is refused in words.
async function refusedInWords(browser) {
	const forge = (context) => context.route("**/console/session", async (route) => {
		const answer = await route.fetch();
		await route.fulfill({ response: answer, json: answer.ok() ? { ...(await answer.json()), roles: ROLES } : await answer.json() });
	});
	const enter = async (party) => {
		const person = await Person.come(browser, party, { prepare: forge });
		person.expect(/status of 403/);
		await person.signIn();
		return person;
	};
	const clerk = await enter(region.people.kommune.clerk);
	await clerk.go(`transition/${region.transition}`);
	await clerk.page.locator("#letters button").first().click();
	const dialog = clerk.page.locator("dialog");
	await dialog.getByText("Det har din rolle ikke adgang til").waitFor();
	assert.equal(await dialog.locator(".notification, pre, .letter, .attachment").count(), 0);
	await clerk.page.keyboard.press("Escape");
	await clerk.dialogGone();
	await clerk.go(`send/${region.transition}?what=letter`);
	await clerk.page.getByLabel("Tekst", { exact: false }).first().fill("Til lægen.");
	await clerk.press("Send", clerk.page.locator("form.card"));
	await clerk.page.getByText("Det har din rolle ikke adgang til").waitFor();
	await clerk.leave();

	const auditor = await enter(region.people.kommune.auditor);
	await auditor.go(`transition/${region.transition}`);
	await auditor.press("Overtag");
	await auditor.page.getByText("Det har din rolle ikke adgang til").first().waitFor();
	await auditor.go("table");
	await auditor.page.getByText("Det har din rolle ikke adgang til").waitFor();
	await auditor.leave();
}

const browser = await launch();
try {
	for (const role of ROLES) {
		await walk(browser, "kommune", "node", role);
		await walk(browser, "hospital", "node", role);
		if (!CARE.includes(role)) await walk(browser, "coordinator", "coordinator", role);
	}
	assert.deepEqual(differences, [], "what is new needs a line in the table that is named: who may");
	await nothingHere(browser);
	await refusedInWords(browser);
	console.log(JSON.stringify({ tried }));
} finally {
	await browser.close();
}
