// Answers of people: to an offer, to a plan, to a time, to a question. What is wrong with an answer the
// daemon says; what is missing is said before it is sent.
import { useState } from "preact/hooks";
import { get, post } from "../api.js";
import { moment } from "../format.js";
import { html } from "../html.js";
import { useAction, useResource } from "../resource.js";
import { address, navigate } from "../router.js";
import { may } from "../session.js";
import { t, word } from "../words.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { SelectField, TextField, TimeField } from "./field.js";
import { Notice, ProblemNotice, Shown } from "./notice.js";
import { PartyField, useParties } from "./party.js";
import { Patient } from "./patient.js";

const HOUR = 3_600_000;
const REASONS = ["no-capacity", "assistive-devices-missing", "competence-missing", "patient-not-ready", "other"];
const LETTERS_OWED = ["admission-report", "care-plan", "discharge-letter", "discharge-report", "discharge-agreement", "coordination-plan", "readiness"];
const PROMISERS = ["municipality", "other-municipality"]; // who says plan-answers (DOMAIN.md section 2)
const RECEIVERS = ["municipality", "other-municipality", "care-home", "hospital", "psychiatry", "gp"];

export function inHours(hours) {
	return new Date(Math.ceil((Date.now() + hours * HOUR) / (15 * 60_000)) * 15 * 60_000).toISOString();
}

// A form in a dialog: send() gives the promise; check() the first thing that is missing, or "".
// transition: whose it is, named where the decision is made; only who may read names opens a form.
export function FormDialog({ title, transition, lead, send, check, verb, close, danger, children }) {
	const [missing, setMissing] = useState("");
	const action = useAction(async () => {
		await send();
		close(true);
	});
	const submit = (event) => {
		event.preventDefault();
		const found = check?.() || "";
		setMissing(found);
		if (!found) action.run();
	};
	return html`<${Dialog} title=${title} close=${() => close(false)}>
		<form onSubmit=${submit} noValidate>
			${transition && html`<p class="dialog-who"><${Patient} transition=${transition} may=${true} /></p>`}
			${lead && html`<p class="lead">${lead}</p>`}
			${children}
			${missing && html`<div class="form-note"><${Notice} kind="warn" live=${true} title=${missing} /></div>`}
			${action.problem && html`<div class="form-note"><${ProblemNotice} problem=${action.problem} /></div>`}
			<div class="form-actions">
				<${Button} kind=${danger ? "danger" : "main"} type="submit" busy=${action.busy}>${verb}<//>
				<${Button} onClick=${() => close(false)}>${t("answer.not-now")}<//>
			</div>
		</form>
	<//>`;
}

export function domainsText(domains) {
	return domains.map((domain) => word("domain", domain)).join(", ");
}

// kind: cannot, not-ours. of: "offer" (subject is the offer's message) or "plan".
export function RefuseDialog({ kind, of, transition, subject, party: self, close }) {
	const [party, setParty] = useState("");
	const [reason, setReason] = useState(REASONS[0]);
	const ours = kind === "not-ours";
	const send = () => {
		if (of === "plan")
			return post(`/api/v1/transitions/${transition}/plan-answers`, {
				answer: kind,
				...(ours ? {} : { reason }),
				...(party ? { refer_to_party: party } : {}),
			});
		return post(`/api/v1/messages/${subject}/refuse`, { refer_to_party: party, not_ours: ours });
	};
	const check = () => ((of === "offer" || ours) && !party ? t("answer.direction.missing") : "");
	return html`<${FormDialog} title=${t(`answer.${kind}`)} transition=${transition} lead=${t(`answer.${kind}.lead`)} send=${send} check=${check}
		verb=${t("answer.send")} close=${close}>
		${of === "plan" && !ours && html`<${SelectField} label=${t("answer.reason")} value=${reason} change=${setReason}
			choices=${REASONS.map((value) => ({ value, text: word("cannot", value) }))} />`}
		<${PartyField} label=${t(ours ? "answer.whose" : "answer.where")} hint=${t("answer.direction.hint")} roles=${RECEIVERS} without=${self}
			value=${party} change=${setParty} none=${of === "plan" && !ours ? t("answer.no-direction") : undefined} />
	<//>`;
}

