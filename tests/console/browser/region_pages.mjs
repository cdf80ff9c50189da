// Every page of a coordinator, at three widths and in both languages, as pages.mjs does for a node. With a
// second folder, pictures of all of it go there (deploy/screenshots/take).
//   node region_pages.mjs REGION.json [FOLDER]
import { mkdirSync, readFileSync } from "node:fs";
import { changed, FIELD } from "../evidence_parts.mjs";
import { Person, launch } from "./browser.mjs";
import { look } from "./look.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const pages = [
	["region", "region"],
	["indicators", "indicators"],
	["auditor-find", "audit"],
	["auditor", `audit/${region.transition}`],
	["operator", "operator"],
];
const FILE = { da: "Efterprøv en fil", en: "Verify a file" };
const BROKEN = { da: "Beviset holder ikke", en: "The evidence does not hold" };
const PROVED = { da: ["Hent og efterprøv beviset", "Alt, der kan efterprøves her, holder"], en: ["Fetch and verify the evidence", "All that can be verified here holds"] };

// Somebody has left an event out of the file: the page is red, and says which.
async function tampered(person, language) {
	const { page } = person;
	await person.go(`audit/${region.transition}`);
	const bytes = await page.evaluate(async (path) => [...new Uint8Array(await (await fetch(path, { headers: { Accept: "application/octet-stream", "Stafet-Purpose": "audit" } })).arrayBuffer())],
		`/api/v1/transitions/${region.transition}/evidence`);
	const buffer = Buffer.from(changed(new Uint8Array(bytes), FIELD.events, (events) => events.toSpliced(3, 1)));
	await page.getByLabel(FILE[language]).setInputFiles({ name: "changed.evidence", mimeType: "application/octet-stream", buffer });
	await page.getByText(BROKEN[language]).waitFor();
	await page.locator(".proof-events summary").click();
	await look(person, "auditor-red", language, folder);
}

async function everyPage(browser, language) {
	const person = await Person.enter(browser, region.coordinator, { language });
	for (const [name, path] of pages) {
		await person.go(path);
		if (name === "auditor") {
			await person.page.locator(".timeline-svg .place").first().waitFor();
			// Whose keys are trusted is the reader's to say: what the coordinator gives is only held by itself.
			await person.page.locator(".proof-trust summary").click();
			await person.page.locator("#proof-policy").setInputFiles(region.policy);
			await person.press(PROVED[language][0]);
			await person.page.getByText(PROVED[language][1]).waitFor();
		}
		if (name === "operator") {
			await person.page.locator("details.panel summary").first().click();
			await person.page.locator(".explained").waitFor();
		}
		await look(person, name, language, folder);
	}
	await tampered(person, language);
	await person.leave();
}

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
	for (const language of ["da", "en"]) await everyPage(browser, language);
	console.log(JSON.stringify({ pages: pages.length + 1 }));
} finally {
	await browser.close();
}
