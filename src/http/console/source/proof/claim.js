// What the maker of the file says: that these are its bytes, and what the transition came to. The
// bytes and the head of the history are checked; holders and duties are the maker's word here.

import { equal, isZero, toHex } from "./bytes.js";
import { keyValid, USE } from "./directory.js";
import { FAULT, GOOD, REMARK, find } from "./findings.js";
import { FormatError, decode } from "./protobuf.js";
import { CLAIM } from "./schema.js";
import { recordDigest, recordHolds } from "./signing.js";

async function checkSignature(check) {
	const { file, report, directory } = check;
	const past = directory.key(file.claim_key_id, USE.identity);
	if (past === null || !equal(past.party, file.made_by))
		find(report, FAULT, "claim-signature", "claim-other-key");
	else if (!keyValid(past, file.made_ms, file.made_ms))
		find(report, FAULT, "claim-signature", "claim-key-invalid");
	else if (!(await recordHolds(past.public_key, "claim", file.claim, file.claim_signature)))
		find(report, FAULT, "claim-signature", "claim-bad-signature");
	else
		return true;
	return false;
}

function readClaim(bytes) {
	const claim = decode(CLAIM, bytes, true);
	if (claim.transition.length !== 16 || claim.head.length !== 32 || claim.summary.length !== 32 ||
		claim.file.length !== 32)
		throw new FormatError("an id or a digest is missing");
	return claim;
}

/** The head and number that the events themselves give, as far as they follow each other. */
function checkHead(check, claim) {
	const { file, report } = check;
	const last = report.events.at(-1);
	const follows = last?.readable && !check.gap;
	if (!follows) return;
	if (!equal(claim.transition, file.transition) || claim.sequence !== last.sequence ||
		!equal(claim.head, last.head))
		find(report, FAULT, "claim", "claim-other-head");
	else
		find(report, GOOD, "claim", "claim-head", { count: last.sequence });
}

export async function verifyClaim(check) {
	const { file, report, directory } = check;
	const signed = await checkSignature(check);
	try {
		const claim = readClaim(file.claim);
		report.claim = claim;
		if (!equal(claim.file, recordDigest("evidence", check.bare)))
			find(report, FAULT, "damaged", "bytes-changed");
		else if (signed)
			find(report, GOOD, "file", "file-signed",
				{ name: directory.name(file.made_by), key: toHex(file.claim_key_id) });
		checkHead(check, claim);
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		find(report, FAULT, "claim", "claim-unreadable", { why: error.message });
	}
	find(report, REMARK, "unchecked", "not-recomputed");
}

/** The agreements that the facts name are in the file, byte for byte. */
export function verifyAgreements(check) {
	const { file, report } = check;
	const inFile = new Set(file.agreements.map((bytes) => toHex(recordDigest("agreement", bytes))));
	const named = new Set();
	let missing = false;
	for (const event of [...report.statements, ...report.events]) {
		const digest = event.readable ? event.header.agreement : null;
		if (digest === null || isZero(digest)) continue;
		named.add(toHex(digest));
		if (inFile.has(toHex(digest)) || event.sequence === 0) continue;
		missing = true;
		event.holds = false;
		find(report, FAULT, "agreement-missing", "agreement-missing", { digest: toHex(digest) },
			event.sequence);
	}
	for (const digest of inFile)
		if (!named.has(digest)) find(report, REMARK, "unnamed", "unnamed-agreement", { digest });
	if (!missing && inFile.size > 0)
		find(report, GOOD, "agreement", "agreements-named", { count: inFile.size });
}
