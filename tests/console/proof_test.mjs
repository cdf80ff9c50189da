// Evidence files of real daemons (tests/golden/evidence), checked by the console's own code: whole ones
// hold, and whatever is done to them is named. Where the programs are built (STAFET_PROGRAMS), every
// changed file is checked by `stafet evidence verify`, too: both must name the same.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { blake2b } from "../../src/http/console/source/proof/blake2b.js";
import { parseHeader } from "../../src/http/console/source/proof/envelope.js";
import { verifyEvidence } from "../../src/http/console/source/proof/evidence.js";
import { SAYS } from "../../src/http/console/source/proof/findings.js";
import { parsePolicy } from "../../src/http/console/source/proof/policy.js";
import da from "../../src/http/console/source/words/da.js";
import en from "../../src/http/console/source/words/en.js";
import { keyIsSound } from "../../src/http/console/source/proof/signing.js";
import { EVENT, FIELD, changed, changedEvent, fields, flipped, write } from "./evidence_parts.mjs";

const folder = new URL("../golden/evidence/", import.meta.url);
const read = (name) => new Uint8Array(readFileSync(new URL(name, folder)));
const friday = read("friday.evidence");
const policyText = readFileSync(new URL("friday.policy", folder), "utf8");
const policy = await parsePolicy(policyText);
const proof = read("friday.proof");

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const codes = (report) => new Set(report.findings.filter((one) => one.severity === "fault").map((one) => one.code));
const says = (report) => new Set(report.findings.map((one) => one.say));

// What only `stafet evidence verify` can find, because it folds the events.
const FOLDED = ["outcome", "deadline-wrong", "deadline-withheld", "claim", "refusal", "agreement"];

/** Findings of `stafet evidence verify`; null where it is not built. */
function foundByC(file, { policyOf = "", supplied = [] } = {}) {
	if (!process.env.STAFET_PROGRAMS) return null;
	const place = mkdtempSync(join(tmpdir(), "stafet-proof-"));
	const put = (name, bytes) => {
		writeFileSync(join(place, name), bytes);
		return join(place, name);
	};
	const words = ["evidence", "verify", put("file", file), "--json"];
	if (policyOf) words.push("--policy", put("policy", policyOf));
	supplied.forEach((bytes, index) => words.push("--receipt", put(`receipt-${index}`, bytes)));
	const done = spawnSync(join(process.env.STAFET_PROGRAMS, "stafet"), words, { encoding: "utf8" });
	rmSync(place, { recursive: true });
	if (!done.stdout.startsWith("{")) return [{ severity: "fault", code: "damaged" }];
	return JSON.parse(done.stdout).findings;
}

/** Fault codes of `stafet evidence verify`; null where it is not built. */
function judgedByC(file, options) {
	const findings = foundByC(file, options);
	return findings && new Set(findings.filter((one) => one.severity === "fault").map((one) => one.code));
}

/** Both name the expected ones, and nothing that the other does not know. */
async function named(file, expected, options = {}) {
	const read = options.policyOf ? await parsePolicy(options.policyOf) : null;
	const report = await verifyEvidence(file, { policy: read, supplied: options.supplied });
	assert.equal(report.verified, false);
	for (const code of expected) assert.ok(codes(report).has(code), `${code} in ${[...codes(report)]}`);
	const other = judgedByC(file, options);
	if (!other) return report;
	for (const code of codes(report)) assert.ok(other.has(code), `stafet names ${code}: ${[...other]}`);
	for (const code of other)
		assert.ok(codes(report).has(code) || FOLDED.includes(code), `we name ${code}: ${[...codes(report)]}`);
	return report;
}

test("blake2b: RFC 7693 appendix A", () => {
	assert.equal(hex(blake2b(Buffer.from("abc"), 64)),
		"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1" +
		"7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
});

test("blake2b: RFC 7693 appendix E, all sizes and keys of its self-test", () => {
	const sequence = (size, seed) => {
		let a = Math.imul(0xdead4bad, seed) >>> 0, b = 1;
		return Uint8Array.from({ length: size }, () => {
			[a, b] = [b, (a + b) >>> 0];
			return b >>> 24;
		});
	};
	const all = [];
	for (const size of [20, 32, 48, 64])
		for (const length of [0, 3, 128, 129, 255, 1024]) {
			all.push(...blake2b(sequence(length, length), size));
			all.push(...blake2b(sequence(length, length), size, sequence(size, size)));
		}
	assert.equal(hex(blake2b(Uint8Array.from(all), 32)),
		"c23a7800d98123bd10f506c61e29da5603d763b8bbad2e737f5e765a7bccd475");
});

test("blake2b: every length around three blocks, as OpenSSL has it", () => {
	for (let size = 0; size < 400; size++) {
		const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 197) ^ size);
		assert.equal(hex(blake2b(bytes, 64)), createHash("blake2b512").update(bytes).digest("hex"));
	}
});

