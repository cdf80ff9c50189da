// Behind an organisation's own sign-in: a proxy says who comes, with which roles. The page shows it, acts as it,
// and lets go of it in a way that says what happened; past the proxy nobody comes in.
//   node front.mjs REGION.json
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ELSEWHERE = "Du er ikke logget ind i Stafet";

async function come(browser, front, options) {
	return Person.come(browser, { ...front, name: front.user }, options);
}

async function clinician(browser) {
	const person = await come(browser, region.fronts.clinician);
	const { page, context } = person;
	await page.locator("nav.menu").waitFor();
	await page.getByText(region.fronts.clinician.user).first().waitFor();
	assert.deepEqual((await context.cookies()).length, 0, "there is no session of Stafet");
	await person.go(`transition/${region.transition}`);
	await page.locator(".live-live").waitFor();
	// It acts, with the token that the page was told, and hears of it by the events.
	await person.press("Stil et spørgsmål");
	await page.getByLabel("Tekst", { exact: true }).fill("Hvem følger op?");
	await person.press("Send spørgsmålet", page.locator("dialog"));
	await person.dialogGone();
	await page.locator("li.say-question").first().waitFor();
	// Signing out: what was shown is gone, and the page says who can end it. One step leads back.
	await person.press("Log ud");
	await page.getByRole("heading", { name: ELSEWHERE }).waitFor();
	assert.equal(await page.locator("input").count(), 0, "no password is asked for that nobody has");
	assert.ok(!(await page.content()).includes(region.patient));
	await person.accessible("signed out elsewhere");
	await person.press("Fortsæt");
	await page.locator("li.baton").first().waitFor();
	await person.leave();
}

// Roles are the proxy's: an auditor is one, and who has no role sees nothing and hears why.
async function others(browser) {
	const auditor = await come(browser, region.fronts.auditor);
	await auditor.page.locator("nav.menu").waitFor();
	assert.deepEqual((await auditor.page.locator("nav.menu a").allInnerTexts()).map((text) => text.trim()), ["Overgange", "Adressebog"]);
	await auditor.go(`transition/${region.transition}`);
	assert.equal(await auditor.page.locator("#letters button").count(), 0);
	await auditor.leave();
	const nobody = await come(browser, region.fronts.nobody);
	await nobody.page.getByRole("heading", { name: "Siden er ikke for din rolle" }).waitFor();
	await nobody.page.getByText("giver dig ingen rolle").waitFor();
	await nobody.accessible("no role at all");
	await nobody.leave();
}

// Straight to the daemon, and from where no proxy stands: nobody, whatever is said.
async function past(browser) {
	const straight = await Person.come(browser, { url: region.direct, name: "straight" });
	await straight.page.getByRole("heading", { name: ELSEWHERE }).waitFor();
	await straight.press("Fortsæt");
	await straight.page.getByRole("heading", { name: ELSEWHERE }).waitFor();
	assert.equal(await straight.page.locator("nav.menu, input").count(), 0);
	await straight.leave();
	const forged = await Person.come(browser, { url: region.direct, name: "forged" }, { headers: { "X-Stafet-User": "mette", "X-Stafet-Roles": "clinician" } });
	forged.expect(/status of 403/);
	await forged.page.getByText("who asks is said by one who is not believed here").waitFor();
	await forged.accessible("one who is not believed");
	assert.equal(await forged.page.locator("nav.menu").count(), 0);
	forged.faults.length = 0;
	await forged.leave();
}

const browser = await launch();
try {
	await clinician(browser);
	await others(browser);
	await past(browser);
	console.log(JSON.stringify({ fronts: Object.keys(region.fronts).length }));
} finally {
	await browser.close();
}
