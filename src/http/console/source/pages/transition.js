// A transition: who has the baton, what is next, how it came about, what is owed, what was said.
import { useEffect, useMemo, useState } from "preact/hooks";
import { get, post, query } from "../api.js";
import { clock, date, moment, near, week } from "../format.js";
import { html } from "../html.js";
import { Answers, FormDialog, ReplyDialog } from "../parts/answer.js";
import { Badge } from "../parts/badge.js";
import { Baton } from "../parts/baton.js";
import { Button } from "../parts/button.js";
import { Countdown } from "../parts/countdown.js";
import { useTurn } from "../parts/desks.js";
import { SelectField, TextField } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { LetterDialog, ModeBadge, letterName } from "../parts/letter.js";
import { citation, dutyName, nextSentence } from "../parts/next.js";
import { Notice, ProblemNotice, Shown } from "../parts/notice.js";
import { Page, Section } from "../parts/page.js";
import { useParties } from "../parts/party.js";
import { Cpr, usePatient } from "../parts/patient.js";
import { Table } from "../parts/table.js";
import { useAction, useResource } from "../resource.js";
import { Link, address } from "../router.js";
import { may } from "../session.js";
import { Timeline } from "../timeline/timeline.js";
import { t, word } from "../words.js";

const LETTER_KINDS = ["stay", "letter"];
const SAID_KINDS = ["question", "answer", "fallback"];

// What the other side has proposed: never one's own time as if it were theirs.
function proposedTo(show, session) {
	const { hospital_agrees: hospital, municipality_agrees: municipality } = show.course;
	return show.hospital === session.party?.id ? municipality : hospital;
}

function Next({ show, session, reload }) {
	const sides = [show.hospital, show.municipality];
	const differ = show.next.next === "agree" && !show.next.party && !show.next.role;
	const mine = show.next.party === session.party?.id || (differ && sides.includes(session.party?.id));
	const row = { ...show.next, proposed: proposedTo(show, session) };
	return html`<div class=${`next${show.next.overdue ? " next-over" : ""}${mine ? " next-mine" : ""}`}>
		<div><p class="next-label">${t(mine ? "transition.next.mine" : "transition.next")}</p>
			<p class="next-text">${nextSentence(show.next)}</p></div>
		${show.next.before && html`<${Countdown} until=${show.next.before} />`}
		${mine && html`<${Answers} row=${row} session=${session} done=${reload} />`}
	</div>`;
}

// What is offered to this party and is not the first thing of all: its answer is asked for all the same.
function Offered({ show, session, reads, reload }) {
	const first = show.next.party === session.party?.id && show.next.next === "answer-offer" ? show.next.subject : "";
	const offers = show.offers.filter((offer) => offer.state === "open" && offer.to === session.party?.id && offer.message !== first);
	if (!reads) return null;
	return offers.map((offer) => {
		const row = { what: "next", next: "answer-offer", transition: show.transition, subject: offer.message, role: offer.to_role, domains: offer.remaining,
			party_name: offer.to_name, peer_name: offer.from_name, before: null, promised: offer.promised };
		return html`<div class="next next-mine" key=${offer.message}>
			<div><p class="next-label">${t("next.waits")}</p><p class="next-text">${nextSentence(row)}</p></div>
			<${Answers} row=${row} session=${session} done=${reload} /></div>`;
	});
}

function Batons({ show, session, parties, reads, reload }) {
	const order = ["medical", "care", "medication", "rehabilitation", "social"];
	useTurn(show.contacts.map((contact) => contact.until), show.as_of, reload);
	const holders = [...show.holders].sort((a, b) => order.indexOf(a.domain) - order.indexOf(b.domain));
	return html`<${Section} id="baton" title=${t("transition.baton")} aside=${html`<small>${t("transition.as-of", { time: moment(show.as_of) })}</small>`}>
		${holders.length === 0
			? html`<${Notice} title=${t("transition.no-holders")} />`
			: html`<ul class="batons">${holders.map((holder) => html`<${Baton} key=${holder.domain} holder=${holder} show=${show} session=${session} parties=${parties} reads=${reads} reload=${reload} />`)}</ul>`}
	<//>`;
}

