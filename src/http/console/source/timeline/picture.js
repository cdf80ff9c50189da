// The picture itself, in SVG. Places are attributes and looks are classes, so that no style is written
// into the page (its Content-Security-Policy allows none).
import { useEffect, useRef } from "preact/hooks";
import { clock, date, parts, week, weekday } from "../format.js";
import { html } from "../html.js";
import { t, word } from "../words.js";
import { HEIGHT, flagOf, groupsOf, markOf, panned, scaleOf, zoomed } from "./model.js";
import { bandWords, dutyWords, flagWords, gapWords, kindWords, laneName, markWords, windowWords } from "./say.js";
import { ticks } from "./ticks.js";

const GUTTER_WIDE = 124;
const GUTTER_NARROW = 84;
const NARROW = 620;
const LETTER = 6.4; // points of a letter, about: for what fits
const DRAG_POINTS = 4;

/** Forms differ, not only colours. Drawn about (0, 0). */
function Mark({ name, count }) {
	if (count > 1) {
		// What is urgent among them has corners and a sign, so that it is not only another colour.
		const sign = { late: "!", refused: "×", deviates: "△" }[name] ?? "";
		const half = 10 + (count > 99 ? 3 : 0) + (sign ? 3 : 0);
		return html`<g class=${`mark mark-${name} mark-group`}><rect x=${-half} y="-8" width=${2 * half} height="16" rx=${sign ? 2 : 8} />
			<text y="4" text-anchor="middle">${count}${sign}</text></g>`;
	}
	if (name === "quiet") return html`<g class="mark mark-quiet"><circle r="3.5" /></g>`;
	if (name === "time") return html`<g class="mark mark-time"><path d="M0 -7L7 0L0 7L-7 0Z" /></g>`;
	if (name === "plain") return html`<g class="mark mark-plain"><circle r="5.5" /></g>`;
	if (name === "refused")
		return html`<g class="mark mark-refused"><circle r="7" /><path d="M-3 -3L3 3M3 -3L-3 3" /></g>`;
	if (name === "deviates") return html`<g class="mark mark-deviates"><path d="M0 -8L8 6H-8Z" /><path class="inner" d="M0 -3V2M0 3.6V4.6" /></g>`;
	return html`<g class="mark mark-late"><rect x="-7" y="-7" width="14" height="14" rx="2" /><path class="inner" d="M0 -4V1M0 3V4.4" /></g>`;
}

function Flag({ name }) {
	return html`<g class=${`flag flag-${name}`}><path class="pole" d="M0 0V15" /><path class="cloth" d="M0 0H13L9.5 4.5L13 9H0Z" />
		${name === "missed" && html`<path class="sign" d="M4.6 2V5M4.6 6.2V7.4" />`}
		${name === "met" && html`<path class="sign" d="M2.4 4.6L4.4 6.6L8 2.4" />`}</g>`;
}

function tickWords({ time, form }) {
	const at = parts(time);
	if (form === "clock") return clock(time);
	if (form === "week") return `${t("timeline.week")} ${week(time)}`;
	if (form === "month") return `${at.month}.${at.year}`;
	return `${weekday(time)} ${at.day}.${at.month}.`;
}

function Axis({ view, width, height, scale }) {
	const lines = ticks(view[0], view[1], Math.max(4, Math.floor(width / 76)));
	const year = parts(view[0]).year;
	return html`<g class="axis">
		<text class="axis-year" x="4" y="11">${year === parts(view[1]).year ? year : `${date(view[0])} – ${date(view[1])}`}</text>
		${lines.map((line) => html`<g key=${line.time} class=${line.strong ? "tick tick-strong" : "tick"}>
			<path d=${`M${scale(line.time).toFixed(1)} 16V${height}`} />
			<text x=${(scale(line.time) + 4).toFixed(1)} y="28">${tickWords(line)}</text></g>`)}
	</g>`;
}

function Band({ band, y, scale, until }) {
	const left = scale(band.from);
	const right = scale(band.until ?? until);
	const shown = Math.max(left, 0);
	const words = word("domain", band.domain);
	return html`<g class=${`band band-${band.domain}`}>
		<rect x=${left.toFixed(1)} y=${y + 2} width=${Math.max(right - left, 1).toFixed(1)} height=${HEIGHT.band - 4} rx="3"><title>${bandWords(band)}</title></rect>
		${band.until === null && html`<path class="band-goes-on" d=${`M${right.toFixed(1)} ${y + 2}l8 ${HEIGHT.band / 2 - 2}l-8 ${HEIGHT.band / 2 - 2}Z`} />`}
		${right - shown > words.length * LETTER + 14 && html`<text x=${(shown + 7).toFixed(1)} y=${y + 14}>${words}</text>`}
	</g>`;
}

