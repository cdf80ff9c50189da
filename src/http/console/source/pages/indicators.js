// How discharges went: each figure with its definition, over months, as a plot, a table and a file.
// Small cells are suppressed by the daemon, and shown as suppressed.
import { useMemo } from "preact/hooks";
import { get, query } from "../api.js";
import { date, number, parts } from "../format.js";
import { html } from "../html.js";
import { Button } from "../parts/button.js";
import { SelectField } from "../parts/field.js";
import { Empty, Notice, Shown } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { LINES_MAX, Plot, Sample } from "../parts/plot.js";
import { Table } from "../parts/table.js";
import { csvOf, months, seriesOf } from "../region/figures.js";
import { useResource } from "../resource.js";
import { search, usePlace } from "../router.js";
import { momentOf, wall } from "../timeline/ticks.js";
import { currentLanguage, hasWord, t, word } from "../words.js";

const BY = ["", "municipality", "planning-area", "pathway"];
const SPANS = ["3", "6", "12", "24"];

function nameOf(indicator) {
	const key = `indicators.${indicator}.name`;
	return hasWord(key) ? t(key) : indicator;
}

function definitionOf(series) {
	const key = `indicators.${series.indicator}.definition`;
	return hasWord(key) ? t(key) : html`<span lang="en">${series.definition}</span>`;
}

function groupName(name, by) {
	if (by === "") return t("indicators.everybody");
	return by === "pathway" ? word("pathway", name) : name === "no municipality" ? t("region.no-municipality") : name;
}

function monthOf({ from }) {
	const at = parts(from);
	return `${at.month}.${at.year}`;
}

function decimals(cell) {
	return (cell.text.split(".")[1] ?? "").length;
}

function Cell({ cell }) {
	if (cell.missing) return html`<span class="small-cell">${t("indicators.not-asked")}</span>`;
	if (cell.small) return html`<span class="small-cell" title=${t(cell.text === "*" ? "indicators.hidden" : "indicators.small")}>${cell.text}</span>`;
	return cell.value === null ? "–" : number(cell.value, decimals(cell));
}

function Now({ series }) {
	if (series.groups.length !== 1) return null;
	const cell = series.groups[0].cells.at(-1);
	return html`<p class="figure-now"><${Cell} cell=${cell} /> <small>${cell.small ? t("indicators.cases") : word("unit", series.unit)} · ${t("indicators.this-month")}</small></p>`;
}

function Figure({ series, periods, by }) {
	const drawn = series.groups.slice(0, LINES_MAX);
	const times = useMemo(() => periods.map((period) => period.from / 1000), [periods]);
	const groups = useMemo(() => drawn.map((group) => ({ name: group.name, values: group.cells.map((cell) => cell.value) })), [series]);
	const columns = [
		{ name: "month", title: t("indicators.month"), cell: (row) => row.month },
		...series.groups.map((group) => ({ name: group.key, title: groupName(group.name, by), numeric: true, cell: (row) => html`<${Cell} cell=${row.cells.get(group.key)} />` })),
	];
	const rows = periods.map((period, at) => ({ month: monthOf(period), cells: new Map(series.groups.map((group) => [group.key, group.cells[at]])) })).reverse();
	const empty = groups.every((group) => group.values.every((value) => value === null));
	return html`<article class="figure">
		<h3>${nameOf(series.indicator)}</h3>
		<p class="figure-definition">${definitionOf(series)}</p>
		<${Now} series=${series} />
		${empty ? html`<p class="small-cell">${t("indicators.nothing")}</p>`
			: html`<${Plot} times=${times} groups=${groups} label=${t("indicators.plot", { name: nameOf(series.indicator) })} />`}
		${drawn.length > 1 && html`<ul class="figure-names">${drawn.map((group, at) => html`<li key=${group.key}><${Sample} at=${at} />${groupName(group.name, by)}</li>`)}</ul>`}
		${series.groups.length > drawn.length && html`<p class="figure-definition">${t("indicators.more-groups", { count: series.groups.length - drawn.length })}</p>`}
		<details><summary>${t("indicators.as-table")}</summary><${Table} caption=${nameOf(series.indicator)} columns=${columns} rows=${rows} keyOf=${(row) => row.month} /></details>
	</article>`;
}

function save(text, name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** One question a month; a month with more than one answer sums up is refused, and shown as missing. */
async function readMonths(periods, by, signal) {
	const answers = [];
	let refused = 0;
	for (const { from, to } of periods) {
		try {
			answers.push(await get(query("/api/v1/indicators", { by, from: new Date(from).toISOString(), to: new Date(to).toISOString() }), { signal }));
		} catch (problem) {
			if (problem.status !== 413) throw problem;
			answers.push(null);
			refused++;
		}
	}
	return { series: seriesOf(answers), refused };
}

export function Indicators() {
	const { search: asked } = usePlace();
	const by = BY.includes(asked.get("by")) ? asked.get("by") : "";
	const span = SPANS.includes(asked.get("months")) ? asked.get("months") : "12";
	const periods = useMemo(() => months(Date.now(), Number(span), momentOf, wall), [span]);
	const shown = useResource(({ signal }) => readMonths(periods, by, signal), [by, periods]);
	const csv = () => save(csvOf(shown.data.series.map((series) => ({ ...series, groups: series.groups.map((group) => ({ ...group, name: groupName(group.name, by) })) })), periods,
		{ danish: currentLanguage() === "da", nameOf, monthOf }), `stafet-${date(periods[0].from)}-${by || "region"}.csv`);
	return html`<${Page} title=${t("indicators.name")} lead=${t("indicators.lead")} wide=${true}
			actions=${html`<${Button} icon="download" disabled=${!shown.data?.series.length} onClick=${csv}>${t("indicators.csv")}<//>`}>
		<form class="filters" onSubmit=${(event) => event.preventDefault()}>
			<${SelectField} label=${t("indicators.by")} value=${by} change=${(value) => search({ by: value })}
				choices=${BY.map((value) => ({ value, text: t(`indicators.by.${value || "all"}`) }))} />
			<${SelectField} label=${t("indicators.span")} value=${span} change=${(value) => search({ months: value })}
				choices=${SPANS.map((value) => ({ value, text: t("indicators.span.months", { count: value }) }))} />
		</form>
		<p class="section-lead">${t("indicators.small.text")}</p>
		<${Shown} of=${shown}>${({ series, refused }) => html`
			${refused > 0 && html`<${Notice} kind="warn" title=${t("indicators.refused", { count: refused })} />`}
			${series.length === 0 ? html`<${Empty} icon="analytics" title=${t("indicators.none")} />`
				: html`<div class="figures">${series.map((one) => html`<${Figure} key=${one.indicator} series=${one} periods=${periods} by=${by} />`)}</div>`}`}<//>
	<//>`;
}
