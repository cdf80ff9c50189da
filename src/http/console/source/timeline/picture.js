// The picture itself, in SVG. Places are attributes and looks are classes, so that no style is written
// into the page (its Content-Security-Policy allows none).
import { Component } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { clock, date, parts, week, weekday } from "../format.js";
import { html } from "../html.js";
import { currentLanguage, t, word } from "../words.js";
import { HEIGHT, flagOf, groupsOf, markOf, panned, pinched, scaleOf, zoomed } from "./model.js";
import { bandWords, dutyWords, flagWords, gapWords, kindWords, laneName, markWords, windowWords } from "./say.js";
import { ticks } from "./ticks.js";

const GUTTER_WIDE = 124;
const GUTTER_NARROW = 84;
const NARROW = 620;
const LETTER = 6.4; // points of a letter, about: for what fits
const TICK_TEXT = 36; // points that the words of a line need beside it
const DRAG_POINTS = 4;

/** Drawn again when one of these is another; what is shown of everything else comes with them. */
class Kept extends Component {
	shouldComponentUpdate(next) {
		return this.constructor.of.some((name) => next[name] !== this.props[name]);
	}
}

const circle = (r) => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;

/** Forms differ, not only colours; what is urgent has corners and a sign. Drawn about (0, 0). */
const MARKS = {
	quiet: [circle(3.5), ""],
	plain: [circle(5.5), ""],
	time: ["M0 -7L7 0L0 7L-7 0Z", ""],
	refused: [circle(7), "M-3 -3L3 3M3 -3L-3 3"],
	deviates: ["M0 -8L8 6H-8Z", "M0 -3V2M0 3.6V4.6"],
	late: ["M-7 -7H7V7H-7Z", "M0 -4V1M0 3V4.4"],
};
const SIGNS = { late: "!", refused: "×", deviates: "△" };

function pill(count, sign) {
	const half = 10 + (count > 99 ? 3 : 0) + (sign ? 3 : 0);
	return sign ? `M${-half} -8H${half}V8H${-half}Z` : `M${8 - half} -8H${half - 8}A8 8 0 0 1 ${half - 8} 8H${8 - half}A8 8 0 0 1 ${8 - half} -8Z`;
}

/** The same nodes for every form, so that zooming makes none: what another form needs are other paths. */
function Mark({ name, count }) {
	const sign = SIGNS[name] ?? "";
	const [outer, inner] = count > 1 ? [pill(count, sign), ""] : MARKS[name];
	return html`<g class=${`mark mark-${name}${count > 1 ? " mark-group" : ""}`}><path class="outer" d=${outer} /><path class="inner" d=${inner} />
		<text y="4" text-anchor="middle">${count > 1 ? `${count}${sign}` : ""}</text></g>`;
}

const FLAG_SIGNS = { missed: "M4.6 2V5M4.6 6.2V7.4", met: "M2.4 4.6L4.4 6.6L8 2.4" };

function Flag({ name }) {
	return html`<g class=${`flag flag-${name}`}><path class="pole" d="M0 0V15" /><path class="cloth" d="M0 0H13L9.5 4.5L13 9H0Z" />
		<path class="sign" d=${FLAG_SIGNS[name] ?? ""} /></g>`;
}

function tickWords({ time, form }) {
	const at = parts(time);
	if (form === "clock") return clock(time);
	if (form === "week") return `${t("timeline.week")} ${week(time)}`;
	if (form === "month") return `${at.month}.${at.year}`;
	return `${weekday(time)} ${at.day}.${at.month}.`;
}

class Axis extends Kept {
	static of = ["view", "width", "height", "language"];
	render({ view, width, height }) {
		const scale = scaleOf(view, width);
		const lines = ticks(view[0], view[1], Math.max(4, Math.floor(width / 76)));
		const year = parts(view[0]).year;
		return html`<g class="axis">
			<text class="axis-year" x="4" y="11">${year === parts(view[1]).year ? year : `${date(view[0])} – ${date(view[1])}`}</text>
			${lines.map((line, at) => html`<g key=${at} class=${line.strong ? "tick tick-strong" : "tick"}>
				<path d=${`M${scale(line.time).toFixed(1)} 16V${height}`} />
				<text x=${(scale(line.time) + 4).toFixed(1)} y="28">${scale(line.time) < width - TICK_TEXT ? tickWords(line) : ""}</text></g>`)}
		</g>`;
	}
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
	// By their place in the row: what is drawn there now has the nodes of what was.
	return groupsOf(events, scale, width).map((group, at) => {
		const [first] = group.events;
		const chosen = selected && group.events.includes(selected);
		const name = markOf(group.heaviest, model);
		const title = group.events.length > 1
			? t("timeline.group", { count: group.events.length })
			: `${first.sequence} · ${kindWords(first)} ${markWords(first)}`;
		return html`<g key=${at} class=${chosen ? "place chosen" : "place"} transform=${`translate(${group.x.toFixed(1)} ${y})`}
			onClick=${() => pick(group)}><title>${title}</title>
			${chosen && html`<circle class="chosen-ring" r="13" />`}
			<${Mark} name=${name} count=${group.events.length} /></g>`;
	});
}

