// An evidence file verified here: what was proven, against which key, and what does not hold.
import { useRef, useState } from "preact/hooks";
import { moment, number } from "../format.js";
import { html } from "../html.js";
import { fromHex, toHex } from "../proof/bytes.js";
import { verifyEvidence } from "../proof/evidence.js";
import { parsePolicy } from "../proof/policy.js";
import { isSupported } from "../proof/signing.js";
import { t, word } from "../words.js";
import { Badge } from "./badge.js";
import { Button } from "./button.js";
import { CheckField } from "./field.js";
import { FileInput } from "./file.js";
import { Icon } from "./icon.js";
import { Notice } from "./notice.js";
import { Table } from "./table.js";

const ICONS = { good: "success", remark: "info", fault: "error" };
const ORDER = { fault: 0, good: 1, remark: 2 };

function who(of) {
	if (of.checkpoint) return t("audit.who.checkpoint", { number: of.checkpoint });
	if (of.supplied) return t("audit.who.supplied", { number: of.supplied });
	return t("audit.who.author");
}

/** Values as a sentence has them: lists with commas, numbers as they are written, short digests. */
function shown(values) {
	const out = {};
	for (const [name, value] of Object.entries(values)) {
		if (name === "who") out[name] = who(value);
		else if (name === "digest") out[name] = `${value.slice(0, 12)}…`;
		else if (Array.isArray(value)) out[name] = value.join(", ") || "–";
		else out[name] = typeof value === "number" ? number(value) : value;
	}
	return out;
}

/** What is one, and what is none, is said in other words than what is many. */
function sayOf({ say, values }) {
	if (say === "missing" && values.from === values.until) return "missing-one";
	if (say === "checkpoint-holds" && values.count === 0) return "checkpoint-alone";
	return say;
}

/** A key id in groups of four, so that it can be compared by eye. */
function KeyIds({ values }) {
	const keys = [...(values.key ? values.key.split(", ") : []), ...(values.keys ?? [])];
	if (!keys.length) return null;
	return html`<span class="proof-keys">${t(keys.length > 1 ? "audit.proof.keys" : "audit.proof.key")}
		${keys.map((key) => html` <code class="mono" key=${key}>${key.replace(/(.{4})(?=.)/g, "$1 ")}</code>`)}</span>`;
}

function Line({ finding }) {
	return html`<li class=${`proof-line proof-${finding.severity}`}>
		<${Icon} name=${ICONS[finding.severity]} label=${word("severity", finding.severity)} />
		<div>${finding.sequence > 0 && html`<b>${t("audit.at", { number: finding.sequence })}: </b>`}${t(`audit.say.${sayOf(finding)}`, shown(finding.values))}
			<${KeyIds} values=${finding.values} /></div>
		<code class="proof-code">${finding.code}</code>
	</li>`;
}

function Verdict({ report }) {
	if (!report.verified)
		return html`<${Notice} kind="bad" title=${t("audit.proof.bad")} live=${true}>
			<p>${report.faultCount === 1 ? t("audit.proof.bad.one") : t("audit.proof.bad.many", { count: number(report.faultCount) })}</p><//>`;
	const proven = report.events.filter((event) => event.proven).length;
	return html`<${Notice} kind=${report.trusted ? "good" : "warn"} title=${t(report.trusted ? "audit.proof.good" : "audit.proof.whole")} live=${true}>
		${!report.trusted && html`<p>${t("audit.proof.whole.text")}</p>`}
		<p>${t("audit.proof.of")} <code class="mono">${toHex(report.file.transition)}</code></p>
		<p>${t("audit.proof.good.text", { events: number(report.events.length), proven: number(proven), made: moment(report.file.made_ms), name: report.directory.name(report.file.made_by) })}</p><//>`;
}

function Events({ report }) {
	if (!report.events?.length) return null;
	const columns = [
		{ name: "number", title: t("audit.proof.number"), numeric: true, cell: (event) => event.sequence },
		{ name: "kind", title: t("audit.proof.kind"), cell: (event) => (event.kind ? word("kind", event.kind) : "–") },
		{ name: "author", title: t("audit.proof.author"), cell: (event) => html`${event.authorName || "–"} <code class="mono">${event.key.slice(0, 8)}</code>` },
		{ name: "recorded", title: t("audit.proof.recorded"), cell: (event) => moment(event.receipt?.recorded_ms) },
		{ name: "leaf", title: t("audit.proof.inlog"), numeric: true, cell: (event) => (event.receipt ? number(event.receipt.leaf_index) : "–") },
		{ name: "holds", title: t("audit.proof.holds"), cell: (event) => html`<${Badge} tone=${event.holds ? "good" : "bad"} icon=${event.holds ? "check" : "error"}>
			${t(!event.holds ? "audit.proof.no" : event.proven ? "audit.proof.yes" : "audit.proof.pending")}<//>` },
	];
	return html`<details class="proof-events"><summary>${t("audit.proof.events")}</summary>
		<${Table} caption=${t("audit.proof.events")} columns=${columns} rows=${report.events} keyOf=${(event) => report.events.indexOf(event)} /></details>`;
}

