// SHA-256 and Ed25519 by WebCrypto, BLAKE2b by our own; and how Stafet names keys and records
// (WIRE.md sections 1 and 4).
//
// Ed25519 is judged as the daemons do it, with libsodium: besides what WebCrypto asks, a key must be
// canonical and, as the first half of a signature, not of small order. Otherwise one signature could
// be good here and bad there.

import { blake2b } from "./blake2b.js";
import { join, label, ofNumber16, ofText, toHex } from "./bytes.js";

// y coordinates of the points of small order, with those that are not reduced; the sign is left out.
const SMALL_ORDER = [
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

function withoutSign(point) {
	const bytes = Uint8Array.from(point);
	bytes[31] &= 0x7f;
	return toHex(bytes);
}

function isSmallOrder(point) {
	return SMALL_ORDER.includes(withoutSign(point));
}

/** y < 2^255 - 19 */
function isCanonical(point) {
	return point[0] < 0xed || !/^..(ff){30}7f$/.test(withoutSign(point));
}

/** What the directory asks of a signing key, but for its being on the curve: verifying asks that. */
export function keyIsSound(key) {
	return key.length === 32 && isCanonical(key) && !isSmallOrder(key);
}

export async function sha256(...parts) {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
}

/** False in a browser without Ed25519, and on a page that is not loaded securely. */
export async function isSupported() {
	if (!globalThis.crypto?.subtle) return false;
	try {
		await crypto.subtle.importKey("raw", new Uint8Array(32).fill(7), "Ed25519", false, ["verify"]);
		return true;
	} catch (error) {
		// A key that is no point is another fault than an algorithm that is not there.
		return error.name !== "NotSupportedError";
	}
}

const imported = new Map();

async function importKey(key) {
	const name = toHex(key);
	if (!imported.has(name)) {
		if (imported.size > 4096) imported.clear();
		imported.set(name, await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]));
	}
	return imported.get(name);
}

/** Never throws: what cannot be checked does not hold. */
export async function holds(key, message, signature) {
	if (signature.length !== 64 || !keyIsSound(key) || isSmallOrder(signature.subarray(0, 32)))
		return false;
	try {
		return await crypto.subtle.verify("Ed25519", await importKey(key), signature, message);
	} catch {
		return false;
	}
}

/** The key id of a signing key: 16 bytes. */
export function keyId(key) {
	return blake2b(join(label("stafet/v1/kid-ed25519"), key)).slice(0, 16);
}

const LABEL_OF_USE = { 2: "stafet/v1/kid-x25519", 3: "stafet/v1/kid-transport" };

/** The id of a key of the directory, by its use (src/audit/registry.c). */
export function keyIdOfUse(use, key) {
	return blake2b(join(label(LABEL_OF_USE[use] ?? "stafet/v1/kid-ed25519"), key)).slice(0, 16);
}

/** Of a record that is no envelope: entry, epoch, agreement, claim. */
export function recordDigest(name, bytes) {
	return blake2b(join(label(`stafet/v1/${name}`), bytes));
}

export async function recordHolds(key, name, bytes, signature) {
	const message = join(label(`stafet/v1/${name}-sig`), recordDigest(name, bytes));
	return holds(key, message, signature);
}

/** Remembers what held, since one signature stands under many envelopes and receipts. */
export class RootChecker {
	#held = new Set();

	async holds(name, key, count, root, signature) {
		const message = join(label(name), ofNumber16(count), root);
		const tag = toHex(blake2b(join(ofText(name), message, key, signature)));
		if (this.#held.has(tag)) return true;
		const good = await holds(key, message, signature);
		if (good) this.#held.add(tag);
		return good;
	}
}

