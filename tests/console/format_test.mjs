// Times, numbers and CPR as they are written in Denmark, whatever this machine's zone and language are.
import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TZ = "America/New_York";
globalThis.document = { documentElement: {} };
const { bytes, clock, date, digitsOf, duration, isCpr, maskCpr, moment, near, number, readMoment, showCpr, twice, week } = await import("../../src/http/console/source/format.js");
const { setLanguage } = await import("../../src/http/console/source/words.js");
setLanguage("da");

test("times are Danish, summer and winter", () => {
	assert.equal(moment("2026-01-15T23:30:00Z"), "16.01.2026 00:30");
	assert.equal(moment("2026-07-15T22:30:00Z"), "16.07.2026 00:30");
	assert.equal(date(null), "–");
	assert.equal(clock("2026-07-15T12:05:00Z"), "14:05");
});

test("weeks are ISO 8601's, over new year too", () => {
	assert.equal(week("2026-01-01T12:00:00Z"), 1);
	assert.equal(week("2027-01-03T12:00:00Z"), 53);
	assert.equal(week("2027-01-04T12:00:00Z"), 1);
	assert.equal(week("2024-12-30T12:00:00Z"), 1);
});

test("what is written is read as Danish time", () => {
	assert.equal(readMoment("15.07.2026 14:05"), "2026-07-15T12:05:00.000Z");
	assert.equal(readMoment("15-1-2026 kl. 14.05"), "2026-01-15T13:05:00.000Z");
	assert.equal(readMoment("3.1. 08:00", Date.parse("2026-12-30T12:00:00Z")), "2027-01-03T07:00:00.000Z");
	for (const text of ["", "31.02.2026 10:00", "1.13.2026 10:00", "1.1.2026 24:00", "1.1.2026 10:60", "i morgen", "2026-01-01T10:00"])
		assert.equal(readMoment(text), null, text);
});

test("every minute of a year comes back as it was written", () => {
	for (let time = Date.parse("2026-01-01T00:00:00Z"); time < Date.parse("2027-01-01T00:00:00Z"); time += 3 * 3600_000 + 60_000) {
		const again = readMoment(moment(time));
		// The hour that comes twice in October is the first of the two.
		assert.equal(again, new Date(twice(time) === "second" ? time - 3600_000 : time).toISOString());
	}
});

test("of the hour that the autumn gives twice the first is read, and it can be said which it is", () => {
	assert.equal(readMoment("25.10.2026 01:59"), "2026-10-24T23:59:00.000Z");
	assert.equal(readMoment("25.10.2026 02:00"), "2026-10-25T00:00:00.000Z");
	assert.equal(readMoment("25.10.2026 02:30"), "2026-10-25T00:30:00.000Z");
	assert.equal(readMoment("25.10.2026 03:00"), "2026-10-25T02:00:00.000Z");
	assert.equal(twice("2026-10-25T00:30:00Z"), "first");
	assert.equal(twice("2026-10-25T01:30:00Z"), "second");
	for (const time of ["2026-10-24T23:59:00Z", "2026-10-25T02:00:00Z", "2026-03-29T01:30:00Z", "2026-07-01T00:30:00Z"])
		assert.equal(twice(time), "", time);
});

test("near times say today, tomorrow and yesterday", () => {
	const now = Date.parse("2026-11-23T10:00:00Z");
	assert.equal(near("2026-11-23T12:00:00Z", now), "i dag 13:00");
	assert.equal(near("2026-11-23T23:30:00Z", now), "i morgen 00:30");
	assert.equal(near("2026-11-22T12:00:00Z", now), "i går 13:00");
});

test("durations, numbers and sizes", () => {
	assert.equal(duration(3 * 3600_000 + 12 * 60_000), "3 t 12 min");
	assert.equal(duration(-49 * 3600_000), "2 d 1 t");
	assert.equal(number(1234.5, 1), "1.234,5");
	assert.equal(bytes(6442), "6,3 kB");
});

test("of a CPR number the day alone is shown", () => {
	assert.equal(maskCpr("7103550000"), "710355-••••");
	assert.equal(showCpr("7103550001"), "710355-0001");
	for (const text of ["", "710355", "710355-000", null, "71035500012"]) assert.equal(maskCpr(text), "");
});

// As src/core/identifier.c has it: a date in the century that the seventh digit names, day + 60 too, no modulus 11.
test("a CPR number is read as people write it", () => {
	for (const text of ["6109450018", "610945-0018", " 610945 0018 "]) assert.equal(digitsOf(text), "6109450018");
});

test("a CPR number begins with a date", () => {
	for (const text of ["7103550000", "6109450018", "8902004000", "8802000000", "6102001999"]) assert.ok(isCpr(text), text);
	for (const text of ["", "710355-0000", "710355000", "71035500000", "7113550000", "0003550000", "9203550000", "8902010000", "6100550000"]) assert.ok(!isCpr(text), text);
	// 29 February: 1900 had none, 2000 had one.
	assert.ok(!isCpr("8902000000"));
	assert.ok(isCpr("8902004000"));
});