// "Later" is a promise: the time from which this party can receive the citizen. Of an offer it closes
// nothing: the giver holds on until the answer comes.
export function LaterDialog({ transition, first, offer, close }) {
	const [from, setFrom] = useState(inHours(24));
	const send = () =>
		post(`/api/v1/transitions/${transition}/plan-answers`, {
			answer: first ? "accept" : "later",
			ready_from: from,
			...(offer ? { in_reply_to: offer } : {}),
		});
	return html`<${FormDialog} title=${t(first ? "answer.plan-accept" : "answer.later")} transition=${transition} lead=${t(first ? "answer.plan-accept.lead" : "answer.later.lead")}
		send=${send} check=${() => (from ? "" : t("answer.time.missing"))} verb=${t("answer.send")} close=${close}>
		<${TimeField} label=${t("answer.ready-from")} value=${from} change=${setFrom} />
	<//>`;
}

export function AgreeDialog({ transition, proposed, close }) {
	const [at, setAt] = useState(proposed || inHours(24));
	const send = () => post(`/api/v1/transitions/${transition}/discharge-times`, { discharge: at });
	return html`<${FormDialog} title=${t("answer.agree")} transition=${transition} lead=${proposed ? t("answer.agree.proposed", { time: moment(proposed) }) : t("answer.agree.lead")}
		send=${send} check=${() => (at ? "" : t("answer.time.missing"))} verb=${t("answer.confirm")} close=${close}>
		<${TimeField} label=${t("answer.discharge")} value=${at} change=${setAt} />
	<//>`;
}

// What the hospital has told of the stay is deleted here with this answer: nobody gives it by mistake.
export function NoCaseDialog({ transition, close }) {
	const send = () => post(`/api/v1/transitions/${transition}/plan-answers`, { answer: "no-case" });
	return html`<${FormDialog} title=${t("answer.no-case")} transition=${transition} lead=${t("answer.no-case.lead")} send=${send}
		verb=${t("answer.no-case.verb")} close=${close} danger />`;
}

// The hospital says who takes the role now; what was refused is offered to them anew.
export function BindDialog({ transition, refused, close }) {
	const [party, setParty] = useState("");
	const parties = useParties();
	const send = async () => {
		const role = parties.find((each) => each.party === party).role;
		await post(`/api/v1/transitions/${transition}/parties`, { role, party });
		if (refused.length > 0) await post(`/api/v1/transitions/${transition}/offers`, { domains: refused, to: role });
	};
	return html`<${FormDialog} title=${t("answer.bind")} transition=${transition} lead=${t("answer.bind.lead")} send=${send} check=${() => (party ? "" : t("answer.choose.missing"))}
		verb=${t("answer.bind.verb")} close=${close}>
		<${PartyField} label=${t("answer.bind.who")} roles=${RECEIVERS} value=${party} change=${setParty} />
	<//>`;
}

// What is asked, for who may read letters; that it was read is written down. A question may come without
// a letter, from a system that only says that it asks.
function Question({ message }) {
	const read = (signal) => get(`/api/v1/messages/${message}`, { signal, headers: { "Stafet-Purpose": "care" } });
	const shown = useResource(({ signal }) => read(signal).catch((problem) => {
		if (problem.status !== 404) throw problem;
		return {};
	}), [message]);
	return html`<${Shown} of=${shown}>${(found) => html`<figure class="asked">
		${found.author_name && html`<figcaption>${t("answer.asked", { name: found.author_name })}</figcaption>`}
		<pre class="letter-text">${found.content || t("letter.no-content")}</pre>
	</figure>`}<//>`;
}

// subject: the question's message. opens: who answers may read letters; a clerk answers without.
export function ReplyDialog({ transition, subject, opens, close }) {
	const [text, setText] = useState("");
	const [telephone, setTelephone] = useState("");
	const send = () => post(`/api/v1/messages/${subject}/answers`, { by_person: true, text, ...(telephone ? { contact_telephone: telephone } : {}) });
	return html`<${FormDialog} title=${t("answer.question")} transition=${transition} send=${send} check=${() => (text.trim() ? "" : t("answer.text.missing"))}
		verb=${t("answer.send")} close=${close}>
		${opens && html`<${Question} message=${subject} />`}
		<${TextField} label=${t("answer.text")} lines=${5} value=${text} change=${setText} />
		<${TextField} label=${t("answer.telephone")} type="tel" optional value=${telephone} change=${setTelephone} />
	<//>`;
}