class Lane extends Kept {
	static of = ["lane", "model", "own", "view", "width", "until", "selected", "language"];
	render({ lane, model, own, view, width, until, selected, pick }) {
		const scale = scaleOf(view, width);
		const inSight = (from, to) => to >= view[0] && from <= view[1];
		const flags = own.deadlines.filter((one) => one.due !== null && inSight(one.due - (view[1] - view[0]) / 20, one.due));
		return html`<g class="lane">
			${own.gaps.filter((gap) => inSight(gap.from, gap.until)).map((gap) => html`<${Span} key=${`gap${gap.from}${gap.kind}${gap.name}`} of=${gap} y=${lane.eventTop + 3} height=${HEIGHT.events - 6}
				scale=${scale} kind=${`gap gap-${gap.kind}`} title=${gapWords(gap)} />`)}
			${own.responsibility.filter((band) => inSight(band.from, band.until ?? Infinity)).map((band) => html`<${Band} key=${`${band.domain}${band.from}`} band=${band} y=${lane.bandTops[band.domain]} scale=${scale} until=${until} />`)}
			${own.windows.filter((window) => inSight(window.from, window.until)).map((window) => html`<${Span} key=${`window${window.domain}${window.from}`} of=${window} y=${lane.bandTops[window.domain]}
				height=${HEIGHT.band} scale=${scale} kind="window" title=${windowWords(window)} />`)}
			<path class="thread" d=${`M0 ${lane.eventTop + HEIGHT.events / 2}H${width}`} />
			<${Events} model=${model} events=${own.events} lane=${lane} scale=${scale} width=${width} selected=${selected} pick=${pick} />
			${flags.map((one, at) => html`<g key=${`flag${at}`} transform=${`translate(${scale(one.due).toFixed(1)} ${lane.deadlineTop + 2})`}>
				<title>${`${dutyWords(one)}: ${flagWords(one)}`}</title><${Flag} name=${flagOf(one)} /></g>`)}
		</g>`;
	}
}

class Names extends Kept {
	static of = ["lanes", "gutter", "width", "language"];
	render({ lanes, gutter, width }) {
		return lanes.map((lane) => html`<g key=${lane.top} class="names">
			<rect class="name-ground" x="0" y=${lane.top} width=${width} height=${HEIGHT.name - 2} />
			<text class="name" x="8" y=${lane.top + 16}>${laneName(lane)}${lane.party !== null && lane.role !== "unknown" && html`<tspan class="role" dx="8">${word("role", lane.role)}</tspan>`}</text>
			${Object.entries(lane.bandTops).map(([domain, y]) => html`<text key=${domain} class="row-name" x=${gutter - 8} y=${y + 14} text-anchor="end">${word("domain", domain)}</text>`)}
			<text class="row-name" x=${gutter - 8} y=${lane.eventTop + HEIGHT.events / 2 + 4} text-anchor="end">${t("timeline.row.events")}</text>
			${lane.owes && html`<text class="row-name" x=${gutter - 8} y=${lane.deadlineTop + 14} text-anchor="end">${t("timeline.row.deadlines")}</text>`}
		</g>`);
	}
}

/**
 * Dragging, two fingers and the wheel. One change for each frame of the screen, however fast events come.
 * at: what the picture shows now, in a ref.
 */