function interval({ from, until, confidence }) {
	if (!from) return "–";
	const last = date(until) === date(from) ? clock(until) : moment(until);
	const span = until && until !== from ? `${moment(from)} – ${last}` : moment(from);
	return `${span} (${t("transition.week", { week: week(from) })}${confidence ? `, ${word("confidence", confidence)}` : ""})`;
}

function Course({ show }) {
	const course = show.course;
	const rows = [
		["state", html`<${Badge} tone="blue">${word("state", show.state)}<//> ${word("stay", show.stay)}`],
		["admitted", show.admitted && moment(show.admitted)],
		["plan-ready", course.plan && interval(course.plan_ready)],
		["plan-discharge", course.plan && interval(course.plan_discharge)],
		["plan-answer", course.answer && `${word("plan-answer", course.answer)}${course.answer_ready_from ? ` · ${moment(course.answer_ready_from)}` : ""}${course.answer_reason ? ` · ${word("cannot", course.answer_reason)}` : ""}${course.refer_to_name ? ` → ${course.refer_to_name}` : ""}`],
		["ready", course.ready && moment(course.ready)],
		["hospital-agrees", course.hospital_agrees && moment(course.hospital_agrees)],
		["municipality-agrees", course.municipality_agrees && moment(course.municipality_agrees)],
		["discharged", show.discharged && moment(show.discharged)],
		["arrived", course.arrived && moment(course.arrived)],
		["agreement", show.agreement_name && `${show.agreement_name} ${show.agreement_version}`],
	].filter(([, value]) => value);
	const members = show.parties.filter((party) => party.role).map((party) => html`<li key=${party.role}>${word("role", party.role)}: <b>${party.party_name || "–"}</b> ${party.binding !== "bound" && html`<${Badge} tone="warn" icon="warning">${word("binding", party.binding)}<//>`}</li>`);
	return html`<${Section} id="course" title=${t("transition.course")}>
		<dl class="course">${rows.map(([name, value]) => html`<div key=${name}><dt>${t(`transition.${name}`)}</dt><dd>${value}</dd></div>`)}
			<div><dt>${t("transition.parties")}</dt><dd><ul>${members}</ul></dd></div></dl>
	<//>`;
}

function dutyActions(row, session) {
	// A promised answer is given where the offer or the plan is answered.
	if (!row.open || row.owner !== session.party?.id || row.clause || row.duty === "promised-answer") return [];
	return { requested: ["accept", "complete"], received: ["accept", "complete"], accepted: ["start", "complete"], "in-progress": ["complete"], "on-hold": ["resume"], expired: ["complete"] }[row.state] || [];
}

function DutyActions({ row, session, reload }) {
	const action = useAction(async (name) => {
		await post(`/api/v1/transitions/${row.transition}/obligations`, { action: name, subject: row.subject, clause: row.clause });
		reload();
	});
	const names = dutyActions(row, session);
	if (names.length === 0) return null;
	return html`<div class="answers">${names.map((name) => html`<${Button} small key=${name} disabled=${action.busy} onClick=${() => action.run(name)}>${t(`duty.${name}`)}<//>`)}
		<${ProblemNotice} problem=${action.problem} /></div>`;
}

function Obligations({ show, session, reads, reload }) {
	const [all, setAll] = useState(false);
	const [adding, setAdding] = useState(false);
	const rows = show.obligations.filter((row) => all || row.open).sort((a, b) => String(a.due || "9").localeCompare(String(b.due || "9")));
	const ended = show.obligations.length - show.obligations.filter((row) => row.open).length;
	const tone = (row) => (row.state === "expired" ? "bad" : row.state === "completed" ? "good" : "plain");
	const acts = reads && rows.some((row) => dutyActions(row, session).length > 0);
	const columns = [
		{ name: "what", title: t("transition.duty"), cell: (row) => html`<b class="cap">${dutyName(row)}</b> <small>${citation(row)}</small>` },
		{ name: "owner", title: t("transition.owner"), cell: (row) => row.owner_name || word("role", row.owner_role) },
		{ name: "due", title: t("transition.due"), cell: (row) => (row.due ? html`<span class="time">${near(row.due)}</span> ${row.open && html`<${Countdown} until=${row.due} />`}` : t("transition.no-due")) },
		{ name: "state", title: t("transition.duty-state"), cell: (row) => html`<${Badge} tone=${tone(row)} icon=${row.state === "expired" ? "warning" : row.state === "completed" ? "check" : undefined}>${word("task", row.state)}<//>` },
		...(acts ? [{ name: "do", title: t("transition.do"), cell: (row) => html`<${DutyActions} row=${row} session=${session} reload=${reload} />` }] : []),
	];
	return html`<${Section} id="obligations" title=${t("transition.obligations")} aside=${html`<span class="answers">
		${ended > 0 && html`<${Button} small kind="quiet" aria-pressed=${all} onClick=${() => setAll(!all)}>${t(all ? "transition.only-open" : "transition.ended", { count: ended })}<//>`}
		${reads && html`<${Button} small icon="plus" onClick=${() => setAdding(true)}>${t("transition.add-duty")}<//>`}</span>`}>
		${rows.length ? html`<${Table} caption=${t("transition.obligations")} columns=${columns} rows=${rows} keyOf=${(row) => `${row.subject} ${row.clause} ${row.duty}`} rowClass=${(row) => (row.open ? "" : "row-ended")} />`
			: html`<p class="lead">${t("transition.nothing-owed")}</p>`}
		${adding && html`<${DutyDialog} show=${show} close=${(sent) => { setAdding(false); if (sent) reload(); }} />`}
	<//>`;
}