test("keys of small order or not canonical are refused", () => {
	const key = (text) => Uint8Array.from(Buffer.from(text, "hex"));
	assert.ok(!keyIsSound(new Uint8Array(32)));
	assert.ok(!keyIsSound(key(`01${"00".repeat(30)}80`)));
	assert.ok(!keyIsSound(key(`ee${"ff".repeat(30)}7f`)));
	assert.ok(!keyIsSound(key(`f0${"ff".repeat(30)}ff`)));
	assert.ok(keyIsSound(key("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")));
});

const headerOf = (message) => write([{ number: 1, value: message }, { number: 2, value: new Uint8Array(16).fill(7) }]);
const { messages } = JSON.parse(readFileSync(new URL("../forms.json", folder), "utf8"));

test("every message that our programs write is read", () => {
	for (const { name, message } of messages)
		assert.ok(parseHeader(headerOf(Buffer.from(message, "hex"))).message.kind > 0, name);
	const letter = messages.find((one) => one.name === "letter");
	const { attachments } = parseHeader(headerOf(Buffer.from(letter.message, "hex"))).message;
	assert.deepEqual(attachments.map((one) => one.size), [5137]);
});

test("attachments that no letter can have are refused, as in C", () => {
	const BODY = 13, ATTACHMENTS = 16;
	const letter = fields(Buffer.from(messages.find((one) => one.name === "letter").message, "hex"));
	const refused = (list, why) =>
		assert.throws(() => parseHeader(headerOf(write(list))), { name: "FormatError", message: why });
	const other = (digest, size) => letter.map((field) => field.number !== ATTACHMENTS ? field
		: { number: ATTACHMENTS, value: write([{ number: 1, value: new Uint8Array(digest).fill(9) }, { number: 2, value: size }]) });
	const last = letter.find((field) => field.number === ATTACHMENTS);
	const many = (count) => [...letter, ...Array.from({ length: count }, () => last)];
	assert.equal(parseHeader(headerOf(write(many(7)))).message.attachments.length, 8);
	refused(many(8), /more than a letter/);
	refused(letter.filter((field) => field.number !== BODY), /without a body/);
	refused(other(31, 5137n), /digest or a size/);
	// 4,096 padded and one piece; the largest; and what lies beside them.
	for (const size of [4113n, 5137n, 106982496n]) parseHeader(headerOf(write(other(32, size))));
	for (const size of [0n, 4112n, 4114n, 5136n, 106982497n, 2n ** 40n, 2n ** 63n])
		refused(other(32, size), /digest or a size/);
});

test("whole files hold: at the coordinator and at a node, with a policy and without", async () => {
	for (const name of ["friday.evidence", "friday-hospital.evidence"]) {
		const alone = await verifyEvidence(read(name));
		assert.equal(alone.verified, true, JSON.stringify([...codes(alone)]));
		assert.ok(says(alone).has("registrars-of-file") && says(alone).has("no-policy"));
		assert.ok(says(alone).has("not-recomputed"), "what is not recomputed is said");
		const pinned = await verifyEvidence(read(name), { policy, supplied: [proof], requireProof: true });
		assert.equal(pinned.verified, true, JSON.stringify([...codes(pinned)]));
		for (const say of ["file-signed", "directory-signed", "registrars-pinned", "checkpoint-holds",
			"authors-signed", "receipts-signed", "chain-whole", "events-proven", "agreements-named",
			"claim-head", "supplied-contained"])
			assert.ok(says(pinned).has(say), say);
		assert.ok(pinned.events.every((event) => event.holds && event.proven));
		assert.ok(pinned.events.some((event) => event.kind === "expired"));
	}
});

