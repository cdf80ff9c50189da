// Each event by itself and in its place: who signed it, that the coordinator recorded it, that it is
// in the log, and that it follows the one before (src/audit/evidence_events.c). What it does to the
// transition is not asked here: holders and deadlines are recomputed by `stafet evidence verify`.

import { equal, isZero, toHex } from "./bytes.js";
import { checkpointOf, stands } from "./checkpoints.js";
import { keyRevoked, keyValid, sawDirectory, USE } from "./directory.js";
import {
	CLASS, KINDS, KIND_ACKNOWLEDGEMENT, KIND_LINKED, REFUSED, isDerived, isOfAgreement, isRead,
	isStatement, parseCover, parseHeader, parseReceipt, receiptHolds, verifyCover,
} from "./envelope.js";
import { FAULT, GOOD, REMARK, fault, find } from "./findings.js";
import { COORDINATOR_KEYS_MAX, MINUTE_MS } from "./limits.js";
import { headBehind, isIncluded, logLeaf, logLeafHash } from "./merkle.js";
import { FormatError } from "./protobuf.js";

const FUTURE_MS_MAX = 5 * MINUTE_MS; // WIRE.md section 1
const PENDING_MS_MAX = 15 * MINUTE_MS; // WIRE.md section 4
const NO_TRANSITION = new Uint8Array(16);

/** Key of the coordinator that signed the receipt and was not revoked then; null. */
export async function receiptKey(check, signed, receipt) {
	const keys = check.directory.keysOf(check.file.coordinator, USE.identity);
	for (const past of keys.slice(0, COORDINATOR_KEYS_MAX))
		if (!keyRevoked(past, receipt.recorded_ms) &&
			(await receiptHolds(signed, past.public_key, check.roots)))
			return past;
	return null;
}

/** Hash of the leaf in the log's tree, and head of the transition behind the event. */
export async function leafOf(receipt, transition) {
	const leaf = await logLeaf(receipt, transition);
	return { leafHash: await logLeafHash(leaf), head: await headBehind(receipt.previous_head, leaf) };
}

/** Derived facts and statements only under the coordinator, and nothing else under it. */
function authorIsRight(check, message, past) {
	const own = isDerived(message.kind) || isStatement(message.kind);
	const foreign = isRead(message.kind) && !own;
	if (!equal(past.party, message.author)) return false;
	const isCoordinator = equal(past.party, check.file.coordinator);
	return isCoordinator ? !foreign && message.recipients.length === 0 : !own;
}

async function verifyAuthor(check, event, cover) {
	const { report, directory } = check;
	const past = directory.key(cover.authorKeyId, USE.identity);
	event.key = toHex(cover.authorKeyId);
	if (past === null) return fault(report, event, "key-unknown", "key-unknown");
	const verified = await verifyCover(cover, past.public_key, check.roots);
	if (verified === null) return fault(report, event, "signature", "bad-signature");
	event.digest = verified.digest;
	if (!authorIsRight(check, event.message, past))
		fault(report, event, "forged-author", "forged-author");
	if (!keyValid(past, event.header.sent_ms, event.receipt.recorded_ms))
		fault(report, event, "key-invalid", "key-invalid");
}

function classFits(kind, kindClass) {
	if (isDerived(kind)) return kindClass === CLASS.derived;
	if (isStatement(kind)) return kindClass === CLASS.statement;
	if (kindClass === CLASS.resend) return true;
	if (kind === KIND_ACKNOWLEDGEMENT) return kindClass === CLASS.acknowledgement;
	return kindClass === CLASS.fact || (!isRead(kind) && kindClass === CLASS.derived);
}

/** The receipt is about this event, and about no other. */
function compareReceipt(check, event, transition) {
	const { report, file } = check;
	const { receipt, message } = event;
	if (receipt.message_id.length > 0 && !equal(receipt.message_id, message.message_id))
		fault(report, event, "receipt-other", "receipt-other-message");
	else if (event.digest && !equal(receipt.digest, event.digest))
		fault(report, event, "receipt-other", "receipt-other-envelope");
	const said = message.transition_id.length > 0 ? message.transition_id : NO_TRANSITION;
	if (!equal(said, transition)) fault(report, event, "transition", "other-transition");
	if (!classFits(message.kind, receipt.kind_class))
		fault(report, event, "class", "class", { class: receipt.kind_class });
	if (receipt.epoch < 1 || receipt.epoch > file.epochs.length + 1)
		fault(report, event, "epoch", "epoch-unknown", { epoch: receipt.epoch });
	else if (receipt.leaf_index >= stands(check, receipt.epoch))
		fault(report, event, "epoch", "epoch-lost", { epoch: receipt.epoch });
}

