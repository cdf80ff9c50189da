// The region's board: transitions by state, lateness, planning area and party. What is chosen stands in
// the address. Only the rows in sight are in the page, so that five thousand are as light as fifty.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, query } from "../api.js";
import { moment, near, number } from "../format.js";
import { html } from "../html.js";
import { Badge } from "../parts/badge.js";
import { Button } from "../parts/button.js";
import { CheckField, SelectField, TextField } from "../parts/field.js";
import { Empty, Shown } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { useNow, useResource } from "../resource.js";
import { Link, address, search, usePlace } from "../router.js";
import { LATE, STATES, byPlace, choices, chosen, counted, windowOf } from "../region/board.js";
import { t, word } from "../words.js";

const ROW = 52;
const ROW_NARROW = 128;
const NARROW = matchMedia("(max-width: 64rem)");
const PAGES_MAX = 20; // of a thousand

const LATE_TONES = { overdue: "bad", soon: "warn", undelivered: "warn", frozen: "bad" };
const LATE_ICONS = { overdue: "warning", soon: "time", undelivered: "error", frozen: "lock" };

/** All transitions, page by page; what is there so far is shown. */
async function readAll({ signal, open }, heard) {
	const rows = [];
	let after;
	for (let page = 0; page < PAGES_MAX; page++) {
		const found = await get(query("/api/v1/transitions", { after, open: open ? "true" : undefined }), { signal });
		rows.push(...found.transitions);
		after = found.next ?? undefined;
		heard(rows.length, Boolean(after));
		if (!after) break;
	}
	return { rows, more: Boolean(after) };
}

function useNarrow() {
	const [narrow, setNarrow] = useState(NARROW.matches);
	useEffect(() => {
		const heard = () => setNarrow(NARROW.matches);
		NARROW.addEventListener("change", heard);
		return () => NARROW.removeEventListener("change", heard);
	}, []);
	return narrow;
}

function Lateness({ row, now }) {
	const late = LATE.filter((one) => one.is(row, now));
	if (!late.length) return row.next_due ? html`<span>${near(row.next_due, now)}</span>` : html`<span>–</span>`;
	return late.slice(0, 2).map((one) => html`<${Badge} key=${one.name} tone=${LATE_TONES[one.name]} icon=${LATE_ICONS[one.name]}>
		${one.name === "overdue" && row.overdue_duties > 0 ? t("region.late.overdue.count", { count: row.overdue_duties }) : t(`region.late.${one.name}`)}<//>`);
}

function holdersOf(row) {
	const names = new Map();
	for (const holder of row.holders) {
		if (!names.has(holder.party_name)) names.set(holder.party_name, []);
		names.get(holder.party_name).push(word("domain", holder.domain));
	}
	return [...names].map(([name, domains]) => `${name} (${domains.join(", ")})`).join(" · ") || "–";
}