test("the coordinator's file has the checkpoint that all three witnesses cosigned", async () => {
	const { checkpoints } = await verifyEvidence(friday);
	assert.deepEqual(checkpoints.map((one) => one.cosigners.map((by) => by.name)),
		[["Nordby Sygehus", "Nordby Kommune", "Laegerne Nordby"]]);
});

test("every sentence of a report has the values that it names", async () => {
	const report = await verifyEvidence(flipped(friday, 3000), { policy, supplied: [proof] });
	for (const one of report.findings)
		assert.deepEqual(Object.keys(one.values).sort(), [...SAYS[one.say]].sort(), one.say);
});

test("both languages have every sentence, with the values that it has", () => {
	for (const words of [da, en])
		for (const [say, values] of Object.entries(SAYS)) {
			const text = words[`audit.say.${say}`];
			assert.ok(text, say);
			for (const [, name] of text.matchAll(/\{(\w+)\}/g)) assert.ok(values.includes(name), `${say}: ${name}`);
			// Keys of signatures stand below the sentence.
			for (const name of values) assert.ok(text.includes(`{${name}}`) || ["key", "keys"].includes(name), `${say}: ${name}`);
		}
});

test("no changed byte is ever green", async () => {
	const places = new Set([0, 1, friday.length - 1]);
	let chance = 12345;
	while (places.size < 90) {
		chance = (Math.imul(chance, 1103515245) + 12345) >>> 0;
		places.add(chance % friday.length);
	}
	for (let back = 1; back < 120; back += 9) places.add(friday.length - back); // claim, key, signature
	for (const place of places) {
		const report = await verifyEvidence(flipped(friday, place, place % 8));
		assert.equal(report.verified, false, `byte ${place}`);
		assert.ok(report.faultCount > 0);
	}
});

test("what is cut off, longer, empty or something else is no evidence", async () => {
	const bytes = [friday.subarray(0, -1), friday.subarray(0, 400), new Uint8Array(0),
		Uint8Array.of(...friday, 0), Uint8Array.of(...friday, ...friday), proof];
	for (const one of bytes) {
		const report = await verifyEvidence(one);
		assert.equal(report.verified, false);
		assert.deepEqual([...codes(report)], ["damaged"]);
	}
});

test("an event left out is a gap, and the bytes are not the maker's", async () => {
	const report = await named(changed(friday, FIELD.events, (events) => events.toSpliced(4, 1)),
		["gap", "damaged"], { policyOf: policyText });
	const gap = report.findings.find((one) => one.code === "gap");
	assert.deepEqual([gap.sequence, gap.values], [6, { from: 5, until: 5 }]);
});

test("two events in another order", async () => {
	await named(changed(friday, FIELD.events, (events) => events.with(3, events[4]).with(4, events[3])),
		["order", "gap", "damaged"]);
});

test("an event twice", async () => {
	await named(changed(friday, FIELD.events, (events) => events.toSpliced(5, 0, events[4])), ["order"]);
});

test("the last events left out, against a receipt that somebody has", async () => {
	const cut = changed(friday, FIELD.events, (events) => events.slice(0, 9));
	await named(cut, ["incomplete", "damaged"], { policyOf: policyText, supplied: [proof] });
	assert.ok(says(await verifyEvidence(cut)).has("tail-unknown"));
});

test("a forged line: the author's signature does not hold", async () => {
	await named(changedEvent(friday, 6, EVENT.cover, (cover) => flipped(cover, 120, 0)), ["damaged"]);
	await named(changedEvent(friday, 6, EVENT.cover, (cover) => flipped(cover, cover.length - 20)), ["signature"]);
	await named(changedEvent(friday, 6, EVENT.cover, (cover) => flipped(cover, 10)), ["key-unknown"]);
});

test("a receipt of another event, and one that nobody signed", async () => {
	let other;
	changedEvent(friday, 7, EVENT.receipt, (receipt) => (other = receipt));
	await named(changedEvent(friday, 6, EVENT.receipt, () => other), ["receipt-other", "gap"]);
	await named(changedEvent(friday, 6, EVENT.receipt, (receipt) => flipped(receipt, 40)), ["receipt"]);
	await named(changedEvent(friday, 6, EVENT.path, (path) => flipped(path, 4)), ["inclusion"]);
	await named(changedEvent(friday, 6, EVENT.proofSize, (size) => size - 1n), ["inclusion"]);
});

