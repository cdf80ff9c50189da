// Bytes and how they are written down: big-endian numbers, hexadecimal digits, canonical base64,
// strict UTF-8. Nothing here has a second reading: what can be written in two ways is refused.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]));
const PAD = 61; // '='

/** One piece of memory with all parts behind each other. */
export function join(...parts) {
	const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

export function equal(a, b) {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

export function isZero(bytes) {
	return bytes.every((byte) => byte === 0);
}

/** ASCII or UTF-8 of a text. */
export function ofText(text) {
	return new TextEncoder().encode(text);
}

/** A label of WIRE.md: the text and the zero byte that ends it. */
export function label(text) {
	return ofText(`${text}\0`);
}

/** Eight bytes, big-endian; value is a number or a BigInt, not negative. */
export function ofNumber64(value) {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
	return bytes;
}

export function ofNumber16(value) {
	return Uint8Array.of(value >> 8, value & 0xff);
}

/** A number below 2^53, else a BigInt. */
export function number64(bytes) {
	const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
	return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

export function toHex(bytes) {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}

/** Of lower or upper case digits; null when they are none, or an odd number of them. */
export function fromHex(text) {
	if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
	const bytes = new Uint8Array(text.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.substr(2 * i, 2), 16);
	return bytes;
}

/**
 * Canonical base64 with padding, of bytes that are ASCII; null when it is anything else: another
 * text must not stand for the same bytes.
 */
export function fromBase64(text) {
	if (text.length === 0 || text.length % 4 !== 0) return null;
	const padded = text[text.length - 1] !== PAD ? 0 : text[text.length - 2] !== PAD ? 1 : 2;
	const bytes = new Uint8Array((text.length / 4) * 3 - padded);
	let bits = 0;
	for (let i = 0; i < text.length; i++) {
		const value = i < text.length - padded ? VALUES.get(text[i]) : 0;
		if (value === undefined) return null;
		bits = ((bits << 6) | value) & 0xffffff;
		if (i % 4 !== 3) continue;
		const place = ((i - 3) / 4) * 3;
		const three = [bits >> 16, (bits >> 8) & 0xff, bits & 0xff];
		for (let j = 0; j < 3; j++) {
			if (place + j < bytes.length) bytes[place + j] = three[j];
			else if (three[j] !== 0) return null; // bits behind the last byte
		}
	}
	return bytes;
}

/** The text of valid UTF-8 without a zero character; null when it is none. */
export function text(bytes) {
	try {
		const decoded = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		return decoded.includes("\0") ? null : decoded;
	} catch {
		return null;
	}
}
