// Who is who: the directory followed from its first entry, with every head that it had
// (WIRE.md section 2; src/audit/registry.c and evidence_directory.c).

import { equal, isZero, join, label, toHex } from "./bytes.js";
import { FAULT, GOOD, REMARK, fault, find } from "./findings.js";
import { CONTACT_WHAT_MAX, CONTACTS_MAX, ENTRY_SIZE_MAX, PARTY_KEYS_MAX, RECORD_SIGNATURES_MAX } from "./limits.js";
import { FormatError, decode } from "./protobuf.js";
import { ENTRY, SIGNED_RECORD } from "./schema.js";
import { keyId, keyIdOfUse, keyIsSound, recordDigest, recordHolds, sha256 } from "./signing.js";

export const USE = { identity: 1, sealing: 2, transport: 3, witness: 4, log: 5 };
const ROLES = {
	1: "hospital", 2: "municipality", 3: "gp", 4: "psychiatry", 5: "other-municipality",
	6: "care-home", 7: "out-of-hours", 32: "coordinator", 33: "auditor",
};
const ROLE_COORDINATOR = 32;
const LATE_MS = 30 * 24 * 3600 * 1000; // WIRE.md section 1: what was sealed in time may come late

/** The record and its signatures; FormatError. */
export function parseSignedRecord(bytes) {
	if (bytes.length > ENTRY_SIZE_MAX + 2048) throw new FormatError("a signed record is too large");
	const signed = decode(SIGNED_RECORD, bytes);
	const ids = new Set();
	for (const signature of [...signed.signatures, ...(signed.succession ? [signed.succession] : [])])
		if (signature.key_id.length !== 16 || isZero(signature.key_id) ||
			signature.signature.length !== 64)
			throw new FormatError("a signature of a record cannot be");
	for (const { key_id } of signed.signatures) {
		if (ids.has(toHex(key_id))) throw new FormatError("two signatures of one key");
		ids.add(toHex(key_id));
	}
	if (signed.signatures.length > RECORD_SIGNATURES_MAX || signed.record.length === 0)
		throw new FormatError("a record is missing, or has too many signatures");
	return signed;
}

/** By as many of the registrars as must? */
export async function registrarsSigned(registrars, signed, name) {
	let count = 0;
	for (const key of registrars.keys) {
		const id = keyId(key);
		const signature = signed.signatures.find((one) => equal(one.key_id, id));
		if (signature && (await recordHolds(key, name, signed.record, signature.signature))) count++;
	}
	return registrars.threshold > 0 && count >= registrars.threshold;
}

function parseKey(key) {
	if (!Object.values(USE).includes(key.use) || key.public_key.length !== 32)
		throw new FormatError("a key has no use that is known, or is not 32 bytes");
	if (key.not_before_ms < 0 || key.not_after_ms < key.not_before_ms || key.revoked_ms < 0 ||
		key.compromised_since_ms < 0)
		throw new FormatError("a key has times of validity that cannot be");
	const signs = key.use !== USE.sealing && key.use !== USE.transport;
	if (signs && !keyIsSound(key.public_key))
		throw new FormatError("a key is not canonical or of small order");
	return { ...key, id: keyIdOfUse(key.use, key.public_key) };
}

// As src/core/contact.c judges them: what a node would refuse is no entry here either.
function checkContact(contact) {
	const size = new TextEncoder().encode(contact.what).length;
	const plain = !/[\u0000-\u001f\u007f]/.test(contact.what);
	if (!/^\+?[0-9]{3,15}$/.test(contact.telephone) || size < 1 || size > CONTACT_WHAT_MAX || !plain ||
		contact.days < 1 || contact.days > 3 || contact.from_minute > 1439 ||
		contact.until_minute < 1 || contact.until_minute > 1440)
		throw new FormatError("a contact has a number, a label or hours that cannot be");
}

function parseEntry(bytes) {
	if (bytes.length > ENTRY_SIZE_MAX) throw new FormatError("an entry is too large");
	const entry = decode(ENTRY, bytes);
	if (entry.party.length !== 16 || isZero(entry.party) || entry.name === "")
		throw new FormatError("party or name is missing");
	if (!Object.hasOwn(ROLES, entry.role)) throw new FormatError("the role is not known");
	if (entry.version < 1 || (entry.version === 1) !== (entry.previous.length === 0) ||
		(entry.previous.length !== 0 && entry.previous.length !== 32))
		throw new FormatError("version and predecessor do not agree");
	if (entry.keys.length > PARTY_KEYS_MAX) throw new FormatError("too many keys");
	if (entry.contacts.length > CONTACTS_MAX) throw new FormatError("too many contacts");
	entry.contacts.forEach(checkContact);
	return { ...entry, keys: entry.keys.map(parseKey), digest: recordDigest("entry", bytes) };
}

/** The directory of an evidence file as far as it follows. */
export class Directory {
	entries = new Map(); // newest of each party, by its id in hexadecimal digits
	heads = [new Uint8Array(32)]; // of version 0, 1, ...
	order = []; // party ids in the order of entries
	pastKeys = []; // as some entry listed them, oldest first
	#keyOwners = new Map(); // of the newest entries: key id -> party
	#codes = new Map(); // sor and gln -> party

	get version() {
		return this.heads.length - 1;
	}

