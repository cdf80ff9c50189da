// What the reader has from elsewhere and the file must contain: receipts, proofs, checkpoints, and the
// evidence that somebody else was given (src/audit/evidence_supplied.c). It shows what one file alone
// cannot: events left out at the end, and two histories.

import { equal, fromBase64, ofText, text } from "./bytes.js";
import { openNote } from "./checkpoints.js";
import { sawDirectory } from "./directory.js";
import { checkSignedReceipt, parseReceipt } from "./envelope.js";
import { leafOf, receiptKey } from "./events.js";
import { FAULT, GOOD, REMARK, find } from "./findings.js";
import { PROOF_HASHES_MAX } from "./limits.js";
import { decimal, parseNote } from "./note.js";
import { FormatError, decode } from "./protobuf.js";
import { EVIDENCE, SIGNED_RECEIPT } from "./schema.js";

const PROOF_LINE = "c2sp.org/tlog-proof@v1";

/** {receipt, note} of c2sp.org/tlog-proof text whose extra bytes are a signed receipt; null. */
function parseProof(bytes) {
	const words = text(bytes);
	if (words === null || !words.startsWith(`${PROOF_LINE}\n`)) return null;
	const [, extra = "", index = "", ...rest] = words.split("\n");
	const empty = rest.indexOf("");
	if (!extra.startsWith("extra ") || !index.startsWith("index ") || empty < 0 ||
		empty > PROOF_HASHES_MAX || decimal(index.slice(6)) === null)
		return null;
	const receipt = fromBase64(ofText(extra.slice(6)));
	return receipt === null ? null : { receipt, note: ofText(rest.slice(empty + 1).join("\n")) };
}

function attempt(read) {
	try {
		return read();
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	}
}

function readSigned(bytes) {
	return attempt(() => {
		const signed = decode(SIGNED_RECEIPT, bytes);
		checkSignedReceipt(signed);
		return signed;
	});
}

async function useReceipt(check, number, signed) {
	const { report, file } = check;
	const receipt = attempt(() => parseReceipt(signed.receipt));
	if (receipt === null || (await receiptKey(check, signed, receipt)) === null)
		return find(report, FAULT, "supplied", "supplied-unsigned", { number });
	const sequence = receipt.transition_sequence;
	if (sequence === 0) return find(report, REMARK, "unchecked", "supplied-no-transition", { number });
	const event = report.events.find((one) => one.readable && one.sequence === sequence);
	const { head } = await leafOf(receipt, file.transition);
	if (!event)
		find(report, FAULT, "incomplete", "supplied-missing", { number }, sequence);
	else if (equal(event.head, head))
		check.shown.add(number);
	else if (event.receipt.epoch !== receipt.epoch)
		find(report, REMARK, "unchecked", "other-epoch", { number }, sequence);
	else
		find(report, FAULT, "fork", "supplied-fork", { number }, sequence);
}

async function useNote(check, number, bytes) {
	const { report, directory } = check;
	const opened = await openNote(check, bytes, number);
	if (opened.fault) {
		const why = opened.fault[2].why ?? "";
		return find(report, FAULT, "supplied", "supplied-note", { number, why });
	}
	const { checkpoint, epoch } = opened;
	for (const own of report.checkpoints)
		if (own.holds && own.epoch === epoch && own.checkpoint.size === checkpoint.size &&
			!equal(own.checkpoint.root, checkpoint.root))
			find(report, FAULT, "fork", "supplied-fork-log", { number });
	if (checkpoint.directoryVersion <= directory.version)
		sawDirectory(check, null, { supplied: number }, checkpoint.directoryVersion,
			checkpoint.directoryHead);
}

async function useEvidence(check, number, other) {
	for (const note of other.checkpoints) await useNote(check, number, note);
	if (!equal(other.transition, check.file.transition))
		return find(check.report, REMARK, "unchecked", "supplied-other-transition", { number });
	for (const { receipt } of other.events) if (receipt) await useReceipt(check, number, receipt);
}

async function use(check, number, bytes) {
	const proof = parseProof(bytes);
	if (proof) {
		await useNote(check, number, proof.note);
		const signed = readSigned(proof.receipt);
		if (signed) return useReceipt(check, number, signed);
		return find(check.report, FAULT, "supplied", "supplied-unreadable", { number });
	}
	const signed = readSigned(bytes);
	if (signed) return useReceipt(check, number, signed);
	if (attempt(() => parseNote(bytes))) return useNote(check, number, bytes);
	const other = attempt(() => decode(EVIDENCE, bytes, true));
	if (other) return useEvidence(check, number, other);
	find(check.report, FAULT, "supplied", "supplied-unreadable", { number });
}

export async function verifySupplied(check) {
	const { report, supplied } = check;
	const before = report.faultCount;
	check.shown = new Set(); // numbers of those with a receipt whose event is in the file, as it shows it
	for (const [index, bytes] of supplied.entries()) await use(check, index + 1, bytes);
	if (report.faultCount !== before) return;
	const count = check.shown.size;
	if (count > 0) find(report, GOOD, "complete", "supplied-contained", { count });
	else find(report, REMARK, "unchecked", "tail-unknown");
}
