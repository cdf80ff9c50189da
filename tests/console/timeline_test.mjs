// The timeline's arithmetic: which lines a scale has, what is drawn together, where zooming leads.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
	HEIGHT, SPAN_MIN_MS, byLane, flagOf, groupsOf, layOut, markOf, panned, pinched, rowsOf, scaleOf, wholeOf, within, zoomed,
} from "../../src/http/console/source/timeline/model.js";
import { momentOf, ticks, wall } from "../../src/http/console/source/timeline/ticks.js";

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const at = (text) => Date.parse(text);
const shown = (line) => new Date(wall(line.time)).toISOString().slice(0, 16);

const party = (name, role) => ({ party: name, name, role });
const model = (more = {}) => ({
	transition: "0".repeat(32), state: "shared", as_of: 2 * DAY, from: 1 * DAY, until: 4 * DAY,
	lanes: [party("a", "hospital"), party("b", "municipality"), { party: null, name: "time", role: "unknown" }],
	responsibility: [], windows: [], events: [], deadlines: [], gaps: [], ...more,
});
const event = (sequence, lane, occurred, more = {}) => ({
	sequence, lane, occurred, recorded: occurred, kind: "letter", refused: false, deviates: false, late: false, ...more,
});

test("lines of a scale stand at hours, days, weeks and months of the Danish calendar", () => {
	const hours = ticks(at("2026-06-10T05:00Z"), at("2026-06-10T20:00Z"), 8);
	assert.deepEqual(hours.map(shown), ["2026-06-10T09:00", "2026-06-10T12:00", "2026-06-10T15:00", "2026-06-10T18:00", "2026-06-10T21:00"]);
	const weeks = ticks(at("2026-06-01T00:00Z"), at("2026-07-20T00:00Z"), 10);
	assert.ok(weeks.every((line) => new Date(wall(line.time)).getUTCDay() === 1 && line.form === "week"));
	const months = ticks(at("2026-01-15T00:00Z"), at("2026-09-15T00:00Z"), 10);
	assert.deepEqual(months.map(shown).slice(0, 3), ["2026-02-01T00:00", "2026-03-01T00:00", "2026-04-01T00:00"]);
	const days = ticks(at("2026-06-10T05:00Z"), at("2026-06-13T05:00Z"), 8);
	assert.ok(days.some((line) => line.strong && line.form === "day" && shown(line).endsWith("T00:00")));
});

test("days of 23 and 25 hours: midnight is midnight, no line stands twice", () => {
	for (const [from, until] of [["2026-03-28T00:00Z", "2026-03-31T00:00Z"], ["2026-10-24T00:00Z", "2026-10-27T00:00Z"]])
		for (const most of [4, 8, 30]) {
			const lines = ticks(at(from), at(until), most);
			assert.equal(new Set(lines.map((line) => line.time)).size, lines.length);
			assert.ok(lines.filter((line) => line.form === "day").every((line) => shown(line).endsWith("T00:00")));
			assert.deepEqual(lines.map((line) => line.time), lines.map((line) => line.time).toSorted((a, b) => a - b));
		}
	assert.equal(momentOf(Date.UTC(2026, 6, 1, 12)), at("2026-07-01T10:00Z"));
	assert.equal(momentOf(Date.UTC(2026, 0, 1, 12)), at("2026-01-01T11:00Z"));
});

test("a lane has a row for each domain that it held or has a window of", () => {
	const layout = layOut(model({
		responsibility: [{ domain: "care", lane: 0, from: DAY, until: null }, { domain: "medical", lane: 0, from: DAY, until: null }],
		windows: [{ domain: "medical", lane: 1, from: DAY, until: 2 * DAY }],
		deadlines: [{ lane: null, due: DAY, missed: false, ended: null }],
	}));
	assert.deepEqual(Object.keys(layout.lanes[0].bandTops), ["medical", "care"]);
	assert.deepEqual(Object.keys(layout.lanes[1].bandTops), ["medical"]);
	assert.equal(layout.lanes[3].index, null, "what nobody owes has a lane");
	assert.equal(layout.lanes[0].top, HEIGHT.axis);
	for (let i = 1; i < 4; i++) assert.equal(layout.lanes[i].top, layout.lanes[i - 1].top + layout.lanes[i - 1].height);
});

