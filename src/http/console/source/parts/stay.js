// What a hospital tells of a stay by hand: a new admission, what comes next, a correction, a cancellation.
// What may be told now the daemon says (GET …/notifications); what cannot be is refused there.
import { useState } from "preact/hooks";
import { get, post } from "../api.js";
import { digitsOf, isCpr, moment, showCpr } from "../format.js";
import { html } from "../html.js";
import { useAction, useResource } from "../resource.js";
import { Link, address } from "../router.js";
import { t, word } from "../words.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { CheckField, ChoiceField, TextField, TimeField } from "./field.js";
import { Notice, ProblemNotice } from "./notice.js";
import { PartyField, useParties } from "./party.js";
import { Patient } from "./patient.js";

const MINUTE = 60_000;
// The discharge notice first: it is what is missed most.
const STEPS = ["discharge-home", "leave-start", "leave-end", "admit-inpatient", "admit-emergency", "death"];
// What cannot be called back by thinking again: a summary is shown before it goes out.
const GRAVE = new Set(["discharge-home", "death", "cancel"]);
// The members of each form: what is wrong with another is said below it.
const STEP = ["at", "department", "ward"];
const ADMISSION = [...STEP, "cpr", "given", "family", "municipality", "gp"];

function thisMinute() {
	return new Date(Math.floor(Date.now() / MINUTE) * MINUTE).toISOString();
}

// The stay as this hospital has told it, read again when something happens in its transition.
export function useStay(transition, may) {
	return useResource(
		async (options) => {
			if (!may) return null;
			// A transition that this hospital has told nothing of, or cannot go on with by hand.
			return get(`/api/v1/transitions/${transition}/notifications`, options).catch((problem) => {
				if (problem.status === 404 || problem.status === 409) return null;
				throw problem;
			});
		},
		[transition, may],
		{ concerns: (event) => event.data?.transition === transition },
	);
}

export function stepsOf(stay) {
	if (!stay) return [];
	return [...STEPS.filter((step) => stay.next.includes(step)), ...(stay.latest ? ["revise", "cancel"] : [])];
}

// The daemon's words begin with the member that is wrong: said at its field, in the reader's language.
function faultOf(problem, members) {
	const name = /^(?:member ')?(\w+)(?:'|:) /.exec(problem?.detail || "")?.[1];
	if (!members.includes(name)) return {};
	if (problem.status === 409 && name !== "cpr") return {};
	return { [name]: t(name === "cpr" && problem.status === 409 ? "stay.fault.running" : `stay.fault.${name}`) };
}

function useFields(first) {
	const [values, setValues] = useState(first);
	const set = (name) => (value) => setValues((before) => ({ ...before, [name]: value }));
	return { values, set };
}

function Places({ fields, faults, hint }) {
	return html`<div class="pair">
		<${TextField} label=${t("stay.department")} hint=${hint} optional autocomplete="off" maxlength="100" value=${fields.values.department} change=${fields.set("department")} error=${faults.department} />
		<${TextField} label=${t("stay.ward")} hint=${hint && t("stay.ward.hint")} optional autocomplete="off" maxlength="100" value=${fields.values.ward} change=${fields.set("ward")} error=${faults.ward} />
	</div>`;
}

// Somebody else, or the hospital's system, told something since it was shown: nothing was sent.
function isOutdone(problem) {
	return problem?.status === 409 && /^latest: /.test(problem.detail || "");
}

function Refused({ action, members }) {
	if (!action.problem || isOutdone(action.problem) || Object.keys(faultOf(action.problem, members)).length > 0) return null;
	return html`<div class="form-note"><${ProblemNotice} problem=${action.problem} /></div>`;
}

function Confirm({ what, text, rows, verb, busy, go, close }) {
	const actions = html`<${Button} kind=${what === "cancel" || what === "death" ? "danger" : "main"} icon="send" busy=${busy} onClick=${go}>${verb}<//>
		<${Button} onClick=${close}>${t("stay.back")}<//>`;
	return html`<${Dialog} title=${t(`stay.${what}.confirm`)} close=${close} actions=${actions}>
		<dl class="notification">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
		<p>${text}</p>
	<//>`;
}

