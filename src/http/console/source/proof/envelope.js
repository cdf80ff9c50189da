// Covers of envelopes STF1 and what stands in them (WIRE.md section 1): everything of an envelope but
// the sealed content. Layout and form here; who may say what is for the verification to judge.

import { blake2b } from "./blake2b.js";
import { equal, isZero, join, label, ofText, toHex } from "./bytes.js";
import {
	ATTACHMENT_COUNT_MAX, ATTACHMENT_SIZE_MAX, BATCH_COUNT_MAX, BATCH_DEPTH_MAX, CHUNK_EXTRA, CHUNK_SIZE,
	COVER_SIZE_MAX, HEADER_SIZE_MAX, RECEIPT_SIZE_MAX, TIME_MAX,
} from "./limits.js";
import { batchLeaf, batchRoot } from "./merkle.js";
import { FormatError, decode } from "./protobuf.js";
import { AGREEMENT_FACT, HEADER, MESSAGE, PARTIES, RECEIPT } from "./schema.js";
import { keyId } from "./signing.js";

const MAGIC = ofText("STF1");
const FLAGS = 0x03;
const RECIPIENTS_MAX = 32;

/** Words of kinds, as `stafet` prints them (src/core/fact.h). */
export const KINDS = {
	1: "parties", 2: "intent", 3: "assessment", 4: "stay", 5: "plan", 6: "plan-answer", 7: "ready",
	8: "ready-withdrawn", 9: "agree", 10: "offer", 11: "accept", 12: "refuse", 13: "withdraw",
	14: "agreement-propose", 15: "agreement-accept", 16: "agreement-end", 17: "arrived", 18: "letter",
	19: "obligation", 20: "question", 21: "answer", 22: "window", 23: "dispute", 24: "resolve",
	25: "fallback", 26: "close", 27: "reopen", 28: "acknowledgement", 64: "expired",
	65: "escalated", 66: "window-ended", 67: "passed", 68: "silent", 69: "closed", 70: "linked",
	96: "access", 97: "erased", 98: "alarm",
};
const KIND_PARTIES = 1;
export const KIND_ACKNOWLEDGEMENT = 28;
export const KIND_LINKED = 70;

export const isRead = (kind) => Object.hasOwn(KINDS, kind);
export const isDerived = (kind) => kind >= 64 && kind <= 70;
export const isStatement = (kind) => kind >= 96 && kind <= 98;
export const isOfAgreement = (kind) => kind >= 14 && kind <= 16;

export const CLASS = { fact: 1, acknowledgement: 2, derived: 3, statement: 4, resend: 7 };
export const REFUSED = 3;

/** Lays out a cover; FormatError. Views into the bytes. */
export function parseCover(bytes) {
	if (bytes.length === 0 || bytes.length > COVER_SIZE_MAX) throw new FormatError("empty or too long");
	let at = 0;
	const take = (size) => {
		if (size > bytes.length - at) throw new FormatError("a cover is cut off");
		at += size;
		return bytes.subarray(at - size, at);
	};
	const two = () => {
		const [high, low] = take(2);
		return (high << 8) | low;
	};
	if (!equal(take(4), MAGIC)) throw new FormatError("it does not begin with STF1");
	if (take(1)[0] !== 1) throw new FormatError("the suite is not known");
	if (take(1)[0] & ~FLAGS) throw new FormatError("unknown flags");
	const size = two();
	if (size < 17 || size > HEADER_SIZE_MAX) throw new FormatError("the header length cannot be");
	const authorKeyId = take(16);
	const header = take(size - 16);
	const throughHeader = bytes.subarray(0, at);
	const sealed = take(32);
	const fromDepth = bytes.subarray(at);
	const depth = take(1)[0];
	const index = two();
	const count = two();
	if (depth > BATCH_DEPTH_MAX || count > BATCH_COUNT_MAX || index >= count ||
		(depth === 0) !== (count === 1))
		throw new FormatError("depth, index or count cannot be");
	const path = take(32 * depth);
	const signature = take(64);
	if (at !== bytes.length) throw new FormatError("bytes behind the signature");
	return { throughHeader, authorKeyId, header, sealed, fromDepth, index, count, path, signature };
}

/** {digest} of the envelope when the author's key signed the cover; null. */
export async function verifyCover(cover, key, roots) {
	if (!equal(keyId(key), cover.authorKeyId)) return null;
	const h0 = blake2b(join(label("stafet/v1/header"), cover.throughHeader));
	const tbs = blake2b(join(label("stafet/v1/tbs"), h0, cover.sealed));
	const root = cover.path.length === 0
		? tbs
		: await batchRoot(batchLeaf(tbs), cover.index, cover.count, cover.path);
	if (root === null || !(await roots.holds("stafet/v1/batch", key, cover.count, root, cover.signature)))
		return null;
	return { digest: blake2b(join(label("stafet/v1/digest"), tbs, cover.fromDepth)) };
}

/** What must have this size, or none where it may be missing. */
function checkSizes(object, sizes) {
	for (const [name, [size, optional]] of Object.entries(sizes)) {
		const bytes = object[name];
		if (bytes.length === size ? size === 16 && isZero(bytes) : !(optional && bytes.length === 0))
			throw new FormatError(`${name} is not ${size} bytes`);
	}
}

