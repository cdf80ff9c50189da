// A transition as swimlanes: parties as lanes, responsibility as bands, windows, events, deadlines and
// gaps; with a table of the same beside it, since a picture says nothing to who does not see it.
//
// Zoom: buttons, + and −, the wheel with Ctrl, two fingers. Along: dragging, Shift with arrows, the wheel sideways.
// Arrows go from event to event. Nothing moves by itself.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { duration, moment } from "../format.js";
import { html } from "../html.js";
import { Button, IconButton } from "../parts/button.js";
import { currentLanguage, t } from "../words.js";
import { Picture } from "./picture.js";
import { about, byLane, layOut, panned, wholeOf, zoomed } from "./model.js";
import { TimelineTable } from "./table.js";
import { kindWords, laneName, markWords } from "./say.js";

const DAY = 86_400_000;
const SPANS = [["hours", DAY / 4], ["day", DAY], ["week", 7 * DAY], ["month", 30 * DAY]];

function useWidth() {
	const element = useRef(null);
	const [width, setWidth] = useState(960);
	useEffect(() => {
		const watch = new ResizeObserver(([entry]) => setWidth(Math.max(280, Math.floor(entry.contentRect.width))));
		watch.observe(element.current);
		return () => watch.disconnect();
	}, []);
	return [element, width];
}

function Detail({ model, event }) {
	if (!event) return html`<p class="timeline-detail">${t("timeline.help")}</p>`;
	const lane = model.lanes[event.lane];
	return html`<dl class="timeline-detail">
		<div><dt>${t("timeline.event")}</dt><dd><b>${event.sequence} · ${kindWords(event)}</b> ${markWords(event)}</dd></div>
		<div><dt>${t("timeline.by")}</dt><dd>${lane ? laneName(lane) : "–"}</dd></div>
		<div><dt>${t("timeline.occurred")}</dt><dd>${moment(event.occurred)}</dd></div>
		<div><dt>${t("timeline.recorded")}</dt><dd>${moment(event.recorded)}</dd></div>
	</dl>`;
}

function Legend() {
	const marks = ["plain", "quiet", "time", "deviates", "late", "refused"];
	const flags = ["met", "open", "missed"];
	return html`<ul class="timeline-legend" aria-label=${t("timeline.legend")}>
		${marks.map((name) => html`<li key=${name}><svg class="timeline-key" viewBox="-9 -9 18 18" aria-hidden="true">
			<${Picture.Mark} name=${name} /></svg>${t(`timeline.mark.${name}`)}</li>`)}
		${flags.map((name) => html`<li key=${name}><svg class="timeline-key" viewBox="-3 -3 18 18" aria-hidden="true">
			<${Picture.Flag} name=${name} /></svg>${t(`timeline.flag.${name}`)}</li>`)}
		<li><span class="timeline-key timeline-key-gap" aria-hidden="true"></span>${t("timeline.legend.gap")}</li>
	</ul>`;
}

/** What keys do while the picture has the focus; each gives the next part that is shown, or null. */
function keyAction(key, { shift, view, whole, move, select, fit }) {
	const span = view[1] - view[0];
	const middle = (view[0] + view[1]) / 2;
	const actions = {
		"+": () => zoomed(view, whole, 0.5, middle),
		"-": () => zoomed(view, whole, 2, middle),
		0: () => fit(),
		ArrowLeft: () => (shift ? panned(view, whole, -span / 4) : move(-1)),
		ArrowRight: () => (shift ? panned(view, whole, span / 4) : move(1)),
		Home: () => move(-Infinity),
		End: () => move(Infinity),
		Escape: () => select(null),
	};
	return actions[key];
}

export function Timeline({ model }) {
	const whole = useMemo(() => wholeOf(model), [model]);
	const layout = useMemo(() => layOut(model), [model]);
	const lanes = useMemo(() => byLane(model), [model]);
	const order = useMemo(() => [...model.events].sort((a, b) => a.occurred - b.occurred || a.sequence - b.sequence), [model]);
	const [view, setView] = useState(whole);
	const [picked, setPicked] = useState(null);
	const [asTable, setAsTable] = useState(false);
	const [frame, width] = useWidth();
	useEffect(() => setView(whole), [whole[0], whole[1]]);
	const language = currentLanguage();
	const legend = useMemo(() => html`<${Legend} />`, [language]);
	const selected = order.find((event) => event.sequence === picked) ?? null;
	const show = (event) => {
		setPicked(event?.sequence ?? null);
		const time = event?.occurred;
		if (time && (time < view[0] || time > view[1])) setView(about(time, view[1] - view[0], whole));
		return null;
	};
	const move = (by) => {
		const at = selected ? order.indexOf(selected) : by > 0 ? -1 : order.length;
		return show(order[Math.min(Math.max(at + by, 0), order.length - 1)]);
	};
	const middle = selected?.occurred ?? (view[0] + view[1]) / 2;
	const onKeyDown = (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		const act = keyAction(event.key, { shift: event.shiftKey, view, whole, move, select: show, fit: () => whole });
		if (!act) return;
		event.preventDefault();
		const next = act();
		if (next) setView(next);
	};
	return html`<div class="timeline" ref=${frame}>
		<div class="timeline-tools" role="toolbar" aria-label=${t("timeline.tools")}>
			<${Button} small onClick=${() => setView(whole)}>${t("timeline.whole")}<//>
			${SPANS.map(([name, ms]) => html`<${Button} small kind="quiet" key=${name}
				onClick=${() => setView(about(middle, ms, whole))}>${t(`timeline.span.${name}`)}<//>`)}
			<span class="timeline-steps">
				<${IconButton} icon="chevron-left" label=${t("timeline.earlier")} onClick=${() => setView(panned(view, whole, (view[0] - view[1]) / 3))} />
				<${IconButton} icon="zoom-out" label=${t("timeline.zoom-out")} onClick=${() => setView(zoomed(view, whole, 2, middle))} />
				<${IconButton} icon="zoom-in" label=${t("timeline.zoom-in")} onClick=${() => setView(zoomed(view, whole, 0.5, middle))} />
				<${IconButton} icon="chevron-right" label=${t("timeline.later")} onClick=${() => setView(panned(view, whole, (view[1] - view[0]) / 3))} />
			</span>
			<span class="timeline-span">${moment(view[0])} – ${moment(view[1])} (${duration(view[1] - view[0])})</span>
			<${Button} small kind="quiet" icon=${asTable ? "visibility" : "list-bulleted"} onClick=${() => setAsTable(!asTable)}
				aria-pressed=${asTable}>${t(asTable ? "timeline.as-picture" : "timeline.as-table")}<//>
		</div>
		${asTable
			? html`<${TimelineTable} model=${model} />`
			: html`<div class="timeline-picture" tabindex="0" role="group" aria-label=${t("timeline.label", { count: model.events.length })}
					aria-describedby="timeline-keys" onKeyDown=${onKeyDown}>
				<${Picture} model=${model} layout=${layout} lanes=${lanes} width=${width} view=${view} whole=${whole}
					setView=${setView} selected=${selected} select=${show} />
			</div>
			<p id="timeline-keys" class="visually-hidden">${t("timeline.keys")}</p>
			<div role="status"><${Detail} model=${model} event=${selected} /></div>
			${legend}`}
	</div>`;
}