export function Report({ report }) {
	const lines = report.findings.map((finding, at) => ({ ...finding, at }))
		.sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || a.at - b.at);
	return html`<div class="proof-report"><${Verdict} report=${report} />
		<h3>${t("audit.proof.lines")}</h3>
		<ul class="proof-lines">${lines.map((finding) => html`<${Line} key=${finding.at} finding=${finding} />`)}</ul>
		<${Events} report=${report} /></div>`;
}

async function bytesOf(file) {
	return new Uint8Array(await file.arrayBuffer());
}

function save(bytes, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function FileField({ id, label, hint, error, multiple, change }) {
	return html`<div class=${error ? "field field-bad" : "field"}><label for=${id}>${label}</label>
		${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
		<${FileInput} id=${id} multiple=${multiple} aria-describedby=${hint ? `${id}-hint` : undefined} change=${change} />
		${error && html`<p class="field-error"><${Icon} name="error" />${error}</p>`}</div>`;
}

/** transition: the id that was asked about, or null; fetchBytes: gives the evidence of this transition, or undefined where only files are verified. */
export function Proof({ transition, fetchBytes }) {
	const [state, setState] = useState({ step: "idle" });
	const [policyFault, setPolicyFault] = useState(null);
	// Waited for: who presses while a file is still being read is not answered without it.
	const given = useRef({ policy: Promise.resolve(null), supplied: Promise.resolve([]) });
	const [requireProof, setRequireProof] = useState(false);
	const asked = transition ? fromHex(transition) : null;
	const verify = async (give) => {
		setState({ step: "working", done: 0, total: 0 });
		try {
			if (!(await isSupported())) return setState({ step: "unsupported" });
			const bytes = await give();
			const progress = (done, total) => {
				if (done % 25 === 0) setState({ step: "working", done, total });
			};
			const { policy, supplied } = given.current;
			const report = await verifyEvidence(bytes, { policy: await policy, supplied: await supplied, asked, requireProof, progress });
			return setState({ step: "done", report, bytes });
		} catch (problem) {
			return setState({ step: "failed", problem });
		}
	};
	const readPolicy = async ([file]) => {
		setPolicyFault(null);
		try {
			return file ? await parsePolicy(await file.text()) : null;
		} catch (problem) {
			setPolicyFault(`${t("audit.proof.policy.bad")}: ${problem.message}`);
			return null;
		}
	};
	const busy = state.step === "working";
	return html`<div class="proof">
		<p class="prose">${t("audit.proof.lead")}</p>
		<details class="proof-trust"><summary>${t("audit.proof.trust")}</summary>
			<${FileField} id="proof-policy" label=${t("audit.proof.policy")} hint=${t("audit.proof.policy.hint")} error=${policyFault} change=${(files) => (given.current.policy = readPolicy(files))} />
			<${FileField} id="proof-supplied" label=${t("audit.proof.supplied")} hint=${t("audit.proof.supplied.hint")} multiple change=${(files) => (given.current.supplied = Promise.all(files.map(bytesOf)))} />
			<${CheckField} label=${t("audit.proof.required")} checked=${requireProof} change=${setRequireProof} />
		</details>
		<div class="proof-actions">
			${fetchBytes && html`<${Button} kind="main" icon="flag" busy=${busy} onClick=${() => verify(fetchBytes)}>${t("audit.proof.get")}<//>`}
			<label class="button button-plain proof-file"><${Icon} name="upload" /><span>${t("audit.proof.file")}</span>
				<input type="file" class="visually-hidden" disabled=${busy} onChange=${(event) => {
					const [file] = event.currentTarget.files;
					if (file) verify(() => bytesOf(file));
					event.currentTarget.value = "";
				}} /></label>
			${state.step === "done" && html`<${Button} kind="quiet" icon="download" onClick=${() => save(state.bytes, `${transition || "stafet"}.evidence`)}>${t("audit.proof.save")}<//>`}
		</div>
		${busy && html`<p role="status">${t("audit.proof.working", { done: state.done, total: state.total || "…" })}</p>`}
		${state.step === "unsupported" && html`<${Notice} kind="warn" title=${t("audit.proof.unsupported")} live=${true} />`}
		${state.step === "failed" && html`<${Notice} kind="bad" title=${t("problem.other")} live=${true}><p lang="en">${state.problem.message}</p><//>`}
		${state.step === "done" && html`<${Report} report=${state.report} />`}
	</div>`;
}
