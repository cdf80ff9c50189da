// The auditor, after a discharge that was clicked: finds it by its id, sees its course, proves it in the page, saves
// the evidence and reads it back. Then one thing of that file is changed at a time: the page turns red and names it.
//   node audit.mjs REGION.json   (what tests/e2e/auditor_test.py writes)
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EVENT, FIELD, changed, changedEvent, fields, flipped, write } from "../evidence_parts.mjs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { transition, events, policy, supplied, folder } = region.audit;
const RED = "Beviset holder ikke", GREEN = "Alt, der kan efterprøves her, holder", WHOLE = "Filen hænger sammen, men kun efter sine egne nøgler";
const PROOF_MS = 60_000;
const HOUR_MS = 3_600_000n;
// Numbers of fields of proto/frame.proto and proto/evidence.proto.
const SIGNED_RECEIPT = { receipt: 1 }, RECEIPT = { recorded_ms: 5 }, CLAIM = { holders: 7 }, HOLDER = { party: 2 };
const CLAIM_FIELD = 15;

async function signIn(browser) {
	const auditor = await Person.come(browser, { ...region.coordinator, name: "the auditor" });
	await auditor.page.goto(`${region.coordinator.url}/console/audit#enter=${region.audit.code}`);
	await auditor.page.getByText("Vera Revisor").waitFor();
	assert.ok(!auditor.page.url().includes(region.audit.code), "the code is gone from the address");
	assert.deepEqual((await auditor.page.locator("nav.menu a").allInnerTexts()).map((text) => text.trim()), ["Overblik", "Indikatorer", "Revision"]);
	return auditor;
}

async function finds({ page }, accessible) {
	await accessible("the auditor's page without a transition");
	const field = page.getByLabel("Overgangens id");
	await field.fill(transition.slice(1));
	await page.getByRole("button", { name: "Find" }).click();
	await page.getByText("Et id er 32 af tegnene 0-9 og a-f").waitFor();
	await accessible("an id that is none");
	// As people copy one: in capitals and in groups.
	await field.fill(transition.toUpperCase().replace(/^(.{8})(.{4})/, "$1-$2-"));
	await page.getByRole("button", { name: "Find" }).click();
	await page.waitForURL(`${region.coordinator.url}/console/audit/${transition}`);
}