test("checkpoints: another root, a forged cosignature, none", async () => {
	const note = (change) => changed(friday, FIELD.checkpoints, (notes) =>
		notes.map((one) => Buffer.from(change(Buffer.from(one).toString("latin1")), "latin1")));
	await named(note((text) => text.replace(/\n54\n/, "\n55\n")), ["checkpoint-signature", "inclusion"]);
	await named(note((text) => text.replace(/(witness\/\w+ \S{40})(.)/, (_, head, digit) =>
		head + (digit === "A" ? "B" : "A"))), ["cosignature"]);
	await named(changed(friday, FIELD.checkpoints, () => []), ["no-checkpoint"]);
	const three = policyText.replace(/^quorum .*$/m,
		`group all all ${[...policyText.matchAll(/^witness (\S+)/gm)].map(([, name]) => name).join(" ")}\nquorum all`);
	assert.ok((await verifyEvidence(friday, { policy: await parsePolicy(three) })).verified);
	const lines = Buffer.from(friday).toString("latin1").match(/\xe2\x80\x94 stafet\/witness\/.*\n/g);
	assert.equal(lines.length, 3);
	await named(note((text) => text.replace(lines[1], "")), ["quorum", "unproven"], { policyOf: three });
});

test("the directory: an entry held back, changed, or by another registrar", async () => {
	await named(changed(friday, FIELD.entries, (entries) => entries.slice(0, -1)), ["directory-behind", "key-unknown"]);
	await named(changed(friday, FIELD.entries, (entries) => entries.with(1, flipped(entries[1], 60))), ["directory-entry"]);
	await named(changed(friday, FIELD.registrars, (keys) => [flipped(keys[0], 3)]), ["directory-entry"]);
});

test("a wrong key: a policy of another log, and of another registrar", async () => {
	const other = readFileSync(new URL("../log/policy.txt", folder), "utf8");
	await named(friday, ["log-unknown"], { policyOf: other });
	const registrar = await parsePolicy(policyText.replace(/^registrar [0-9a-f]{2}/m, (text) =>
		text.slice(0, -2) + (text.endsWith("00") ? "01" : "00")));
	assert.ok(codes(await verifyEvidence(friday, { policy: registrar })).has("directory-entry"));
});

test("the agreement left out", async () => {
	await named(changed(friday, FIELD.agreements, () => []), ["agreement-missing", "damaged"]);
});

test("two files of one transition: the older one is incomplete beside the newer", async () => {
	const [older, newer] = [read("older.evidence"), read("newer.evidence")];
	assert.ok((await verifyEvidence(newer, { supplied: [older] })).verified);
	const report = await verifyEvidence(older, { supplied: [newer] });
	assert.deepEqual([...codes(report)], ["incomplete"]);
	assert.ok((await verifyEvidence(older)).verified);
	// Of another region: its receipts are nobody's here.
	assert.ok(codes(await verifyEvidence(friday, { supplied: [newer] })).size > 0);
	assert.deepEqual([...codes(await verifyEvidence(friday, { supplied: [Uint8Array.of(1, 2, 3)] }))], ["supplied"]);
});

test("a lost tail: the epoch that the registrars declared holds, and its record cannot be left out or changed", async () => {
	const file = read("epoch.evidence");
	const report = await verifyEvidence(file);
	assert.ok(report.verified, JSON.stringify([...codes(report)]));
	assert.ok(says(report).has("epochs-declared"));
	assert.deepEqual([...new Set(report.events.map((event) => event.receipt.epoch))], [1, 2]);
	await named(changed(file, FIELD.epochs, () => []), ["epoch", "damaged"]);
	await named(changed(file, FIELD.epochs, ([record]) => [flipped(record, 100)]), ["epoch"]);
	await named(changed(file, FIELD.epochs, ([record]) => [record, record]), ["epoch"]);
});

test("a file by keys that nobody vouches for is whole, and not trusted", async () => {
	const strange = read("newer.evidence"); // of a region that friday's policy knows nothing of
	const alone = await verifyEvidence(strange);
	assert.deepEqual([alone.verified, alone.trusted], [true, false]);
	const pinned = await verifyEvidence(strange, { policy });
	assert.deepEqual([pinned.verified, pinned.trusted], [false, false]);
	assert.equal((await verifyEvidence(friday, { policy })).trusted, true);
	assert.equal((await verifyEvidence(flipped(friday, 3000), { policy })).trusted, false);
});

