// The operator of the region: nodes, the log and its witnesses, stores, agreements in force.
import { useState } from "preact/hooks";
import { get, query } from "../api.js";
import { date, duration, moment, near, number } from "../format.js";
import { html } from "../html.js";
import { Badge } from "../parts/badge.js";
import { Button } from "../parts/button.js";
import { Notice, ProblemNotice, Shown } from "../parts/notice.js";
import { Page, Section } from "../parts/page.js";
import { usePause } from "../parts/pause.js";
import { Table } from "../parts/table.js";
import { useAction, useNow, useResource } from "../resource.js";
import { currentLanguage, hasWord, t, word } from "../words.js";
import { Facts } from "./audit.js";

const LEAST_MS = 5000; // between two readings, however much happens
const DAY = 24 * 3600_000;
const WARN_MS = 30 * DAY; // a key that ends so soon wants its successor
const SLOW_MS = 15 * 60_000; // WIRE section 4: without witnesses so long, somebody must look

function Daemon({ status }) {
	return html`<${Facts} items=${[
		[t("operator.software"), status.software],
		[t("operator.started"), `${moment(status.started)} (${duration(Date.parse(status.now) - Date.parse(status.started))})`],
		[t("operator.connected"), number(status.peer_count)],
		[t("operator.log-size"), number(status.log_size)],
		[t("operator.directory-version"), number(status.directory_version)],
	]} />`;
}

function counterName(name) {
	const key = `operator.counter.${name.replaceAll("_", "-")}`;
	return hasWord(key) ? t(key) : html`<code class="mono" lang="en">${name}</code>`;
}

function Stores({ status }) {
	return html`<${Facts} many items=${Object.entries(status.counters).map(([name, value]) => [counterName(name), number(value)])} />`;
}

function Link({ row, now }) {
	if (!row.has_node) return html`<${Badge} icon="minus">${t("operator.no-node")}<//>`;
	if (row.connected) return html`<${Badge} tone="good" icon="check">${t("operator.is-connected")}<//>`;
	return html`<${Badge} tone="bad" icon="warning">${t("operator.not-connected")}<//>
		<small class="under" title=${row.seen ? moment(row.seen) : undefined}>${row.seen ? t("operator.seen", { time: near(row.seen, now) }) : t("operator.never-seen")}</small>`;
}

function Waiting({ row, now }) {
	if (!row.waiting) return html`<span>0</span>`;
	return html`<b>${number(row.waiting)}</b> <small class="under">${t("operator.waiting.since", { time: near(row.waiting_since, now) })}</small>`;
}

/** The age of the oldest key in use and the end of the one that ends first; each key in its title. */
function Keys({ row, now }) {
	if (row.keys.length === 0) return row.key_count ? html`<${Badge} tone="bad" icon="warning">${t("operator.keys.none")}<//>` : "–";
	const times = (name) => row.keys.map((key) => Date.parse(key[name])).filter(Number.isFinite);
	const age = Math.max(0, now - Math.min(...times("since")));
	const until = Math.min(...times("until"));
	const each = row.keys.map((key) => t("operator.keys.each", { use: word("key-use", key.use), since: date(key.since), until: date(key.until) })).join("\n");
	return html`<span title=${each}>${t("operator.keys.age", { days: number(Math.floor(age / DAY)) })}</span>
		<small class="under">${until - now < WARN_MS ? html`<${Badge} tone="warn" icon="time">${t("operator.keys.until", { time: date(until) })}<//>` : t("operator.keys.until", { time: date(until) })}</small>`;
}

function Version({ row, mine }) {
	if (!row.software) return "–";
	const other = mine && row.software.split(" ").at(-1) !== mine;
	return html`<span>${row.software}</span>${other && html` <${Badge} tone="warn" icon="info">${t("operator.other-version")}<//>`}`;
}

function Nodes({ parties, now, mine }) {
	const columns = [
		{ name: "name", title: t("operator.party"), cell: (row) => html`<b>${row.party_name}</b> <small>${word("role", row.role)}</small>` },
		{ name: "state", title: t("operator.node"), cell: (row) => html`<${Link} row=${row} now=${now} />` },
		{ name: "waiting", title: t("operator.waiting"), numeric: true, cell: (row) => html`<${Waiting} row=${row} now=${now} />` },
		{ name: "software", title: t("operator.software"), cell: (row) => html`<${Version} row=${row} mine=${mine} />` },
		{ name: "keys", title: t("operator.keys"), cell: (row) => html`<${Keys} row=${row} now=${now} />` },
		{ name: "key", title: t("operator.identity"), cell: (row) => (row.identity_key ? html`<code class="mono">${row.identity_key.slice(0, 8)}…</code>` : "–") },
		{ name: "support", title: t("operator.support"), cell: (row) => row.support || "–" },
	];
	const order = (row) => (row.has_node && !row.connected ? 0 : row.has_node ? 1 : 2);
	const rows = parties.filter((row) => row.role !== "coordinator").sort((a, b) => order(a) - order(b) || a.party_name.localeCompare(b.party_name, "da"));
	return html`<${Table} wide caption=${t("operator.nodes.table")} columns=${columns} rows=${rows} keyOf=${(row) => row.party} />`;
}