function rowsOf(stay, what, values) {
	const corrects = what === "cancel";
	return [
		[t("notification.citizen"), html`<${Patient} transition=${stay.transition} may=${true} />`],
		...(corrects ? [[t("stay.latest"), html`<b>${t(`stay.${stay.latest.activity}`)}</b>, <span class="time">${moment(stay.latest.at)}</span>`]]
			: [[t("notification.time"), html`<span class="time">${moment(values.at)}</span>`]]),
		...(corrects ? [] : [[t("notification.department"), [values.department, values.ward].filter(Boolean).join(", ") || t("stay.department.as-told")]]),
		[t("stay.to"), stay.municipality_name || t("stay.nobody")],
	];
}

function saidOf(what, values, stay) {
	if (what === "cancel") return {};
	const places = values.department ? { department: values.department, ...(values.ward ? { ward: values.ward } : {}) } : {};
	if (what !== "revise") return { at: values.at, ...places };
	const moved = Math.floor(Date.parse(values.at) / MINUTE) !== Math.floor(Date.parse(stay.latest.at) / MINUTE);
	return { ...(moved ? { at: values.at } : {}), ...places };
}

// What was shown as told last goes along: when the daemon has heard of something newer, nothing is sent.
function bodyOf(what, values, stay) {
	const corrects = ["revise", "cancel"].includes(what);
	return { ...(corrects ? { mode: what } : { activity: what }), ...(stay.latest ? { latest: stay.latest.message } : {}), ...saidOf(what, values, stay) };
}

// What puts right or takes back the newest notification begins anew when that is another one.
export function stepKey(what, stay) {
	return ["revise", "cancel"].includes(what) ? `${what} ${stay.latest.message}` : what;
}

// what: one of stepsOf. told(text): it is on its way, and the form goes with the step that it was. outdone(): it
// is not, because something newer stands by now.
export function StepForm({ what, stay, told, outdone }) {
	const fields = useFields({ at: what === "revise" ? stay.latest.at : thisMinute(), department: "", ward: "" });
	const [missing, setMissing] = useState("");
	const [asking, setAsking] = useState(false);
	const { values } = fields;
	const action = useAction(async () => {
		try {
			return await post(`/api/v1/transitions/${stay.transition}/notifications`, bodyOf(what, values, stay));
		} catch (problem) {
			if (isOutdone(problem)) outdone();
			throw problem;
		}
	});
	const faults = faultOf(action.problem, STEP);
	const who = stay.municipality_name || t("stay.nobody");
	const check = () => {
		if (what === "cancel") return "";
		if (!values.at) return t("answer.time.missing");
		if (values.ward && !values.department) return t("stay.fault.ward");
		return what === "revise" && Object.keys(saidOf(what, values, stay)).length === 0 ? t("stay.revise.missing") : "";
	};
	const send = async () => {
		const gone = await action.run();
		setAsking(false);
		if (gone) told(t("stay.told", { what: t(`stay.${what}`), who }));
	};
	const submit = (event) => {
		event.preventDefault();
		const found = check();
		setMissing(found);
		if (found) return;
		if (GRAVE.has(what)) setAsking(true);
		else send();
	};
	return html`<form class="card" onSubmit=${submit} noValidate>
		<h2>${t(`stay.${what}`)}</h2><p class="lead">${t(`stay.${what}.lead`)}</p>
		${stay.latest && html`<p>${t("stay.latest")}: <b>${t(`stay.${stay.latest.activity}`)}</b>, <span class="time">${moment(stay.latest.at)}</span></p>`}
		${what !== "cancel" && html`<${TimeField} label=${t("stay.at")} value=${values.at} change=${fields.set("at")} error=${faults.at} />
			<${Places} fields=${fields} faults=${faults} hint=${t("stay.department.hint")} />`}
		${missing && html`<div class="form-note"><${Notice} kind="warn" live=${true} title=${missing} /></div>`}
		<${Refused} action=${action} members=${STEP} />
		<div class="form-actions"><${Button} kind="main" type="submit" icon="send" busy=${action.busy}>${t(GRAVE.has(what) ? "stay.look" : "send.go")}<//></div>
		${asking && html`<${Confirm} what=${what} text=${stay.municipality_name ? t(`stay.${what}.gets`, { who }) : t("stay.nobody.gets")} rows=${rowsOf(stay, what, values)}
			verb=${t(`stay.${what}.go`)} busy=${action.busy} go=${send} close=${() => setAsking(false)} />`}
	</form>`;
}

const NOBODY = { activity: "admit-inpatient", cpr: "", given: "", family: "", department: "", ward: "", municipality: "", gp: "", report: true };