test("registrars that the file names itself are trusted by nobody, whatever log a policy names", async () => {
	// Whoever makes a file could name a registrar of his own beside the true ones, one signature being enough,
	// and go on behind the newest entry that a checkpoint shows, with a coordinator and parties of his own.
	const logAlone = policyText.replace(/^registrars? .*\n/gm, "");
	const report = await verifyEvidence(friday, { policy: await parsePolicy(logAlone) });
	assert.deepEqual([report.verified, report.trusted], [true, false]);
	assert.ok(says(report).has("registrars-of-file"));
});

test("good evidence of another transition is no evidence of the one that is asked about", async () => {
	const whole = await verifyEvidence(friday, { policy });
	const { transition } = whole.file;
	const asked = async (id) => verifyEvidence(friday, { policy, asked: id });
	assert.equal((await asked(transition)).trusted, true);
	// A transition is asked for by a message of it as well.
	assert.equal((await asked(whole.events[3].message.message_id)).trusted, true);
	const other = await asked(flipped(transition, 0));
	assert.deepEqual([other.verified, other.trusted], [false, false]);
	assert.deepEqual([...codes(other)], ["transition"]);
	assert.ok(says(other).has("not-asked-for"));
});

test("evidence of another transition that is supplied shows nothing complete", async () => {
	const all = fields(friday);
	const strange = write(all.map((field) => (field.number === 6 ? { number: 6, value: flipped(field.value, 0) } : field)));
	const aside = await verifyEvidence(friday, { supplied: [strange] });
	assert.ok(aside.verified);
	assert.ok(says(aside).has("supplied-other-transition") && says(aside).has("tail-unknown"));
	assert.ok(!says(aside).has("supplied-contained"));
	const both = await verifyEvidence(friday, { supplied: [strange, friday] });
	assert.deepEqual(both.findings.filter((one) => one.say === "supplied-contained").map((one) => one.values.count), [1]);
});

/** So many supplied files show what the file contains, as both programs say; 0: none, and that is said. */
async function contained(file, supplied, count) {
	const report = await verifyEvidence(file, { supplied });
	const shown = report.findings.filter((one) => one.say === "supplied-contained");
	assert.deepEqual(shown.map((one) => one.values.count), count ? [count] : []);
	assert.equal(says(report).has("tail-unknown"), count === 0);
	const found = foundByC(file, { supplied });
	if (!found) return;
	const texts = found.filter((one) => one.code === "complete").map((one) => one.text);
	assert.deepEqual(texts, count ? [`the file contains what the ${count} supplied show`] : []);
	assert.equal(found.some((one) => one.text.endsWith("none was supplied that could be compared")), count === 0);
}

test("only what was compared and found equal shows that a file is complete", async () => {
	const [event] = fields(friday).filter((field) => field.number === FIELD.events);
	const [statement] = fields(friday).filter((field) => field.number === FIELD.statements);
	const [receipt, strange] = [event, statement].map((field) =>
		fields(field.value).find((one) => one.number === EVENT.receipt).value);
	await contained(friday, [receipt], 1);
	// Genuine receipts that are of no transition, alone, and as events of a file of this one.
	await contained(friday, [strange], 0);
	for (const times of [1, 2])
		await contained(friday, [changed(friday, FIELD.events, () => Array(times).fill(statement.value))], 0);
	// Beside them one that was compared counts, and its file once.
	const mixed = changed(friday, FIELD.events, (events) => [statement.value, ...events]);
	await contained(friday, [mixed], 1);
	await contained(friday, [mixed, receipt, strange], 2);
	// A checkpoint tells nothing of how many events the transition has.
	const [checkpoint] = fields(friday).filter((field) => field.number === FIELD.checkpoints);
	await contained(friday, [checkpoint.value], 0);
});

test("a policy is read whole or not at all", async () => {
	for (const text of ["", "log x\n", policyText.slice(0, -1), `${policyText}quorum none\n`, `${policyText}what\n`,
		policyText.replace("+", "+0"), policyText.replace(/^quorum.*\n/m, ""), `${policyText}registrar 00\n`])
		await assert.rejects(parsePolicy(text), { name: "FormatError" }, text.slice(0, 60));
});
