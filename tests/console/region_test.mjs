// The region's board and the indicators: what is counted, in which order, and what a file of it says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { byPlace, choices, chosen, counted, ordered, pathways, windowOf } from "../../src/http/console/source/region/board.js";
import { cellOf, csvOf, months, seriesOf } from "../../src/http/console/source/region/figures.js";
import { prepared } from "../../src/http/console/source/region/rows.js";
import { momentOf, wall } from "../../src/http/console/source/timeline/ticks.js";

const NOW = Date.parse("2026-06-10T10:00:00Z");
const row = (transition, more = {}) => prepared({
	transition, state: "open", hospital: "h1", hospital_name: "Ålborg", municipality: "m1", municipality_name: "Viborg",
	changed: "2026-06-10T09:00:00Z", overdue_duties: 0, next_due: null, late_deliveries: 0, frozen: false, holders: [], ...more,
});
const rows = [
	row("a1"),
	row("a2", { state: "shared", overdue_duties: 2 }),
	row("b1", { next_due: "2026-06-10T12:00:00Z", hospital: "h2", hospital_name: "Randers" }),
	row("b2", { next_due: "2026-06-10T09:59:00Z", changed: "2026-06-01T09:00:00Z" }),
	row("c1", { frozen: true, late_deliveries: 1, municipality: null, municipality_name: "" }),
	row("c2", { next_due: "2026-06-20T12:00:00Z", pathway: "psychiatric" }),
];
const nothing = { area: "", party: "", pathway: "", state: "", late: "", id: "" };
const ids = (list) => list.map((one) => one.transition);

test("what has passed its deadline is late, also before the coordinator has said so", () => {
	const { late, state } = counted(rows, NOW);
	assert.deepEqual(late, { frozen: 1, overdue: 2, soon: 1, undelivered: 1 });
	assert.deepEqual(state, { open: 5, shared: 1 });
	assert.equal(counted(rows, NOW - 3600_000).late.overdue, 1);
});

test("most urgent first, then what is due first, then what changed last", () => {
	const sorted = ordered(rows, NOW);
	assert.deepEqual(ids(chosen(sorted, nothing, NOW)), ["c1", "b2", "a2", "b1", "c2", "a1"]);
	assert.deepEqual(ids(chosen(sorted, { ...nothing, late: "overdue" }, NOW)), ["b2", "a2"]);
	assert.deepEqual(ids(chosen(sorted, { ...nothing, state: "shared", late: "soon" }, NOW)), []);
});

test("by planning area, municipality, pathway and the beginning of an id", () => {
	assert.deepEqual(ids(byPlace(rows, { ...nothing, pathway: "psychiatric" })), ["c2"]);
	assert.deepEqual(pathways(rows), ["psychiatric"]);
	assert.equal(byPlace(rows, nothing), rows);
	assert.deepEqual(ids(byPlace(rows, { ...nothing, area: "h2" })), ["b1"]);
	assert.deepEqual(ids(byPlace(rows, { ...nothing, id: "C" })), ["c1", "c2"]);
	assert.deepEqual(choices(rows, "hospital").map((one) => one.text), ["Randers", "Ålborg"]);
	assert.deepEqual(choices(rows, "municipality").map((one) => one.value), ["m1"]);
});

test("only rows near the sight are drawn, however many there are", () => {
	for (const top of [0, 1000, 5000 * 52, -20]) {
		const { first, last } = windowOf(top, 600, 52, 5000);
		assert.ok(first >= 0 && last <= 5000 && first <= last && last - first < 40, `${top}`);
	}
	assert.deepEqual(windowOf(0, 600, 52, 3), { first: 0, last: 3 });
});

test("months begin and end at Danish midnights", () => {
	const list = months(NOW, 4, momentOf, wall);
	assert.deepEqual(list.map(({ from }) => new Date(from).toISOString()),
		["2026-02-28T23:00:00.000Z", "2026-03-31T22:00:00.000Z", "2026-04-30T22:00:00.000Z", "2026-05-31T22:00:00.000Z"]);
	for (let i = 1; i < list.length; i++) assert.equal(list[i].from, list[i - 1].to);
});

const figure = (value, small = false) => ({ indicator: "ready-days", value, unit: "days", cases: small ? null : 9, small, definition: "d" });
const answer = (name, value, small) => ({ groups: [{ name, figures: [figure(value, small)] }] });

test("a suppressed cell is never a number, a refused month is no month of nothing", () => {
	const [series] = seriesOf([answer("A", "12.5"), null, answer("A", "<5", true), { groups: [] }, answer("A", "-")]);
	assert.deepEqual(series.groups[0].cells.map((cell) => cell.value), [12.5, null, null, null, null]);
	assert.deepEqual(series.groups[0].cells.map((cell) => cell.small), [false, false, true, false, false]);
	assert.ok(series.groups[0].cells[1].missing && !series.groups[0].cells[4].missing);
	assert.equal(cellOf(figure("3", true)).value, null, "small, whatever it says");
});

test("a file for a spreadsheet: suppressed cells stay so, and no cell is a formula", () => {
	const series = seriesOf([answer("=HYPERLINK(1)", "12.5"), answer("=HYPERLINK(1)", "<5", true)]);
	const options = { danish: true, nameOf: () => 'a "name"; b', monthOf: ({ from }) => `m${from}` };
	assert.equal(csvOf(series, [{ from: 1 }, { from: 2 }], options),
		'indicator;name;unit;group;m1;m2\r\nready-days;"a ""name""; b";days;\'=HYPERLINK(1);12,5;<5\r\n');
	assert.match(csvOf(series, [{ from: 1 }, { from: 2 }], { ...options, danish: false }), /,12\.5,<5\r\n$/);
	for (const name of ["+1", "-2+3", "-x", "@SUM(A1)", "\t=1"])
		assert.match(csvOf(seriesOf([answer(name, "7")]), [{ from: 1 }], options), new RegExp(`;'${name.replaceAll("+", "\\+").replace("(", "\\(").replace(")", "\\)")};7\r\n$`), name);
});

test("two parties of one name are two groups", () => {
	const figure = (value) => [{ indicator: "stays", unit: "stays", value, small: false, definition: "" }];
	const groups = [{ name: "Nordby", party: "a", figures: figure("7") }, { name: "Nordby", party: "b", figures: figure("9") }];
	const [{ groups: found }] = seriesOf([{ groups }]);
	assert.deepEqual(found.map(({ name, cells }) => [name, cells[0].value]), [["Nordby", 7], ["Nordby", 9]]);
	const whole = [{ groups: [{ name: "all", party: null, figures: figure("16") }] }];
	assert.deepEqual(seriesOf(whole)[0].groups.map((group) => group.key), ["all"]);
});

test("what nothing was counted of is an empty cell of the file", () => {
	const series = [{ indicator: "stays", unit: "stays", groups: [{ name: "Nordby", cells: [cellOf({ value: "-", small: false }), cellOf({ value: "*", small: true })] }] }];
	assert.match(csvOf(series, [{ from: 1 }, { from: 2 }], { danish: true, nameOf: (name) => name, monthOf: ({ from }) => `m${from}` }), /;Nordby;;\*\r\n$/);
});
