// Send: what a hospital or a practice says without a system of its own that says it.
import { useState } from "preact/hooks";
import { get, post, query } from "../api.js";
import { html } from "../html.js";
import { inHours } from "../parts/answer.js";
import { Button } from "../parts/button.js";
import { CheckField, ChoiceField, SelectField, TextField, TimeField } from "../parts/field.js";
import { FileInput } from "../parts/file.js";
import { FindCitizen, Picks } from "../parts/find.js";
import { Empty, Notice, ProblemNotice, Shown } from "../parts/notice.js";
import { Page, Section } from "../parts/page.js";
import { PartyField } from "../parts/party.js";
import { Patient } from "../parts/patient.js";
import { AdmissionForm, StepForm, stepKey, stepsOf, useStay } from "../parts/stay.js";
import { useAction, useResource } from "../resource.js";
import { Link, address, navigate, usePlace } from "../router.js";
import { may } from "../session.js";
import { t, word } from "../words.js";

const CONFIDENCES = ["low", "medium", "high"];
const LETTERS = ["admission-report", "care-plan", "readiness", "discharge-report", "discharge-letter", "rehabilitation-plan", "psychiatric-discharge-agreement", "coordination-plan", "correspondence"];
const MARKS = ["", "green", "yellow", "red"];
const FILE_MAX = 1_000_000;

function words(list, values) {
	return values.map((value) => ({ value, text: value ? word(list, value) : t("send.no-mark") }));
}

// Each form gives the path and the body of what is said, or what is missing.
function usePlan(show) {
	const plan = show.course;
	const [ready, setReady] = useState([plan.plan_ready.from || inHours(24), plan.plan_ready.until || inHours(48), plan.plan_ready.confidence || "medium"]);
	const [leave, setLeave] = useState([plan.plan_discharge.from || inHours(24), plan.plan_discharge.until || inHours(48), plan.plan_discharge.confidence || "medium"]);
	const check = () => {
		for (const [from, until] of [ready, leave]) {
			if (!from || !until) return t("answer.time.missing");
			if (from > until) return t("send.interval.bad");
		}
		return "";
	};
	const send = () => post(`/api/v1/transitions/${show.transition}/plans`, {
		version: plan.plan_version + 1,
		ready_from: ready[0], ready_until: ready[1], ready_confidence: ready[2],
		discharge_from: leave[0], discharge_until: leave[1], discharge_confidence: leave[2],
	});
	const fields = html`<${Interval} title=${t("send.plan.ready")} value=${ready} change=${setReady} />
		<${Interval} title=${t("send.plan.leave")} value=${leave} change=${setLeave} />`;
	return { check, send, fields };
}

function Interval({ title, value, change }) {
	const set = (index) => (next) => change(value.map((each, place) => (place === index ? next : each)));
	return html`<fieldset class="interval"><legend>${title}</legend><div class="pair">
		<${TimeField} label=${t("send.earliest")} value=${value[0]} change=${set(0)} />
		<${TimeField} label=${t("send.latest")} value=${value[1]} change=${set(1)} />
		<${SelectField} label=${t("send.confidence")} value=${value[2]} change=${set(2)} choices=${words("confidence", CONFIDENCES)} />
	</div></fieldset>`;
}

function useTime(show, { path, member, label, first, more }) {
	const [at, setAt] = useState(first || inHours(0));
	return {
		check: () => (at ? "" : t("answer.time.missing")),
		send: () => post(`/api/v1/transitions/${show.transition}/${path}`, { [member]: at, ...more?.() }),
		fields: html`<${TimeField} label=${t(label)} value=${at} change=${setAt} />`,
	};
}

function useReady(show) {
	const [done, setDone] = useState(false);
	const form = useTime(show, { path: "ready", member: "at", label: "send.ready.at", more: () => ({ duties_done: done }) });
	return { ...form, fields: html`${form.fields}<${CheckField} label=${t("send.ready.duties")} checked=${done} change=${setDone} />` };
}