function Dialogs({ open, row, session, close }) {
	const about = { transition: row.transition, subject: row.subject, close };
	const of = row.next === "answer-plan" ? "plan" : "offer";
	if (open === "cannot" || open === "not-ours") return html`<${RefuseDialog} kind=${open} of=${of} party=${row.party} ...${about} />`;
	if (open === "later") return html`<${LaterDialog} offer=${of === "offer" ? row.subject : ""} ...${about} />`;
	if (open === "plan-accept") return html`<${LaterDialog} first ...${about} />`;
	if (open === "no-case") return html`<${NoCaseDialog} ...${about} />`;
	// Of a time that waits for one side to confirm it, before is the time itself; of two that differ it may be one's own.
	if (open === "agree") return html`<${AgreeDialog} proposed=${row.proposed || (row.role && row.before)} ...${about} />`;
	if (open === "bind") return html`<${BindDialog} refused=${row.next === "offer-again" ? row.domains : []} ...${about} />`;
	if (open === "reply") return html`<${ReplyDialog} opens=${may(session, "clinician")} ...${about} />`;
	return null;
}

function choicesOf(row) {
	// About what another owes: that one answers, here it is only seen to.
	if (row.what === "alarm") return { one: "see-alarm", more: [], calm: true };
	if (row.next === "answer-offer")
		return { one: "take-over", more: [...(PROMISERS.includes(row.role) ? ["later"] : []), "cannot", "not-ours"] };
	if (row.next === "answer-plan") return { one: "plan-accept", more: ["later", "cannot", "not-ours", "no-case"] };
	if (row.next === "find-receiver" || row.next === "offer-again" || row.duty === "find-receiver") return { one: "bind", more: [] };
	if (row.next === "discharge") return { one: "send-discharge", more: [], calm: true };
	if (row.next === "agree") return { one: "agree", more: [] };
	if (row.duty === "answer") return { one: "reply", more: [] };
	if (row.next === "obligation" && LETTERS_OWED.includes(row.name)) return { one: "send-letter", more: [], calm: true };
	if (row.what === "put-aside") return { one: "see-aside", more: [], calm: true };
	if (row.what === "undeliverable") return { one: "resend", more: ["call"] };
	if (row.next === "obligation" && row.duty !== "expectation" && row.duty !== "send-documents") return { one: "complete", more: [] };
	return null;
}

const CARE = ["clerk", "clinician"];
// Who may, where it is not who cares for people: a letter is sent again by who keeps the node running.
const DOERS = { resend: ["operator"], "see-aside": ["operator"], "send-letter": ["clinician"], "send-discharge": ["clinician"] };

function choicesFor(row, session) {
	const { one, more = [], calm = !one } = choicesOf(row) ?? {};
	const names = [one, ...more, row.alarm && "see-alarm"].filter((name) => name && may(session, ...(DOERS[name] ?? CARE)));
	return names.length > 0 ? { one: names[0], more: names.slice(1), calm } : null;
}

// What is done at once, without a form.
const atOnce = {
	"take-over": (row) => post(`/api/v1/messages/${row.subject}/accept`, { by_person: true }),
	"see-alarm": (row) => post(`/api/v1/transitions/${row.transition}/obligations`, { action: "see-alarm", subject: row.subject, clause: row.clause }),
	complete: (row) => post(`/api/v1/transitions/${row.transition}/obligations`, { action: "complete", subject: row.subject, clause: row.clause }),
	resend: (row) => post(`/api/v1/messages/${row.subject}/resend`, {}),
};

// The answers to one row of a board: one button each, the likely one first.
export function Answers({ row, session, done }) {
	const [open, setOpen] = useState("");
	const action = useAction(async (name) => {
		await atOnce[name](row);
		done?.(name);
	});
	const choices = choicesFor(row, session);
	if (!choices) return null;
	const close = (sent) => {
		const name = open;
		setOpen("");
		if (sent) done?.(name);
	};
	const press = (name) => {
		if (name === "call") return navigate(address("send", row.transition, { what: "call" }));
		if (name === "see-aside") return navigate(address("channels"));
		if (name === "send-discharge") return navigate(address("send", row.transition, { what: "discharge-home" }));
		if (name === "send-letter") return navigate(address("send", row.transition, { what: "letter", letter: row.name }));
		return atOnce[name] ? action.run(name) : setOpen(name);
	};
	return html`<div class="answers">
		<${Button} kind=${choices.calm ? "plain" : "main"} busy=${action.busy} onClick=${() => press(choices.one)}>${t(`answer.${choices.one}`)}<//>
		${choices.more.map((name) => html`<${Button} key=${name} disabled=${action.busy} onClick=${() => press(name)}>${t(`answer.${name}`)}<//>`)}
		${action.problem && html`<${ProblemNotice} problem=${action.problem} />`}
		<${Dialogs} open=${open} row=${row} session=${session} close=${close} />
	</div>`;
}
