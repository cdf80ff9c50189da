// The operator of a node: its ways in and out, and the answers that a receiver refused for good. They wait here
// until somebody has mended the receiver and has them brought again.
import { get, post, query } from "../api.js";
import { near, number } from "../format.js";
import { html } from "../html.js";
import { Badge } from "../parts/badge.js";
import { Button } from "../parts/button.js";
import { Empty, ProblemNotice, Shown } from "../parts/notice.js";
import { Page, Section } from "../parts/page.js";
import { usePause } from "../parts/pause.js";
import { Table } from "../parts/table.js";
import { useAction, useResource } from "../resource.js";
import { t, word } from "../words.js";

const LEAST_MS = 5000; // between two readings, however much happens
const SHOWN_MAX = 200; // of what was put aside, the oldest

function State({ row }) {
	if (row.paused) return html`<${Badge} tone="warn" icon="minus">${t("channels.paused")}<//>`;
	if (row.fault) return html`<${Badge} tone="bad" icon="warning">${word("fault", row.fault)}<//>`;
	return html`<${Badge} tone="good" icon="check">${t("channels.open")}<//>`;
}

function Ways({ rows }) {
	const count = (name) => ({ name, title: t(`channels.${name}`), numeric: true, cell: (row) => number(row[name]) });
	const columns = [
		{ name: "name", title: t("channels.channel"), cell: (row) => html`<b>${row.name}</b> <small>${word("channel-kind", row.kind)}</small>` },
		{ name: "state", title: t("channels.state"), cell: (row) => html`<${State} row=${row} />` },
		...["received", "queued", "sent", "errored"].map(count),
		{ name: "aside", title: t("channels.aside"), numeric: true, cell: (row) => (row.aside ? html`<b>${number(row.aside)}</b>` : "0") },
		{ name: "last", title: t("channels.last"), cell: (row) => html`<span class="time">${near(row.last)}</span>` },
	];
	return rows.length
		? html`<${Table} caption=${t("channels.ways")} columns=${columns} rows=${rows} keyOf=${(row) => row.name} />`
		: html`<p class="lead">${t("channels.none")}</p>`;
}

const short = (id) => html`<code class="mono" title=${id}>${id.slice(0, 8)}…</code>`;

function Aside({ page, channels, reload }) {
	const again = useAction(async (channel, message) => {
		await post(`/api/v1/channels/${encodeURIComponent(channel)}/again`, message ? { message } : {});
		reload();
	});
	const press = (row) => () => again.run(row.channel, row.message);
	if (page.aside.length === 0) return html`<${Empty} title=${t("channels.aside.empty")} /><${ProblemNotice} problem=${again.problem} />`;
	const many = channels.filter((row) => row.aside > 1);
	const columns = [
		{ name: "channel", title: t("channels.channel"), cell: (row) => html`<b>${row.channel}</b>` },
		{ name: "party", title: t("channels.answer-of"), cell: (row) => row.party_name || "–" },
		{ name: "message", title: t("channels.message"), cell: (row) => short(row.message) },
		{ name: "transition", title: t("transition.name"), cell: (row) => short(row.transition) },
		{ name: "refusals", title: t("channels.refusals"), numeric: true, cell: (row) => number(row.refusals) },
		{ name: "at", title: t("channels.last"), cell: (row) => html`<span class="time">${near(row.at)}</span>` },
		{ name: "do", title: t("channels.do"), cell: (row) => html`<${Button} small icon="refresh" disabled=${again.busy} onClick=${press(row)}
			aria-label=${t("channels.again.of", { channel: row.channel, name: row.party_name || "–", message: row.message.slice(0, 8) })}>${t("channels.again")}<//>` },
	];
	return html`
		${many.length > 0 && html`<p class="answers section-lead">${many.map((row) => html`<${Button} key=${row.name} small icon="refresh" disabled=${again.busy}
			onClick=${() => again.run(row.name)}>${t("channels.again.all", { channel: row.name, count: number(row.aside) })}<//>`)}</p>`}
		<${ProblemNotice} problem=${again.problem} />
		<${Table} caption=${t("channels.aside")} columns=${columns} rows=${page.aside} keyOf=${(row) => row.cursor} />
		${page.next !== null && html`<p class="lead form-note">${t("channels.more", { count: SHOWN_MAX })}</p>`}`;
}

export function Channels() {
	const [paused, pause] = usePause();
	const live = { concerns: () => true, paused, least_ms: LEAST_MS };
	const shown = useResource((options) => Promise.all([get("/api/v1/channels", options), get(query("/api/v1/aside", { _count: SHOWN_MAX }), options)]), [], live);
	return html`<${Page} title=${t("channels.name")} lead=${t("channels.lead")} wide=${true} actions=${pause}>
		<${Shown} of=${shown}>${([ways, page]) => html`
			<${Section} id="aside" title=${t("channels.aside")}>
				<p class="section-lead">${t("channels.aside.lead")}</p>
				<${Aside} page=${page} channels=${ways.channels} reload=${shown.reload} /><//>
			<${Section} id="ways" title=${t("channels.ways")}><${Ways} rows=${ways.channels} /><//>`}<//>
	<//>`;
}
