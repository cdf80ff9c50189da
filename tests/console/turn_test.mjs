// Whom to call follows the clock: one timer to the next change, on a clock that stands until it is turned.
import assert from "node:assert/strict";
import { test } from "node:test";
import { atTurn, untilTurn } from "../../src/http/console/source/turn.js";

const AS_OF = "2026-11-23T13:59:00Z";
const TURN = "2026-11-23T14:00:00Z";
const DAY = 24 * 3600_000;

// A machine whose clock is set by hand; asleep, no timer of it runs.
class Machine {
	time = Date.parse("2026-11-23T09:00:00Z"); // wrong by hours: the daemon's clock is what counts
	timers = [];
	watchers = [];
	armed = 0;
	now = () => this.time;
	after = (ms, run) => {
		assert.ok(ms > 0 && ms < 2 ** 31, `a browser can wait ${ms}`);
		const timer = { at: this.time + ms, run };
		this.timers.push(timer);
		this.armed++;
		return () => this.timers.splice(0, Infinity, ...this.timers.filter((each) => each !== timer));
	};
	whenSeen = (heard) => {
		this.watchers.push(heard);
		return () => this.watchers.splice(0, Infinity, ...this.watchers.filter((each) => each !== heard));
	};
	pass(ms) {
		const end = this.time + ms;
		for (;;) {
			const next = this.timers.filter((each) => each.at <= end).sort((a, b) => a.at - b.at)[0];
			if (!next) break;
			this.timers.splice(this.timers.indexOf(next), 1);
			this.time = next.at;
			next.run();
		}
		this.time = end;
	}
	sleep(ms) {
		this.time += ms;
		for (const each of this.timers) each.at += ms;
	}
	wake() {
		for (const heard of [...this.watchers]) heard();
	}
}

function counted(times, machine = new Machine()) {
	const told = { turns: 0, machine };
	told.stop = atTurn(times, AS_OF, () => told.turns++, machine);
	return told;
}

test("the first change behind what was read is waited for", () => {
	assert.equal(untilTurn([null, "2026-11-24T07:00:00Z", TURN, undefined], AS_OF), 60_000);
	// What is over is no change to come.
	assert.equal(untilTurn(["2026-11-23T07:00:00Z", AS_OF], AS_OF), Infinity);
	assert.equal(untilTurn([], AS_OF), Infinity);
	assert.equal(untilTurn([TURN], undefined), Infinity);
});

test("it is read again once when the turn has come, and not before", () => {
	const told = counted([TURN, "2026-11-23T22:00:00Z"]);
	told.machine.pass(60_000);
	assert.equal(told.turns, 0);
	told.machine.pass(1000);
	assert.equal(told.turns, 1);
	told.machine.pass(DAY);
	told.machine.wake();
	assert.equal(told.turns, 1);
	assert.equal(told.machine.armed, 1, "nothing is asked in a loop");
});

test("without a change there is no timer at all", () => {
	const told = counted([null]);
	assert.deepEqual([told.machine.armed, told.machine.watchers.length], [0, 0]);
	told.stop();
});

test("a page that goes away waits for nothing", () => {
	const told = counted([TURN]);
	told.stop();
	told.machine.pass(DAY);
	told.machine.wake();
	assert.equal(told.turns, 0);
	assert.deepEqual([told.machine.timers.length, told.machine.watchers.length], [0, 0]);
});

test("a machine that slept over the turn looks when it is seen again", () => {
	const told = counted([TURN]);
	told.machine.wake();
	assert.equal(told.turns, 0, "it was only hidden");
	told.machine.sleep(DAY);
	told.machine.wake();
	assert.equal(told.turns, 1);
	told.machine.pass(DAY);
	assert.equal(told.turns, 1);
});

test("a clock that is set back delays nothing", () => {
	const told = counted([TURN]);
	told.machine.time -= DAY;
	told.machine.timers[0].at -= DAY;
	told.machine.pass(61_000);
	assert.equal(told.turns, 1);
});

test("a change in two months is waited for in pieces", () => {
	const told = counted(["2027-01-23T14:00:00Z"]);
	told.machine.pass(61 * DAY);
	assert.equal(told.turns, 0);
	told.machine.pass(61_000);
	assert.equal(told.turns, 1);
	assert.ok(told.machine.armed > 1 && told.machine.armed < 5);
});
