// The rows of the board: read whole once, and then only those that changed. The coordinator gives
// transitions newest event first, so that what happened since the newest known one is a short page.
import { gather } from "../gather.js";

export const ROWS_MAX = 20_000;
const WHOLE = new Set(["again", "directory", "erased", "epoch", "started"]);

/** What the page asks again and again of a row, once. */
export function prepared(row) {
	return { ...row, due_ms: row.next_due === null ? Infinity : Date.parse(row.next_due), changed_ms: Date.parse(row.changed) };
}

const same = (a, b) => a.sequence === b.sequence && a.changed_ms === b.changed_ms && a.due_ms === b.due_ms && a.overdue_duties === b.overdue_duties &&
	a.late_deliveries === b.late_deliveries && a.frozen === b.frozen && a.state === b.state;

/**
 * Known rows (Map of id to row) with others in their place; what is closed goes unless it is wanted.
 * Gives known itself when nothing is different.
 */
export function merged(known, changed, closed) {
	let next = known;
	for (const row of changed) {
		const before = known.get(row.transition);
		const shown = closed || row.state !== "closed";
		if (shown ? before && same(before, row) : !before) continue;
		if (next === known) next = new Map(known);
		if (shown) next.set(row.transition, row);
		else next.delete(row.transition);
	}
	return next;
}

/** Page by page into rows, at most so many in all; {newest_ms, more}. heard: what is there so far. */
async function readPages(ask, parameters, rows, most, heard) {
	let after;
	let newest_ms = 0;
	do {
		const page = await ask({ ...parameters, after });
		for (const row of page.transitions) {
			const made = prepared(row);
			// Only the first page says what was newest when reading began: what changed behind it comes later.
			if (!after) newest_ms = Math.max(newest_ms, made.changed_ms);
			rows.set(made.transition, made);
		}
		after = page.next ?? undefined;
		heard(rows.size);
	} while (after && rows.size < most);
	return { newest_ms, more: Boolean(after) };
}

/**
 * {rows, more, open_more, narrow, totals, since_ms}. What is open comes first, so that what is late is there;
 * then what is closed, when it is wanted. When there is more than can be shown, and the reader has chosen
 * a place, only that place is read: then what is counted is true of it.
 */
export async function readWhole(ask, { closed, place, most = ROWS_MAX, cut = false }, heard = () => {}) {
	const attempt = async (narrow) => {
		const rows = new Map();
		// Followed from the first reading on: what changed while the closed ones were read stands behind it.
		const open = await readPages(ask, { ...narrow, open: "true" }, rows, most, heard);
		const rest = closed && !open.more ? await readPages(ask, { ...narrow, state: "closed" }, rows, most, heard) : { newest_ms: 0, more: closed };
		return { rows, more: open.more || rest.more, open_more: open.more, since_ms: open.newest_ms || rest.newest_ms };
	};
	const chosen = Object.values(place).some(Boolean);
	const found = cut && chosen ? null : await attempt({});
	if (found && !found.more) return { ...found, narrow: false, totals: null };
	const { totals, totals_whole } = await ask({ _count: 1, totals: "true" });
	return { ...(chosen ? await attempt(place) : found), narrow: chosen, totals: { ...totals, whole: totals_whole } };
}

/**
 * Follows the region: heard(board) after the first reading and after each change, failed(problem) when a
 * reading fails. {event, choose, pause, again, stop}; ask(parameters, options) gives a page of transitions.
 */
export function follow({ ask, closed, place: first = {}, heard, failed, progress = () => {}, rhythm, most = ROWS_MAX }) {
	let place = first;
	const control = new AbortController();
	let board = null;
	let whole = true;
	let paused = false;
	let background = false;
	const page = (parameters) => ask(parameters, { signal: control.signal, background });
	const change = async () => {
		const rows = new Map();
		const { newest_ms, more } = await readPages(page, { _since: new Date(board.since_ms).toISOString() }, rows, most, () => {});
		const next = merged(board.rows, rows.values(), closed);
		if (more || next.size > most * 1.25) return read();
		const since_ms = Math.max(board.since_ms, newest_ms);
		if (next === board.rows) board.since_ms = since_ms;
		else heard((board = { ...board, rows: next, since_ms }));
	};
	const read = async () => {
		whole = false;
		const found = await readWhole(page, { closed, place, most, cut: Boolean(board?.totals) }, progress).catch((problem) => {
			whole = true;
			throw problem;
		});
		heard((board = found));
	};
	const work = gather(async () => {
		try {
			// What happened while it was read whole stands behind it.
			if (whole || !board?.since_ms) {
				await read();
				if (board.since_ms) work.push();
			} else await change();
		} catch (problem) {
			if (!control.signal.aborted) failed(problem);
		}
		background = true;
	}, rhythm);
	const wish = () => !paused && work.push();
	wish();
	return {
		event(event) {
			if (WHOLE.has(event.type)) whole = true;
			else if (!event.data?.transition) return;
			wish();
		},
		// Where there is more than can be read, what is read depends on the place.
		choose(next) {
			place = next;
			if (!board?.totals) return false;
			whole = true;
			work.push();
			return true;
		},
		// What happened meanwhile is caught up with afterwards.
		pause(now) {
			paused = now;
			wish();
		},
		again() {
			whole = true;
			background = false;
			work.push();
		},
		stop() {
			control.abort();
			work.stop();
		},
	};
}