const DUTIES = ["home-care", "nursing", "medication-administration", "medication-review", "assistive-devices", "meals-first-day", "transport", "rehabilitation", "follow-up-visit", "gp-review", "pending-result", "network-meeting", "social-support", "documentation", "other"];

function DutyDialog({ show, close }) {
	const roles = show.parties.filter((party) => party.role && party.binding === "bound").map((party) => party.role);
	const [duty, setDuty] = useState(DUTIES[0]);
	const [owner, setOwner] = useState(roles.find((role) => role === "municipality") || roles[0]);
	const [text, setText] = useState("");
	const send = () => post(`/api/v1/transitions/${show.transition}/obligations`, { action: "request", duty, owner, ...(text.trim() ? { text } : {}) });
	return html`<${FormDialog} title=${t("transition.add-duty")} transition=${show.transition} send=${send} verb=${t("transition.add-duty.go")} close=${close}>
		<${SelectField} label=${t("transition.duty")} value=${duty} change=${setDuty} choices=${DUTIES.map((value) => ({ value, text: word("duty", value) }))} />
		<${SelectField} label=${t("transition.owner")} value=${owner} change=${setOwner} choices=${roles.map((value) => ({ value, text: word("role", value) }))} />
		<${TextField} label=${t("answer.text")} lines=${3} optional value=${text} change=${setText} />
	<//>`;
}

