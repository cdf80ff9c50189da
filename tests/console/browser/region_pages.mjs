// Every page of a coordinator, at three widths and in both languages, as pages.mjs does for a node. With a
// second folder, pictures of all of it go there (deploy/screenshots/take).
//   node region_pages.mjs REGION.json [FOLDER]
import { mkdirSync, readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";
import { look } from "./look.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const pages = [
	["region", "region"],
	["indicators", "indicators"],
	["auditor", `audit/${region.transition}`],
	["operator", "operator"],
];
const PROVED = { da: ["Hent og efterprøv beviset", "Alt, der kan efterprøves her, holder"], en: ["Fetch and verify the evidence", "All that can be verified here holds"] };

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
	await person.leave();
}

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
	for (const language of ["da", "en"]) await everyPage(browser, language);
	console.log(JSON.stringify({ pages: pages.length }));
} finally {
	await browser.close();
}
