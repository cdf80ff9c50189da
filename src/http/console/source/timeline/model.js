// From what GET …/timeline gives to what is drawn: rows, places and groups. No drawing and no words
// here, so that it can be tested under Node.js.

const HOUR = 3600_000;
const DOMAINS = ["medical", "care", "medication", "rehabilitation", "social"];

// Heights in points of the picture.
export const HEIGHT = { axis: 34, name: 24, band: 20, events: 34, deadlines: 22, gap: 12 };
// Marks nearer than this to one, or to a group of them, are drawn with it.
const NEAR_ONE = 18;
const NEAR_GROUP = 27;

/** Domains that a lane ever answered for, or has a window of. */
function domainsOf(model, lane) {
	const held = new Set();
	for (const band of model.responsibility) if (band.lane === lane) held.add(band.domain);
	for (const window of model.windows) if (window.lane === lane) held.add(window.domain);
	return DOMAINS.filter((domain) => held.has(domain));
}

/**
 * Lanes from above: [{index, party, name, role, top, height, bandTops: {domain: y}, eventTop,
 * deadlineTop}], and the height of all. What nobody owes (lane null) stands in a lane of its own.
 */
export function layOut(model) {
	let top = HEIGHT.axis;
	const unowned = model.deadlines.some((one) => one.lane === null) || model.gaps.some((one) => one.lane === null);
	const all = model.lanes.map((lane, index) => ({ ...lane, index }));
	if (unowned) all.push({ party: null, name: "", role: "unknown", index: null });
	const lanes = all.map((lane) => {
		const begin = top;
		top += HEIGHT.name;
		const bandTops = {};
		for (const domain of domainsOf(model, lane.index)) {
			bandTops[domain] = top;
			top += HEIGHT.band;
		}
		const eventTop = top;
		top += HEIGHT.events;
		const owes = model.deadlines.some((one) => one.lane === lane.index);
		const deadlineTop = top;
		if (owes) top += HEIGHT.deadlines;
		top += HEIGHT.gap;
		return { ...lane, top: begin, height: top - begin, bandTops, eventTop, deadlineTop, owes };
	});
	return { lanes, height: top };
}

/** The whole course with some room at both ends: [from, until]. */
export function wholeOf(model) {
	const from = model.from ?? model.as_of ?? 0;
	const until = Math.max(model.until ?? from, model.as_of ?? from, from + HOUR);
	const room = Math.max((until - from) * 0.05, 5 * 60_000);
	return [from - room, until + room];
}

export const SPAN_MIN_MS = 10 * 60_000;

/** The part that is shown after zooming by a factor about a moment that stays where it is. */
export function zoomed([from, until], whole, factor, about) {
	const most = (whole[1] - whole[0]) * 1.5;
	const span = Math.min(Math.max((until - from) * factor, SPAN_MIN_MS), most);
	const part = (about - from) / (until - from);
	return within([about - span * part, about + span * (1 - part)], whole);
}

/** Not further than half a screen beyond the course. */
export function within([from, until], whole) {
	const span = until - from;
	const least = whole[0] - span / 2;
	const most = whole[1] - span / 2;
	const at = Math.min(Math.max(from, least), Math.max(most, least));
	return [at, at + span];
}

export function panned([from, until], whole, ms) {
	return within([from + ms, until + ms], whole);
}

/**
 * What two fingers show that were at begun and are at now, as {x, y} in points of the plot: what was under
 * their middle stays under it, and what was between them stays between them.
 */
export function pinched(view, whole, width, begun, now) {
	const apart = ([a, b]) => Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);
	const middle = ([a, b]) => (a.x + b.x) / 2;
	const about = view[0] + (middle(begun) / width) * (view[1] - view[0]);
	const next = zoomed(view, whole, apart(begun) / apart(now), about);
	const under = next[0] + (middle(now) / width) * (next[1] - next[0]);
	return panned(next, whole, about - under);
}

/** A span about a moment. */
export function about(moment, span, whole) {
	return within([moment - span / 2, moment + span / 2], whole);
}

export function scaleOf([from, until], width) {
	return (time) => ((time - from) / (until - from)) * width;
}

const timeOf = (event) => event.occurred ?? event.recorded;

function weight(event) {
	return event.refused ? 3 : event.deviates || event.late ? 2 : event.kind === "acknowledgement" ? 0 : 1;
}

/**
 * Marks of one lane as they are drawn: [{x, events}], those that would cover each other as one. Events
 * outside the picture are left out. events must be of the lane and in order of time.
 */
export function groupsOf(events, scale, width) {
	const groups = [];
	for (const event of events) {
		const x = scale(timeOf(event));
		if (x < -NEAR_GROUP || x > width + NEAR_GROUP) continue;
		const last = groups.at(-1);
		if (last && x - last.x < (last.events.length > 1 ? NEAR_GROUP : NEAR_ONE)) last.events.push(event);
		else groups.push({ x, events: [event] });
	}
	for (const group of groups)
		group.heaviest = group.events.reduce((most, event) => (weight(event) > weight(most) ? event : most));
	return groups;
}

const LISTS = ["events", "responsibility", "windows", "gaps", "deadlines"];

/**
 * What stands in each lane: Map of lane to {events, responsibility, windows, gaps, deadlines}; events in
 * order of time.
 */
export function byLane(model) {
	const lanes = new Map();
	for (const list of LISTS)
		for (const one of model[list]) {
			if (!lanes.has(one.lane)) lanes.set(one.lane, Object.fromEntries(LISTS.map((name) => [name, []])));
			lanes.get(one.lane)[list].push(one);
		}
	for (const { events } of lanes.values()) events.sort((a, b) => timeOf(a) - timeOf(b) || a.sequence - b.sequence);
	return lanes;
}

/** "refused", "late", "deviates", "quiet" (an acknowledgement), "time" (derived) or "plain". */
export function markOf(event, model) {
	if (event.refused) return "refused";
	if (event.late) return "late";
	if (event.deviates) return "deviates";
	if (event.kind === "acknowledgement") return "quiet";
	return model.lanes[event.lane]?.party === null ? "time" : "plain";
}

/** "met", "missed" (not met in time), "open" (still ahead or owed) or "gone" (cancelled, handed on). */
export function flagOf(deadline) {
	if (deadline.missed) return "missed";
	if (deadline.ended === null) return "open";
	return deadline.state === "completed" ? "met" : "gone";
}

/** All that the picture says, in order of time: [{time, lane, what, of}] for the table beside it. */
export function rowsOf(model) {
	const rows = [
		...model.events.map((of) => ({ time: timeOf(of), lane: of.lane, what: "event", of })),
		...model.responsibility.map((of) => ({ time: of.from, lane: of.lane, what: "band", of })),
		...model.windows.map((of) => ({ time: of.from, lane: of.lane, what: "window", of })),
		...model.deadlines.map((of) => ({ time: of.due, lane: of.lane, what: "deadline", of })),
		...model.gaps.map((of) => ({ time: of.from, lane: of.lane, what: "gap", of })),
	];
	const order = { band: 1, window: 2, event: 0, deadline: 3, gap: 4 };
	// What has no time yet (a deadline that depends on a plan) stands at the end.
	return rows.sort((a, b) => (a.time ?? Infinity) - (b.time ?? Infinity) || order[a.what] - order[b.what]);
}
