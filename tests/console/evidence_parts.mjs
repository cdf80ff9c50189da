// Evidence files taken apart and put together again, so that a test can change one thing. It writes
// protobuf itself: what is tested must not help.
const VARINT = 0;

function varint(value) {
	const bytes = [];
	let rest = BigInt(value);
	do {
		const low = Number(rest & 0x7fn);
		rest >>= 7n;
		bytes.push(rest > 0n ? low | 0x80 : low);
	} while (rest > 0n);
	return bytes;
}

function readVarint(bytes, at) {
	let value = 0n;
	for (let shift = 0n; ; shift += 7n) {
		const byte = bytes[at++];
		value |= BigInt(byte & 0x7f) << shift;
		if (!(byte & 0x80)) return [value, at];
	}
}

/** [{number, value: BigInt or Uint8Array}] of a message. */
export function fields(bytes) {
	const found = [];
	for (let at = 0; at < bytes.length; ) {
		let tag, value;
		[tag, at] = readVarint(bytes, at);
		[value, at] = readVarint(bytes, at);
		if (Number(tag & 7n) !== VARINT) {
			const end = at + Number(value);
			value = bytes.slice(at, end);
			at = end;
		}
		found.push({ number: Number(tag >> 3n), value });
	}
	return found;
}

export function write(list) {
	const bytes = [];
	for (const { number, value } of list) {
		if (typeof value === "bigint") bytes.push(...varint(number << 3), ...varint(value));
		else bytes.push(...varint((number << 3) | 2), ...varint(value.length), ...value);
	}
	return Uint8Array.from(bytes);
}

export const FIELD = { registrars: 8, checkpoints: 9, epochs: 10, entries: 11, agreements: 12, statements: 13, events: 14 };
export const EVENT = { cover: 1, receipt: 2, proofSize: 3, path: 4 };

/** The file with the values of one repeated field as change(values) gives them. */
export function changed(file, number, change) {
	const all = fields(file);
	const at = all.findIndex((field) => field.number === number);
	const values = all.filter((field) => field.number === number).map((field) => field.value);
	const rest = all.filter((field) => field.number !== number);
	const next = change(values).map((value) => ({ number, value }));
	return write([...rest.slice(0, at), ...next, ...rest.slice(at)]);
}

/** One event with one field as change(value) gives it. */
export function changedEvent(file, index, number, change) {
	return changed(file, FIELD.events, (events) => events.map((event, place) => place !== index ? event
		: write(fields(event).map((field) => field.number === number
			? { number, value: change(field.value) } : field))));
}

export function flipped(bytes, place, bit = 5) {
	const copy = Uint8Array.from(bytes);
	copy[place] ^= 1 << bit;
	return copy;
}
