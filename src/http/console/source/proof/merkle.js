// Two trees. A batch: envelopes or receipts of one turn under one signature, hashed with BLAKE2b
// (WIRE.md section 1). The log: leaves hashed with SHA-256 (RFC 9162 section 2.1). Paths of both are
// checked with the steps of RFC 9162 section 2.1.3.2.

import { blake2b } from "./blake2b.js";
import { equal, join, label, ofNumber16, ofNumber64 } from "./bytes.js";
import { sha256 } from "./signing.js";

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);
const SIZE = 32;
const LEAVES_MAX = 2n ** 63n;

/** Root that a path of hashes leads to; null when it is longer or shorter than it must be. */
async function climb(leaf, index, count, path, node) {
	let place = BigInt(index);
	let last = BigInt(count) - 1n;
	if (place > last || path.length % SIZE !== 0) return null;
	let hash = leaf;
	for (let at = 0; at < path.length; at += SIZE) {
		if (last === 0n) return null;
		const beside = path.subarray(at, at + SIZE);
		if (place % 2n === 1n || place === last) {
			hash = await node(beside, hash);
			while (place % 2n === 0n && place !== 0n) {
				place >>= 1n;
				last >>= 1n;
			}
		} else {
			hash = await node(hash, beside);
		}
		place >>= 1n;
		last >>= 1n;
	}
	return last === 0n ? hash : null;
}

export function batchLeaf(bytes) {
	return blake2b(join(LEAF, bytes));
}

/** Root of the batch, or null. */
export async function batchRoot(leaf, index, count, path) {
	return climb(leaf, index, count, path, (left, right) => blake2b(join(NODE, left, right)));
}

export async function logLeafHash(leaf) {
	return sha256(LEAF, leaf);
}

/** Is it the leaf of that index in the tree of that size and root? */
export async function isIncluded(leafHash, index, size, path, root) {
	if (BigInt(size) >= LEAVES_MAX) return false;
	const found = await climb(leafHash, index, size, path, (left, right) => sha256(NODE, left, right));
	return found !== null && equal(found, root);
}

/**
 * Leaf of the log for an event that a receipt tells of (WIRE.md section 4): 42 bytes that hide it.
 * transition: 16 bytes, all zero without one.
 */
export async function logLeaf(receipt, transition) {
	const recorded = ofNumber64(receipt.recorded_ms);
	const commitment = await sha256(
		label("stafet/v1/event"), receipt.r, receipt.digest,
		Number(receipt.transition_sequence) > 0 ? transition : new Uint8Array(16),
		recorded, ofNumber64(receipt.transition_sequence), Uint8Array.of(receipt.outcome),
		ofNumber16(receipt.code), receipt.previous_head,
	);
	return join(Uint8Array.of(0x01, receipt.kind_class), recorded, commitment);
}

/** Head of the transition's history behind an event. */
export async function headBehind(previousHead, leaf) {
	return sha256(label("stafet/v1/head"), previousHead, leaf);
}