function Span({ of, y, height, scale, kind, title }) {
	const left = scale(of.from);
	return html`<rect class=${kind} x=${left.toFixed(1)} y=${y} width=${Math.max(scale(of.until) - left, 2).toFixed(1)} height=${height} rx="2"><title>${title}</title></rect>`;
}

function Events({ model, events, lane, scale, width, selected, pick }) {
	const y = lane.eventTop + HEIGHT.events / 2;
	return groupsOf(events, scale, width).map((group) => {
		const [first] = group.events;
		const chosen = selected && group.events.includes(selected);
		const title = group.events.length > 1
			? t("timeline.group", { count: group.events.length })
			: `${first.sequence} · ${kindWords(first)} ${markWords(first)}`;
		return html`<g key=${first.sequence} class=${chosen ? "place chosen" : "place"} transform=${`translate(${group.x.toFixed(1)} ${y})`}
			onClick=${() => pick(group)}><title>${title}</title>
			${chosen && html`<circle class="chosen-ring" r="13" />`}
			<${Mark} name=${markOf(group.heaviest, model)} count=${group.events.length} /></g>`;
	});
}

function Lane({ lane, model, events, scale, width, until, selected, pick }) {
	const own = (list) => list.filter((one) => one.lane === lane.index);
	return html`<g class="lane">
		${own(model.gaps).map((gap, at) => html`<${Span} key=${`gap${at}`} of=${gap} y=${lane.eventTop + 3} height=${HEIGHT.events - 6}
			scale=${scale} kind=${`gap gap-${gap.kind}`} title=${gapWords(gap)} />`)}
		${own(model.responsibility).map((band) => html`<${Band} key=${`${band.domain}${band.from}`} band=${band} y=${lane.bandTops[band.domain]} scale=${scale} until=${until} />`)}
		${own(model.windows).map((window, at) => html`<${Span} key=${`window${at}`} of=${window} y=${lane.bandTops[window.domain]}
			height=${HEIGHT.band} scale=${scale} kind="window" title=${windowWords(window)} />`)}
		<path class="thread" d=${`M0 ${lane.eventTop + HEIGHT.events / 2}H${width}`} />
		<${Events} model=${model} events=${events} lane=${lane} scale=${scale} width=${width} selected=${selected} pick=${pick} />
		${own(model.deadlines).filter((one) => one.due !== null).map((one, at) => html`<g key=${`due${at}`} transform=${`translate(${scale(one.due).toFixed(1)} ${lane.deadlineTop + 2})`}>
			<title>${`${dutyWords(one)}: ${flagWords(one)}`}</title><${Flag} name=${flagOf(one)} /></g>`)}
	</g>`;
}

function Names({ lanes, gutter, width }) {
	return lanes.map((lane) => html`<g key=${lane.top} class="names">
		<rect class="name-ground" x="0" y=${lane.top} width=${width} height=${HEIGHT.name - 2} />
		<text class="name" x="8" y=${lane.top + 16}>${laneName(lane)}${lane.party !== null && lane.role !== "unknown" && html`<tspan class="role" dx="8">${word("role", lane.role)}</tspan>`}</text>
		${Object.entries(lane.bandTops).map(([domain, y]) => html`<text key=${domain} class="row-name" x=${gutter - 8} y=${y + 14} text-anchor="end">${word("domain", domain)}</text>`)}
		<text class="row-name" x=${gutter - 8} y=${lane.eventTop + HEIGHT.events / 2 + 4} text-anchor="end">${t("timeline.row.events")}</text>
		${lane.owes && html`<text class="row-name" x=${gutter - 8} y=${lane.deadlineTop + 14} text-anchor="end">${t("timeline.row.deadlines")}</text>`}
	</g>`);
}