function Row({ row, now, mayOpen, index }) {
	// Ids begin with their time, so that those of a day look alike: the end tells them apart.
	const id = `${row.transition.slice(0, 8)}…${row.transition.slice(-4)}`;
	return html`<div class="board-row" role="row" aria-rowindex=${index + 2}>
		<span role="cell"><${Badge} tone="blue">${word("state", row.state)}<//></span>
		<span role="cell">${row.hospital_name || "–"}</span>
		<span role="cell">${row.municipality_name || t("region.no-municipality")}</span>
		<span role="cell" class="board-holders" title=${holdersOf(row)}>${holdersOf(row)}</span>
		<span role="cell"><${Lateness} row=${row} now=${now} /></span>
		<span role="cell">${mayOpen ? html`<${Link} to=${address("audit", row.transition)} class="mono">${id}<//>` : html`<code class="mono">${id}</code>`}
			<small title=${moment(row.changed)}>${near(row.changed, now)}</small></span>
	</div>`;
}

function Board({ rows, now, mayOpen }) {
	const scroll = useRef(null);
	const narrow = useNarrow();
	const height = narrow ? ROW_NARROW : ROW;
	const [top, setTop] = useState(0);
	const [size, setSize] = useState(600);
	useEffect(() => {
		const element = scroll.current;
		let frame = 0;
		const heard = () => {
			cancelAnimationFrame(frame);
			frame = requestAnimationFrame(() => setTop(element.scrollTop));
		};
		const watch = new ResizeObserver(() => setSize(element.clientHeight));
		element.addEventListener("scroll", heard, { passive: true });
		watch.observe(element);
		return () => {
			cancelAnimationFrame(frame);
			watch.disconnect();
			element.removeEventListener("scroll", heard);
		};
	}, []);
	useEffect(() => {
		scroll.current.scrollTop = 0;
		setTop(0);
	}, [rows]);
	const { first, last } = windowOf(top, size, height, rows.length);
	// Room above and below, as heights of SVG: a style attribute is not allowed here.
	const room = (count) => html`<svg class="board-room" aria-hidden="true" focusable="false" width="1" height=${count * height}></svg>`;
	return html`<div class="board" role="table" aria-label=${t("region.table")} aria-rowcount=${rows.length + 1}>
		<div class="board-head" role="row" aria-rowindex="1">
			${["state", "hospital", "municipality", "holders", "late", "transition"].map((name) => html`<span role="columnheader" key=${name}>${t(`region.column.${name}`)}</span>`)}
		</div>
		<div class="board-scroll" ref=${scroll} tabindex="0" role="rowgroup" aria-label=${t("region.rows")}>
			${room(first)}
			${rows.slice(first, last).map((row, at) => html`<${Row} key=${row.transition} row=${row} now=${now} mayOpen=${mayOpen} index=${first + at} />`)}
			${room(rows.length - last)}
		</div>
	</div>`;
}

function Tiles({ counts, filter }) {
	const tile = (name, value, key, extra) => html`<button type="button" key=${name} class=${`tile ${extra}`} aria-pressed=${filter[key] === name ? "true" : "false"}
		onClick=${() => search({ [key]: filter[key] === name ? "" : name })}><b>${number(value)}</b><span>${key === "late" ? t(`region.late.${name}`) : word("state", name)}</span></button>`;
	return html`<div class="tiles" role="group" aria-label=${t("region.tiles")}>
		${LATE.map(({ name }) => tile(name, counts.late[name], "late", counts.late[name] ? "tile-late" : ""))}
		${STATES.filter((state) => counts.state[state] || filter.state === state).map((state) => tile(state, counts.state[state] ?? 0, "state", ""))}
	</div>`;
}

function Filters({ rows, filter }) {
	const field = (name, list) => html`<${SelectField} label=${t(`region.filter.${name}`)} value=${filter[name]} change=${(value) => search({ [name]: value })}
		choices=${[{ value: "", text: t("region.filter.all") }, ...list]} />`;
	return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
		${field("area", choices(rows, "hospital"))}
		${field("party", choices(rows, "municipality"))}
		${field("state", STATES.map((state) => ({ value: state, text: word("state", state) })))}
		${field("late", LATE.map(({ name }) => ({ value: name, text: t(`region.late.${name}`) })))}
		<${TextField} label=${t("region.filter.id")} value=${filter.id} change=${(value) => search({ id: value })} spellcheck=${false} autocomplete="off" />
		<${CheckField} label=${t("region.filter.closed")} checked=${filter.closed} change=${(value) => search({ closed: value ? "1" : "" })} />
	</form>`;
}

export function Region({ session }) {
	const { search: asked } = usePlace();
	const now = useNow(60_000);
	const [progress, setProgress] = useState({ count: 0, more: false });
	const filter = {
		area: asked.get("area") ?? "", party: asked.get("party") ?? "", state: asked.get("state") ?? "",
		late: asked.get("late") ?? "", id: asked.get("id") ?? "", closed: asked.get("closed") === "1",
	};
	const shown = useResource(({ signal }) => readAll({ signal, open: !filter.closed }, (count, more) => setProgress({ count, more })), [filter.closed]);
	const all = shown.data?.rows ?? [];
	// Tiles count what the other choices leave; the table shows what all of them leave.
	const place = useMemo(() => byPlace(all, filter), [all, filter.area, filter.party, filter.id]);
	const counts = useMemo(() => counted(place, now), [place, now]);
	const rows = useMemo(() => chosen(place, filter, now), [place, filter.state, filter.late, now]);
	return html`<${Page} title=${t("region.name")} lead=${t("region.lead")} wide=${true}
			actions=${html`<${Button} kind="quiet" icon="refresh" busy=${shown.loading} onClick=${shown.reload}>${t("region.reload")}<//>`}>
		${shown.data === undefined && !shown.problem
			? html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${t("region.reading", { count: number(progress.count) })}</p>`
			: html`<${Shown} of=${shown}>${({ more }) => html`
				<${Tiles} counts=${counts} filter=${filter} />
				<${Filters} rows=${all} filter=${filter} />
				<p class="board-count" role="status">${t("region.count", { count: number(rows.length), all: number(all.length) })}${more ? ` ${t("region.more")}` : ""}</p>
				${rows.length === 0 ? html`<${Empty} icon="search" title=${t("region.none")} />`
					: html`<${Board} rows=${rows} now=${now} mayOpen=${session.roles.includes("auditor")} />`}`}<//>`}
	<//>`;
}
