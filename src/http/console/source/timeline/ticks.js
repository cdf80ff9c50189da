// Where a scale of time has its lines, and what stands at them: hours, days, weeks and months of the
// Danish calendar, also on days of 23 and 25 hours.

const ZONE = "Europe/Copenhagen";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CLOCK = new Intl.DateTimeFormat("en-GB", {
	timeZone: ZONE, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
	hourCycle: "h23",
});

/** What a clock on a wall in Denmark shows then, as milliseconds of a day without a zone. */
export function wall(time) {
	const at = {};
	for (const { type, value } of CLOCK.formatToParts(time)) at[type] = Number(value);
	return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute);
}

/** The moment at which it shows that; in the hour that does not exist, the one behind it. */
export function momentOf(shown) {
	let time = shown;
	for (let round = 0; round < 2; round++) time += shown - wall(time);
	return time;
}

// Steps from fine to coarse; name is how a line is written (`timeline.js` has the forms).
const STEPS = [
	{ name: "clock", ms: 5 * MINUTE }, { name: "clock", ms: 15 * MINUTE }, { name: "clock", ms: HOUR },
	{ name: "clock", ms: 3 * HOUR }, { name: "clock", ms: 6 * HOUR }, { name: "clock", ms: 12 * HOUR },
	{ name: "day", ms: DAY }, { name: "day", ms: 2 * DAY }, { name: "week", ms: 7 * DAY },
	{ name: "month", ms: 30 * DAY, months: 1 }, { name: "month", ms: 91 * DAY, months: 3 },
	{ name: "month", ms: 365 * DAY, months: 12 },
];

function* walls(step, from) {
	const at = new Date(from);
	if (step.months) {
		const first = at.getUTCMonth() - (at.getUTCMonth() % step.months);
		for (let month = first; ; month += step.months) yield Date.UTC(at.getUTCFullYear(), month, 1);
	}
	// Weeks begin on Mondays: 5 January 1970 was one.
	const zero = step.ms === 7 * DAY ? 4 * DAY : 0;
	for (let shown = Math.floor((from - zero) / step.ms) * step.ms + zero; ; shown += step.ms) yield shown;
}

/**
 * Lines of a scale from..until that has room for so many: [{time, form, strong}]. form: "clock", "day",
 * "week" or "month"; strong where a larger part begins (a day among hours, a month among days).
 */
export function ticks(from, until, most) {
	const step = STEPS.find((one) => (until - from) / one.ms <= most) ?? STEPS.at(-1);
	const lines = [];
	for (const shown of walls(step, wall(from))) {
		const time = momentOf(shown);
		if (time > until || lines.length > 4 * most) break;
		if (time < from) continue;
		const at = new Date(shown);
		const midnight = at.getUTCHours() === 0 && at.getUTCMinutes() === 0;
		const first = midnight && at.getUTCDate() === 1;
		const isDay = step.name === "clock" && midnight;
		lines.push({ time, form: isDay ? "day" : step.name, strong: isDay || (step.name !== "clock" && first) });
	}
	return lines;
}