// A letter that a later one put right or took back says so.
function Letters({ show, reads, opens, open, readable }) {
	const events = show.events.filter((event) => LETTER_KINDS.includes(event.kind) && event.class === "fact").reverse();
	const columns = [
		{ name: "what", title: t("transition.letter"), cell: (event) => html`<span class=${event.mode === "cancel" ? "struck" : ""}><b class="cap">${letterName(event)}</b></span> <${ModeBadge} mode=${event.mode} />` },
		{ name: "from", title: t("transition.from"), cell: (event) => event.author_name },
		{ name: "when", title: t("transition.when"), cell: (event) => html`<span class="time">${near(event.occurred)}</span>` },
		{ name: "open", title: t("transition.do"), cell: (event) => reads && (!readable(event) ? html`<small>${t("transition.not-here")}</small>` : !opens ? html`<small>${t("transition.clinicians")}</small>` : html`<${Button} small icon="document" onClick=${() => open(event)} aria-label=${t("transition.open-letter", { name: letterName(event), time: moment(event.occurred) })}>${t("transition.open")}<//>`) },
	];
	return html`<${Section} id="letters" title=${t("transition.letters")}>
		${events.length ? html`<${Table} caption=${t("transition.letters")} columns=${columns} rows=${events} keyOf=${(event) => event.message} />` : html`<p class="lead">${t("transition.no-letters")}</p>`}
	<//>`;
}

function AskDialog({ show, session, close }) {
	const roles = show.parties.filter((party) => party.role && party.binding === "bound" && party.party !== session.party?.id).map((party) => party.role);
	const [to, setTo] = useState(roles[0] || "hospital");
	const [text, setText] = useState("");
	const send = () => post(`/api/v1/transitions/${show.transition}/questions`, { to, text });
	return html`<${FormDialog} title=${t("transition.ask")} transition=${show.transition} lead=${t("transition.ask.lead")} send=${send} check=${() => (text.trim() ? "" : t("answer.text.missing"))}
		verb=${t("transition.ask.go")} close=${close}>
		<${SelectField} label=${t("transition.ask.to")} value=${to} change=${setTo} choices=${roles.map((value) => ({ value, text: word("role", value) }))} />
		<${TextField} label=${t("answer.text")} lines=${5} value=${text} change=${setText} />
	<//>`;
}

