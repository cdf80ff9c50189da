// A whole discharge by clicking, in four browsers: a hospital, two municipalities and a practice. A
// refusal that points onward, a question within the 72 hours, and the hand-back to the practice.
//   node discharge.mjs REGION.json   (what tests/e2e/console_test.py writes)
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));

async function handIn(hospital, file, gp) {
	await hospital.go("send");
	await hospital.page.locator("#message-file").setInputFiles(file);
	if (gp) await hospital.choose("Borgerens læge", gp);
	await hospital.press("Send filen");
	const link = hospital.page.getByRole("link", { name: "Se overgangen" });
	await link.waitFor();
	await hospital.accessible("a file that was sent");
	return (await link.getAttribute("href")).split("/").pop();
}

async function plan(hospital, transition) {
	await hospital.go(`send/${transition}?what=plan`);
	await hospital.press("Send", hospital.page.locator("form.card"));
	await hospital.page.getByText("Sendt. Det er gemt her og på vej.").waitFor();
	await hospital.accessible("a plan that was sent");
}

// "No case" deletes content: one slip does not.
async function slipsOnNoCase(kommune, task) {
	await kommune.press("Ingen sag", task);
	const dialog = kommune.page.locator("dialog");
	await dialog.getByText("kan ikke hentes tilbage").waitFor();
	await kommune.accessible("no case");
	await kommune.press("Ikke nu", dialog);
	await kommune.dialogGone();
	await task.waitFor();
}

async function answersPlan(kommune) {
	const task = kommune.task("Svar på planen fra");
	await task.waitFor();
	await slipsOnNoCase(kommune, task);
	await kommune.press("Klar fra …", task);
	await kommune.press("Send svaret", kommune.page.locator("dialog"));
	await kommune.dialogGone();
}

async function refusesOnward(kommune, other) {
	const task = kommune.task("Svar på overdragelsen af pleje, medicin");
	await task.waitFor();
	await kommune.press("Ikke vores borger", task);
	const dialog = kommune.page.locator("dialog");
	// A refusal without a direction is not sent.
	await kommune.press("Send svaret", dialog);
	await dialog.getByText("Vælg, hvem der skal spørges i stedet.").waitFor();
	await kommune.accessible("a refusal without a direction");
	await kommune.choose("Hvem hører borgeren til", other);
	await kommune.accessible("the refusal");
	await kommune.press("Send svaret", dialog);
	await kommune.dialogGone();
	await task.waitFor({ state: "detached" });
}

// "Later" closes nothing: both see the promise, the hospital holds on, and the offer waits.
async function answersLater(kommune, hospital, task, transition) {
	await kommune.press("Senere", task);
	await kommune.page.locator("dialog").getByText("I lover at kunne modtage fra det tidspunkt.").waitFor();
	await kommune.accessible("a promise");
	await kommune.press("Send svaret", kommune.page.locator("dialog"));
	await kommune.dialogGone();
	await task.getByText("har svaret: senere, fra").waitFor();
	await hospital.go(`transition/${transition}`);
	const card = hospital.page.locator("li.baton", { has: hospital.page.getByRole("heading", { name: "pleje" }) });
	await card.getByText(region.hospital.name).first().waitFor();
	await card.getByText("har svaret: senere, fra").waitFor();
}

async function bindsAnother(hospital, other) {
	await hospital.go("table");
	const task = hospital.page.locator("li.task").filter({ has: hospital.page.getByRole("button", { name: "Find modtager" }) });
	await task.first().waitFor();
	await hospital.press("Find modtager", task.first());
	await hospital.choose("Hvem spørger I i stedet", other);
	await hospital.accessible("another receiver");
	await hospital.press("Tilbyd", hospital.page.locator("dialog"));
	await hospital.dialogGone();
}

async function holds(person, transition, domain, name) {
	await person.go(`transition/${transition}`);
	const card = person.page.locator("li.baton", { has: person.page.getByRole("heading", { name: domain }) });
	await card.getByText(name).first().waitFor();
}

