// Reads protobuf by a table of fields, strictly: an unknown field, a second value, another type, a
// number that does not fit and text that is no UTF-8 are refused. With canonical, every byte that a
// writer of the fields in order would not have written is refused, too: one content has one form.

import { text } from "./bytes.js";

export class FormatError extends Error {
	constructor(message) {
		super(message);
		this.name = "FormatError";
	}
}

const VARINT = 0;
const DELIMITED = 2;

const RANGES = {
	u32: [0n, 2n ** 32n - 1n],
	u64: [0n, 2n ** 64n - 1n],
	i64: [-(2n ** 63n), 2n ** 63n - 1n],
	bool: [0n, 1n],
};

/** A message: name and fields by number, [name, type, how]. how: "one" or "many". */
export function message(name, fields) {
	const byNumber = new Map();
	for (const [number, [field, type, how]] of Object.entries(fields))
		byNumber.set(Number(number), { field, type, many: how === "many" });
	return { name, fields: byNumber };
}

class Reader {
	constructor(bytes, canonical) {
		this.bytes = bytes;
		this.canonical = canonical;
		this.at = 0;
	}

	/** A BigInt below 2^64. */
	varint() {
		let value = 0n;
		for (let i = 0; i < 10; i++) {
			const byte = this.bytes[this.at + i];
			if (byte === undefined || (i === 9 && byte > 1)) break;
			value |= BigInt(byte & 0x7f) << BigInt(7 * i);
			if (byte & 0x80) continue;
			if (this.canonical && i > 0 && byte === 0)
				throw new FormatError("a number is written longer than it is");
			this.at += i + 1;
			return value;
		}
		throw new FormatError("a number is cut off or too long");
	}

	delimited() {
		const size = this.varint();
		if (size > BigInt(this.bytes.length - this.at))
			throw new FormatError("cut off: a field is longer than what is left");
		const start = this.at;
		this.at += Number(size);
		return this.bytes.subarray(start, this.at);
	}
}

function readNumber(reader, field) {
	const [least, most] = RANGES[field.type];
	const raw = reader.varint();
	const value = field.type === "i64" ? BigInt.asIntN(64, raw) : raw;
	if (value < least || value > most) throw new FormatError(`${field.field} does not fit its type`);
	if (reader.canonical && value === 0n && !field.many)
		throw new FormatError(`${field.field} says what is said by leaving it out`);
	if (field.type === "bool") return value === 1n;
	const safe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
	return safe ? Number(value) : value;
}

function readPacked(field, bytes, canonical) {
	const reader = new Reader(bytes, canonical);
	const values = [];
	while (reader.at < bytes.length) values.push(readNumber(reader, field));
	return values;
}

function readValue(reader, field) {
	const bytes = reader.delimited();
	if (reader.canonical && bytes.length === 0 && !field.many && typeof field.type === "string")
		throw new FormatError(`${field.field} says what is said by leaving it out`);
	if (field.type === "bytes") return bytes;
	if (field.type !== "text") return decode(field.type, bytes, reader.canonical);
	const value = text(bytes);
	if (value === null) throw new FormatError(`${field.field} is not UTF-8, or with a zero character`);
	return value;
}

function nothing(field) {
	if (field.many) return [];
	if (field.type === "bytes") return new Uint8Array(0);
	if (field.type === "text") return "";
	if (field.type === "bool") return false;
	return typeof field.type === "string" ? 0 : null;
}

function readField(reader, schema, out, seen) {
	const tag = reader.varint();
	const number = Number(tag >> 3n);
	const wire = Number(tag & 7n);
	const field = schema.fields.get(number);
	if (!field) throw new FormatError(`${schema.name} has an unknown field`);
	if (reader.canonical && number < seen.newest)
		throw new FormatError(`${schema.name} has its fields in another order`);
	seen.newest = number;
	const isNumber = typeof field.type === "string" && field.type in RANGES;
	if (field.many && isNumber && wire === DELIMITED) {
		out[field.field].push(...readPacked(field, reader.delimited(), reader.canonical));
		return number;
	}
	if (wire !== (isNumber ? VARINT : DELIMITED))
		throw new FormatError(`${field.field} is of another type`);
	const value = isNumber ? readNumber(reader, field) : readValue(reader, field);
	if (field.many) {
		out[field.field].push(value);
	} else {
		if (seen.numbers.has(number)) throw new FormatError(`${field.field} stands twice`);
		seen.numbers.add(number);
		out[field.field] = value;
	}
	return number;
}

/**
 * What the bytes say: every field of the schema by name; FormatError. Numbers beyond 2^53 are
 * BigInts. bytes are lent, not copied. starts, when given, is told where each field begins.
 */
export function decode(schema, bytes, canonical = false, starts = null) {
	const out = {};
	for (const field of schema.fields.values()) out[field.field] = nothing(field);
	const reader = new Reader(bytes, canonical);
	const seen = { newest: 0, numbers: new Set() };
	while (reader.at < bytes.length) {
		const start = reader.at;
		const number = readField(reader, schema, out, seen);
		if (starts && !starts.has(number)) starts.set(number, start);
	}
	return out;
}
