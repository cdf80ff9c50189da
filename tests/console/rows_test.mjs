// The board's rows: read whole once, then only what changed; gathered, paused, and anew after a gap.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gather } from "../../src/http/console/source/gather.js";
import { follow, merged, prepared, readWhole } from "../../src/http/console/source/region/rows.js";

const T0 = Date.parse("2026-06-10T10:00:00Z");
const id = (number) => number.toString(16).padStart(32, "0");
const row = (number, at, more = {}) => ({
	transition: id(number), state: "open", hospital: "h1", municipality: "m1", pathway: "somatic", sequence: 1,
	changed: new Date(T0 + at).toISOString(), overdue_duties: 0, next_due: null, late_deliveries: 0, frozen: false, ...more,
});
const until = async (done, most_ms = 2000) => {
	const begun = Date.now();
	while (!done()) {
		assert.ok(Date.now() - begun < most_ms, "it did not come");
		await new Promise((resume) => setTimeout(resume, 2));
	}
};

/** A coordinator with its transitions newest first, page by page, as GET /api/v1/transitions gives them. */
function region(rows, size = 3) {
	const asked = [];
	return {
		rows, asked,
		ask: async (parameters, options) => {
			asked.push({ ...parameters, background: options?.background });
			const since = parameters._since ? Date.parse(parameters._since) : 0;
			const list = [...rows].sort((a, b) => Date.parse(b.changed) - Date.parse(a.changed)).filter((one) => Date.parse(one.changed) >= since &&
				(!parameters.open || one.state !== "closed") && (!parameters.state || one.state === parameters.state) &&
				(!parameters.hospital || one.hospital === parameters.hospital));
			if (parameters.totals) return { transitions: [], next: null, totals: { open: rows.filter((one) => one.state === "open").length, closed: rows.filter((one) => one.state === "closed").length }, totals_whole: true };
			const from = parameters.after ? list.findIndex((one) => one.transition === parameters.after) + 1 : 0;
			const page = list.slice(from, from + size);
			return { transitions: page, next: from + size < list.length ? page.at(-1).transition : null };
		},
	};
}

const quick = { soon_ms: 1, least_ms: 5 };
function following(daemon, more = {}) {
	const boards = [];
	const problems = [];
	const followed = follow({ ask: daemon.ask, closed: false, heard: (board) => boards.push(board), failed: (problem) => problems.push(problem), rhythm: quick, ...more });
	return { boards, problems, followed };
}
const settled = () => new Promise((resume) => setTimeout(resume, 40));
const event = (number, type = "recorded") => ({ type, data: { transition: id(number) } });

test("a thousand pushes are few runs, and none at the same time", async () => {
	let runs = 0;
	let now = 0;
	const work = gather(async () => {
		assert.equal(++now, 1);
		runs++;
		await new Promise((resume) => setTimeout(resume, 3));
		now--;
	}, { soon_ms: 1, least_ms: 30 });
	for (let i = 0; i < 1000; i++) {
		work.push();
		if (i % 100 === 0) await new Promise((resume) => setTimeout(resume, 3));
	}
	await until(() => runs >= 2);
	await settled();
	work.stop();
	const before = runs;
	work.push();
	await settled();
	assert.equal(runs, before);
	assert.ok(runs >= 2 && runs <= 6, `${runs} runs`);
});

test("an endless stream of events starves nobody", async () => {
	let runs = 0;
	const work = gather(() => runs++, { soon_ms: 5, least_ms: 5 });
	const timer = setInterval(() => work.push(), 1);
	await until(() => runs >= 3);
	clearInterval(timer);
	work.stop();
});

test("what is unchanged is the same object, what is closed goes", () => {
	const known = new Map([1, 2, 3].map((one) => [id(one), prepared(row(one, one))]));
	assert.equal(merged(known, [prepared(row(1, 1))], false), known);
	const next = merged(known, [prepared(row(2, 9, { sequence: 2 })), prepared(row(3, 9, { state: "closed", sequence: 2 })), prepared(row(4, 9, { state: "closed" }))], false);
	assert.deepEqual([...next.keys()], [id(1), id(2)]);
	assert.equal(next.get(id(1)), known.get(id(1)));
	assert.equal(merged(known, [prepared(row(4, 9, { state: "closed" }))], true).size, 4);
	assert.equal(prepared(row(1, 0, { next_due: "2026-06-10T10:00:01Z" })).due_ms, T0 + 1000);
});

test("after the first reading only what changed is asked for", async () => {
	const daemon = region([1, 2, 3, 4, 5, 6, 7].map((one) => row(one, one)));
	const { boards, followed, problems } = following(daemon);
	await until(() => boards.length === 1);
	await settled();
	assert.equal(boards[0].rows.size, 7);
	assert.equal(daemon.asked.filter((one) => !one._since).length, 3);
	daemon.asked.length = 0;
	daemon.rows[2] = row(3, 50, { sequence: 2, overdue_duties: 1 });
	for (let i = 0; i < 200; i++) followed.event(event(3));
	await until(() => boards.length === 2);
	await settled();
	assert.equal(boards[1].rows.get(id(3)).overdue_duties, 1);
	assert.equal(boards[1].rows.get(id(1)), boards[0].rows.get(id(1)));
	assert.ok(daemon.asked.length <= 2 && daemon.asked.every((one) => one._since && one.background), JSON.stringify(daemon.asked));
	followed.event({ type: "connected", data: { party: id(9) } });
	const before = daemon.asked.length;
	await settled();
	assert.equal(daemon.asked.length, before);
	assert.deepEqual(problems, []);
	followed.stop();
});