/** What a header says of directory and log must be what this file says of them. */
function compareSeen(check, event) {
	const { header } = event;
	sawDirectory(check, event, { author: true }, header.directory_version, header.directory_head);
	const checkpoint = checkpointOf(check, header.seen_epoch, header.log_size);
	const root = header.log_root.length > 0 ? header.log_root : new Uint8Array(32);
	if (header.log_size > 0 && checkpoint && !equal(root, checkpoint.checkpoint.root))
		fault(check.report, event, "fork", "author-other-log", { size: header.log_size });
}

async function verifyInclusion(check, event, evidence) {
	const size = evidence.proof_size;
	if (size === 0) return;
	const checkpoint = checkpointOf(check, event.receipt.epoch, size);
	if (checkpoint === null)
		return fault(check.report, event, "inclusion", "no-such-checkpoint", { size });
	const leaf = event.receipt.leaf_index;
	if (await isIncluded(event.leafHash, leaf, size, evidence.path, checkpoint.checkpoint.root))
		event.checkpoint = checkpoint;
	else
		fault(check.report, event, "inclusion", "not-included", { leaf, size });
}

function judgePending(check, event) {
	event.proven = Boolean(event.checkpoint?.counts);
	if (event.proven) return;
	const ageMs = check.file.made_ms - event.receipt.recorded_ms;
	// One that says it was made before what is in it could call anything young.
	if (check.requireProof || ageMs > PENDING_MS_MAX || ageMs < -FUTURE_MS_MAX)
		fault(check.report, event, "unproven", "unproven", { seconds: Math.trunc(ageMs / 1000) });
	else
		find(check.report, REMARK, "pending", "pending", {}, event.sequence);
}

function readCover(check, event, evidence) {
	try {
		const cover = parseCover(evidence.cover);
		event.header = parseHeader(cover.header);
		event.message = event.header.message;
		event.author = toHex(event.message.author);
		event.authorName = check.directory.name(event.message.author);
		event.kind = KINDS[event.message.kind] ?? `kind-${event.message.kind}`;
		return cover;
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		fault(check.report, event, "cover", "cover-unreadable", { why: error.message });
		return null;
	}
}

async function readReceipt(check, event, evidence) {
	try {
		const receipt = parseReceipt(evidence.receipt.receipt);
		const key = await receiptKey(check, evidence.receipt, receipt);
		if (key === null) {
			fault(check.report, event, "receipt", "receipt-unsigned");
			return false;
		}
		event.receipt = receipt;
		check.receiptKeys.add(toHex(key.id));
		return true;
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		fault(check.report, event, "receipt", "receipt-unreadable", { why: error.message });
		return false;
	}
}

async function verifyEvent(check, event, evidence, transition) {
	const cover = readCover(check, event, evidence);
	if (cover === null || !(await readReceipt(check, event, evidence))) return;
	event.readable = true;
	if (event.receipt.transition_sequence > 0) event.sequence = event.receipt.transition_sequence;
	await verifyAuthor(check, event, cover);
	compareReceipt(check, event, transition);
	compareSeen(check, event);
	Object.assign(event, await leafOf(event.receipt, transition));
	await verifyInclusion(check, event, evidence);
	judgePending(check, event);
	const apartMs = event.header.sent_ms - event.receipt.recorded_ms;
	if (apartMs > FUTURE_MS_MAX)
		find(check.report, REMARK, "unchecked", "clocks-apart",
			{ seconds: Math.trunc(apartMs / 1000) }, event.sequence);
}

/** In its place behind the ones before it. */
function verifyPlace(check, event, before) {
	const { report } = check;
	const { receipt } = event;
	const number = receipt.transition_sequence;
	const expected = before ? before.sequence + 1 : 1;
	if (number !== expected) {
		check.gap = true;
		if (number < expected)
			fault(report, event, "order", "behind", { number, before: expected - 1 });
		else
			fault(report, event, "gap", "missing", { from: expected, until: Number(number) - 1 });
		return;
	}
	if (!equal(receipt.previous_head, before ? before.head : new Uint8Array(32)))
		fault(report, event, "head", "does-not-follow", { before: expected - 1 });
	if (!before) return;
	const last = before.receipt;
	if (receipt.recorded_ms < last.recorded_ms) fault(report, event, "order", "earlier-time");
	if (receipt.epoch < last.epoch ||
		(receipt.epoch === last.epoch && receipt.leaf_index <= last.leaf_index))
		fault(report, event, "order", "earlier-leaf");
}