test("marks that would cover each other are one, and none is lost", () => {
	const events = Array.from({ length: 500 }, (_, index) => event(index + 1, index % 2, DAY + index * 1000 * 60));
	const lanes = byLane(model({ events }));
	for (const width of [320, 1000, 40000]) {
		const scale = scaleOf([DAY, DAY + 500 * 60000], width);
		const groups = groupsOf(lanes.get(0).events, scale, width);
		assert.equal(groups.reduce((sum, group) => sum + group.events.length, 0), 250);
		for (let i = 1; i < groups.length; i++) assert.ok(groups[i].x - groups[i - 1].x >= (groups[i - 1].events.length > 1 ? 27 : 18));
	}
	const mixed = groupsOf([event(1, 0, DAY), event(2, 0, DAY + 1, { late: true }), event(3, 0, DAY + 2, { refused: true })], () => 5, 10);
	assert.equal(markOf(mixed[0].heaviest, model()), "refused");
});

test("zooming keeps the moment under the pointer, and ends at minutes and at the whole", () => {
	const whole = wholeOf(model());
	const about = whole[0] + (whole[1] - whole[0]) * 0.25;
	const nearer = zoomed(whole, whole, 0.5, about);
	assert.ok(Math.abs((about - nearer[0]) / (nearer[1] - nearer[0]) - 0.25) < 1e-9);
	let view = whole;
	for (let i = 0; i < 60; i++) view = zoomed(view, whole, 0.5, about);
	assert.equal(Math.round(view[1] - view[0]), SPAN_MIN_MS);
	for (let i = 0; i < 60; i++) view = zoomed(view, whole, 2, about);
	assert.ok(view[1] - view[0] <= (whole[1] - whole[0]) * 1.5 + 1);
	const far = panned(whole, whole, 1000 * DAY);
	assert.ok(far[0] <= whole[1], "something of the course stays in sight");
	assert.deepEqual(within(whole, whole), whole);
});

test("marks and flags say more than a colour", () => {
	const lanes = model();
	assert.equal(markOf(event(1, 0, 1, { refused: true, late: true }), lanes), "refused");
	assert.equal(markOf(event(1, 0, 1, { late: true, deviates: true }), lanes), "late");
	assert.equal(markOf(event(1, 0, 1, { deviates: true }), lanes), "deviates");
	assert.equal(markOf(event(1, 2, 1, { kind: "expired" }), lanes), "time");
	assert.equal(markOf(event(1, 0, 1, { kind: "acknowledgement" }), lanes), "quiet");
	assert.equal(flagOf({ missed: true, ended: 5, state: "completed" }), "missed");
	assert.equal(flagOf({ missed: false, ended: null, state: "requested" }), "open");
	assert.equal(flagOf({ missed: false, ended: 5, state: "completed" }), "met");
	assert.equal(flagOf({ missed: false, ended: 5, state: "cancelled" }), "gone");
});

test("the table has everything that the picture has, in order of time; what has no time comes last", () => {
	const whole = model({
		events: [event(2, 0, 3 * DAY), event(1, 0, DAY)],
		responsibility: [{ domain: "care", lane: 0, from: DAY, until: null }],
		windows: [{ domain: "medical", lane: 0, from: 2 * DAY, until: 3 * DAY }],
		deadlines: [{ lane: 1, due: null, missed: false, ended: null }, { lane: 1, due: 2 * DAY, missed: true, ended: null }],
		gaps: [{ lane: 1, kind: "unmet", from: 2 * DAY, until: 3 * DAY, name: "" }],
	});
	assert.deepEqual(rowsOf(whole).map((row) => row.what), ["event", "band", "window", "deadline", "gap", "event", "deadline"]);
});

test("two fingers hold what is under them, and zoom ends where the tools end", () => {
	const whole = [0, 10 * DAY];
	const points = (a, b) => [{ x: a, y: 0 }, { x: b, y: 0 }];
	const wider = pinched(whole, whole, 1000, points(400, 600), points(300, 700));
	assert.equal(wider[1] - wider[0], 5 * DAY);
	const middle = scaleOf(wider, 1000)(5 * DAY);
	assert.ok(Math.abs(middle - 500) < 1e-6);
	// They move along together: what was under their middle moves with them.
	const along = pinched(wider, whole, 1000, points(400, 600), points(500, 700));
	assert.equal(along[1] - along[0], 5 * DAY);
	assert.ok(Math.abs(scaleOf(along, 1000)(5 * DAY) - 600) < 1e-6);
	const narrow = pinched(whole, whole, 1000, points(499, 501), points(0, 1000));
	assert.ok(narrow[1] - narrow[0] >= SPAN_MIN_MS);
	const out = pinched(whole, whole, 1000, points(0, 1000), points(500, 500));
	assert.ok(out[1] - out[0] <= 15 * DAY + 1 && out.every(Number.isFinite));
});
