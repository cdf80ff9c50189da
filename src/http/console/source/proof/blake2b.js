// BLAKE2b (RFC 7693) for keys of 0 to 64 bytes and results of 1 to 64. WebCrypto does not have it.
// Words of 64 bits are two of 32: low at even places, high at odd ones. The message of the tests is
// appendix A of the RFC; sizes around a block and keys are checked against another implementation.

const BLOCK = 128;

const IV = Uint32Array.of(
	0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
	0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
);

// RFC 7693 section 2.7; rounds 10 and 11 are 0 and 1 again.
const SIGMA = [
	[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
	[14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
	[11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
	[7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
	[9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
	[2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
	[12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
	[13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
	[6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
	[10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
].map((order) => order.map((word) => 2 * word));

// Columns, then diagonals (section 3.2).
const MIXED = [
	[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
	[0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
].map((places) => places.map((place) => 2 * place));

const CARRY = 0x100000000;

/**
 * Section 3.1, G, on the words of v at a, b, c, d with those of m at x and y. Sums are of at most three
 * words, so that a number holds them exactly; `| 0` cuts them to 32 bits again.
 */
function mix(v, a, b, c, d, m, x, y) {
	let low, high;
	let al = v[a], ah = v[a + 1], bl = v[b], bh = v[b + 1];
	let cl = v[c], ch = v[c + 1], dl = v[d], dh = v[d + 1];

	low = (al >>> 0) + (bl >>> 0) + m[x];
	ah = (ah + bh + m[x + 1] + ((low / CARRY) | 0)) | 0;
	al = low | 0;
	low = dl ^ al; // turned right by 32: the halves change places
	dl = dh ^ ah;
	dh = low;
	low = (cl >>> 0) + (dl >>> 0);
	ch = (ch + dh + ((low / CARRY) | 0)) | 0;
	cl = low | 0;
	low = bl ^ cl;
	high = bh ^ ch;
	bl = (low >>> 24) | (high << 8);
	bh = (high >>> 24) | (low << 8);

	low = (al >>> 0) + (bl >>> 0) + m[y];
	ah = (ah + bh + m[y + 1] + ((low / CARRY) | 0)) | 0;
	al = low | 0;
	low = dl ^ al;
	high = dh ^ ah;
	dl = (low >>> 16) | (high << 16);
	dh = (high >>> 16) | (low << 16);
	low = (cl >>> 0) + (dl >>> 0);
	ch = (ch + dh + ((low / CARRY) | 0)) | 0;
	cl = low | 0;
	low = bl ^ cl;
	high = bh ^ ch;
	bl = (high >>> 31) | (low << 1); // turned right by 63: left by one
	bh = (low >>> 31) | (high << 1);

	v[a] = al;
	v[a + 1] = ah;
	v[b] = bl;
	v[b + 1] = bh;
	v[c] = cl;
	v[c + 1] = ch;
	v[d] = dl;
	v[d + 1] = dh;
}

/** Section 3.2, F: count is of bytes up to and with this block, below 2^53. v and m are room to work. */
function compress(h, block, count, last, v, m) {
	for (let i = 0; i < 32; i++)
		m[i] = block[4 * i] | (block[4 * i + 1] << 8) | (block[4 * i + 2] << 16) | (block[4 * i + 3] << 24);
	v.set(h);
	v.set(IV, 16);
	v[24] ^= count % CARRY;
	v[25] ^= Math.floor(count / CARRY);
	if (last) {
		v[28] = ~v[28];
		v[29] = ~v[29];
	}
	for (let round = 0; round < 12; round++) {
		const order = SIGMA[round % 10];
		for (let i = 0; i < 8; i++) {
			const places = MIXED[i];
			mix(v, places[0], places[1], places[2], places[3], m, order[2 * i], order[2 * i + 1]);
		}
	}
	for (let i = 0; i < 16; i++) h[i] ^= v[i] ^ v[i + 16];
}

/** The digest of message: size bytes of it (32 if not said), under key (none if not said). */
export function blake2b(message, size = 32, key = new Uint8Array(0)) {
	if (size < 1 || size > 64 || key.length > 64) throw new RangeError("blake2b: size or key");
	const h = Uint32Array.from(IV);
	h[0] ^= 0x01010000 ^ (key.length << 8) ^ size;
	const start = key.length > 0 ? BLOCK : 0;
	const total = start + message.length;
	const block = new Uint8Array(BLOCK);
	const v = new Uint32Array(32);
	const m = new Uint32Array(32);
	let at = 0;
	do {
		const next = Math.min(at + BLOCK, total);
		block.fill(0);
		if (at < start) block.set(key);
		else block.set(message.subarray(at - start, next - start));
		compress(h, block, next, next === total, v, m);
		at = next;
	} while (at < total);
	const digest = new Uint8Array(64);
	const view = new DataView(digest.buffer);
	for (let i = 0; i < 16; i++) view.setUint32(4 * i, h[i], true);
	return digest.slice(0, size);
}