function useQuestion(show, session) {
	const roles = show.parties.filter((party) => party.role && party.binding === "bound" && party.party !== session.party?.id).map((party) => party.role);
	const [to, setTo] = useState(roles[0] || "");
	const [text, setText] = useState("");
	return {
		check: () => (text.trim() && to ? "" : t("answer.text.missing")),
		send: () => post(`/api/v1/transitions/${show.transition}/questions`, { to, text }),
		fields: html`<${SelectField} label=${t("transition.ask.to")} value=${to} change=${setTo} choices=${words("role", roles)} />
			<${TextField} label=${t("answer.text")} lines=${5} value=${text} change=${setText} />`,
	};
}

function useCall(show, session) {
	const roles = show.parties.filter((party) => party.role && party.party !== session.party?.id).map((party) => party.role);
	const [whom, setWhom] = useState(roles[0] || "");
	const [at, setAt] = useState(inHours(-0.25));
	const [text, setText] = useState("");
	return {
		check: () => (at && whom ? "" : t("answer.time.missing")),
		send: () => post(`/api/v1/transitions/${show.transition}/calls`, { with: whom, at, ...(text.trim() ? { text } : {}) }),
		fields: html`<${SelectField} label=${t("send.call.with")} value=${whom} change=${setWhom} choices=${words("role", roles)} />
			<${TimeField} label=${t("send.call.at")} value=${at} change=${setAt} />
			<${TextField} label=${t("send.call.note")} lines=${3} optional value=${text} change=${setText} />`,
	};
}

function useLetter(show) {
	const asked = usePlace().search.get("letter");
	const [letter, setLetter] = useState(LETTERS.includes(asked) ? asked : "discharge-letter");
	const [mark, setMark] = useState("");
	const [text, setText] = useState("");
	const [file, setFile] = useState(null);
	const check = () => {
		if (!file && !text.trim()) return t("send.letter.missing");
		if (file && file.size > FILE_MAX) return t("send.letter.large");
		return "";
	};
	const send = async () => {
		const path = query(`/api/v1/transitions/${show.transition}/letters`, { letter, mark });
		const body = file ? await file.arrayBuffer() : text;
		const type = file ? file.type || "application/octet-stream" : "text/plain";
		return post(path, body, { type });
	};
	return {
		check, send,
		fields: html`<div class="pair"><${SelectField} label=${t("send.letter.which")} value=${letter} change=${setLetter} choices=${words("letter", LETTERS)} />
			<${SelectField} label=${t("send.letter.mark")} value=${mark} change=${setMark} choices=${words("mark", MARKS)} /></div>
			<${TextField} label=${t("send.letter.text")} lines=${6} optional value=${text} change=${setText} disabled=${Boolean(file)} />
			<div class="field"><label for="letter-file">${t("send.letter.file")} <small>${t("shell.optional")}</small></label>
				<p class="hint">${t("send.letter.hint")}</p>
				<${FileInput} id="letter-file" accept=".pdf,.txt,.xml,.json,application/pdf,text/plain" change=${([chosen]) => setFile(chosen ?? null)} /></div>`,
	};
}

function useNothing(show, path) {
	return { check: () => "", send: () => post(`/api/v1/transitions/${show.transition}/${path}`, {}), fields: null };
}

const kinds = {
	intent: { icon: "flag", roles: ["hospital", "psychiatry"], use: (show) => useTime(show, { path: "intents", member: "expected", label: "send.intent.at" }) },
	plan: { icon: "calendar-month", roles: ["hospital", "psychiatry"], use: usePlan },
	ready: { icon: "check", roles: ["hospital", "psychiatry"], use: useReady },
	unready: { icon: "refresh", roles: ["hospital", "psychiatry"], use: (show) => useNothing(show, "ready-withdrawals") },
	agree: { icon: "list-check", roles: ["hospital", "psychiatry", "municipality"], use: (show) => useTime(show, { path: "discharge-times", member: "discharge", label: "answer.discharge", first: show.course.hospital_agrees || show.course.municipality_agrees }) },
	arrived: { icon: "home", roles: ["municipality", "other-municipality", "care-home"], use: (show) => useTime(show, { path: "arrivals", member: "at", label: "send.arrived.at" }) },
	letter: { icon: "document", use: useLetter, clinical: true },
	question: { icon: "forum", use: useQuestion },
	call: { icon: "smartphone", use: useCall },
};

