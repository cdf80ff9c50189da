// Signed notes, checkpoints and keys of notes as text (c2sp.org/signed-note, tlog-checkpoint and
// tlog-cosignature; src/log). Every text has one form, so a reader refuses any other.

import { equal, fromBase64, fromHex, join, number64, ofText, text, toHex } from "./bytes.js";
import { NOTE_NAME_MAX, NOTE_SIGNATURES_MAX, NOTE_SIZE_MAX } from "./limits.js";
import { FormatError } from "./protobuf.js";
import { holds, sha256 } from "./signing.js";

export const LOG_KEY = 1;
export const WITNESS_KEY = 4;

const NEWLINE = 10;
const SPACE = 32;
const LINE_PREFIX = ofText("— "); // an em dash and a space
const SIGNATURE_SIZE = 64;
const COSIGNATURE_SIZE = 72; // time, then the signature
const NUMBER_MAX = 2n ** 63n - 1n;
const TIME_MAX_S = NUMBER_MAX / 1000n;
const WITNESS_PREFIX = "stafet/witness/";

export function nameIsValid(name) {
	return name.length > 0 && name.length <= NOTE_NAME_MAX && /^[a-z0-9./-]+$/.test(name);
}

/** A decimal number without leading zeros, below 2^63; null. */
export function decimal(digits, most = NUMBER_MAX) {
	if (!/^(0|[1-9][0-9]{0,18})$/.test(digits)) return null;
	const value = BigInt(digits);
	if (value > BigInt(most)) return null;
	return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function lines(bytes) {
	const found = [];
	let start = 0;
	for (let at = 0; at < bytes.length; at++) {
		if (bytes[at] !== NEWLINE) continue;
		found.push(bytes.subarray(start, at));
		start = at + 1;
	}
	if (start !== bytes.length) throw new FormatError("the last line has no newline");
	return found;
}

function readSignature(line) {
	if (!equal(line.subarray(0, LINE_PREFIX.length), LINE_PREFIX))
		throw new FormatError("a signature line does not begin with a dash");
	const rest = line.subarray(LINE_PREFIX.length);
	const space = rest.indexOf(SPACE);
	const name = text(rest.subarray(0, Math.max(space, 0)));
	if (space < 0 || name === null || !nameIsValid(name))
		throw new FormatError("the name of a key is not [a-z0-9./-]+");
	const blob = fromBase64(rest.subarray(space + 1));
	if (blob === null || blob.length <= 4)
		throw new FormatError("a signature is not canonical base64, or too short");
	return { name, hash: blob.subarray(0, 4), bytes: blob.subarray(4) };
}

/** {text: bytes with their last newline, signatures: [{name, hash, bytes}]}; FormatError. */
export function parseNote(bytes) {
	if (bytes.length > NOTE_SIZE_MAX) throw new FormatError("a note is too long");
	if (text(bytes) === null || bytes.some((byte) => byte < 0x20 && byte !== NEWLINE))
		throw new FormatError("a note is not plain text in UTF-8");
	let end = bytes.length;
	while (end >= 3 && !(bytes[end - 1] === NEWLINE && bytes[end - 2] === NEWLINE)) end--;
	if (end < 3) throw new FormatError("there is no empty line before its signatures");
	const signatures = lines(bytes.subarray(end)).map(readSignature);
	if (signatures.length === 0) throw new FormatError("nobody signed it");
	if (signatures.length > NOTE_SIGNATURES_MAX) throw new FormatError("too many signatures");
	return { text: bytes.subarray(0, end - 1), signatures };
}

/** A key under its name: {name, type, key, hash}. */
export async function noteKey(name, type, key) {
	const digest = await sha256(ofText(name), Uint8Array.of(NEWLINE, type), key);
	return { name, type, key, hash: digest.slice(0, 4) };
}

/** "name+hash+base64" of a policy; FormatError. */
export async function parseVerifierKey(word) {
	const [name, hash, ...rest] = word.split("+");
	const typed = fromBase64(ofText(rest.join("+")));
	if (!nameIsValid(name) || typed === null || typed.length !== 33)
		throw new FormatError("it is no key of a note");
	if (typed[0] !== LOG_KEY && typed[0] !== WITNESS_KEY)
		throw new FormatError("the type of a key is neither 1 (log) nor 4 (witness)");
	const made = await noteKey(name, typed[0], typed.slice(1));
	if (hash !== toHex(made.hash)) throw new FormatError("its hash is not that of its name and key");
	return made;
}

function isBy(signature, key) {
	return signature.name === key.name && equal(signature.hash, key.hash);
}

async function signatureHolds(note, signature, key) {
	const cosigned = key.type === WITNESS_KEY;
	if (signature.bytes.length !== (cosigned ? COSIGNATURE_SIZE : SIGNATURE_SIZE)) return null;
	if (!cosigned) return (await holds(key.key, note.text, signature.bytes)) ? { time_s: 0 } : null;
	const time = number64(signature.bytes);
	if (BigInt(time) > TIME_MAX_S) return null;
	const message = join(ofText(`cosignature/v1\ntime ${time}\n`), note.text);
	return (await holds(key.key, message, signature.bytes.subarray(8))) ? { time_s: Number(time) } : null;
}

/** "none": it did not sign. "bad": it does not hold, or stands twice. Else {time_s}. */
export async function checkNote(note, key) {
	const found = note.signatures.filter((signature) => isBy(signature, key));
	if (found.length === 0) return "none";
	if (found.length > 1) return "bad";
	return (await signatureHolds(note, found[0], key)) ?? "bad";
}

/** {origin, size, root, directoryVersion, directoryHead} of the text of a note; FormatError. */
export function parseCheckpoint(bytes) {
	const four = lines(bytes).map((line) => text(line) ?? "");
	if (four.length !== 4) throw new FormatError("a checkpoint does not have four lines");
	const [origin, size, root, directory] = four;
	const [word, version, head, ...more] = directory.split(" ");
	const checkpoint = {
		origin,
		size: decimal(size),
		root: fromBase64(ofText(root)),
		directoryVersion: decimal(version ?? ""),
		directoryHead: fromBase64(ofText(head ?? "")),
	};
	if (!nameIsValid(origin)) throw new FormatError("its origin is not [a-z0-9./-]+");
	if (checkpoint.size === null || checkpoint.root?.length !== 32)
		throw new FormatError("its size or root cannot be read");
	if (word !== "directory" || more.length > 0 || checkpoint.directoryVersion === null ||
		checkpoint.directoryHead?.length !== 32)
		throw new FormatError("its last line is not 'directory <version> <head>'");
	return checkpoint;
}

/** {log, epoch} of "<log>/<epoch>"; null. */
export function parseOrigin(origin) {
	const slash = origin.lastIndexOf("/");
	const epoch = decimal(origin.slice(slash + 1), 2n ** 32n - 1n);
	const log = origin.slice(0, Math.max(slash, 0));
	return epoch === null || epoch === 0 || !nameIsValid(log) ? null : { log, epoch };
}

/** Party id (16 bytes) of a witness's name; null when the name is none. */
export function witnessParty(name) {
	if (!name.startsWith(WITNESS_PREFIX)) return null;
	const digits = name.slice(WITNESS_PREFIX.length);
	return /^[0-9a-f]{32}$/.test(digits) ? fromHex(digits) : null;
}

export function witnessName(party) {
	return WITNESS_PREFIX + toHex(party);
}
