// The checkpoints of the file: who signed them, what they say of the directory, who saw them; and the
// epochs that the registrars declared (src/audit/evidence_log.c, epoch.c).

import { equal, toHex } from "./bytes.js";
import { keyRevoked, parseSignedRecord, registrarsSigned, sawDirectory, USE } from "./directory.js";
import { FAULT, GOOD, REMARK, find } from "./findings.js";
import { EPOCHS_MAX, TIME_MAX } from "./limits.js";
import {
	LOG_KEY, WITNESS_KEY, checkNote, nameIsValid, noteKey, parseCheckpoint, parseNote, parseOrigin,
	witnessName, witnessParty,
} from "./note.js";
import { judge, policyLog } from "./policy.js";
import { FormatError, decode } from "./protobuf.js";
import { EPOCH } from "./schema.js";

/** The log's key of the directory that signed the note; null when none did, or not well. */
async function findLogKey(check, note, origin) {
	for (const past of check.directory.keysOf(check.file.coordinator, USE.log)) {
		const found = await checkNote(note, await noteKey(origin, LOG_KEY, past.public_key));
		if (found === "bad") return null;
		if (found !== "none") return past;
	}
	return null;
}

async function signedByLog(check, note, origin) {
	if (!check.policy) return (await findLogKey(check, note, origin)) !== null;
	const found = await checkNote(note, policyLog(check.policy, origin));
	return found !== "none" && found !== "bad";
}

/**
 * A note that the log signed: {note, checkpoint, epoch}, or {fault: [code, say, values]}. number is
 * its place among others, for who reads the fault.
 */
export async function openNote(check, bytes, number) {
	let note, checkpoint;
	try {
		note = parseNote(bytes);
		checkpoint = parseCheckpoint(note.text);
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		const values = { number, why: error.message };
		return { fault: ["checkpoint-signature", "checkpoint-unreadable", values] };
	}
	const origin = parseOrigin(checkpoint.origin);
	if (origin === null || origin.log !== check.file.log)
		return { fault: ["log-unknown", "checkpoint-other-log", { number }] };
	if (check.policy && !policyLog(check.policy, checkpoint.origin))
		return { fault: ["log-unknown", "checkpoint-untrusted-log", { number, origin: checkpoint.origin }] };
	if (!(await signedByLog(check, note, checkpoint.origin)))
		return { fault: ["checkpoint-signature", "checkpoint-bad-signature", { number }] };
	return { note, checkpoint, epoch: origin.epoch };
}

/** Counts each party once, and only under a key that the directory lists for it as a witness. */
async function listCosigners(check, note) {
	const cosigners = [];
	let bad = false;
	for (const { name, hash } of note.signatures) {
		const party = witnessParty(name);
		if (party === null) continue;
		for (const past of check.directory.keysOf(party, USE.witness)) {
			const key = await noteKey(witnessName(party), WITNESS_KEY, past.public_key);
			if (!equal(key.hash, hash)) continue;
			const found = await checkNote(note, key);
			if (found === "bad" || found === "none" || keyRevoked(past, found.time_s * 1000)) bad = true;
			else cosigners.push({ party, name: check.directory.name(party), time_s: found.time_s });
			break;
		}
	}
	return { cosigners, bad };
}

/** A checkpoint under a revoked key counts when a witness saw it while the key was believed. */
async function logKeyRevoked(check, out) {
	const past = await findLogKey(check, out.note, out.checkpoint.origin);
	if (past === null) return false;
	out.key = toHex(past.id);
	const firstSeen = Math.min(...out.cosigners.map((cosigner) => cosigner.time_s * 1000), Infinity);
	return keyRevoked(past, firstSeen);
}

async function verifyOne(check, bytes, number) {
	const { report } = check;
	const opened = await openNote(check, bytes, number);
	if (opened.fault) {
		const [code, say, values] = opened.fault;
		find(report, FAULT, code, say, values);
		return { number, holds: false, counts: false, cosigners: [], key: "" };
	}
	const out = { ...opened, number, holds: true, counts: false, cosigners: [], key: "" };
	const { directoryVersion, directoryHead } = out.checkpoint;
	out.holds = sawDirectory(check, null, { checkpoint: number }, directoryVersion, directoryHead);
	const { cosigners, bad } = await listCosigners(check, out.note);
	out.cosigners = cosigners;
	let isBad = bad;
	let quorum = true;
	if (check.policy) {
		const verdict = await judge(check.policy, out.note);
		isBad = isBad || verdict.bad;
		quorum = verdict.quorum;
	}
	if (isBad) {
		find(report, FAULT, "cosignature", "cosignature-bad", { number });
		out.holds = false;
	}
	if (await logKeyRevoked(check, out)) {
		find(report, FAULT, "checkpoint-signature", "checkpoint-revoked-key", { number });
		out.holds = false;
	}
	out.counts = out.holds && quorum;
	return out;
}

