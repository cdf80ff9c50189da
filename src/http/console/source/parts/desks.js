// A party's duty desks and their hours, as its entry in the directory lists them; the one to call now is marked.
import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { t, word } from "../words.js";
import { Badge } from "./badge.js";
import { Telephone } from "./telephone.js";

const TIMER_MAX_MS = 2 ** 31 - 1;

// Asks again when the turn of another desk has come: one timer, and none when nothing will change.
export function useTurn(until, as_of, reload) {
	useEffect(() => {
		// Counted on the daemon's clock: this machine's may be another.
		const wait = until ? Date.parse(until) - Date.parse(as_of) : Number.NaN;
		if (!(wait > 0 && wait < TIMER_MAX_MS)) return undefined;
		const timer = setTimeout(reload, wait + 500);
		return () => clearTimeout(timer);
	}, [until, as_of]);
}

// "07–15", "07:30–15".
function hours({ from, until }) {
	const short = (clock) => clock.replace(/:00$/, "");
	return `${short(from)}–${short(until)}`;
}

export function Desks({ desks }) {
	return html`<ul class="desks">${desks.map((desk, index) => html`<li key=${index} class=${desk.now ? "desk desk-now" : "desk"}>
		<span class="desk-when">${word("days", desk.days)} ${hours(desk)}</span>
		<span class="desk-what">${desk.what} ${desk.now && html`<${Badge} tone="good" icon="check">${t("desk.now")}<//>`}</span>
		<${Telephone} number=${desk.telephone} name=${desk.what} /></li>`)}</ul>`;
}
