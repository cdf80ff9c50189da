// What an event, a deadline or a gap is called: for the picture's titles, the line below it, the table.
import { duration, moment } from "../format.js";
import { t, word } from "../words.js";
import { flagOf } from "./model.js";

/** Of a lane of the model, or one that is laid out: index null is what nobody owes. */
export function laneName(lane) {
	if (lane.party === null) return t(lane.index === null ? "timeline.nobody" : "timeline.time");
	return lane.name || word("role", lane.role);
}

export function kindWords(event) {
	return event.activity ? word("activity", event.activity) : word("kind", event.kind);
}

/** "for sent", "afvist: …", or nothing. */
export function markWords(event) {
	const words = [];
	if (event.refused) words.push(t("timeline.refused"));
	if (event.late) words.push(t("timeline.late"));
	else if (event.deviates) words.push(t("timeline.deviates"));
	if (event.code && event.code !== "late") words.push(word("code", event.code));
	return words.length ? `(${words.join(": ")})` : "";
}

export function dutyWords(deadline) {
	const name = deadline.duty === "expectation" && deadline.name ? deadline.name : deadline.duty;
	const words = word("duty", name);
	return deadline.clause ? `${words} (${deadline.clause})` : words;
}

export function flagWords(deadline) {
	return t(`timeline.flag.${flagOf(deadline)}`);
}

export function bandWords(band) {
	const until = band.until ? moment(band.until) : t("timeline.still");
	return t("timeline.band", { domain: word("domain", band.domain), from: moment(band.from), until });
}

export function windowWords(window) {
	return t("timeline.window", {
		name: word("window", window.name), clause: window.clause, until: moment(window.until),
		state: word("window-state", window.state),
	});
}

export function gapWords(gap) {
	const name = gap.name ? `: ${word("duty", gap.name)}` : "";
	return `${word("gap", gap.kind)}${name}, ${duration(gap.until - gap.from)}`;
}
