// The rows of a board as one desk has them: whose each is, and an alarm about what this desk owes itself
// is part of the row that says so.

export function keyOf(row) {
	return [row.what, row.transition, row.subject, row.clause, row.next, row.duty, row.name].join(" ");
}

// What nobody else will do is this desk's: letters nobody gets, partners who are silent. And what is for
// people of several parties to decide is on the table of each.
export function isMine(row, party) {
	return row.party === party || !["next", "silent"].includes(row.what) || (!row.party && !row.role);
}

function owed(row) {
	return [row.transition, row.subject, row.clause].join(" ");
}

// An alarm's party waits, its peer owes. Who owes has the row that asks for it: there the alarm can be
// seen to as well, and it does not stand a second time.
export function foldAlarms(rows, party) {
	const alarms = new Map(rows.filter((row) => row.what === "alarm" && row.peer === party).map((row) => [owed(row), row]));
	const folded = new Set();
	const kept = rows.map((row) => {
		const alarm = row.what === "next" && row.party === party ? alarms.get(owed(row)) : undefined;
		if (!alarm) return row;
		folded.add(alarm);
		return { ...row, alarm };
	});
	return kept.filter((row) => !folded.has(row));
}