function admissionFaults(values) {
	const found = {};
	if (!isCpr(digitsOf(values.cpr))) found.cpr = t("stay.fault.cpr");
	if (!values.given.trim()) found.given = t("stay.fault.given");
	if (!values.family.trim()) found.family = t("stay.fault.family");
	if (!values.at) found.at = t("answer.time.missing");
	if (values.ward && !values.department) found.ward = t("stay.fault.ward");
	if (!values.municipality) found.municipality = t("stay.fault.municipality");
	return found;
}

function admissionOf(values) {
	const said = { activity: values.activity, at: values.at, cpr: digitsOf(values.cpr), given: values.given.trim(), family: values.family.trim(), municipality: values.municipality, report_requested: values.report };
	for (const name of ["department", "ward", "gp"]) if (values[name]) said[name] = values[name];
	return said;
}

// A new form for each admission: nothing of one citizen stays for the next.
export function AdmissionForm() {
	const [done, setDone] = useState({ count: 0, transition: "" });
	return html`
		${done.transition && html`<${Notice} kind="good" live=${true} title=${t("send.done")}><p><${Link} to=${address("transition", done.transition)}>${t("send.see")}<//></p><//>`}
		<${Admission} key=${done.count} gone=${(transition) => setDone((before) => ({ count: before.count + 1, transition }))} />`;
}

function Admission({ gone }) {
	const fields = useFields({ ...NOBODY, at: thisMinute() });
	const [missing, setMissing] = useState({});
	const [asking, setAsking] = useState(false);
	const { values, set } = fields;
	const town = useParties().find((party) => party.party === values.municipality)?.party_name ?? "";
	const action = useAction(async () => gone((await post("/api/v1/notifications", admissionOf(values))).transition));
	const faults = { ...faultOf(action.problem, ADMISSION), ...missing };
	const submit = (event) => {
		event.preventDefault();
		const found = admissionFaults(values);
		setMissing(found);
		if (Object.keys(found).length === 0) setAsking(true);
		else requestAnimationFrame(() => document.querySelector("form [aria-invalid='true']")?.focus());
	};
	const send = async () => {
		await action.run();
		setAsking(false);
	};
	const field = (name, more = {}) => html`<${TextField} label=${t(`stay.${name}`)} autocomplete="off" value=${values[name]} change=${set(name)} error=${faults[name]} ...${more} />`;
	const rows = [
		[t("notification.citizen"), html`<bdi>${values.given} ${values.family}</bdi> <span class="mono">${showCpr(digitsOf(values.cpr))}</span>`],
		[t("notification.time"), html`<span class="time">${moment(values.at)}</span>`],
		...(values.department ? [[t("notification.department"), [values.department, values.ward].filter(Boolean).join(", ")]] : []),
		[t("stay.to"), town],
	];
	return html`<form class="card admission" onSubmit=${submit} noValidate>
		<${ChoiceField} label=${t("stay.class")} value=${values.activity} change=${set("activity")}
			choices=${["admit-inpatient", "admit-emergency"].map((value) => ({ value, text: t(`stay.${value}`), hint: word("activity", value) }))} />
		${field("cpr", { hint: t("stay.cpr.hint"), inputmode: "numeric", maxlength: "12" })}
		<div class="pair">${field("given", { maxlength: "120" })}${field("family", { maxlength: "120" })}</div>
		<${TimeField} label=${t("stay.at")} value=${values.at} change=${set("at")} error=${faults.at} />
		<${Places} fields=${fields} faults=${faults} />
		<div class="pair">
			<${PartyField} label=${t("stay.municipality")} hint=${t("stay.municipality.hint")} roles=${["municipality", "other-municipality"]} value=${values.municipality} change=${set("municipality")} error=${faults.municipality} />
			<${PartyField} label=${t("stay.gp")} hint=${t("stay.gp.hint")} roles=${["gp"]} value=${values.gp} change=${set("gp")} none=${t("stay.no-gp")} error=${faults.gp} />
		</div>
		<${CheckField} label=${t("stay.report")} checked=${values.report} change=${set("report")} />
		${Object.keys(missing).length > 0 && html`<div class="form-note"><${Notice} kind="warn" live=${true} title=${t("stay.missing")} /></div>`}
		<${Refused} action=${action} members=${ADMISSION} />
		<div class="form-actions"><${Button} kind="main" type="submit" icon="send" busy=${action.busy}>${t("stay.look")}<//></div>
		${asking && html`<${Confirm} what="admit" text=${t("stay.admit.gets", { who: town })} rows=${rows} verb=${t("stay.admit.go")} busy=${action.busy} go=${send} close=${() => setAsking(false)} />`}
	</form>`;
}