	party(id) {
		return this.entries.get(toHex(id)) ?? null;
	}

	name(id) {
		return this.party(id)?.name ?? "";
	}

	#check(entry, party) {
		const last = this.entries.get(party);
		if (!last && entry.version !== 1)
			throw new FormatError("not the first entry of a party that is not known");
		if (last && entry.version !== last.version + 1)
			throw new FormatError("the version does not follow the party's last entry");
		if (last && !equal(entry.previous, last.digest))
			throw new FormatError("the predecessor is not the party's last entry");
		if (last && last.role !== entry.role) throw new FormatError("a party keeps its role");
		const ids = new Set(entry.keys.map((key) => toHex(key.id)));
		if (ids.size !== entry.keys.length) throw new FormatError("a key id stands twice");
		for (const id of ids)
			if ((this.#keyOwners.get(id) ?? party) !== party)
				throw new FormatError("a key is registered for another party");
		for (const code of [`sor ${entry.sor}`, `gln ${entry.gln}`])
			if (!code.endsWith(" ") && (this.#codes.get(code) ?? party) !== party)
				throw new FormatError("a code is another party's");
		return last;
	}

	#forget(last) {
		for (const key of last.keys) this.#keyOwners.delete(toHex(key.id));
		this.#codes.delete(`sor ${last.sor}`);
		this.#codes.delete(`gln ${last.gln}`);
	}

	/** FormatError when it does not follow, or is not signed by enough of the registrars. */
	async add(bytes, registrars) {
		const signed = parseSignedRecord(bytes);
		const entry = parseEntry(signed.record);
		if (!(await registrarsSigned(registrars, signed, "entry")))
			throw new FormatError("not signed by enough of the registrars");
		const party = toHex(entry.party);
		const last = this.#check(entry, party);
		if (last) this.#forget(last);
		this.entries.set(party, entry);
		for (const key of entry.keys) this.#keyOwners.set(toHex(key.id), party);
		this.#codes.set(`sor ${entry.sor}`, party);
		this.#codes.set(`gln ${entry.gln}`, party);
		this.order.push(party);
		const head = this.heads[this.version];
		this.heads.push(await sha256(label("stafet/v1/directory"), join(head, entry.digest)));
		for (const key of entry.keys)
			this.pastKeys.push({ ...key, party: entry.party, version: this.version });
	}

	/** Newest listing of a key; null when no entry had it. */
	key(id, use) {
		return this.pastKeys.findLast((key) => key.use === use && equal(key.id, id)) ?? null;
	}

	/** Listings of a party's keys of a use, newest first; every key once. */
	keysOf(party, use) {
		const seen = new Set();
		return this.pastKeys.filter((key) => key.use === use && equal(key.party, party)).reverse()
			.filter((key) => !seen.has(toHex(key.id)) && seen.add(toHex(key.id)));
	}
}

export function keyRevoked(key, recordedMs) {
	return key.revoked_ms !== 0 && recordedMs >= (key.compromised_since_ms || key.revoked_ms);
}

export function keyValid(key, sentMs, recordedMs) {
	if (sentMs < key.not_before_ms || sentMs > key.not_after_ms) return false;
	if (recordedMs - LATE_MS > key.not_after_ms) return false;
	return !keyRevoked(key, recordedMs);
}

/** Whom the reader trusts with the directory, or whom the file itself names. */
function takeRegistrars(check) {
	const pinned = check.policy?.registrars.length > 0;
	const registrars = pinned
		? { keys: check.policy.registrars, threshold: check.policy.threshold }
		: { keys: check.file.registrars, threshold: check.file.registrar_threshold };
	const keys = registrars.keys.map((key) => toHex(keyId(key)));
	check.report.registrarsPinned = pinned;
	if (pinned) find(check.report, GOOD, "trust", "registrars-pinned", { keys });
	else find(check.report, REMARK, "trust", "registrars-of-file", { keys });
	return registrars;
}

export async function verifyDirectory(check) {
	const { file, report, directory } = check;
	check.registrars = takeRegistrars(check);
	let follows = true;
	for (const [index, entry] of file.entries.entries()) {
		try {
			await directory.add(entry, check.registrars);
		} catch (error) {
			if (!(error instanceof FormatError)) throw error;
			// What is behind it cannot follow either.
			find(report, FAULT, "directory-entry", "entry", { number: index + 1, why: error.message });
			follows = false;
			break;
		}
	}
	if (follows)
		find(report, GOOD, "directory", "directory-signed", {
			count: file.entries.length, threshold: check.registrars.threshold,
			registrars: check.registrars.keys.length,
		});
	if (directory.party(file.coordinator)?.role !== ROLE_COORDINATOR)
		find(report, FAULT, "coordinator", "no-coordinator");
}

/** What somebody saw of the directory must be what the file has. */
export function sawDirectory(check, event, who, version, head) {
	const { report, directory } = check;
	if (version > directory.version) {
		fault(report, event, "directory-behind", "directory-held-back",
			{ who, version, count: directory.version });
		return false;
	}
	const seen = head.length === 0 ? new Uint8Array(32) : head;
	if (equal(seen, directory.heads[version])) return true;
	fault(report, event, "directory-fork", "directory-other", { who, version });
	return false;
}