function checkTimes(object, ...names) {
	for (const name of names)
		if (object[name] < 0 || object[name] > TIME_MAX)
			throw new FormatError(`${name} is not a time between 1970 and 9999`);
}

function checkRecipients(message) {
	const seen = new Set([toHex(message.author)]);
	for (const recipient of message.recipients) {
		const id = toHex(recipient);
		if (recipient.length !== 16 || isZero(recipient) || seen.has(id))
			throw new FormatError("recipients: no id, a party twice, or the author");
		seen.add(id);
	}
	if (message.recipients.length > RECIPIENTS_MAX) throw new FormatError("too many recipients");
}

/** Content with its padding (src/base/padme.h). */
function padded(size) {
	const marked = size + 1;
	if (marked <= 4096) return 4096;
	const exponent = Math.floor(Math.log2(marked));
	const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
	return Math.ceil(marked / step) * step;
}

/** Is there content that has this size when it is sealed (src/wire/chunk.h)? */
function isSealedSize(size) {
	const count = Math.ceil(Number(size) / (CHUNK_SIZE + CHUNK_EXTRA));
	const content = Number(size) - count * CHUNK_EXTRA;
	return content >= 1 && content <= padded(ATTACHMENT_SIZE_MAX) && padded(content - 1) === content &&
		Math.ceil(content / CHUNK_SIZE) === count;
}

/** They belong to a body, whose recipients get their keys. */
function checkAttachments({ attachments, body_commitment: commitment }) {
	if (attachments.length > ATTACHMENT_COUNT_MAX)
		throw new FormatError("attachments: more than a letter can have");
	if (attachments.length > 0 && (commitment.length === 0 || isZero(commitment)))
		throw new FormatError("attachments: without a body");
	for (const { digest, size } of attachments)
		if (digest.length !== 32 || !isSealedSize(size))
			throw new FormatError("attachments: a digest or a size cannot be");
}

/** Acknowledgements have no author sequence; facts about an agreement no transition. */
function checkKind(message) {
	const kind = message.kind;
	if (kind === 0) throw new FormatError("kind is missing");
	const none = message.author_sequence === 0;
	if (kind === KIND_ACKNOWLEDGEMENT ? !none : isRead(kind) && none)
		throw new FormatError("author_sequence does not go with the kind");
	const alone = isOfAgreement(kind) || isStatement(kind);
	if (isRead(kind) && kind !== KIND_ACKNOWLEDGEMENT && alone !== (message.transition_id.length === 0))
		throw new FormatError("transition_id does not go with the kind");
}

/** Digest of the agreement that a fact names; null when it names none. */
function namedAgreement(kind, fact) {
	if (kind !== KIND_PARTIES && !isOfAgreement(kind)) return null;
	const { agreement } = decode(kind === KIND_PARTIES ? PARTIES : AGREEMENT_FACT, fact);
	return agreement.length === 0 || isZero(agreement) ? null : agreement;
}

/** Header and message as signed; FormatError. */
export function parseHeader(bytes) {
	const header = decode(HEADER, bytes);
	checkSizes(header, {
		envelope_id: [16, false], log_root: [32, true], directory_head: [32, true],
	});
	checkTimes(header, "sent_ms", "expires_ms");
	const message = decode(MESSAGE, header.message);
	if (message.format !== 1) throw new FormatError("format is not known");
	checkSizes(message, {
		message_id: [16, false], transition_id: [16, true], author: [16, false],
		in_reply_to: [16, true], supersedes: [16, true], body_commitment: [32, true],
		seen_head: [32, true],
	});
	checkTimes(message, "occurred_ms", "created_ms");
	checkRecipients(message);
	checkAttachments(message);
	checkKind(message);
	return { ...header, bytes: header.message, message,
		agreement: namedAgreement(message.kind, message.fact) };
}

/** A receipt as signed; FormatError. */
export function parseReceipt(bytes) {
	if (bytes.length > RECEIPT_SIZE_MAX) throw new FormatError("a receipt is too long");
	const receipt = decode(RECEIPT, bytes);
	checkSizes(receipt, {
		message_id: [16, true], digest: [32, false], previous_head: [32, false], r: [32, false],
	});
	checkTimes(receipt, "recorded_ms");
	if (receipt.outcome < 1 || receipt.outcome > 3 || receipt.code > 65535 ||
		receipt.kind_class < 1 || receipt.kind_class > 7)
		throw new FormatError("outcome, code or class has a value that is not known");
	return receipt;
}

/** Framing of a signed receipt that decode() read; FormatError. */
export function checkSignedReceipt(signed) {
	if (!signed || signed.signature.length !== 64)
		throw new FormatError("receipt without a signature of 64 bytes");
	if (signed.count < 1 || signed.count > BATCH_COUNT_MAX || signed.index >= signed.count ||
		signed.path.length % 32 !== 0 || signed.path.length > 32 * BATCH_DEPTH_MAX)
		throw new FormatError("index, count or path of a receipt cannot be");
}

/** Under this key of the coordinator? */
export async function receiptHolds(signed, key, roots) {
	const root = await batchRoot(batchLeaf(signed.receipt), signed.index, signed.count, signed.path);
	return root !== null &&
		roots.holds("stafet/v1/receipts", key, signed.count, root, signed.signature);
}
