import { html } from "../html.js";

// columns: [{name, title, cell(row), numeric}]; on a narrow screen each row is a card whose values say
// the name of their column.
// wide: more columns than a tablet has room for.
export function Table({ caption, columns, rows, keyOf, rowClass, wide = false }) {
	return html`<div class=${wide ? "table-frame table-wide" : "table-frame"} role="region" aria-label=${caption} tabindex="0"><table>
		<caption class="visually-hidden">${caption}</caption>
		<thead><tr>${columns.map((column) => html`<th scope="col" key=${column.name} class=${column.numeric ? "numeric" : undefined}>${column.title}</th>`)}</tr></thead>
		<tbody>${rows.map((row) => html`<tr key=${keyOf(row)} class=${rowClass?.(row)}>
			${columns.map((column) => html`<td key=${column.name} data-title=${column.title} class=${column.numeric ? "numeric" : undefined}>${column.cell(row)}</td>`)}
		</tr>`)}</tbody>
	</table></div>`;
}
