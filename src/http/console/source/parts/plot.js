// A plot over months (uPlot draws on a canvas; the table beside it says the same in words).
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { number, parts } from "../format.js";
import { html } from "../html.js";

// Lines differ by their dashes as well as by their colour.
const LINES = [
	["#004d99", []], ["#8a4a00", [8, 4]], ["#2b6a00", [2, 3]], ["#54278f", [10, 3, 2, 3]],
	["#b30000", [5, 2]], ["#4a5560", [1, 3]], ["#006d77", [12, 5]], ["#7a5200", [3, 6]],
];
export const LINES_MAX = LINES.length;
const HEIGHT = 150;

function month(seconds) {
	const at = parts(seconds * 1000);
	return at.month === "01" ? `${at.month}.${at.year}` : at.month;
}

/** times: seconds, ascending; groups: [{name, values}], null where there is no figure. */
export function Plot({ times, groups, label }) {
	const frame = useRef(null);
	useEffect(() => {
		const font = "11px system-ui, sans-serif";
		const axis = { font, stroke: "#454545", grid: { stroke: "#ececec", width: 1 }, ticks: { stroke: "#cccccc", width: 1, size: 4 } };
		const make = (width) => new uPlot({
			width, height: HEIGHT, legend: { show: false }, cursor: { show: false }, padding: [8, 8, 0, 0],
			scales: { x: { time: false }, y: { range: (_, least, most) => [Math.min(0, least ?? 0), most > 0 ? most * 1.1 : 1] } },
			axes: [{ ...axis, size: 26, values: (_, splits) => splits.map(month), splits: () => times.filter((_, at) => times.length <= 6 || at % 3 === (times.length - 1) % 3) },
				{ ...axis, size: 52, values: (_, splits) => splits.map((value) => number(value, Number.isInteger(value) ? 0 : 1)) }],
			series: [{}, ...groups.map((group, at) => ({ label: group.name, stroke: LINES[at][0], dash: LINES[at][1], width: 2, points: { show: true, size: 5, fill: LINES[at][0] } }))],
		}, [times, ...groups.map((group) => group.values)], frame.current);
		let plot = make(Math.max(160, frame.current.clientWidth));
		const watch = new ResizeObserver(([entry]) => plot.setSize({ width: Math.max(160, Math.floor(entry.contentRect.width)), height: HEIGHT }));
		watch.observe(frame.current);
		return () => {
			watch.disconnect();
			plot.destroy();
			plot = null;
		};
	}, [times, groups]);
	return html`<div class="figure-plot" ref=${frame} role="img" aria-label=${label}></div>`;
}

/** The same dashes, beside a name. */
export function Sample({ at }) {
	return html`<svg class="figure-sample" viewBox="0 0 28 8" width="28" height="8" aria-hidden="true" focusable="false">
		<path d="M0 4H28" stroke=${LINES[at][0]} stroke-width="2.4" stroke-dasharray=${LINES[at][1].join(" ") || undefined} /></svg>`;
}
