// One letter, opened by somebody who says what for: the daemon writes the reading down before it answers.
import { useState } from "preact/hooks";
import { get } from "../api.js";
import { bytes, moment } from "../format.js";
import { html } from "../html.js";
import { useResource } from "../resource.js";
import { hasWord, t, word } from "../words.js";
import { Badge } from "./badge.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { bundleOfXml } from "./fhir_xml.js";
import { Icon } from "./icon.js";
import { narrative } from "./narrative.js";
import { communications, narratives, parseBundle, readNotification, statusText } from "./notification.js";
import { Notice, Shown } from "./notice.js";
import { Cpr } from "./patient.js";
import { Telephone } from "./telephone.js";

const RAW_MAX = 200_000;

export function letterName(event) {
	if (event.kind === "letter" && event.detail) return word("letter", event.detail);
	if (event.kind === "stay" && event.activity) return hasWord(`word.activity.${event.activity}`) ? word("activity", event.activity) : event.activity;
	return word("kind", event.kind);
}

export function ModeBadge({ mode }) {
	if (mode === "revise") return html`<${Badge} tone="warn" icon="edit">${t("letter.revised")}<//>`;
	if (mode === "cancel") return html`<${Badge} tone="bad" icon="close">${t("letter.cancelled")}<//>`;
	return null;
}

function Notification({ found, message, mode }) {
	const rows = [
		["citizen", html`<bdi>${found.name || "–"}</bdi> <${Cpr} transition=${message.transition} cpr=${found.cpr} />`],
		["status", html`<b>${statusText(found.activity, mode)}</b>`],
		["time", html`<span class="time">${moment(found.time)}</span>`],
		["hospital", found.hospital || message.author_name || "–"],
		["department", found.department || "–"],
		["ward", found.ward || "–"],
	];
	return html`<dl class="notification">${rows.map(([name, value]) => html`<div key=${name}><dt>${t(`notification.${name}`)}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Text({ text }) {
	return html`<pre class="letter-text">${text}</pre>`;
}

const TYPES = { "application/pdf": "PDF", "application/fhir+json": "FHIR JSON", "application/fhir+xml": "FHIR XML", "application/json": "JSON", "application/hl7-v2": "HL7 v2" };

// As people call it; what nobody here knows keeps its own name.
function typeName(type) {
	const plain = String(type || "?").split(";")[0];
	return plain === "text/plain" ? t("letter.type.text") : TYPES[plain] ?? plain;
}

function Attachment({ message }) {
	const pdf = message.content_type === "application/pdf";
	return html`<p class="attachment"><${Icon} name=${pdf ? "file-pdf" : "file"} />
		<a href=${`/api/v1/messages/${message.message}/content`} download=${`${message.message.slice(0, 8)}.${pdf ? "pdf" : "bin"}`}>${t("letter.save", { type: typeName(message.content_type), size: bytes(message.content_size) })}</a></p>`;
}

// The FHIR message in either syntax; null for anything else, which stays a raw file.
function bundleOf(type, content) {
	if (!content) return null;
	if (/fhir\+xml/.test(type)) return bundleOfXml(content);
	return /fhir\+json|\/json/.test(type) ? parseBundle(content) : null;
}

function Content({ message, mode }) {
	const [raw, setRaw] = useState(false);
	const type = message.content_type || "";
	const bundle = bundleOf(type, message.content);
	const found = bundle && message.kind === "stay" ? readNotification(bundle, message.activity) : null;
	const said = bundle ? communications(bundle) : [];
	const told = bundle && !found ? narratives(bundle) : [];
	const plain = /^text\/plain/.test(type) && message.content;
	return html`
		${found && html`<${Notification} found=${found} message=${message} mode=${mode} />`}
		${said.map((each, index) => html`<div key=${index}>${each.text ? html`<${Text} text=${each.text} />` : html`<p><${Icon} name="file" /> ${each.name || each.type}</p>`}</div>`)}
		${told.length > 0 && html`<div class="letter">${told.map((div, index) => html`<div key=${index}>${narrative(div, html`<${Notice} kind="warn" title=${t("letter.cut")} />`)}</div>`)}</div>`}
		${plain && html`<${Text} text=${message.content} />`}
		${!message.content_size && html`<p>${t("letter.no-content")}</p>`}
		${message.content_size > 0 && html`<${Attachment} message=${message} />`}
		${message.content && !plain && html`<p><${Button} small kind="quiet" icon=${raw ? "visibility-off" : "visibility"} aria-expanded=${raw} onClick=${() => setRaw(!raw)}>${t("letter.raw")}<//></p>`}
		${raw && html`<pre class="raw" tabindex="0">${message.content.slice(0, RAW_MAX)}</pre>`}`;
}

// What goes with a letter is saved, never shown; until it is whole here it cannot be had.
function Attached({ message }) {
	const rows = message.attachments ?? [];
	if (rows.length === 0) return null;
	const cell = (row) => html`<bdi>${row.name}</bdi> (${row.content_type}, ${bytes(row.size)})`;
	const reads = (row) => row.state !== "coming" && row.state !== "broken";
	return html`<h3 class="attached">${t("letter.attached")}</h3>
		<ul class="attached-list">${rows.map((row) => html`<li key=${row.number}><${Icon} name="file" />
			${reads(row)
				? html`<a href=${`/api/v1/messages/${message.message}/attachments/${row.number}`} download=${row.name}>${cell(row)}</a>`
				: html`<span>${cell(row)} <${Badge} tone=${row.state === "broken" ? "bad" : "plain"} icon=${row.state === "broken" ? "warning" : "hourglass"}>${word("attachment", row.state)}<//></span>`}</li>`)}</ul>`;
}

export function LetterDialog({ event, close }) {
	const shown = useResource(({ signal }) => get(`/api/v1/messages/${event.message}`, { signal, headers: { "Stafet-Purpose": "care" } }), [event.message]);
	return html`<${Dialog} title=${letterName(event)} close=${close}>
		<p class="letter-head"><${ModeBadge} mode=${event.mode} /> ${event.author_name} · <span class="time">${moment(event.occurred)}</span></p>
		${event.mode === "cancel" && html`<${Notice} kind="bad" title=${t("letter.cancelled.title")}><p>${t("letter.cancelled.text")}</p><//>`}
		<${Shown} of=${shown}>${(message) => message.author !== event.author ? html`<${Notice} kind="bad" title=${t("letter.other-author", { name: event.author_name })} />` : html`<${Content} message=${message} mode=${event.mode} /><${Attached} message=${message} />
			${message.contact_telephone && html`<p>${t("letter.contact")} ${message.contact_name} <${Telephone} number=${message.contact_telephone} name=${message.contact_name} /></p>`}`}<//>
		<p class="hint">${t("letter.written-down")}</p>
	<//>`;
}