function Witnesses({ log, now }) {
	const waits = log.size > log.witnessed_size && log.witnessed_at ? now - Date.parse(log.witnessed_at) : 0;
	const columns = [
		{ name: "party", title: t("operator.witness"), cell: (row) => html`<b>${row.party_name}</b> <small>${word("role", row.role)}</small>` },
		{ name: "size", title: t("operator.leaves"), numeric: true, cell: (row) => number(row.size) },
		{ name: "behind", title: t("operator.behind"), numeric: true, cell: (row) => number(Math.max(0, log.size - row.size)) },
		{ name: "at", title: t("operator.at"), cell: (row) => near(row.at, now) },
	];
	return html`
		${log.contradictions.filter((row) => !row.explained).map((row) => html`<${Notice} key=${row.at} kind="bad" title=${t("operator.contradiction", { kind: row.kind })}><p>${moment(row.at)} · ${row.party_name || "–"}</p><//>`)}
		${log.behind && html`<${Notice} kind="bad" title=${t("operator.log-behind", { count: number(log.missing) })} />`}
		${log.fault && html`<${Notice} kind="bad" title=${t("operator.log-fault")}><p lang="en">${log.fault}</p><//>`}
		${waits > SLOW_MS && html`<${Notice} kind="warn" title=${t("operator.unwitnessed", { time: duration(waits) })} />`}
		<${Facts} items=${[
			[t("operator.origin"), html`<code class="mono">${log.origin}</code>`],
			[t("operator.epoch"), number(log.epoch)],
			[t("operator.signed"), `${number(log.size)} · ${near(log.at, now)}`],
			[t("operator.witnessed"), log.witnessed_at ? `${number(log.witnessed_size)} · ${near(log.witnessed_at, now)}` : t("operator.never")],
			[t("operator.needed"), t("operator.needed.text", { hospitals: log.hospitals_needed, municipalities: log.municipalities_needed })],
			[t("operator.unproven"), number(log.unproven_count)],
		]} />
		<${Table} caption=${t("operator.witnesses")} columns=${columns} rows=${log.cosigners} keyOf=${(row) => row.party} />`;
}

function Verify() {
	const check = useAction(() => get(query("/api/v1/log", { verify: "true" })));
	return html`<p><${Button} icon="flag" busy=${check.busy} onClick=${check.run}>${t("operator.verify")}<//></p>
		<${ProblemNotice} problem=${check.problem} />
		${check.done && html`<${Notice} live=${true} kind=${check.done.verified ? "good" : "bad"} title=${t(check.done.verified ? "operator.verified" : "operator.log-fault", { count: number(check.done.checked) })}>
			${check.done.fault && html`<p lang="en">${check.done.fault}</p>`}<//>`}`;
}

function Agreement({ row }) {
	const [open, setOpen] = useState(false);
	const binds = row.accepted_count > 1; // one who has signed is bound to nobody
	const language = currentLanguage();
	const shown = useResource(async ({ signal }) => (!open ? null : Promise.all([
		get(`/api/v1/agreements/${row.digest}`, { signal }),
		get(query(`/api/v1/agreements/${row.digest}/explanation`, { language }), { signal, headers: { Accept: "text/plain" } }),
	])), [open, language, row.digest]);
	return html`<details class="panel" onToggle=${(event) => setOpen(event.currentTarget.open)}>
		<summary><b>${row.name}</b> <${Badge} tone=${binds ? "good" : "plain"} icon=${binds ? "check" : "minus"}>${t(binds ? "operator.agreement.in-force" : "operator.agreement.proposed")}<//> ${t("operator.agreement.version", { version: row.version })} · ${t("operator.agreement.signed", { count: row.accepted_count })} <code class="mono">${row.digest.slice(0, 12)}…</code></summary>
		${open && html`<${Shown} of=${shown}>${(both) => both && html`
			<p class="section-lead">${both[0].acceptances.map((one) => `${one.party_name} (${t(one.until ? "operator.agreement.until" : "operator.agreement.from", { time: moment(one.until ?? one.from) })})`).join(" · ")}</p>
			<div class="explained" tabindex="0" role="region" aria-label=${t("operator.agreement.text")}>${both[1]}</div>`}<//>`}
	</details>`;
}

export function Operator() {
	const now = useNow(30_000);
	const [paused, pause] = usePause();
	const live = { concerns: () => true, paused, least_ms: LEAST_MS };
	const status = useResource((options) => get("/api/v1/status", options), [], live);
	const directory = useResource((options) => get("/api/v1/directory", options), [], live);
	const log = useResource((options) => get("/api/v1/log", options), [], live);
	const agreements = useResource((options) => get("/api/v1/agreements", options), [], { ...live, concerns: (event) => event.type === "agreement" });
	const mine = status.data?.software.split(" ").at(-1);
	return html`<${Page} title=${t("operator.name")} lead=${t("operator.lead")} wide=${true}
			actions=${html`${pause}<${Button} kind="quiet" icon="refresh" busy=${status.loading} onClick=${() => [status, directory, log, agreements].map((one) => one.reload())}>${t("region.reload")}<//>`}>
		<${Shown} of=${status}>${(found) => html`<${Daemon} status=${found} />`}<//>
		<${Section} id="nodes" title=${t("operator.nodes")}><${Shown} of=${directory}>${(found) => html`<${Nodes} parties=${found.parties} now=${now} mine=${mine} />`}<//><//>
		<${Section} id="log" title=${t("operator.log")}><${Shown} of=${log}>${(found) => html`<${Witnesses} log=${found} now=${now} />`}<//><${Verify} /><//>
		<${Section} id="agreements" title=${t("operator.agreements")}>
			<p class="section-lead">${t("operator.agreements.lead")}</p>
			<${Shown} of=${agreements}>${(found) => (found.agreements.length ? found.agreements.map((row) => html`<${Agreement} key=${row.digest} row=${row} />`) : html`<p>${t("operator.agreements.none")}</p>`)}<//>
		<//>
		<${Section} id="stores" title=${t("operator.stores")}><p class="section-lead">${t("operator.stores.lead")}</p>
			<${Shown} of=${status}>${(found) => html`<${Stores} status=${found} />`}<//><//>
	<//>`;
}
