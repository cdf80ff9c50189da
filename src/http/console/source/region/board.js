// What the board counts and shows of prepared rows (rows.js). No drawing here.

export const STATES = ["open", "planning", "preparing", "ready", "agreed", "in-transit", "shared", "follow-up", "dormant", "closed"];
const SOON_MS = 4 * 3600_000;
const ABOVE = 4; // rows that are drawn beyond each edge
const STEP = 4; // rows by which the drawn ones move, so that not every point of scrolling draws

/** Kinds of lateness, most urgent first. now: milliseconds. */
export const LATE = [
	{ name: "frozen", is: (row) => row.frozen },
	{ name: "overdue", is: (row, now) => row.overdue_duties > 0 || row.due_ms < now },
	{ name: "soon", is: (row, now) => row.due_ms >= now && row.due_ms < now + SOON_MS },
	{ name: "undelivered", is: (row) => row.late_deliveries > 0 },
];

/** Parties of a column as choices of a field, by name. A planning area is a hospital and its municipalities. */
export function choices(rows, column) {
	const names = new Map();
	for (const row of rows) if (row[column]) names.set(row[column], row[`${column}_name`]);
	return [...names].map(([value, text]) => ({ value, text: text || value }))
		.sort((a, b) => a.text.localeCompare(b.text, "da"));
}

/** Pathways that somebody has said. */
export function pathways(rows) {
	return [...new Set(rows.map((row) => row.pathway).filter(Boolean))].sort();
}

/** Rows, most urgent first, then what is due first, then newest. What is chosen of them keeps the order. */
export function ordered(rows, now) {
	const kinds = Array.from({ length: LATE.length + 1 }, () => []);
	for (const row of rows) {
		const kind = LATE.findIndex(({ is }) => is(row, now));
		kinds[kind < 0 ? LATE.length : kind].push(row);
	}
	for (const kind of kinds) kind.sort((a, b) => (a.due_ms === b.due_ms ? b.changed_ms - a.changed_ms : a.due_ms - b.due_ms));
	return kinds.flat();
}

export function byPlace(rows, { area, party, pathway, id }) {
	const digits = id.replace(/[\s-]/g, "").toLowerCase();
	if (!area && !party && !pathway && !digits) return rows;
	return rows.filter((row) => (!area || row.hospital === area) && (!party || row.municipality === party) &&
		(!pathway || row.pathway === pathway) && (!digits || row.transition.startsWith(digits)));
}

/** {state: {open: 3, …}, late: {overdue: 2, …}} */
export function counted(rows, now) {
	const counts = { state: {}, late: Object.fromEntries(LATE.map(({ name }) => [name, 0])) };
	for (const row of rows) {
		counts.state[row.state] = (counts.state[row.state] ?? 0) + 1;
		for (const { name, is } of LATE) if (is(row, now)) counts.late[name]++;
	}
	return counts;
}

/** Rows of the chosen state and lateness, in the order they have. */
export function chosen(rows, { state, late }, now) {
	const kind = LATE.find(({ name }) => name === late);
	if (!state && !kind) return rows;
	return rows.filter((row) => (!state || row.state === state) && (!kind || kind.is(row, now)));
}

/** Rows first..last (not with last) that are in sight or near it. */
export function windowOf(top, size, height, count) {
	const above = Math.floor(Math.max(0, top) / height / STEP) * STEP;
	const first = Math.max(0, Math.min(above - ABOVE, count));
	return { first, last: Math.min(count, above + Math.ceil(size / height) + STEP + ABOVE) };
}
