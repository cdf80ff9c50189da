// What others wrote, shown: markup in names, in letters and in questions, text that turns around, names
// without an end. Nothing of it runs, loads or is wider than the screen, and nothing is reported.
//   node hostile.mjs REGION.json
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const LINES = [
	"<script>window.stafetRan = 1</script>", "<img src=x onerror='window.stafetRan=1'>", "<svg onload=window.stafetRan=1>",
	"javascript:window.stafetRan=1", "\u202eevil\u202c \u0007", "{{7*7}} ${7*7}", "X".repeat(500), "&lt;b&gt; &#60;",
];
let looked = 0;

async function inert(person, where) {
	await person.settled();
	assert.doesNotMatch(await person.page.title(), /<|AAAA/, where);
	assert.equal(await person.page.evaluate(() => window.stafetRan), undefined, where);
	assert.equal(await person.page.locator("main img, main iframe, main object, main embed, main script").count(), 0, where);
	await person.reflows(where);
	await person.accessible(where);
	looked++;
}

async function ask(person, text) {
	await person.press("Stil et spørgsmål");
	await person.page.getByLabel("Tekst", { exact: true }).fill(text);
	await person.press("Send spørgsmålet", person.page.locator("dialog"));
	await person.dialogGone();
}

// A letter whose narrative and payload are hostile, as a hospital's system would send it.
async function sendLetter(person) {
	const bundle = { resourceType: "Bundle", type: "message", entry: [
		{ resource: { resourceType: "Communication", text: { div: `<div>${LINES.join(" ")}<a href='javascript:window.stafetRan=1'>x</a></div>` } } },
	] };
	await person.go(`send/${region.hostile}?what=letter`);
	await person.choose("Hvilket brev", "plejeforløbsplan");
	await person.page.locator("#letter-file").setInputFiles([{ name: "letter.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(bundle)) }]);
	await person.press("Send", person.page.locator("form.card"));
	await person.page.getByText("Sendt. Det er gemt her og på vej.").waitFor();
}

// Where a party is chosen its name is text, too.
async function chooses(kommune) {
	await kommune.go("table");
	await kommune.press("Ikke vores borger");
	await kommune.page.locator("dialog option", { hasText: "<img src=x" }).waitFor({ state: "attached" });
	await inert(kommune, "a choice of parties");
	await kommune.page.keyboard.press("Escape");
	await kommune.dialogGone();
}

// The coordinator's pages: parties, clauses of agreements, evidence that is verified in the page.
async function atTheCoordinator(browser) {
	const operator = await Person.enter(browser, region.people.coordinator.operator, { width: 360 });
	for (const path of ["operator", "region", "indicators"]) {
		await operator.go(path);
		await inert(operator, path);
	}
	await operator.go("operator");
	for (const each of await operator.page.locator("#agreements summary").all()) await each.click();
	await operator.page.locator(".explained", { hasText: "<img src=x" }).first().waitFor();
	await inert(operator, "agreements");
	await operator.leave();
	const auditor = await Person.enter(browser, region.people.coordinator.auditor, { width: 360 });
	await auditor.go(`audit/${region.hostile}`);
	await auditor.page.getByRole("button", { name: "Hent og efterprøv beviset" }).click();
	await auditor.page.locator(".proof-report").waitFor({ timeout: 60_000 });
	await inert(auditor, "evidence");
	// A file that is none, with a name that is markup.
	await auditor.page.locator(".proof-file input").setInputFiles([{ name: "<img src=x onerror=window.stafetRan=1>.evidence", mimeType: "text/html", buffer: Buffer.from(LINES.join("\n")) }]);
	await auditor.page.locator(".proof-fault").first().waitFor();
	await inert(auditor, "a file that is no evidence");
	await auditor.leave();
}

const browser = await launch();
const [hospital, kommune] = await Promise.all([region.hospital, region.kommune].map((party) => Person.enter(browser, party, { width: 360 })));
try {
	for (const path of ["table", "table?show=others", "transitions", `transition/${region.hostile}`, `send/${region.hostile}`, "send", "directory"]) {
		await kommune.go(path);
		await inert(kommune, path);
	}
	await chooses(kommune);
	await sendLetter(hospital);
	await kommune.go(`transition/${region.hostile}`);
	await kommune.page.locator("#letters button").nth(region.letters).waitFor();
	await inert(kommune, "letters");
	await kommune.press("Som tabel");
	await inert(kommune, "the timeline's table");
	await ask(kommune, LINES.join("\n"));
	await kommune.page.locator("#said button", { hasText: "Læs" }).first().click();
	await kommune.page.locator("dialog pre").waitFor();
	await inert(kommune, "a question");
	await kommune.page.keyboard.press("Escape");
	await kommune.dialogGone();
	const opens = kommune.page.locator("#letters button");
	const count = await opens.count();
	assert.ok(count >= region.letters + 3, `${count} letters`);
	let attached = 0;
	for (let i = 0; i < count; i++) {
		await opens.nth(i).click();
		await kommune.page.locator("dialog .attachment").waitFor();
		const raw = kommune.page.locator("dialog").getByRole("button", { name: "Rå fil" });
		if (await raw.count()) await raw.click();
		await inert(kommune, `letter ${i}`);
		// Nothing leads anywhere but to the file itself and to a telephone.
		for (const to of await kommune.page.locator("dialog a").evaluateAll((all) => all.map((each) => each.getAttribute("href"))))
			assert.match(to, /^(\/api\/v1\/messages\/[0-9a-f]{32}\/(content|attachments\/\d)|tel:\+?\d+)$/);
		attached += await kommune.page.locator("dialog .attached-list a[download]", { hasText: "<img src=x onerror=window.stafetRan=1> & co.html" }).count();
		await kommune.page.keyboard.press("Escape");
		await kommune.dialogGone();
	}
	assert.equal(attached, 1, "what is attached can be had, by its name");
	// Saved, and never shown by the browser as something of this origin.
	const letter = await kommune.page.evaluate(async (id) => {
		const inbox = await (await fetch(`/api/v1/inbox?transition=${id}`)).json();
		const last = inbox.messages.filter((row) => row.content_size).at(-1);
		const answer = await fetch(`/api/v1/messages/${last.message}/content`);
		return [answer.headers.get("Content-Security-Policy"), answer.headers.get("Content-Disposition"), answer.headers.get("X-Content-Type-Options")];
	}, region.hostile);
	assert.match(letter[0], /^default-src 'none';.*\bsandbox$/);
	assert.deepEqual(letter.slice(1), ["attachment", "nosniff"]);
	await atTheCoordinator(browser);
	console.log(JSON.stringify({ looked }));
	await hospital.leave();
	await kommune.leave();
} catch (failure) {
	for (const person of [hospital, kommune]) console.error(person.faults, await person.page.locator("dialog").allInnerTexts().catch(() => []));
	throw failure;
} finally {
	await browser.close();
}
