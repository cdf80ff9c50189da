// A stay told by clicking at a hospital without a system that sends: an admission, a correction, the discharge
// notice, its cancellation. The municipality sees what MedCom demands of each; also of a letter in XML.
//   node stay.mjs REGION.json [FOLDER]
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";
import { look } from "./look.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const folder = process.argv[3];
const CPR = "6109450018";
let looked = 0;

async function see(person, name, language = "da") {
	await look(person, name, language, folder);
	looked++;
}

// Nobody is named where a browser keeps or tells things.
async function namesNobody(person) {
	const told = await person.page.evaluate(() => `${location.href} ${document.title} ${JSON.stringify({ ...localStorage })} ${JSON.stringify({ ...sessionStorage })}`);
	for (const word of [CPR, CPR.slice(6), "Birkemose"]) assert.ok(!told.includes(word), "a citizen is named outside the page");
}

async function fill(hospital, values) {
	for (const [label, text] of Object.entries(values)) await hospital.page.getByLabel(label, { exact: true }).fill(text);
}

async function admits(hospital) {
	await hospital.go("send");
	await hospital.press("Skriv indlæggelse");
	await hospital.page.getByRole("heading", { name: "Ny indlæggelse" }).waitFor();
	await see(hospital, "admission");
	// A date that no month has, and nobody to send it to.
	await fill(hospital, { "CPR-nummer": "619945-0018", Fornavne: "Asta", Efternavn: "Birkemose" });
	await hospital.press("Gennemse og send …");
	await hospital.page.getByText("Det er ikke et CPR-nummer").waitFor();
	await hospital.page.getByText("Vælg den kommune, borgeren bor i.").waitFor();
	assert.equal(await hospital.page.locator("dialog").count(), 0);
	await see(hospital, "admission-faults");
	await fill(hospital, { "CPR-nummer": "610945-0018" });
	await hospital.page.getByLabel(/^Afdeling/).fill("Medicinsk afdeling");
	await hospital.page.getByLabel(/^Afsnit/).fill("M2");
	await hospital.choose("Bopælskommune", region.kommune.name);
	await hospital.choose("Praktiserende læge", region.gp.name);
	await hospital.press("Gennemse og send …");
	const dialog = hospital.page.locator("dialog");
	await dialog.getByText("610945-0018").waitFor();
	await see(hospital, "admission-confirm");
	await hospital.press("Send indlæggelsen", dialog);
	const link = hospital.page.getByRole("link", { name: "Se overgangen" });
	await link.waitFor();
	await hospital.accessible("an admission that was sent");
	assert.equal(await hospital.page.getByLabel("CPR-nummer", { exact: true }).inputValue(), "", "nothing of one citizen stays for the next");
	await namesNobody(hospital);
	return (await link.getAttribute("href")).split("/").pop();
}

async function steps(hospital, transition) {
	await hospital.go(`send/${transition}`);
	return hospital.page.locator("fieldset", { hasText: "Advis om opholdet" }).locator("label b").allTextContents();
}

async function corrects(hospital, transition) {
	await hospital.go(`send/${transition}?what=revise`);
	await hospital.press("Send", hospital.page.locator("form.card"));
	await hospital.page.getByText("Ret mindst ét felt.").waitFor();
	await hospital.accessible("a correction of nothing");
	await hospital.page.getByLabel(/^Afdeling/).fill("Medicinsk afdeling");
	await hospital.page.getByLabel(/^Afsnit/).fill("M3");
	await hospital.press("Send", hospital.page.locator("form.card"));
	await hospital.page.getByText(`sendt til ${region.kommune.name}`).waitFor();
	await hospital.accessible("a notification that was sent");
}

async function grave(hospital, transition, { what, go, picture }) {
	await hospital.go(`send/${transition}?what=${what}`);
	if (picture) await see(hospital, picture);
	await hospital.press("Gennemse og send …");
	const dialog = hospital.page.locator("dialog");
	await dialog.getByText(region.kommune.name).first().waitFor();
	await dialog.locator(".patient").getByText("Birkemose").waitFor();
	if (picture) await see(hospital, `${picture}-confirm`);
	// Thinking again sends nothing.
	await hospital.press("Tilbage", dialog);
	await hospital.dialogGone();
	await hospital.press("Gennemse og send …");
	await hospital.press(go, dialog);
	await hospital.dialogGone();
	await hospital.page.getByText(`sendt til ${region.kommune.name}`).waitFor();
	await namesNobody(hospital);
}

// The page says what it showed as told last. Here its word arrives as one that something newer was told since.
async function isOutdone(hospital, transition) {
	hospital.expect(/status of 409 .*\/notifications$/);
	let shown = "";
	await hospital.page.route("**/notifications", async (route) => {
		if (route.request().method() !== "POST") return route.continue();
		const said = route.request().postDataJSON();
		shown = said.latest;
		return route.continue({ postData: JSON.stringify({ ...said, latest: `${"0".repeat(31)}1` }) });
	});
	await hospital.go(`send/${transition}?what=cancel`);
	await hospital.press("Gennemse og send …");
	await hospital.press("Send annullering", hospital.page.locator("dialog"));
	await hospital.dialogGone();
	await hospital.page.getByText("Intet blev sendt: der er meldt noget nyere imens.").waitFor();
	assert.match(shown, /^[0-9a-f]{32}$/);
	await see(hospital, "outdone");
	await hospital.page.unroute("**/notifications");
}