// Its lanes, its holders and each of its events; and of the citizen not a word.
async function seesTheCourse({ page }, accessible) {
	await page.locator(".timeline-svg .place").first().waitFor();
	const lanes = await page.locator(".timeline-svg .names .name").allTextContents();
	for (const party of [region.hospital, region.other, region.gp]) assert.ok(lanes.some((lane) => lane.startsWith(party.name)), `${party.name} in ${lanes}`);
	const holders = await page.locator("#course dd").nth(5).innerText();
	assert.match(holders, new RegExp(`behandling: ${region.gp.name}`));
	assert.match(holders, new RegExp(`pleje: ${region.other.name}`));
	await page.getByRole("button", { name: "Som tabel" }).click();
	const rows = (await page.locator(".timeline tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))))
		.filter(([, , kind]) => kind === "hændelse");
	assert.equal(rows.length, events.length, "each event that the practice has");
	// Who said the refusal, the question and the answer, and who took over, as the practice was told.
	for (const [kind, words] of [["refuse", "afvist"], ["question", "spørgsmål"], ["answer", "svar"], ["accept", "overtaget"]]) {
		const wanted = events.filter((event) => event.kind === kind).map((event) => `${event.sequence} ${event.author_name}`).sort();
		const found = rows.map(([, party, , what]) => [party, /^(\d+) · (.*?)(?: \(.*)?$/.exec(what)]).filter(([, what]) => what[2] === words);
		assert.deepEqual(found.map(([party, what]) => `${what[1]} ${party}`).sort(), wanted, kind);
		assert.ok(wanted.length > 0, kind);
	}
	await accessible("the course as a table");
	await page.getByRole("button", { name: "Som billede" }).click();
	const shown = `${await page.content()} ${await page.title()} ${page.url()}`;
	for (const word of region.audit.canaries) assert.ok(!shown.includes(word), "the citizen is named at the coordinator");
}

async function keysAlone({ page }) {
	const picture = page.locator(".timeline-picture");
	const detail = () => page.locator(".timeline-detail").innerText();
	const span = () => page.locator(".timeline-span").innerText();
	await picture.focus();
	await page.keyboard.press("Home");
	const first = await detail();
	assert.match(first, /^Hændelse\s+\d+ · /);
	await page.keyboard.press("ArrowRight");
	assert.notEqual(await detail(), first);
	const whole = await span();
	await page.keyboard.press("+");
	assert.notEqual(await span(), whole);
	await page.keyboard.press("0");
	assert.equal(await span(), whole);
}

// {title, good, remarks, faults} of the report that stands there; each line as [code, text].
async function report(page) {
	await page.locator(".proof-report").waitFor({ timeout: PROOF_MS });
	const lines = (kind) => page.locator(`.proof-${kind}`).evaluateAll((all) => all.map((line) => [line.querySelector(".proof-code").textContent, line.querySelector("div").textContent.replace(/\s+/g, " ").trim()]));
	return { title: await page.locator(".proof-report .notice-title").innerText(), good: await lines("good"), remarks: await lines("remark"), faults: await lines("fault") };
}

async function verifyFile(page, file) {
	// The report of the file before is taken away first: what is read is of this one.
	const before = page.locator(".proof-report");
	if (await before.count()) await before.evaluate((element) => { element.dataset.old = "1"; });
	await page.locator(".proof-file input").setInputFiles(file);
	await page.locator(".proof-report:not([data-old])").waitFor({ timeout: PROOF_MS });
	return report(page);
}

async function trusts(page) {
	const trust = page.locator(".proof-trust");
	if (!(await trust.evaluate((element) => element.open))) await trust.locator("summary").click();
	await page.locator("#proof-policy").setInputFiles(policy);
	await page.locator("#proof-supplied").setInputFiles(supplied);
	await page.getByLabel("Alt skal være bevist i loggen nu").check();
}

// Every kind of check is told, with the numbers that others give, and nothing else is.
function provesAll({ title, good, remarks, faults }) {
	const count = events.length;
	assert.deepEqual([title, faults], [GREEN, []]);
	const wanted = [
		["file", /^Filen er byte for byte den, som coordinator underskrev\./],
		["directory", /underskrevet af 2 ud af 3 registratorer/],
		["trust", /^Registratorerne er dem, din tillidsfil nævner\./],
		["checkpoint", new RegExp(`^Kontrolpunktet test/log/nord/1 med \\d+ poster er underskrevet af loggen og medunderskrevet af ${region.audit.witnesses.length}: `)],
		["events", new RegExp(`^\\d+ hændelser er underskrevet af den, der siges at have skrevet dem\\.`)],
		["events", /^Koordinatoren har kvitteret for alle \d+ med sin underskrift\./],
		["events", new RegExp(`^Hændelse 1 til ${count} følger hinanden uden hul`)],
		["inclusion", new RegExp(`^${count} af ${count} hændelser står i loggen, hvor deres kvittering siger det\\.`)],
		["agreement", /^Aftaleteksterne i filen \(1\) er de nævnte, tegn for tegn\./],
		["claim", new RegExp(`^Forløbets slutsum efter ${count} hændelser er den, filen siger\\.`)],
		["complete", /^Filen rummer det, som de 1 medbragte viser\./],
	];
	for (const [code, words] of wanted) assert.ok(good.some(([found, text]) => found === code && words.test(text)), `${code} ${words}: ${JSON.stringify(good)}`);
	const cosigned = good.filter(([code]) => code === "checkpoint").map(([, text]) => text).join(" ");
	for (const name of region.audit.witnesses) assert.ok(cosigned.includes(name), `${name} has cosigned: ${cosigned}`);
	// What a page cannot prove it says: nothing else is left open.
	assert.deepEqual(remarks.map(([code]) => code), ["unchecked"]);
	assert.match(remarks[0][1], /^Ikke regnet efter her/);
}

// Number, author and place of each, against what the practice has.
async function provesEach(page) {
	await page.locator(".proof-events summary").click();
	const rows = await page.locator(".proof-events tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent.replace(/\s+/g, " ").trim())));
	assert.deepEqual(rows.map(([number, , author, , , holds]) => [Number(number), author.replace(/ \w{8}$/, ""), holds]),
		events.map((event) => [event.sequence, event.author_name, "ja"]));
	const leaves = rows.map((row) => Number(row[4].replaceAll(".", "")));
	assert.ok(leaves.every((leaf, at) => at === 0 || leaf > leaves[at - 1]), `${leaves} ascend`);
}

async function saves(page) {
	const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Gem filen" }).click()]);
	assert.equal(download.suggestedFilename(), `${transition}.evidence`);
	const path = join(folder, download.suggestedFilename());
	await download.saveAs(path);
	return path;
}

// Fetched: by its own keys first, then by those that the auditor was told, and against what the practice has.
async function proves({ page }, accessible) {
	await page.getByRole("button", { name: "Hent og efterprøv beviset" }).click();
	const alone = await report(page);
	assert.deepEqual([alone.title, alone.faults], [WHOLE, []]);
	assert.ok(alone.remarks.some(([, text]) => text.startsWith("Hvor mange vidner der er nok, afgør du")));
	await accessible("evidence by its own keys");
	await page.reload();
	await page.getByRole("button", { name: "Hent og efterprøv beviset" }).waitFor();
	await trusts(page);
	await page.getByRole("button", { name: "Hent og efterprøv beviset" }).click();
	const found = await report(page);
	provesAll(found);
	assert.equal(await page.locator(".proof-report .notice code").innerText(), transition);
	await provesEach(page);
	await accessible("evidence that is proven");
	return { found, path: await saves(page) };
}

// What was saved, given back as a file where no transition is chosen: the same, line by line.
async function readsBack({ page }, { found, path }) {
	await page.goto(`${region.coordinator.url}/console/audit`);
	await page.locator(".proof-trust").waitFor();
	await trusts(page);
	assert.deepEqual(await verifyFile(page, path), found);
}

const inNote = (good, change) => changed(good, FIELD.checkpoints, (notes) => notes.map((note) => Buffer.from(change(Buffer.from(note).toString("latin1")), "latin1")));
const inPart = (bytes, number, change) => {
	const all = fields(bytes);
	const at = all.findIndex((field) => field.number === number);
	return write(all.with(at, { number, value: change(all[at].value) }));
};
const nextLetter = (letter) => (letter === "A" ? "B" : "A");

// [what was done, the file, the code of its fault, what the page says of it, the event that it names].
function tampered(good) {
	const of = (kind) => events.findLast((event) => event.kind === kind).sequence;
	const [accepted, refused, last] = [of("accept"), of("refuse"), events.length];
	const parts = fields(good);
	const cover = (sequence) => fields(parts.filter((field) => field.number === FIELD.events)[sequence - 1].value).find((field) => field.number === EVENT.cover).value;
	return [
		["an hour earlier", changedEvent(good, accepted - 1, EVENT.receipt, (signed) => inPart(signed, SIGNED_RECEIPT.receipt, (receipt) => inPart(receipt, RECEIPT.recorded_ms, (ms) => ms - HOUR_MS))),
			"receipt", "Kvitteringen er ikke underskrevet af koordinatoren.", accepted],
		["signed by nobody", changedEvent(good, accepted - 1, EVENT.cover, (bytes) => flipped(bytes, bytes.length - 20)), "signature", "Afsenderens underskrift holder ikke.", accepted],
		["another's words", changedEvent(good, refused - 1, EVENT.cover, () => cover(accepted)), "receipt-other", "Kvitteringen er for en anden", refused],
		["a refusal left out", changed(good, FIELD.events, (all) => all.toSpliced(refused - 1, 1)), "gap", `Hændelse ${refused} mangler før den.`, refused + 1],
		["two in another order", changed(good, FIELD.events, (all) => all.with(refused - 1, all[refused]).with(refused, all[refused - 1])), "order", `Nummer ${refused} står efter nummer ${refused + 1}.`, refused],
		["the end left out", changed(good, FIELD.events, (all) => all.slice(0, -1)), "incomplete", "Medbragt nr. 1: dens hændelse er ikke i filen", last],
		["another place in the log", changedEvent(good, accepted - 1, EVENT.path, (path) => flipped(path, 4)), "inclusion", "Den er ikke post nr.", accepted],
		["another tree", inNote(good, (text) => text.replace(/^([^\n]*\n\d+\n.{9})(.)/, (_, head, letter) => head + nextLetter(letter))), "checkpoint-signature", "er ikke underskrevet af loggen."],
		["a forged witness", inNote(good, (text) => text.replace(/(witness\/\w+ \S{40})(.)/, (_, head, letter) => head + nextLetter(letter))), "cosignature", "et vidnes medunderskrift holder ikke."],
		["witnesses left out", inNote(good, (text) => text.replace(/\xe2\x80\x94 stafet\/witness\/.*\n/g, "")), "quorum", "Intet kontrolpunkt har så mange vidner, som din tillidsfil kræver."],
		["another party in the directory", changed(good, FIELD.entries, (entries) => entries.with(1, flipped(entries[1], 60))), "directory-entry", "Adressebogens indførsel 2 holder ikke"],
		["another agreement", changed(good, FIELD.agreements, ([text]) => [flipped(text, 40, 0)]), "agreement-missing", "som den nævner, er ikke i filen eller er en anden tekst."],
		["another holder", inPart(good, CLAIM_FIELD, (claim) => inPart(claim, CLAIM.holders, (holder) => inPart(holder, HOLDER.party, (party) => flipped(party, 3)))),
			"claim-signature", "Underskriften fra den, der lavede filen, holder ikke."],
		["cut off", good.subarray(0, -40), "damaged", "Filen kan ikke læses som et bevis"],
	];
}

// Bytes anywhere, each alone; the same ones in every run.
function flips(good) {
	return Array.from({ length: 8 }, (_, at) => [`byte ${at}`, flipped(good, Math.floor((good.length * (2 * at + 1)) / 16), at)]);
}

async function turnsRed({ page }, good, name, bytes, code, words, sequence) {
	const path = join(folder, `${name.replaceAll(/\W/g, "-")}.evidence`);
	assert.notDeepEqual(Buffer.from(bytes), Buffer.from(good), name);
	writeFileSync(path, bytes);
	const found = await verifyFile(page, path);
	const told = JSON.stringify(found.faults);
	assert.equal(found.title, RED, name);
	assert.ok(await page.locator(".proof-report .notice-bad[role=alert]").count(), `${name} is announced`);
	assert.ok(found.faults.length > 0, name);
	assert.ok(await page.locator(".proof-lines li").first().evaluate((line) => line.classList.contains("proof-fault")), `${name}: the fault stands first`);
	if (code) {
		const line = found.faults.find(([each, text]) => each === code && text.includes(words));
		assert.ok(line, `${name}: ${code} ${words} in ${told}`);
		if (sequence) assert.ok(line[1].startsWith(`Hændelse ${sequence}: `), `${name}: ${line[1]}`);
	}
	return { path, code: code ?? null };
}

async function tamperedIsRed(auditor, accessible, path) {
	const good = new Uint8Array(readFileSync(path));
	const cases = [];
	for (const each of [...tampered(good), ...flips(good)]) cases.push(await turnsRed(auditor, good, ...each));
	await verifyFile(auditor.page, cases[0].path);
	await auditor.page.locator(".proof-events summary").click();
	await accessible("evidence that was changed");
	// Red is of that file alone.
	provesAll(await verifyFile(auditor.page, path));
	return cases;
}

// Good evidence of this transition is none of another.
async function saysNothingOfAnother(auditor, path) {
	const { page } = auditor;
	auditor.expect(/status of 404/);
	await page.goto(`${region.coordinator.url}/console/audit/${"0".repeat(31)}1`);
	await page.locator(".proof-trust").waitFor();
	await trusts(page);
	const found = await verifyFile(page, path);
	assert.deepEqual([found.title, found.faults.map(([code]) => code)], [RED, ["transition"]]);
	assert.match(found.faults[0][1], new RegExp(`^Filen siger kun noget om overgang ${transition}\\.`));
}

async function isWrittenDown({ page }) {
	await page.goto(`${region.coordinator.url}/console/audit/${transition}`);
	await page.locator("#readers tbody tr").first().waitFor();
	const rows = await page.locator("#readers tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim())));
	for (const asked of ["transition", "evidence"]) assert.ok(rows.some((row) => row.join() === `user:vera,revisor,revision,${asked}`), `${asked} in ${JSON.stringify(rows)}`);
}

const browser = await launch();
try {
	const auditor = await signIn(browser);
	const accessible = async (where) => {
		for (const width of [1440, 360]) {
			await auditor.page.setViewportSize({ width, height: 900 });
			await auditor.accessible(where);
			await auditor.reflows(where);
		}
		await auditor.page.setViewportSize({ width: 1440, height: 900 });
	};
	await finds(auditor, accessible);
	await seesTheCourse(auditor, accessible);
	await keysAlone(auditor);
	const proven = await proves(auditor, accessible);
	await readsBack(auditor, proven);
	const cases = await tamperedIsRed(auditor, accessible, proven.path);
	await isWrittenDown(auditor);
	await saysNothingOfAnother(auditor, proven.path);
	await auditor.leave();
	console.log(JSON.stringify({ saved: proven.path, changed: cases }));
} finally {
	await browser.close();
}
