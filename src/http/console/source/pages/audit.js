// The auditor: a transition by its id, its course, its evidence verified here, and who has read of it.
import { useState } from "preact/hooks";
import { ask, get, query } from "../api.js";
import { moment, number } from "../format.js";
import { html } from "../html.js";
import { Badge } from "../parts/badge.js";
import { Button } from "../parts/button.js";
import { TextField } from "../parts/field.js";
import { Empty, Shown } from "../parts/notice.js";
import { Page, Section } from "../parts/page.js";
import { usePause } from "../parts/pause.js";
import { Proof } from "../parts/proof.js";
import { Table } from "../parts/table.js";
import { useResource } from "../resource.js";
import { address, navigate, usePlace } from "../router.js";
import { Timeline } from "../timeline/timeline.js";
import { t, word } from "../words.js";

const AUDIT = { "Stafet-Purpose": "audit" };
const LEAST_MS = 2000; // each reading is written down: not one for each event of a busy hour

// "01a2309e-2f48-…" and "01A2309E2F48…" are the same id.
function idOf(text) {
	const digits = text.replace(/[\s-]/g, "").toLowerCase();
	return /^[0-9a-f]{32}$/.test(digits) ? digits : null;
}

function Find({ of }) {
	const [text, setText] = useState(of);
	const [error, setError] = useState(null);
	const find = (event) => {
		event.preventDefault();
		const id = idOf(text);
		setError(id ? null : t("audit.find.bad"));
		if (id) navigate(address("audit", id));
	};
	return html`<form class="audit-find" onSubmit=${find}>
		<${TextField} label=${t("audit.find")} hint=${t("audit.find.hint")} error=${error} value=${text} change=${setText} autocomplete="off" spellcheck=${false} class="mono" />
		<${Button} kind="main" type="submit" icon="search">${t("audit.find.go")}<//>
	</form>`;
}

export function Facts({ items, many = false }) {
	return html`<dl class=${many ? "facts facts-many" : "facts"}>${items.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Course({ id }) {
	const [paused, pause] = usePause();
	const live = { concerns: (event) => event.data?.transition === id, paused, least_ms: LEAST_MS };
	const shown = useResource((options) => get(`/api/v1/transitions/${id}`, { ...options, headers: AUDIT }), [id], live);
	const timeline = useResource((options) => get(`/api/v1/transitions/${id}/timeline?format=json`, { ...options, headers: AUDIT }), [id], live);
	return html`<${Section} id="course" title=${t("audit.course")} aside=${pause}>
		<${Shown} of=${shown}>${(course) => html`<${Facts} items=${[
			[t("audit.state"), html`<${Badge} tone="blue">${word("state", course.state)}<//>`],
			[t("audit.hospital"), course.hospital_name || "–"],
			[t("audit.municipality"), course.municipality_name || "–"],
			[t("audit.opened"), moment(course.opened)],
			[t("audit.events"), number(course.sequence)],
			[t("audit.holders"), course.holders.map((holder) => `${word("domain", holder.domain)}: ${holder.party_name}`).join(" · ") || "–"],
		]} />`}<//>
		<${Shown} of=${timeline}>${(model) => html`<${Timeline} model=${model} />`}<//>
	<//>`;
}

function Readers({ id }) {
	const shown = useResource(({ signal }) => get(query("/api/v1/access-log", { transition: id }), { signal }), [id]);
	const columns = [
		{ name: "at", title: t("audit.readers.at"), cell: (row) => moment(row.at) },
		{ name: "account", title: t("audit.readers.account"), cell: (row) => row.account },
		{ name: "role", title: t("audit.readers.role"), cell: (row) => word("reader", row.role) },
		{ name: "purpose", title: t("audit.readers.purpose"), cell: (row) => word("purpose", row.purpose) },
		{ name: "asked", title: t("audit.readers.asked"), cell: (row) => html`<code class="mono">${row.asked}</code>` },
	];
	return html`<${Section} id="readers" title=${t("audit.readers")}>
		<p class="section-lead">${t("audit.readers.lead")}</p>
		<${Shown} of=${shown}>${({ accesses }) => accesses.length === 0
			? html`<${Empty} icon="visibility-off" title=${t("audit.readers.none")} />`
			: html`<${Table} caption=${t("audit.readers.table")} columns=${columns} rows=${accesses} keyOf=${(row) => row.cursor} />`}<//>
	<//>`;
}

export function Audit() {
	const { of } = usePlace();
	const id = idOf(of);
	const fetchBytes = async () => {
		const response = await ask("GET", `/api/v1/transitions/${id}/evidence`, { headers: { ...AUDIT, Accept: "application/octet-stream" } });
		return new Uint8Array(await response.arrayBuffer());
	};
	return html`<${Page} title=${t("audit.name")} lead=${t("audit.lead")} wide=${true}>
		<${Find} key=${of} of=${of} />
		${id && html`<${Course} key=${id} id=${id} />`}
		<${Section} id="proof" title=${t("audit.proof")}>
			${!id && html`<p class="section-lead">${t("audit.choose")}</p>`}
			<${Proof} key=${id} transition=${id} fetchBytes=${id ? fetchBytes : undefined} />
		<//>
		${id && html`<${Readers} key=${`r${id}`} id=${id} />`}
	<//>`;
}
