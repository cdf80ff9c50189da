// One desk's rows of a board: an alarm about what it owes itself is part of the row that asks for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { foldAlarms, isMine, keyOf } from "../../src/http/console/source/parts/board_rows.js";

const HOSPITAL = "h", TOWN = "k";
const asked = { what: "next", next: "answer-offer", transition: "t", subject: "s", clause: 2, party: TOWN, peer: HOSPITAL };
const alarm = { what: "alarm", next: "obligation", duty: "expectation", transition: "t", subject: "s", clause: 2, party: HOSPITAL, peer: TOWN };

test("who owes it has one row, with the alarm in it", () => {
	const rows = foldAlarms([asked, alarm], TOWN);
	assert.equal(rows.length, 1);
	assert.equal(rows[0].next, "answer-offer");
	assert.equal(rows[0].alarm, alarm);
	assert.equal(keyOf(rows[0]), keyOf(asked));
});

test("who waits for it keeps both, and so does everybody else", () => {
	assert.deepEqual(foldAlarms([asked, alarm], HOSPITAL), [asked, alarm]);
	assert.deepEqual(foldAlarms([asked, alarm], "gp"), [asked, alarm]);
});

test("an alarm about something else of the same course stays, and one that nothing asks for", () => {
	for (const other of [{ ...alarm, subject: "x" }, { ...alarm, clause: 3 }, { ...alarm, transition: "u" }])
		assert.deepEqual(foldAlarms([asked, other], TOWN), [asked, other]);
	assert.deepEqual(foldAlarms([alarm], TOWN), [alarm]);
});

test("two duties of one letter may have one alarm", () => {
	const rows = foldAlarms([asked, { ...asked, next: "obligation", duty: "answer" }, alarm], TOWN);
	assert.deepEqual(rows.map((row) => row.alarm), [alarm, alarm]);
});

test("what nobody else will do is this desk's", () => {
	assert.ok(isMine(asked, TOWN) && !isMine(asked, HOSPITAL));
	assert.ok(isMine({ what: "undeliverable", party: null }, TOWN) && isMine(alarm, HOSPITAL));
	assert.ok(!isMine({ what: "silent", party: TOWN }, HOSPITAL));
	assert.ok(isMine({ what: "next", party: null, role: null }, TOWN), "what several must settle is each one's");
	assert.ok(!isMine({ what: "next", party: null, role: "gp" }, TOWN));
});
