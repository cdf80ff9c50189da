// A party's duty desks and their hours, as its entry in the directory lists them; the one to call now is marked.
import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { atTurn } from "../turn.js";
import { t, word } from "../words.js";
import { Badge } from "./badge.js";
import { Telephone } from "./telephone.js";

// Reads again when the turn of another has come: times are those of everything the page shows.
export function useTurn(times, as_of, reload) {
	useEffect(() => atTurn(times, as_of, reload), [times.join(), as_of]);
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
