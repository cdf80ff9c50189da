// The region's board: transitions by state, lateness, planning area, municipality and pathway, as they are
// now. What is chosen stands in the address. Only the rows in sight are in the page, so that five thousand
// are as light as fifty.
import { Component } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, query } from "../api.js";
import { moment, near, number } from "../format.js";
import { html } from "../html.js";
import { onEvent } from "../live.js";
import { Badge } from "../parts/badge.js";
import { Button } from "../parts/button.js";
import { CheckField, SelectField, TextField } from "../parts/field.js";
import { Empty, Notice, Shown } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { usePause } from "../parts/pause.js";
import { LATE, STATES, byPlace, choices, chosen, counted, ordered, pathways, windowOf } from "../region/board.js";
import { follow } from "../region/rows.js";
import { useNow } from "../resource.js";
import { Link, address, search, usePlace } from "../router.js";
import { currentLanguage, t, word } from "../words.js";

const ROW = 52;
const ROW_NARROW = 128;
const NARROW = matchMedia("(max-width: 70rem)");
const TYPED_MS = 150; // what is typed is looked for when one stops

const LATE_TONES = { overdue: "bad", soon: "warn", undelivered: "warn", frozen: "bad" };
const LATE_ICONS = { overdue: "warning", soon: "time", undelivered: "error", frozen: "lock" };

const ask = (parameters, options) => get(query("/api/v1/transitions", parameters), options);