/** Dragging and the wheel. One change for each frame of the screen, however fast events come. */
function usePointer(svg, { view, whole, setView, gutter, width }) {
	const state = useRef({});
	state.current = { ...state.current, view, whole, setView, gutter, width };
	useEffect(() => {
		const element = svg.current;
		const at = state;
		const change = (next) => {
			at.current.next = next;
			if (at.current.frame) return;
			at.current.frame = requestAnimationFrame(() => {
				at.current.frame = 0;
				at.current.setView(at.current.next);
			});
		};
		const msPer = () => (at.current.view[1] - at.current.view[0]) / at.current.width;
		const wheel = (event) => {
			const { view: shown, whole: all, gutter: edge } = at.current;
			const sideways = event.shiftKey ? event.deltaY : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
			if (!event.ctrlKey && !sideways) return;
			event.preventDefault();
			const place = shown[0] + (event.clientX - element.getBoundingClientRect().left - edge) * msPer();
			change(event.ctrlKey ? zoomed(shown, all, Math.exp(event.deltaY / 300), place) : panned(shown, all, sideways * msPer()));
		};
		const down = (event) => {
			if (event.button === 0) at.current.drag = { x: event.clientX, view: at.current.view, moved: false };
		};
		const move = (event) => {
			const { drag, whole: all } = at.current;
			if (!drag) return;
			const by = event.clientX - drag.x;
			if (!drag.moved && Math.abs(by) < DRAG_POINTS) return;
			if (!drag.moved) element.setPointerCapture(event.pointerId);
			drag.moved = true;
			change(panned(drag.view, all, -by * msPer()));
		};
		const up = () => {
			at.current.wasDrag = at.current.drag?.moved;
			at.current.drag = null;
		};
		element.addEventListener("wheel", wheel, { passive: false });
		element.addEventListener("pointerdown", down);
		element.addEventListener("pointermove", move);
		element.addEventListener("pointerup", up);
		element.addEventListener("pointercancel", up);
		return () => {
			cancelAnimationFrame(at.current.frame);
			element.removeEventListener("wheel", wheel);
			element.removeEventListener("pointerdown", down);
			element.removeEventListener("pointermove", move);
			element.removeEventListener("pointerup", up);
			element.removeEventListener("pointercancel", up);
		};
	}, []);
	return state;
}

export function Picture({ model, layout, lanes, width, view, whole, setView, selected, select }) {
	const svg = useRef(null);
	const gutter = width < NARROW ? GUTTER_NARROW : GUTTER_WIDE;
	const plot = width - gutter - 12;
	const scale = scaleOf(view, plot);
	const pointer = usePointer(svg, { view, whole, setView, gutter, width: plot });
	const until = Math.max(model.as_of ?? 0, model.from ?? 0);
	const pick = (group) => {
		if (pointer.current.wasDrag) return;
		if (group.events.length === 1) return select(group.events[0]);
		const times = group.events.map((event) => event.occurred ?? event.recorded);
		const middle = (times[0] + times.at(-1)) / 2;
		const span = view[1] - view[0];
		if (span < 3600_000 || times.at(-1) - times[0] < 5000) {
			const at = group.events.indexOf(selected);
			return select(group.events[(at + 1) % group.events.length]);
		}
		return setView(zoomed(view, whole, Math.max(0.15, Math.min(0.5, ((times.at(-1) - times[0]) * 1.6) / span)), middle));
	};
	return html`<svg class=${width < NARROW ? "timeline-svg narrow" : "timeline-svg"} ref=${svg} width=${width} height=${layout.height} viewBox=${`0 0 ${width} ${layout.height}`} aria-hidden="true" focusable="false">
		<defs><pattern id="timeline-hatch" patternUnits="userSpaceOnUse" width="7" height="7" patternTransform="rotate(45)">
			<rect class="hatch-ground" width="7" height="7" /><path class="hatch-line" d="M0 0V7" /></pattern></defs>
		<${Names} lanes=${layout.lanes} gutter=${gutter} width=${width} />
		<svg x=${gutter} width=${plot + 12} height=${layout.height}>
			<${Axis} view=${view} width=${plot} height=${layout.height} scale=${scale} />
			${layout.lanes.map((lane) => html`<${Lane} key=${lane.top} lane=${lane} model=${model} events=${lanes.get(lane.index) ?? []}
				scale=${scale} width=${plot} until=${until} selected=${selected} pick=${pick} />`)}
			${model.as_of && html`<g class="now"><path d=${`M${scale(model.as_of).toFixed(1)} 16V${layout.height}`} />
				<text x=${(scale(model.as_of) + 4).toFixed(1)} y="11">${t("timeline.as-of")}</text></g>`}
		</svg>
	</svg>`;
}
Picture.Mark = Mark;
Picture.Flag = Flag;