/** Both are signed by the log: they cannot both be true. */
function findForks(check, checkpoints) {
	for (const [index, later] of checkpoints.entries())
		for (const sooner of checkpoints.slice(0, index)) {
			if (!later.holds || !sooner.holds || later.epoch !== sooner.epoch ||
				later.checkpoint.size !== sooner.checkpoint.size ||
				equal(later.checkpoint.root, sooner.checkpoint.root))
				continue;
			find(check.report, FAULT, "fork", "fork-sizes",
				{ number: sooner.number, other: later.number, size: later.checkpoint.size });
		}
}

function findOtherRoots(check, checkpoints) {
	for (const { holds, epoch, checkpoint, number } of checkpoints) {
		const declared = holds ? check.epochs[epoch - 1] : null;
		if (!declared || declared.size !== checkpoint.size || equal(declared.root, checkpoint.root))
			continue;
		find(check.report, FAULT, "fork", "fork-epoch",
			{ number, epoch: epoch + 1, size: checkpoint.size });
	}
}

/** The record of an epoch behind the first, as the registrars signed it; FormatError. */
async function openEpoch(check, bytes, epoch) {
	const signed = parseSignedRecord(bytes);
	const record = decode(EPOCH, signed.record);
	const old = parseOrigin(record.old_origin);
	const next = parseOrigin(record.origin);
	const stands = parseCheckpoint(parseNote(record.old_note).text);
	if (record.common_size < 1 || record.directory_version < 1 || record.log_key.length !== 32 ||
		record.directory_head.length !== 32 || record.made_ms < 1 || record.made_ms > TIME_MAX)
		throw new FormatError("a field is missing or cannot be");
	if (!old || !next || !nameIsValid(record.origin) || old.log !== next.log ||
		next.epoch !== old.epoch + 1)
		throw new FormatError("the new origin is not the next epoch of the same log");
	if (stands.origin !== record.old_origin || stands.size !== record.common_size)
		throw new FormatError("its note is not of the old epoch at the common size");
	if (record.directory_version < stands.directoryVersion)
		throw new FormatError("its directory is older than that of its note");
	if (!(await registrarsSigned(check.registrars, signed, "epoch")))
		throw new FormatError("not signed by enough of the registrars");
	if (next.log !== check.file.log || next.epoch !== epoch)
		throw new FormatError("it declares another epoch, or one of another log");
	if ((await openNote(check, record.old_note, 0)).fault)
		throw new FormatError("the log did not sign the tree that it says stands");
	return { size: stands.size, root: stands.root };
}

async function verifyEpochs(check) {
	const { file, report } = check;
	let good = 0;
	for (const [index, record] of file.epochs.entries()) {
		const epoch = index + 2;
		check.epochs[index] = null;
		try {
			if (index >= EPOCHS_MAX) throw new FormatError("more epochs than a log can have");
			check.epochs[index] = await openEpoch(check, record, epoch);
			good++;
		} catch (error) {
			if (!(error instanceof FormatError)) throw error;
			find(report, FAULT, "epoch", "epoch-record", { epoch, why: error.message });
		}
	}
	if (good > 0 && good === file.epochs.length)
		find(report, GOOD, "epoch", "epochs-declared", { count: good });
}

/** Leaves of the epoch that stand: all, unless a later epoch of the file says less. */
export function stands(check, epoch) {
	if (epoch < 1 || epoch > check.file.epochs.length) return Infinity;
	return check.epochs[epoch - 1]?.size ?? 0;
}

/** The checkpoint of that epoch and size that holds; null. */
export function checkpointOf(check, epoch, size) {
	return check.report.checkpoints.find((one) =>
		one.holds && one.epoch === epoch && one.checkpoint.size === size) ?? null;
}

function conclude(check, checkpoints) {
	const { report } = check;
	const counting = checkpoints.filter((one) => one.counts);
	if (checkpoints.length === 0)
		find(report, FAULT, "no-checkpoint", "no-checkpoint");
	else if (counting.length === 0 && checkpoints.some((one) => one.holds))
		find(report, FAULT, "quorum", "quorum-missing");
	for (const { checkpoint, key, cosigners } of counting)
		find(report, GOOD, "checkpoint", "checkpoint-holds", {
			origin: checkpoint.origin, size: checkpoint.size, key, count: cosigners.length,
			names: cosigners.map((cosigner) => cosigner.name),
		});
	if (!check.policy && checkpoints.length > 0) find(report, REMARK, "trust", "no-policy");
}

export async function verifyCheckpoints(check) {
	await verifyEpochs(check);
	const { report, file } = check;
	report.checkpoints = [];
	for (const [index, note] of file.checkpoints.entries())
		report.checkpoints.push(await verifyOne(check, note, index + 1));
	findForks(check, report.checkpoints);
	findOtherRoots(check, report.checkpoints);
	conclude(check, report.checkpoints);
}