/** The region's rows, followed: {data, problem, loading, count, reload}. */
function useRegion(closed, place, paused) {
	const [shown, setShown] = useState({ data: undefined, problem: null, loading: true });
	const [count, setCount] = useState(0);
	const following = useRef(null);
	const busy = () => setShown((before) => ({ ...before, problem: null, loading: true }));
	useEffect(() => {
		busy();
		const followed = follow({
			ask, closed, place,
			progress: setCount,
			heard: (data) => setShown({ data, problem: null, loading: false }),
			failed: (problem) => setShown((before) => ({ data: before.data, problem, loading: false })),
		});
		following.current = followed;
		const stop = onEvent(followed.event);
		return () => {
			stop();
			followed.stop();
		};
	}, [closed]);
	useEffect(() => following.current.pause(paused), [closed, paused]);
	useEffect(() => {
		if (following.current.choose(place)) busy();
	}, [JSON.stringify(place)]);
	const reload = () => {
		busy();
		following.current.again();
	};
	return { ...shown, count, reload };
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

/** Drawn again when something of it is different, not whenever the board is. */
class Row extends Component {
	shouldComponentUpdate(next) {
		return ["row", "now", "mayOpen", "index", "language"].some((name) => next[name] !== this.props[name]);
	}
	render({ row, now, mayOpen, index }) {
		// Ids begin with their time, so that those of a day look alike: the end tells them apart.
		const id = `${row.transition.slice(0, 8)}…${row.transition.slice(-4)}`;
		const holders = holdersOf(row);
		return html`<div class="board-row" role="row" aria-rowindex=${index + 2}>
			<span role="cell"><${Badge} tone="blue">${word("state", row.state)}<//></span>
			<span role="cell">${row.hospital_name || "–"}${row.pathway && html` <small>${word("pathway", row.pathway)}</small>`}</span>
			<span role="cell">${row.municipality_name || t("region.no-municipality")}</span>
			<span role="cell" class="board-holders" title=${holders}>${holders}</span>
			<span role="cell"><${Lateness} row=${row} now=${now} /></span>
			<span role="cell">${mayOpen ? html`<${Link} to=${address("audit", row.transition)} class="mono">${id}<//>` : html`<code class="mono">${id}</code>`}
				<small title=${moment(row.changed)}>${near(row.changed, now)}</small></span>
		</div>`;
	}
}

/** What is in sight of an element that scrolls: {top, size}, told when other rows are to be drawn. */
function useSight(element, height, count) {
	const sight = useRef({ top: 0, size: 600 });
	const [drawn, setDrawn] = useState(windowOf(0, 600, height, count));
	const look = () => {
		const next = windowOf(sight.current.top, sight.current.size, height, count);
		setDrawn((before) => (before.first === next.first && before.last === next.last ? before : next));
	};
	const latest = useRef(look);
	latest.current = look;
	useEffect(() => {
		const seen = element.current;
		let frame = 0;
		const heard = () => {
			cancelAnimationFrame(frame);
			frame = requestAnimationFrame(() => {
				sight.current.top = seen.scrollTop;
				latest.current();
			});
		};
		const watch = new ResizeObserver(() => {
			sight.current.size = seen.clientHeight;
			latest.current();
		});
		seen.addEventListener("scroll", heard, { passive: true });
		watch.observe(seen);
		return () => {
			cancelAnimationFrame(frame);
			watch.disconnect();
			seen.removeEventListener("scroll", heard);
		};
	}, []);
	useEffect(look, [height, count]);
	return { first: Math.min(drawn.first, count), last: Math.min(drawn.last, count) };
}

/** chosen: what the rows were chosen by; another choice begins at its top, an event does not. */
function Board({ rows, now, mayOpen, chosen: by }) {
	const scroll = useRef(null);
	const height = useNarrow() ? ROW_NARROW : ROW;
	const { first, last } = useSight(scroll, height, rows.length);
	// A row that leaves the sight becomes the one that enters it: nothing is made anew while one scrolls.
	const slots = Math.max(1, last - first);
	const language = currentLanguage();
	useEffect(() => {
		scroll.current.scrollTop = 0;
	}, [by]);
	// Room above and below, as heights of SVG: a style attribute is not allowed here.
	const room = (count) => html`<svg class="board-room" aria-hidden="true" focusable="false" width="1" height=${count * height}></svg>`;
	return html`<div class="board" role="table" aria-label=${t("region.table")} aria-rowcount=${rows.length + 1}>
		<div class="board-head" role="row" aria-rowindex="1">
			${["state", "hospital", "municipality", "holders", "late", "transition"].map((name) => html`<span role="columnheader" key=${name}>${t(`region.column.${name}`)}</span>`)}
		</div>
		<div class="board-scroll" ref=${scroll} tabindex="0" role="rowgroup" aria-label=${t("region.rows")}>
			${room(first)}
			${rows.slice(first, last).map((row, at) => html`<${Row} key=${`slot${(first + at) % slots}`} row=${row} now=${now} mayOpen=${mayOpen} language=${language} index=${first + at} />`)}
			${room(rows.length - last)}
		</div>
	</div>`;
}

function Tiles({ counts, filter }) {
	const tile = (name, value, key, extra) => html`<button type="button" key=${name} class=${`tile ${extra}`} aria-pressed=${filter[key] === name ? "true" : "false"}
		onClick=${() => search({ [key]: filter[key] === name ? "" : name })}><b>${number(value)}</b><span>${key === "late" ? t(`region.late.${name}`) : word("state", name)}</span></button>`;
	return html`<div class="tiles" role="group" aria-label=${t("region.filter.late")}>
		${LATE.map(({ name }) => tile(name, counts.late[name], "late", counts.late[name] ? `tile-${LATE_TONES[name]}` : ""))}</div>
	<div class="tiles tiles-states" role="group" aria-label=${t("region.filter.state")}>
		${STATES.filter((state) => counts.state[state] || filter.state === state).map((state) => tile(state, counts.state[state] ?? 0, "state", ""))}
	</div>`;
}

/** What is typed is shown at once, and looked for when one stops typing. */
function IdField({ value }) {
	const [text, setText] = useState(value);
	const timer = useRef(0);
	useEffect(() => setText(value), [value]);
	useEffect(() => () => clearTimeout(timer.current), []);
	const change = (next) => {
		setText(next);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => search({ id: next }), TYPED_MS);
	};
	return html`<${TextField} label=${t("region.filter.id")} value=${text} change=${change} spellcheck=${false} autocomplete="off" />`;
}

function Filters({ rows, filter }) {
	const lists = useMemo(() => ({ area: choices(rows, "hospital"), party: choices(rows, "municipality"), pathway: pathways(rows) }), [rows]);
	const field = (name, list) => html`<${SelectField} label=${t(`region.filter.${name}`)} value=${filter[name]} change=${(value) => search({ [name]: value })}
		choices=${[{ value: "", text: t("region.filter.all") }, ...list]} />`;
	// What the address asks for is a choice also when nothing here is of it.
	const pathway = filter.pathway && !lists.pathway.includes(filter.pathway) ? [...lists.pathway, filter.pathway] : lists.pathway;
	return html`<form class="filters" role="search" onSubmit=${(event) => event.preventDefault()}>
		${field("area", lists.area)}
		${field("party", lists.party)}
		${field("pathway", pathway.map((name) => ({ value: name, text: word("pathway", name) })))}
		${field("state", STATES.map((state) => ({ value: state, text: word("state", state) })))}
		${field("late", LATE.map(({ name }) => ({ value: name, text: t(`region.late.${name}`) })))}
		<${IdField} value=${filter.id} />
		<${CheckField} label=${t("region.filter.closed")} checked=${filter.closed} change=${(value) => search({ closed: value ? "1" : "" })} />
	</form>`;
}

/** How many of how many, and what is not among them. */
function Count({ rows, data, known }) {
	if (!data.totals || (data.narrow && !data.more))
		return html`<p class="board-count" role="status">${t("region.count", { count: number(rows), all: number(known) })}</p>`;
	const { whole, ...states } = data.totals;
	const all = Object.values(states).reduce((sum, count) => sum + count, 0);
	return html`<p class="board-count" role="status">${t("region.count", { count: number(rows), all: number(known) })}</p>
		<${Notice} kind="warn" title=${t(whole ? "region.more" : "region.more.least", { count: number(known), all: number(all) })}>
			<p>${t(data.open_more ? "region.more.open" : "region.more.closed")}</p><//>`;
}

/** Totals of the region where not all of it is read and no place is chosen; else what was counted. */
function trueCounts(counts, data, filter) {
	if (!data?.totals || data.narrow || filter.area || filter.party || filter.pathway || filter.id) return counts;
	const { whole, ...states } = data.totals;
	return { ...counts, state: filter.closed ? states : { ...states, closed: 0 } };
}

export function Region({ session }) {
	const { search: asked } = usePlace();
	const now = useNow(60_000);
	const value = (name) => asked.get(name) ?? "";
	const filter = {
		area: value("area"), party: value("party"), pathway: value("pathway"), state: value("state"),
		late: value("late"), id: value("id"), closed: value("closed") === "1",
	};
	const [paused, pause] = usePause();
	const shown = useRegion(filter.closed, { hospital: filter.area, municipality: filter.party, pathway: filter.pathway }, paused);
	const all = useMemo(() => ordered(shown.data?.rows.values() ?? [], now), [shown.data?.rows, now]);
	// Tiles count what the other choices leave; the table shows what all of them leave.
	const place = useMemo(() => byPlace(all, filter), [all, filter.area, filter.party, filter.pathway, filter.id]);
	const counts = useMemo(() => counted(place, now), [place, now]);
	const rows = useMemo(() => chosen(place, filter, now), [place, filter.state, filter.late, now]);
	return html`<${Page} title=${t("region.title")} tab=${t("region.name")} lead=${t("region.lead")} wide=${true}
			actions=${html`${pause}<${Button} kind="quiet" icon="refresh" busy=${shown.loading} onClick=${shown.reload}>${t("region.reload")}<//>`}>
		${shown.data === undefined && !shown.problem
			? html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${t("region.reading", { count: number(shown.count) })}</p>`
			: html`<${Shown} of=${shown}>${(data) => html`
				<${Tiles} counts=${trueCounts(counts, data, filter)} filter=${filter} />
				<${Filters} rows=${all} filter=${filter} />
				<${Count} rows=${rows.length} data=${data} known=${data.rows.size} />
				${rows.length === 0 ? html`<${Empty} icon="search" title=${t("region.none")} />`
					: html`<${Board} rows=${rows} now=${now} mayOpen=${session.roles.includes("auditor")} chosen=${asked.toString()} />`}`}<//>`}
	<//>`;
}
