// Who has the baton: a card for each domain. One card, one holder, one number to call.
import { useState } from "preact/hooks";
import { post } from "../api.js";
import { moment, near } from "../format.js";
import { html } from "../html.js";
import { t, word } from "../words.js";
import { FormDialog } from "./answer.js";
import { Badge } from "./badge.js";
import { Button } from "./button.js";
import { Countdown } from "./countdown.js";
import { Desks } from "./desks.js";
import { TimeField } from "./field.js";
import { Icon } from "./icon.js";
import { Support, Telephone } from "./telephone.js";

const icons = { medical: "contact-support", care: "persons", medication: "checklist", rehabilitation: "sync", social: "home" };

// How long it is the one to call, and who answers then; or that a letter about this patient says so.
function CallUntil({ contact }) {
	const until = contact.until && t("baton.call.until", { time: near(contact.until) });
	const then = contact.next_contact && t("baton.call.then", { name: contact.next_contact });
	const letter = contact.source === "letter" && t("baton.call.letter");
	const text = [letter, until, then].filter(Boolean).join(", ");
	return text && html`<small class="baton-call-until">${text}</small>`;
}

// One number: what a letter about this patient says, else the desk that is answered at this hour, else the
// party's support contact. The other hours are within reach.
function Call({ contact, party }) {
	// One number is the one to call: what the daemon says now, not what stood when the directory was read.
	const isNow = (desk) => contact?.source === "hours" && desk.what === contact.contact && desk.telephone === contact.telephone;
	const desks = (party?.contacts ?? []).map((desk) => ({ ...desk, now: isNow(desk) }));
	const numbered = contact?.telephone && contact.source !== "support";
	return html`<div class="baton-call"><small>${t("baton.call")}${numbered && contact.contact ? `: ${contact.contact}` : ""}</small>
		${numbered
			? html`<${Telephone} large number=${contact.telephone} name=${contact.contact || contact.party_name} />`
			: html`<${Support} text=${party?.support} />`}
		${contact && html`<${CallUntil} contact=${contact} />`}
		${desks.length > 0 && html`<details class="baton-desks"><summary>${t("baton.call.all")}</summary><${Desks} desks=${desks} /></details>`}</div>`;
}

// Who answers for the citizen after discharge may go on longer, or be done before.
function WindowActions({ window, transition, reload }) {
	const [open, setOpen] = useState("");
	const [until, setUntil] = useState(window.until);
	const close = (sent) => {
		setOpen("");
		if (sent) reload();
	};
	const say = (action, more) => () => post(`/api/v1/transitions/${transition}/windows`, { action, ...more });
	return html`<span class="answers">
		<${Button} small onClick=${() => setOpen("extend")}>${t("baton.extend")}<//>
		<${Button} small onClick=${() => setOpen("end")}>${t("baton.end")}<//></span>
		${open === "extend" && html`<${FormDialog} title=${t("baton.extend.title")} transition=${transition} send=${say("extend", { until })} check=${() => (until ? "" : t("answer.time.missing"))}
			verb=${t("answer.confirm")} close=${close}><${TimeField} label=${t("baton.extend.until")} value=${until} change=${setUntil} /><//>`}
		${open === "end" && html`<${FormDialog} title=${t("baton.end.title")} transition=${transition} lead=${t("baton.end.lead", { then: word("role", window.then) })} send=${say("end")}
			verb=${t("baton.end.verb")} close=${close} />`}`;
}

// Until when: a window that runs, an offer that waits for an answer, or until somebody takes over.
function Until({ window, offer, overdue, acts, reload }) {
	if (window)
		return html`<dt>${t("baton.until")}</dt><dd><span class="time">${moment(window.until)}</span> <${Countdown} until=${window.until} />
			<small class="under">${t("baton.window", { then: word("role", window.then) })}</small>
			${acts && html`<${WindowActions} window=${window} transition=${acts} reload=${reload} />`}</dd>`;
	if (offer)
		return html`<dt>${t("baton.until")}</dt><dd><${Badge} tone=${overdue ? "bad" : "warn"} icon="hourglass">${t("baton.offered", { name: offer.to_name || word("role", offer.to_role) })}<//>
			${offer.promised && html`<small>${t("next.promised", { time: near(offer.promised) })}</small>`}</dd>`;
	return html`<dt>${t("baton.until")}</dt><dd>${t("baton.until.accepted")}</dd>`;
}

export function Baton({ holder, show, session, parties, reads, reload }) {
	const line = show.ledger.find((each) => each.domain === holder.domain && each.holder === holder.party && !each.until);
	const contact = show.contacts.find((each) => each.domain === holder.domain);
	const window = show.windows.find((each) => each.domain === holder.domain && each.state === "open");
	const offer = show.offers.find((each) => each.state === "open" && each.remaining.includes(holder.domain));
	const mine = holder.party === session.party?.id;
	const party = parties.find((each) => each.party === holder.party);
	return html`<li class=${mine ? "baton baton-mine" : "baton"}>
		<h3><${Icon} name=${icons[holder.domain] || "flag"} /><span class="cap">${word("domain", holder.domain)}</span></h3>
		<p class="baton-holder">${holder.party_name || "–"} ${mine && html`<${Badge} tone="blue">${t("baton.us")}<//>`}</p>
		<dl>
			<dt>${t("baton.since")}</dt><dd><span class="time">${near(holder.since)}</span></dd>
			<dt>${t("baton.basis")}</dt><dd>${line ? word("basis", line.basis) : "–"}</dd>
			<${Until} window=${window} offer=${offer} acts=${mine && reads && show.transition} reload=${reload} />
		</dl>
		<${Call} contact=${contact} party=${party} />
	</li>`;
}
