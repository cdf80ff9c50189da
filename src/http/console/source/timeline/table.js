// The same as the picture, as a table: what happened, was owed and was held, in order of time.
import { moment } from "../format.js";
import { html } from "../html.js";
import { Table } from "../parts/table.js";
import { t } from "../words.js";
import { rowsOf } from "./model.js";
import { bandWords, dutyWords, flagWords, gapWords, kindWords, laneName, markWords, windowWords } from "./say.js";

const WHAT = {
	event: (of) => `${of.sequence} · ${kindWords(of)} ${markWords(of)}`,
	band: bandWords,
	window: windowWords,
	deadline: (of) => `${dutyWords(of)}: ${flagWords(of)}`,
	gap: gapWords,
};

export function TimelineTable({ model }) {
	const columns = [
		{ name: "time", title: t("timeline.table.time"), cell: (row) => moment(row.time) },
		{ name: "party", title: t("timeline.table.party"), cell: (row) => laneName(model.lanes[row.lane] ?? { party: null, index: null }) },
		{ name: "what", title: t("timeline.table.kind"), cell: (row) => t(`timeline.what.${row.what}`) },
		{ name: "of", title: t("timeline.table.what"), cell: (row) => WHAT[row.what](row.of) },
	];
	const rows = rowsOf(model).map((row, index) => ({ ...row, index }));
	return html`<${Table} caption=${t("timeline.table.caption")} columns=${columns} rows=${rows} keyOf=${(row) => row.index} />`;
}
