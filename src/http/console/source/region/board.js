// What the board counts and shows of the rows that GET /api/v1/transitions gives. No drawing here.

export const STATES = ["open", "planning", "preparing", "ready", "agreed", "in-transit", "shared", "follow-up", "dormant", "closed"];
const SOON_MS = 4 * 3600_000;
const ABOVE = 8; // rows that are drawn beyond each edge

/** Kinds of lateness, most urgent first. now: milliseconds. */
export const LATE = [
	{ name: "frozen", is: (row) => row.frozen },
	{ name: "overdue", is: (row, now) => row.overdue_duties > 0 || (row.next_due !== null && Date.parse(row.next_due) < now) },
	{ name: "soon", is: (row, now) => row.next_due !== null && Date.parse(row.next_due) >= now && Date.parse(row.next_due) < now + SOON_MS },
	{ name: "undelivered", is: (row) => row.late_deliveries > 0 },
];

/** Parties of a column as choices of a field, by name. A planning area is a hospital and its municipalities. */
export function choices(rows, column) {
	const names = new Map();
	for (const row of rows) if (row[column]) names.set(row[column], row[`${column}_name`]);
	return [...names].map(([value, text]) => ({ value, text: text || value }))
		.sort((a, b) => a.text.localeCompare(b.text, "da"));
}

export function byPlace(rows, { area, party, id }) {
	const digits = id.replace(/[\s-]/g, "").toLowerCase();
	return rows.filter((row) => (!area || row.hospital === area) && (!party || row.municipality === party) &&
		(!digits || row.transition.startsWith(digits)));
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

function urgency(row, now) {
	const place = LATE.findIndex(({ is }) => is(row, now));
	return place < 0 ? LATE.length : place;
}

/** Rows of the chosen state and lateness, most urgent first, then what is due first, then newest. */
export function chosen(rows, { state, late }, now) {
	const kind = LATE.find(({ name }) => name === late);
	return rows.filter((row) => (!state || row.state === state) && (!kind || kind.is(row, now)))
		.map((row) => ({ row, urgency: urgency(row, now), due: row.next_due ? Date.parse(row.next_due) : Infinity, changed: Date.parse(row.changed) }))
		.sort((a, b) => a.urgency - b.urgency || (a.due === b.due ? 0 : a.due - b.due) || b.changed - a.changed)
		.map(({ row }) => row);
}

/** Rows first..last (not with last) that are in sight or near it. */
export function windowOf(top, size, height, count) {
	const first = Math.max(0, Math.min(Math.floor(top / height) - ABOVE, count));
	return { first, last: Math.min(count, Math.ceil((top + size) / height) + ABOVE) };
}
