// What an evidence file proves, in a browser (WIRE.md section 5). The checks are those of
// `stafet evidence verify` (src/audit/evidence.h) but one: holders, duties, deadlines and outcomes are
// not recomputed here, since that takes the rules of src/core; the report always says so. Nothing is
// believed because a server says it: bytes go in, lines of what holds and what does not come out.

import { equal, isZero, toHex } from "./bytes.js";
import { verifyCheckpoints } from "./checkpoints.js";
import { verifyAgreements, verifyClaim } from "./claim.js";
import { Directory, verifyDirectory } from "./directory.js";
import { checkSignedReceipt } from "./envelope.js";
import { verifyEvents } from "./events.js";
import { FAULT, find, startReport } from "./findings.js";
import {
	AGREEMENTS_MAX, CHECKPOINTS_MAX, ENTRIES_MAX, EVENTS_MAX, EVIDENCE_SIZE_MAX, LOG_NAME_MAX,
	PATH_SIZE_MAX, REGISTRARS_MAX, TIME_MAX,
} from "./limits.js";
import { FormatError, decode } from "./protobuf.js";
import { CLAIM_FIELD, EVIDENCE } from "./schema.js";
import { RootChecker } from "./signing.js";
import { verifySupplied } from "./supplied.js";

const LISTS = {
	checkpoints: CHECKPOINTS_MAX, epochs: CHECKPOINTS_MAX, entries: ENTRIES_MAX,
	agreements: AGREEMENTS_MAX, statements: EVENTS_MAX, events: EVENTS_MAX,
};

function checkFields(file) {
	for (const name of ["made_by", "coordinator", "transition", "claim_key_id"])
		if (file[name].length !== 16 || isZero(file[name]))
			throw new FormatError(`${name} is not an id of 16 bytes`);
	if (file.format !== 1) throw new FormatError("format is not known");
	if (file.made_ms < 1 || file.made_ms > TIME_MAX) throw new FormatError("made_ms is no time");
	if (file.log.length < 1 || file.log.length > LOG_NAME_MAX)
		throw new FormatError("log has no name that can be");
	for (const [name, most] of Object.entries(LISTS))
		if (file[name].length > most) throw new FormatError(`more than ${most} ${name}`);
	if (file.claim.length === 0 || file.claim_signature.length !== 64)
		throw new FormatError("claim or its signature is missing");
}

function checkRegistrars(file) {
	if (file.registrars.length > REGISTRARS_MAX || file.registrar_threshold < 1 ||
		file.registrar_threshold > file.registrars.length ||
		file.registrars.some((key) => key.length !== 32))
		throw new FormatError("registrars or how many must sign cannot be");
}

function checkEvents(file) {
	for (const event of [...file.statements, ...file.events]) {
		checkSignedReceipt(event.receipt);
		if (event.path.length % 32 !== 0 || event.path.length > PATH_SIZE_MAX ||
			event.proof_size > 2n ** 63n - 1n)
			throw new FormatError("a path cannot be");
	}
}

/** {file, bare}: bare is what stands before the claim, which the claim names; FormatError. */
function readFile(bytes) {
	if (bytes.length > EVIDENCE_SIZE_MAX) throw new FormatError("larger than an evidence file is");
	const starts = new Map();
	const file = decode(EVIDENCE, bytes, true, starts);
	checkFields(file);
	checkRegistrars(file);
	checkEvents(file);
	return { file, bare: bytes.subarray(0, starts.get(CLAIM_FIELD)) };
}

/** Good evidence of one transition says nothing of another. One is asked for by a message of it, too. */
function verifyAsked({ asked, file, report }) {
	if (!asked || equal(asked, file.transition)) return;
	if (report.events.some((event) => event.readable && equal(event.message.message_id, asked))) return;
	find(report, FAULT, "transition", "not-asked-for", { transition: toHex(file.transition) });
}

/**
 * Checks the bytes of an evidence file. options: policy (of policy.js, or null: then the registrars
 * and keys that the file itself names are taken, and the report says so), supplied (receipts, proofs,
 * checkpoints or evidence files from elsewhere), asked (the id, 16 bytes, of the transition or of a message
 * of it that the reader wants to know about; then evidence of another is a fault), requireProof,
 * progress(done, total).
 *
 * Returns findings in the order of the checks, events, statements, checkpoints, directory, claim (the
 * maker's word), verified: no fault, and trusted: that by registrars and keys of the policy. Never throws because of what
 * the bytes say.
 */
export async function verifyEvidence(bytes, options = {}) {
	const report = startReport();
	let read;
	try {
		read = readFile(bytes);
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		find(report, FAULT, "damaged", "unreadable", { why: error.message });
		return report;
	}
	const check = {
		...read, report, directory: new Directory(), roots: new RootChecker(), epochs: [], gap: false,
		receiptKeys: new Set(), registrars: null, policy: options.policy ?? null,
		supplied: options.supplied ?? [], asked: options.asked ?? null, requireProof: options.requireProof ?? false,
		progress: options.progress ?? (() => {}),
	};
	report.file = read.file;
	report.directory = check.directory;
	await verifyDirectory(check);
	await verifyCheckpoints(check);
	await verifyEvents(check);
	verifyAsked(check);
	verifyAgreements(check);
	await verifyClaim(check);
	await verifySupplied(check);
	report.verified = report.faultCount === 0;
	// Without them a file that somebody made up from its first key on is whole, too; and where the file
	// names its own registrars, who made it up could go on from the true entries with others of his own.
	report.trusted = report.verified && report.registrarsPinned;
	return report;
}