/**
 * What its author says of the transition that it answers. Who wrote before it knew of a new epoch may
 * have seen events that were lost with the tail, of which nothing can be said.
 */
function verifySeen(check, event) {
	const { report } = check;
	const { seen_sequence: seen, seen_head: head } = event.message;
	const epoch = event.header.seen_epoch || 1;
	if (seen === 0 || check.gap || head.length === 0 || isZero(head)) return;
	const standing = report.events.filter((one) => one.readable && one.receipt.epoch <= epoch);
	if (epoch < event.receipt.epoch && seen > standing.length) return;
	if (seen >= event.sequence)
		fault(report, event, "other-history", "saw-later", { seen, number: event.sequence });
	else if (!equal(report.events[seen - 1].head, head))
		fault(report, event, "other-history", "saw-other", { seen });
}

/** WIRE.md section 1: a resend repeats a message that was recorded and not refused. */
function verifyResend(check, event, index) {
	if (event.receipt.kind_class !== CLASS.resend) return;
	const first = check.report.events.slice(0, index).some((one) => one.readable &&
		one.receipt.outcome !== REFUSED && equal(one.header.bytes, event.header.bytes));
	if (!first) fault(check.report, event, "resend", "resend-of-nothing");
}

function verifyStatement(check, event, index) {
	const { report } = check;
	if (!isOfAgreement(event.message.kind) || event.receipt.transition_sequence !== 0)
		fault(report, event, "transition", "not-of-agreement");
	for (const before of report.statements.slice(0, index)) {
		if (!before.readable) continue;
		const same = before.receipt.epoch === event.receipt.epoch &&
			before.receipt.leaf_index === event.receipt.leaf_index;
		if (event.receipt.recorded_ms >= before.receipt.recorded_ms && !same) continue;
		fault(report, event, "order", "statement-order");
		return;
	}
}

function start(evidence, index) {
	return {
		evidence, sequence: index + 1, readable: false, holds: true, proven: false, key: "",
		author: "", authorName: "", kind: "", digest: null, checkpoint: null,
	};
}

function conclude(check) {
	const { report } = check;
	const { events, statements } = report;
	const all = [...events, ...statements];
	const held = (...codes) => !report.findings.some((finding) =>
		finding.severity === FAULT && codes.includes(finding.code));
	if (events.length === 0) return find(report, FAULT, "gap", "no-events");
	if (held("cover", "key-unknown", "signature", "forged-author", "key-invalid"))
		find(report, GOOD, "events", "authors-signed",
			{ count: all.length, keys: [...new Set(all.map((event) => event.key))] });
	if (held("cover", "receipt", "receipt-other", "class", "resend"))
		find(report, GOOD, "events", "receipts-signed",
			{ count: all.length, key: [...check.receiptKeys].join(", ") });
	if (held("cover", "receipt", "gap", "order", "head", "other-history", "transition", "epoch"))
		find(report, GOOD, "events", "chain-whole", { count: events.length });
	const proven = events.filter((event) => event.proven).length;
	if (held("inclusion", "unproven", "fork", "cover", "receipt"))
		find(report, GOOD, "inclusion", "events-proven", { proven, count: events.length });
	if (statements.length > 0 && statements.every((event) => event.holds))
		find(report, GOOD, "events", "statements-hold", { count: statements.length });
}

export async function verifyEvents(check) {
	const { file, report } = check;
	const total = file.statements.length + file.events.length;
	report.statements = file.statements.map(start);
	report.events = file.events.map(start);
	for (const [index, event] of report.statements.entries()) {
		event.sequence = 0;
		await verifyEvent(check, event, event.evidence, NO_TRANSITION);
		if (event.readable) verifyStatement(check, event, index);
		check.progress(index + 1, total);
	}
	let before = null;
	for (const [index, event] of report.events.entries()) {
		await verifyEvent(check, event, event.evidence, file.transition);
		check.progress(file.statements.length + index + 1, total);
		if (!event.readable) {
			check.gap = true;
			continue;
		}
		verifyPlace(check, event, before);
		verifySeen(check, event);
		verifyResend(check, event, index);
		if (event.message.kind === KIND_LINKED)
			find(report, REMARK, "linked", "linked", {}, event.sequence);
		before = event;
	}
	conclude(check);
}