function followPointers(element, at) {
	const fingers = new Map(); // by the id of their pointer, where they are
	let drag = null;
	let pinch = null;
	const change = (next) => {
		at.current.next = next;
		at.current.frame ||= requestAnimationFrame(() => {
			at.current.frame = 0;
			at.current.setView(at.current.next);
		});
	};
	const shown = () => (at.current.frame ? at.current.next : at.current.view);
	const msPer = () => (at.current.view[1] - at.current.view[0]) / at.current.width;
	const placeOf = (event) => ({ x: event.clientX - element.getBoundingClientRect().left - at.current.gutter, y: event.clientY });
	const hold = (event) => element.setPointerCapture(event.pointerId);
	return {
		wheel(event) {
			const sideways = event.shiftKey ? event.deltaY : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
			if (!event.ctrlKey && !sideways) return;
			event.preventDefault();
			const about = at.current.view[0] + placeOf(event).x * msPer();
			change(event.ctrlKey ? zoomed(shown(), at.current.whole, Math.exp(event.deltaY / 300), about) : panned(shown(), at.current.whole, sideways * msPer()));
		},
		pointerdown(event) {
			if (event.button !== 0 || fingers.size === 2) return;
			fingers.set(event.pointerId, placeOf(event));
			if (fingers.size === 1) {
				at.current.wasDrag = false;
				drag = { x: placeOf(event).x, view: shown(), moved: false };
				return;
			}
			hold(event);
			drag = null;
			pinch = { begun: [...fingers.values()], view: shown() };
		},
		pointermove(event) {
			if (!fingers.has(event.pointerId)) return;
			fingers.set(event.pointerId, placeOf(event));
			const { whole, width } = at.current;
			if (pinch) return change(pinched(pinch.view, whole, width, pinch.begun, [...fingers.values()]));
			const by = placeOf(event).x - drag.x;
			if (!drag.moved && Math.abs(by) < DRAG_POINTS) return;
			if (!drag.moved) hold(event);
			drag.moved = true;
			change(panned(drag.view, whole, -by * msPer()));
		},
		pointerup(event) {
			if (!fingers.delete(event.pointerId)) return;
			at.current.wasDrag = Boolean(pinch || drag?.moved);
			pinch = null;
			// The finger that stays goes on dragging from where it is.
			const [left] = fingers.values();
			drag = left ? { x: left.x, view: shown(), moved: true } : null;
		},
		// Two fingers are the picture's, in whichever direction they go; one that goes up or down scrolls the page.
		touchmove(event) {
			if (event.touches.length > 1 && event.cancelable) event.preventDefault();
		},
	};
}

function usePointer(svg, shown) {
	const at = useRef({});
	Object.assign(at.current, shown);
	useEffect(() => {
		const element = svg.current;
		const heard = followPointers(element, at);
		const all = { ...heard, pointercancel: heard.pointerup };
		for (const [name, hear] of Object.entries(all)) element.addEventListener(name, hear, { passive: false });
		return () => {
			cancelAnimationFrame(at.current.frame);
			for (const [name, hear] of Object.entries(all)) element.removeEventListener(name, hear);
		};
	}, []);
	return at;
}

const NOTHING = { events: [], responsibility: [], windows: [], gaps: [], deadlines: [] };

export function Picture({ model, layout, lanes, width, view, whole, setView, selected, select }) {
	const svg = useRef(null);
	const language = currentLanguage();
	const gutter = width < NARROW ? GUTTER_NARROW : GUTTER_WIDE;
	const plot = width - gutter - 12;
	const scale = scaleOf(view, plot);
	const pointer = usePointer(svg, { view, whole, setView, gutter, width: plot });
	const until = Math.max(model.as_of ?? 0, model.from ?? 0);
	const latest = useRef(null);
	const pick = useCallback((group) => latest.current(group), []);
	latest.current = (group) => {
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
		<${Names} lanes=${layout.lanes} gutter=${gutter} width=${width} language=${language} />
		<svg x=${gutter} width=${plot + 12} height=${layout.height}>
			<${Axis} view=${view} width=${plot} height=${layout.height} language=${language} />
			${layout.lanes.map((lane) => html`<${Lane} key=${lane.top} lane=${lane} model=${model} own=${lanes.get(lane.index) ?? NOTHING} view=${view}
				width=${plot} until=${until} selected=${selected?.lane === lane.index ? selected : null} language=${language} pick=${pick} />`)}
			${model.as_of && html`<g class="now"><path d=${`M${scale(model.as_of).toFixed(1)} 16V${layout.height}`} />
				<text x=${(scale(model.as_of) + (scale(model.as_of) > plot - 24 ? -4 : 4)).toFixed(1)} y="11"
					text-anchor=${scale(model.as_of) > plot - 24 ? "end" : "start"}>${t("timeline.as-of")}</text></g>`}
		</svg>
	</svg>`;
}
Picture.Mark = Mark;
Picture.Flag = Flag;