function Form({ kind, show, session }) {
	const form = kinds[kind].use(show, session);
	const [missing, setMissing] = useState("");
	const action = useAction(() => form.send());
	const submit = (event) => {
		event.preventDefault();
		const found = form.check();
		setMissing(found);
		if (!found) action.run();
	};
	return html`<form class="card" onSubmit=${submit} noValidate>
		<h2>${t(`send.${kind}`)}</h2><p class="lead">${t(`send.${kind}.lead`)}</p>
		${form.fields}
		${missing && html`<div class="form-note"><${Notice} kind="warn" live=${true} title=${missing} /></div>`}
		${action.problem && html`<div class="form-note"><${ProblemNotice} problem=${action.problem} /></div>`}
		${action.done && html`<div class="form-note"><${Notice} kind="good" live=${true} title=${t("send.done")}><p><${Link} to=${address("transition", show.transition)}>${t("send.see")}<//></p><//></div>`}
		<div class="form-actions"><${Button} kind="main" type="submit" icon="send" busy=${action.busy}>${t("send.go")}<//></div>
	</form>`;
}

// Who tells of stays: people of a hospital who may hand in a message.
function tellsStays(session) {
	return ["hospital", "psychiatry"].includes(session.party?.role) && may(session, "clinician");
}

function Compose({ of, session }) {
	const shown = useResource((options) => get(`/api/v1/transitions/${of}`, options), [of], { concerns: (event) => event.data?.transition === of });
	const stay = useStay(of, tellsStays(session));
	return html`<p class="send-who"><${Patient} transition=${of} may=${true} /> · <${Link} to=${address("send")}>${t("send.another")}<//></p>
		<${Shown} of=${stay}>${(told) => html`<${Shown} of=${shown}>${(show) => html`<${Kinds} show=${show} stay=${told} again=${stay.reload} session=${session} />`}<//>`}<//>`;
}