function Said({ show, session, reads, opens, open, readable, reload }) {
	const [asking, setAsking] = useState(null);
	const said = show.events.filter((event) => SAID_KINDS.includes(event.kind));
	const answered = new Set(said.filter((event) => event.kind === "answer").map((event) => event.in_reply_to));
	const owed = new Map(show.obligations.filter((row) => row.duty === "answer" && row.open).map((row) => [row.subject, row]));
	const close = (sent) => {
		setAsking(null);
		if (sent) reload();
	};
	return html`<${Section} id="said" title=${t("transition.said")} aside=${reads && html`<${Button} small icon="forum" onClick=${() => setAsking({})}>${t("transition.ask")}<//>`}>
		${said.length === 0 && html`<p class="lead">${t("transition.nothing-said")}</p>`}
		<ol class="said">${said.map((event) => html`<li key=${event.message} class=${`say say-${event.kind}`}>
			<p><b>${event.author_name}</b> · ${word("kind", event.kind)}${event.detail && event.kind === "question" ? ` → ${word("role", event.detail)}` : ""} · <span class="time">${near(event.recorded)}</span></p>
			<p class="answers">
				${opens && readable(event) && html`<${Button} small icon="visibility" onClick=${() => open(event)}>${t("transition.read")}<//>`}
				${reads && !opens && html`<small>${t("transition.clinicians")}</small>`}
				${event.kind === "question" && owed.has(event.message) && html`<${Badge} tone="warn" icon="hourglass">${t("transition.unanswered")}<//>`}
				${event.kind === "question" && answered.has(event.message) && html`<${Badge} tone="good" icon="check">${t("transition.answered")}<//>`}
				${reads && owed.get(event.message)?.owner === session.party?.id && html`<${Button} small kind="main" icon="reply" onClick=${() => setAsking({ reply: event.message })}>${t("answer.reply")}<//>`}
			</p></li>`)}</ol>
		${asking && (asking.reply ? html`<${ReplyDialog} transition=${show.transition} subject=${asking.reply} opens=${opens} close=${close} />` : html`<${AskDialog} show=${show} session=${session} close=${close} />`)}
	<//>`;
}

function Deviations({ show }) {
	if (show.deviations.length === 0) return null;
	return html`<${Section} id="deviations" title=${t("transition.deviations")}>
		<ul class="deviations">${show.deviations.map((row, index) => html`<li key=${index}><${Icon} name="flag" /> <b>${word("code", row.code)}</b> <small class="time">${near(row.recorded)}</small></li>`)}</ul>
	<//>`;
}

function Heading({ of, patient, reads }) {
	if (!reads) return html`<span class="mono">${of.slice(0, 8)}…</span>`;
	return html`<span class="who"><${Cpr} transition=${of} cpr=${patient?.cpr} /></span>`;
}

// On paper: who took it out of Stafet and when, since it is old from then on.
function Printed({ session }) {
	const [at, setAt] = useState(Date.now());
	useEffect(() => {
		const heard = () => setAt(Date.now());
		addEventListener("beforeprint", heard);
		return () => removeEventListener("beforeprint", heard);
	}, []);
	return html`<p class="on-paper">${t("transition.printed", { name: session.name || session.user, party: session.party?.name ?? "", time: moment(at) })}</p>`;
}

export function Transition({ of, session }) {
	const reads = may(session, "clerk", "clinician");
	const opens = may(session, "clinician"); // a clerk answers without reading letters
	const [letter, setLetter] = useState(null);
	const patient = usePatient(of, reads);
	const parties = useParties();
	const concerns = (event) => event.data?.transition === of;
	const shown = useResource((options) => get(`/api/v1/transitions/${of}`, options), [of], { concerns });
	const timeline = useResource((options) => get(`/api/v1/transitions/${of}/timeline?format=json`, options), [of], { concerns });
	const title = useMemo(() => (reads && patient?.name ? patient.name : t("transition.name")), [reads, patient]);
	// What came with others' words is here when it was sent here; one's own is.
	const received = useResource((options) => (reads ? get(query("/api/v1/inbox", { transition: of, _count: 1000 }), options) : Promise.resolve({ messages: [] })), [of, reads], { concerns });
	// Of this author: another may have sent something under the same id.
	const here = useMemo(() => new Set((received.data?.messages ?? []).map((row) => `${row.author} ${row.message}`)), [received.data]);
	const readable = (event) => event.author === session.party?.id || here.has(`${event.author} ${event.message}`);
	const same = { readable, session, reads, opens, open: setLetter, reload: shown.reload };
	return html`<${Page} title=${title} tab=${t("transition.name")} lead=${html`<${Heading} of=${of} patient=${patient} reads=${reads} />`}
		actions=${html`${reads && html`<${Link} class="button button-plain" to=${address("send", of)}><${Icon} name="send" /><span>${t("transition.send")}</span><//>`}
			<${Button} icon="print" onClick=${() => print()}>${t("transition.print")}<//>`}>
		<${Printed} session=${session} />
		<${Shown} of=${shown}>${(show) => html`
			${show.frozen && html`<${Notice} kind="bad" title=${t("transition.frozen")}><p>${t("transition.frozen.text")}</p><//>`}
			${show.course.disputes > 0 && html`<${Notice} kind="warn" title=${t("transition.contested")} />`}
			<${Next} show=${show} ...${same} />
			<${Offered} show=${show} ...${same} />
			<${Batons} show=${show} parties=${parties} ...${same} />
			<${Section} id="timeline" title=${t("transition.timeline")}><${Shown} of=${timeline}>${(model) => html`<${Timeline} model=${model} />`}<//><//>
			<div class="columns"><div><${Obligations} show=${show} ...${same} /><${Letters} show=${show} ...${same} /></div>
			<div><${Course} show=${show} /><${Said} show=${show} ...${same} /><${Deviations} show=${show} /></div></div>`}<//>
		${letter && html`<${LetterDialog} event=${letter} close=${() => setLetter(null)} />`}
	<//>`;
}