test("what changes while it is read whole is not missed", async () => {
	const daemon = region([1, 2, 3, 4, 5, 6].map((one) => row(one, one)));
	const ask = daemon.ask;
	daemon.ask = async (parameters, options) => {
		const page = await ask(parameters, options);
		// The last of them moves to the front behind the first page: no later page has it.
		if (daemon.asked.length === 1) daemon.rows[0] = row(1, 90, { sequence: 7 });
		return page;
	};
	const { boards, followed } = following(daemon);
	await until(() => boards.at(-1)?.rows.get(id(1))?.sequence === 7);
	assert.equal(boards.at(-1).rows.size, 6);
	followed.stop();
});

test("after a gap, a new directory or an erasure it is read anew", async () => {
	const daemon = region([1, 2].map((one) => row(one, one)));
	const { boards, followed } = following(daemon);
	await until(() => boards.length === 1);
	for (const type of ["again", "directory", "erased"]) {
		const before = boards.length;
		daemon.asked.length = 0;
		followed.event({ type, data: null });
		await until(() => boards.length > before);
		assert.ok(daemon.asked.some((one) => !one._since), type);
	}
	// A row that is there no more goes with it.
	daemon.rows.pop();
	followed.event({ type: "again", data: null });
	await until(() => boards.at(-1).rows.size === 1);
	followed.stop();
});

test("a pause reads nothing, and what happened in it comes behind it", async () => {
	const daemon = region([1, 2].map((one) => row(one, one)));
	const { boards, followed } = following(daemon);
	await until(() => boards.length === 1);
	await settled();
	followed.pause(true);
	daemon.asked.length = 0;
	daemon.rows[0] = row(1, 60, { sequence: 2 });
	followed.event(event(1));
	await settled();
	assert.equal(daemon.asked.length, 0);
	followed.pause(false);
	await until(() => boards.at(-1).rows.get(id(1)).sequence === 2);
	followed.stop();
});

test("a reading that fails is told, and tried again at the next event", async () => {
	const daemon = region([1].map((one) => row(one, one)));
	const ask = daemon.ask;
	let down = true;
	daemon.ask = async (...words) => {
		if (down) throw new Error("away");
		return ask(...words);
	};
	const { boards, problems, followed } = following(daemon);
	await until(() => problems.length === 1);
	down = false;
	followed.event({ type: "again", data: null });
	await until(() => boards.length === 1);
	followed.stop();
});

test("more than can be shown: what is open first, totals of all, and a place by itself", async () => {
	const rows = Array.from({ length: 40 }, (_, at) => row(at + 1, at, { state: at % 2 ? "closed" : "open", hospital: at < 6 ? "h2" : "h1" }));
	const daemon = region(rows, 5);
	const wide = await readWhole(daemon.ask, { closed: true, place: {}, most: 25 });
	assert.equal([...wide.rows.values()].filter((one) => one.state === "open").length, 20);
	assert.ok(wide.more && !wide.open_more && !wide.narrow);
	assert.deepEqual(wide.totals, { open: 20, closed: 20, whole: true });
	const narrow = await readWhole(daemon.ask, { closed: true, place: { hospital: "h2" }, most: 25 });
	assert.ok(narrow.narrow && !narrow.more);
	assert.equal(narrow.rows.size, 6);
	const small = await readWhole(daemon.ask, { closed: true, place: {}, most: 400 });
	assert.equal(small.totals, null);
	assert.equal(small.rows.size, 40);
});

test("what changes while the closed ones are read is asked for afterwards", async () => {
	const rows = [row(1, 100), row(2, 200), row(3, 50, { state: "closed" })];
	const daemon = region(rows);
	const { boards, followed } = following({
		ask: (parameters, options) => {
			// Late after it was read, and another closed still later.
			if (parameters.state === "closed" && rows[0].sequence === 1) {
				rows[0] = row(1, 300, { sequence: 2, overdue_duties: 1 });
				rows[2] = row(3, 400, { sequence: 2, state: "closed" });
			}
			return daemon.ask(parameters, options);
		},
	}, { closed: true });
	await until(() => boards.at(-1)?.rows.get(id(1)).overdue_duties === 1);
	followed.stop();
});

test("another place is read where not all is known, and nowhere else", async () => {
	const daemon = region(Array.from({ length: 40 }, (_, at) => row(at + 1, at, { hospital: at < 6 ? "h2" : "h1" })), 5);
	const { boards, followed } = following(daemon, { most: 20 });
	await until(() => boards.length === 1);
	assert.ok(boards[0].totals && boards[0].open_more);
	assert.equal(followed.choose({ hospital: "h2" }), true);
	await until(() => boards.at(-1).narrow);
	assert.equal(boards.at(-1).rows.size, 6);
	followed.stop();
	const small = region([row(1, 1)]);
	const other = following(small);
	await until(() => other.boards.length === 1);
	assert.equal(other.followed.choose({ hospital: "h2" }), false);
	other.followed.stop();
});