// MedCom's minimum of the newest letter, as the municipality has it.
async function sees(kommune, transition, mode, wanted) {
	await kommune.go(`transition/${transition}`);
	const button = kommune.page.locator("#letters button").first();
	await button.waitFor();
	for (let tries = 0; ; tries++) {
		await button.click();
		const shown = kommune.page.locator("dialog dl.notification");
		await shown.waitFor();
		const told = Object.fromEntries(await shown.locator("div").evaluateAll((rows) => rows.map((row) => [row.querySelector("dt").textContent, row.querySelector("dd").textContent.trim()])));
		const head = await kommune.page.locator("dialog .letter-head").textContent();
		const wrong = Object.entries(wanted).filter(([name, text]) => !told[name]?.includes(text));
		if (wrong.length === 0 && head.includes(mode)) {
			assert.deepEqual(Object.keys(told), ["Borger", "Status for sygehusophold", "Tidspunkt", "Hospital", "Afdeling", "Afsnit"]);
			assert.match(told.Tidspunkt, /^\d\d\.\d\d\.\d{4} \d\d:\d\d$/);
			break;
		}
		assert.ok(tries < 20, `${JSON.stringify(wanted)} is not ${JSON.stringify(told)} ${head}`);
		await kommune.page.keyboard.press("Escape");
		await kommune.dialogGone();
		await kommune.page.waitForTimeout(500);
	}
	return kommune.page.locator("dialog");
}

async function closes(person) {
	await person.page.keyboard.press("Escape");
	await person.dialogGone();
}

async function readsXml(kommune) {
	const dialog = await sees(kommune, region.xml.transition, "", { Borger: region.xml.family, "Status for sygehusophold": "Start sygehusophold – indlagt", Hospital: region.xml.hospital });
	await see(kommune, "letter-xml");
	await kommune.press("Rå fil", dialog);
	await dialog.locator("pre.raw").getByText("<Bundle xmlns=").waitFor();
	await closes(kommune);
}

// Somebody rings about a citizen: the course is found by the number, which stands nowhere afterwards.
async function finds(person, transition) {
	await person.go("transitions");
	const label = "Find en borger med CPR-nummer";
	await fill(person, { [label]: "123" });
	await person.press("Find");
	await person.page.getByText("Det er ikke et CPR-nummer").waitFor();
	await fill(person, { [label]: "610190-0001" });
	await person.press("Find");
	await person.page.getByText("I har intet forløb med denne borger.").waitFor();
	await fill(person, { [label]: `${CPR.slice(0, 6)}-${CPR.slice(6)}` });
	await person.press("Find");
	const found = person.page.locator(".find .picks a");
	await found.waitFor();
	await see(person, "found");
	// Another number is nobody's yet.
	await fill(person, { [label]: CPR.slice(0, 9) });
	await found.waitFor({ state: "detached" });
	await fill(person, { [label]: CPR });
	await person.press("Find");
	await found.waitFor();
	await namesNobody(person);
	await found.click();
	await person.page.getByRole("heading", { name: "Asta Birkemose" }).waitFor();
	assert.ok(person.page.url().endsWith(`/transition/${transition}`));
}

async function inEnglish(browser, transition) {
	const hospital = await Person.enter(browser, region.hospital, { language: "en" });
	await hospital.go("send/new");
	await see(hospital, "admission", "en");
	await hospital.press("Look it over and send …");
	await hospital.page.getByText("This is no CPR number").waitFor();
	await see(hospital, "admission-faults", "en");
	for (const what of ["discharge-home", "death", "cancel", "revise"]) {
		await hospital.go(`send/${transition}?what=${what}`);
		const name = what === "discharge-home" ? "discharge" : what;
		await see(hospital, name, "en");
		if (what === "revise") continue;
		await hospital.press("Look it over and send …");
		await see(hospital, `${name}-confirm`, "en");
		await hospital.press("Back", hospital.page.locator("dialog"));
	}
	await hospital.leave();
}

if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
	const hospital = await Person.enter(browser, region.hospital);
	const kommune = await Person.enter(browser, region.kommune);
	const transition = await admits(hospital);
	const place = { Hospital: region.hospital.name, Afdeling: "Medicinsk afdeling" };
	await sees(kommune, transition, "", { ...place, Borger: "Asta Birkemose", "Status for sygehusophold": "Start sygehusophold – indlagt", Afsnit: "M2" });
	await closes(kommune);
	await finds(kommune, transition);
	// The discharge notice stands first, and only what may be told now is there.
	assert.deepEqual(await steps(hospital, transition), ["Udskrivningsadvis", "Start orlov", "Akut ambulant", "Dødsfald", "Ret det seneste advis", "Annullér det seneste advis"]);
	await corrects(hospital, transition);
	await sees(kommune, transition, "rettelse", { ...place, Afsnit: "M3" });
	await kommune.accessible("a letter that corrects");
	await closes(kommune);
	await grave(hospital, transition, { what: "discharge-home", go: "Udskriv til hjemmet", picture: "discharge" });
	await sees(kommune, transition, "", { ...place, "Status for sygehusophold": "Slut sygehusophold – afsluttet til hjemmet/primærsektor", Afsnit: "M3" });
	await closes(kommune);
	assert.deepEqual(await steps(hospital, transition), ["Dødsfald", "Ret det seneste advis", "Annullér det seneste advis"]);
	await isOutdone(hospital, transition);
	await grave(hospital, transition, { what: "cancel", go: "Send annullering" });
	await sees(kommune, transition, "annullering", { ...place, "Status for sygehusophold": "Annullering af slut sygehusophold" });
	await kommune.accessible("a letter that takes back");
	await closes(kommune);
	// Only people of a hospital are offered any of it.
	await kommune.go(`send/${transition}`);
	assert.equal(await kommune.page.getByText("Advis om opholdet").count(), 0);
	await readsXml(kommune);
	await kommune.leave();
	await hospital.leave();
	await inEnglish(browser, transition);
	console.log(JSON.stringify({ transition, looked }));
} finally {
	await browser.close();
}