// One card, one number: the desk that is answered at this hour, who is next, and all hours within reach.
async function tellsWhomToCall(person, transition) {
	await person.go(`transition/${transition}`);
	const card = person.page.locator("li.baton", { has: person.page.getByRole("heading", { name: "pleje" }) });
	const call = card.locator("a.telephone-large");
	const number = (await call.getAttribute("href")).replace("tel:", "");
	assert.ok(["00000101", "00000102"].includes(number), number);
	assert.equal(await card.locator("a.telephone-large").count(), 1);
	await card.getByText("derefter Vagttelefon").waitFor();
	await card.getByText("Alle tider").click();
	assert.deepEqual(await card.locator(".desk a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))), ["tel:00000101", "tel:00000102"]);
	assert.equal((await card.locator(".desk-now a").getAttribute("href")).replace("tel:", ""), number);
	await person.accessible("the hours of a desk");
	await person.go("directory");
	const row = person.page.locator("tr", { hasText: region.other.name });
	await row.getByText("ring her nu").waitFor();
	await row.getByText("alle dage 12–24").waitFor();
	await row.locator("td").filter({ hasText: /\d\d:\d\d|i dag/ }).first().waitFor();
	await person.accessible("the directory with its desks");
}

async function asksAndIsAnswered(kommune, hospital, transition) {
	await kommune.go(`transition/${transition}`);
	await kommune.press("Stil et spørgsmål");
	await kommune.choose("Til", "hospital");
	await kommune.page.getByLabel("Tekst", { exact: true }).fill("Hvornår skal forbindingen skiftes?");
	await kommune.accessible("a question");
	await kommune.press("Send spørgsmålet", kommune.page.locator("dialog"));
	await kommune.dialogGone();
	await hospital.go("table");
	const task = hospital.task("Besvar spørgsmålet");
	await task.waitFor();
	await hospital.press("Svar", task);
	await hospital.page.getByLabel("Tekst", { exact: true }).fill("Hver anden dag.");
	await hospital.accessible("its answer");
	await hospital.press("Send svaret", hospital.page.locator("dialog"));
	await hospital.dialogGone();
	await kommune.page.locator("li.say-question").getByText("besvaret").waitFor();
	await kommune.press("Læs", kommune.page.locator("li.say-answer"));
	await kommune.page.locator("dialog pre").getByText("Hver anden dag.").waitFor();
	await kommune.accessible("an answer");
	await kommune.page.keyboard.press("Escape");
	await kommune.dialogGone();
}

async function handsBack(hospital, transition) {
	await hospital.go(`transition/${transition}`);
	const card = hospital.page.locator("li.baton", { has: hospital.page.getByRole("heading", { name: "behandling" }) });
	await hospital.press("Forlæng", card);
	await hospital.page.getByLabel("Ansvarlig indtil").waitFor();
	await hospital.accessible("a window that is extended");
	await hospital.press("Ikke nu", hospital.page.locator("dialog"));
	await hospital.dialogGone();
	await hospital.press("Afslut", card);
	await hospital.accessible("a window that is ended");
	await hospital.press("Giv videre", hospital.page.locator("dialog"));
	await hospital.dialogGone();
	await card.getByText(region.gp.name).waitFor();
}

const browser = await launch();
const [hospital, kommune, other, gp] = await Promise.all([region.hospital, region.kommune, region.other, region.gp].map((party) => Person.enter(browser, party)));
try {
	await kommune.go("table");
	const transition = await handIn(hospital, region.files.admission, region.gp.name);
	await kommune.page.getByText("indlæggelsesrapport").first().waitFor();
	await plan(hospital, transition);
	await answersPlan(kommune);
	assert.equal(await handIn(hospital, region.files.discharge), transition);
	await refusesOnward(kommune, region.other.name);
	await holds(hospital, transition, "pleje", region.hospital.name);
	await bindsAnother(hospital, region.other.name);
	await other.go("table");
	const task = other.task("Svar på overdragelsen af pleje, medicin");
	await task.waitFor();
	await answersLater(other, hospital, task, transition);
	await other.press("Overtag", task);
	await holds(other, transition, "pleje", region.other.name);
	await tellsWhomToCall(hospital, transition);
	await holds(hospital, transition, "behandling", region.hospital.name);
	await asksAndIsAnswered(other, hospital, transition);
	await handsBack(hospital, transition);
	await holds(gp, transition, "behandling", region.gp.name);
	await gp.accessible("a transition at the practice");
	console.log(JSON.stringify({ transition }));
	for (const person of [hospital, kommune, other, gp]) await person.leave();
} catch (failure) {
	// What everybody saw, for who looks into it.
	for (const [name, person] of Object.entries({ hospital, kommune, other, gp })) {
		const dialog = await person.page.locator("dialog").allInnerTexts().catch(() => []);
		console.error(name, person.faults, dialog, (await person.page.locator("main").innerText().catch(() => "")).slice(0, 600));
	}
	throw failure;
} finally {
	await browser.close();
}
