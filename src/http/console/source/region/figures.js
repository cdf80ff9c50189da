// Months of figures as series over time, and as a file. No drawing here.

/** Months that end with the one of now, oldest first: [{from, to}] in milliseconds of Danish midnights. */
export function months(now, count, momentOf, wall) {
	const shown = new Date(wall(now));
	const list = [];
	for (let back = count - 1; back >= 0; back--) {
		const first = Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth() - back, 1);
		const next = Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth() - back + 1, 1);
		list.push({ from: momentOf(first), to: momentOf(next) });
	}
	return list;
}

/** What a cell says: {number} to draw, null for none; small: suppressed; missing: not to be had. */
export function cellOf(figure) {
	if (!figure) return { value: null, text: "", small: false, missing: true };
	if (figure.small || !/^-?\d/.test(figure.value)) return { value: null, text: figure.value, small: figure.small, missing: false };
	return { value: Number(figure.value), text: figure.value, small: false, missing: false };
}

/**
 * By indicator: {indicator, unit, groups: [{key, name, cells}]} with a cell for each month; of two parties with
 * one name the key tells which. answers: what GET /api/v1/indicators gave for each month, null where it was
 * refused.
 */
export function seriesOf(answers) {
	const order = [];
	const table = new Map();
	answers.forEach((answer, month) => {
		for (const group of answer?.groups ?? [])
			for (const figure of group.figures) {
				if (!table.has(figure.indicator)) {
					order.push(figure.indicator);
					table.set(figure.indicator, { unit: figure.unit, definition: figure.definition, groups: new Map() });
				}
				const groups = table.get(figure.indicator).groups;
				const key = group.party ?? group.name;
				if (!groups.has(key)) groups.set(key, { key, name: group.name, cells: Array.from(answers, () => cellOf(null)) });
				groups.get(key).cells[month] = cellOf(figure);
			}
	});
	return order.map((indicator) => {
		const { unit, definition, groups } = table.get(indicator);
		return { indicator, unit, definition, groups: [...groups.values()] };
	});
}

/** RFC 4180, with a semicolon and decimal comma where the language has them, so that a spreadsheet reads it. */
export function csvOf(series, months, { danish, nameOf, monthOf }) {
	const separator = danish ? ";" : ",";
	const quoted = (text) => (/["\n\r]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text);
	// What a spreadsheet would take for a formula is text, as in `stafet indicators --csv`.
	const plain = (text) => quoted(/^[=+\-@\t]/.test(text) ? `'${text}` : text);
	const number = (cell) => (cell.value === null ? (cell.small ? cell.text : "") : danish ? cell.text.replace(".", ",") : cell.text);
	const lines = [["indicator", "name", "unit", "group", ...months.map(monthOf)].map(plain)];
	for (const { indicator, unit, groups } of series)
		for (const { name, cells } of groups)
			lines.push([...[indicator, nameOf(indicator), unit, name].map(plain), ...cells.map(number).map(quoted)]);
	return lines.map((line) => line.join(separator)).join("\r\n") + "\r\n";
}