function Kinds({ show, stay, again, session }) {
	const role = show.parties.find((party) => party.party === session.party?.id)?.role;
	const steps = stepsOf(stay);
	const names = Object.keys(kinds).filter((name) => (!kinds[name].roles || kinds[name].roles.includes(role)) && (!kinds[name].clinical || may(session, "clinician")));
	const asked = usePlace().search.get("what");
	// The discharge notice where it may be sent; never another step of a stay by itself.
	const first = steps.find((step) => step === "discharge-home") ?? names[0];
	const [kind, setKind] = useState([...steps, ...names].includes(asked) ? asked : first);
	const [told, setTold] = useState("");
	const [outdone, setOutdone] = useState(false);
	const choose = (next) => {
		setTold("");
		setOutdone(false);
		setKind(next);
	};
	const tell = (text) => {
		setTold(text);
		setOutdone(false);
		setKind("");
	};
	const beOutdone = () => {
		setOutdone(true);
		again();
	};
	return html`<div class="send">
		<div class="send-what">
			${steps.length > 0 && html`<${ChoiceField} label=${t("stay.group")} value=${kind} change=${choose} choices=${steps.map((value) => ({ value, text: t(`stay.${value}`) }))} />`}
			<${ChoiceField} label=${t(steps.length ? "send.else" : "send.what")} value=${kind} change=${choose} choices=${names.map((value) => ({ value, text: t(`send.${value}`) }))} />
		</div>
		<div>
			${told && html`<${Notice} kind="good" live=${true} title=${told}><p>${t("send.done")} <${Link} to=${address("transition", show.transition)}>${t("send.see")}<//></p><//>`}
			${outdone && html`<${Notice} kind="warn" live=${true} title=${t("stay.outdone")}><p>${t("stay.outdone.what")}</p><//>`}
			${steps.includes(kind) && html`<${StepForm} key=${stepKey(kind, stay)} what=${kind} stay=${stay} told=${tell} outdone=${beOutdone} />`}
			${names.includes(kind) && html`<${Form} key=${kind} kind=${kind} show=${show} session=${session} />`}
		</div>
	</div>`;
}

// The type of a file as its first bytes say it: HL7 v2, XML or JSON.
async function typeOf(file) {
	const head = (await file.slice(0, 200).text()).trimStart();
	if (/^\x0b?MSH\|/.test(head)) return "application/hl7-v2";
	return head.startsWith("<") ? "application/fhir+xml" : "application/fhir+json";
}

// What a hospital's system has written and does not send by itself: a MedCom message or an ADT message.
function HandIn() {
	const [file, setFile] = useState(null);
	const [gp, setGp] = useState("");
	const [missing, setMissing] = useState("");
	const action = useAction(async () => {
		const type = await typeOf(file);
		return post(query("/api/v1/messages", { gp }), await file.arrayBuffer(), { type });
	});
	const submit = (event) => {
		event.preventDefault();
		setMissing(file ? "" : t("send.hand-in.missing"));
		if (file) action.run();
	};
	const issues = action.problem?.body?.issues ?? [];
	return html`<form class="card" onSubmit=${submit} noValidate>
		<h2>${t("send.hand-in")}</h2><p class="lead">${t("send.hand-in.lead")}</p>
		<div class="field"><label for="message-file">${t("send.hand-in.file")}</label>
			<${FileInput} id="message-file" change=${([chosen]) => setFile(chosen ?? null)} /></div>
		<${PartyField} label=${t("send.hand-in.gp")} roles=${["gp"]} value=${gp} change=${setGp} none=${t("send.hand-in.no-gp")} />
		${missing && html`<div class="form-note"><${Notice} kind="warn" live=${true} title=${missing} /></div>`}
		${action.problem && html`<div class="form-note"><${ProblemNotice} problem=${action.problem} />
			${issues.length > 0 && html`<ul lang="en">${issues.map((issue, index) => html`<li key=${index}><span class="mono">${issue.element}</span> ${issue.text}</li>`)}</ul>`}</div>`}
		${action.done && html`<div class="form-note"><${Notice} kind="good" live=${true} title=${t("send.done")}><p><${Link} to=${address("transition", action.done.transition)}>${t("send.see")}<//></p><//></div>`}
		<div class="form-actions"><${Button} kind="main" type="submit" icon="upload" busy=${action.busy}>${t("send.hand-in.go")}<//></div>
	</form>`;
}

function Choose({ session }) {
	const sends = tellsStays(session);
	const reads = may(session, "clerk", "clinician");
	const shown = useResource((options) => get("/api/v1/transitions?open=true&_count=100", options), []);
	return html`<div class=${sends ? "choose" : ""}><${Section} title=${t("send.choose")}>${reads && html`<${FindCitizen} page="send" />`}<${Shown} of=${shown}>${(data) => data.transitions.length === 0
		? html`<${Empty} icon="list-bulleted" title=${t("transitions.empty")} />`
		: html`<${Picks} rows=${data.transitions} page="send" reads=${reads} />
			${data.next && html`<p><${Link} to=${address("transitions")}>${t("send.choose.more")}<//></p>`}`}<//><//>
		${sends && html`<div class="send-aside"><${NewStay} /><${HandIn} /></div>`}</div>`;
}

function NewStay() {
	return html`<section class="card"><h2>${t("stay.new")}</h2><p class="lead">${t("stay.new.lead")}</p>
		<div class="form-actions"><${Button} kind="main" icon="plus" onClick=${() => navigate(address("send", "new"))}>${t("stay.new.go")}<//></div></section>`;
}

// A stay that nothing is known of yet: the address names nobody.
function Admission({ session }) {
	if (!tellsStays(session)) return html`<${Empty} icon="lock" title=${t("stay.new.not")} />`;
	return html`<p class="send-who"><${Link} to=${address("send")}>${t("stay.new.back")}<//></p><${AdmissionForm} />`;
}

export function Send({ of, session }) {
	if (of === "new") return html`<${Page} title=${t("stay.new")} lead=${t("stay.new.lead")}><${Admission} session=${session} /><//>`;
	return html`<${Page} title=${t("send.name")} lead=${t("send.lead")}>
		${of ? html`<${Compose} key=${of} of=${of} session=${session} />` : html`<${Choose} session=${session} />`}
	<//>`;
}
