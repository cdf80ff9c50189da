// What a verification finds, line by line. code is the word that `stafet evidence verify` uses for the
// same thing (src/audit/evidence.h); say names the sentence, whose words the page has in its language
// (`audit.say.<say>`), and values what stands in it. A page never shows more than what stands here.

export const GOOD = "good";
export const REMARK = "remark";
export const FAULT = "fault";

/** Every sentence there is, with the values that it takes: a test holds the words against it. */
export const SAYS = {
	"file-signed": ["name", "key"],
	"directory-signed": ["count", "threshold", "registrars"],
	"registrars-pinned": ["keys"],
	"registrars-of-file": ["keys"],
	"checkpoint-holds": ["origin", "size", "key", "count", "names"],
	"epochs-declared": ["count"],
	"authors-signed": ["count", "keys"],
	"receipts-signed": ["count", "key"],
	"chain-whole": ["count"],
	"statements-hold": ["count"],
	"events-proven": ["proven", "count"],
	"agreements-named": ["count"],
	"claim-head": ["count"],
	"supplied-contained": ["count"],
	"no-policy": [],
	"not-recomputed": [],
	"tail-unknown": [],
	"clocks-apart": ["seconds"],
	"pending": [],
	"linked": [],
	"unnamed-agreement": ["digest"],
	"other-epoch": ["number"],
	"supplied-no-transition": ["number"],
	"supplied-other-transition": ["number"],
	"unreadable": ["why"],
	"claim-unreadable": ["why"],
	"claim-other-key": [],
	"claim-key-invalid": [],
	"claim-bad-signature": [],
	"bytes-changed": [],
	"claim-other-head": [],
	"not-asked-for": ["transition"],
	"entry": ["number", "why"],
	"directory-held-back": ["who", "version", "count"],
	"directory-other": ["who", "version"],
	"no-coordinator": [],
	"no-checkpoint": [],
	"checkpoint-unreadable": ["number", "why"],
	"checkpoint-other-log": ["number"],
	"checkpoint-untrusted-log": ["number", "origin"],
	"checkpoint-bad-signature": ["number"],
	"checkpoint-revoked-key": ["number"],
	"cosignature-bad": ["number"],
	"quorum-missing": [],
	"fork-sizes": ["number", "other", "size"],
	"fork-epoch": ["number", "epoch", "size"],
	"epoch-record": ["epoch", "why"],
	"not-included": ["leaf", "size"],
	"no-such-checkpoint": ["size"],
	"unproven": ["seconds"],
	"cover-unreadable": ["why"],
	"key-unknown": [],
	"key-invalid": [],
	"bad-signature": [],
	"forged-author": [],
	"receipt-unreadable": ["why"],
	"receipt-unsigned": [],
	"receipt-other-message": [],
	"receipt-other-envelope": [],
	"other-transition": [],
	"class": ["class"],
	"epoch-unknown": ["epoch"],
	"epoch-lost": ["epoch"],
	"author-other-log": ["size"],
	"no-events": [],
	"behind": ["number", "before"],
	"missing": ["from", "until"],
	"does-not-follow": ["before"],
	"earlier-time": [],
	"earlier-leaf": [],
	"saw-later": ["seen", "number"],
	"saw-other": ["seen"],
	"resend-of-nothing": [],
	"not-of-agreement": [],
	"statement-order": [],
	"agreement-missing": ["digest"],
	"supplied-unreadable": ["number"],
	"supplied-unsigned": ["number"],
	"supplied-note": ["number", "why"],
	"supplied-missing": ["number"],
	"supplied-fork": ["number"],
	"supplied-fork-log": ["number"],
};

const FINDINGS_MAX = 4096; // more are counted and not kept

export function startReport() {
	return { findings: [], faultCount: 0, remarkCount: 0, verified: false, trusted: false };
}

export function find(report, severity, code, say, values = {}, sequence = 0) {
	if (!Object.hasOwn(SAYS, say)) throw new Error(`no such sentence: ${say}`);
	report.faultCount += severity === FAULT ? 1 : 0;
	report.remarkCount += severity === REMARK ? 1 : 0;
	if (report.findings.length < FINDINGS_MAX)
		report.findings.push({ severity, code, say, values, sequence });
}

/** A fault of this event, which then does not hold; event null: of none in particular. */
export function fault(report, event, code, say, values = {}) {
	if (event) event.holds = false;
	find(report, FAULT, code, say, values, event?.sequence ?? 0);
}
