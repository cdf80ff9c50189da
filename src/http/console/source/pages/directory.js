// The parties of the region: who they are, whether they can be reached, and whom to call.
import { useState } from "preact/hooks";
import { get } from "../api.js";
import { near } from "../format.js";
import { html } from "../html.js";
import { Badge } from "../parts/badge.js";
import { Desks, useTurn } from "../parts/desks.js";
import { TextField } from "../parts/field.js";
import { Empty, Shown } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { Support } from "../parts/telephone.js";
import { Table } from "../parts/table.js";
import { useResource } from "../resource.js";
import { t, word } from "../words.js";

function Reach({ row, names }) {
	if (row.represented_by) return html`<${Badge} icon="persons">${t("directory.represented", { name: names.get(row.represented_by) || "–" })}<//>`;
	if (!row.has_node) return html`<${Badge} tone="warn" icon="warning">${t("directory.no-node")}<//>`;
	if (row.connected) return html`<${Badge} tone="good" icon="success">${t("directory.connected")}<//>`;
	return html`<${Badge} icon="check">${t("directory.enrolled")}<//>`;
}

// Its duty desks, and what it says itself about whom to call.
function Whom({ row }) {
	if (row.contacts.length === 0) return html`<${Support} text=${row.support} />`;
	return html`<${Desks} desks=${row.contacts} />${row.support && html`<p class="desk-support"><${Support} text=${row.support} /></p>`}`;
}

function codes(row) {
	return [row.sor && `SOR ${row.sor}`, row.gln && `GLN ${row.gln}`].filter(Boolean);
}

function fits(row, text) {
	const wanted = text.trim().toLocaleLowerCase("da");
	return [row.party_name, row.sor, row.gln, word("role", row.role)].some((value) => String(value ?? "").toLocaleLowerCase("da").includes(wanted));
}

export function Directory() {
	const [text, setText] = useState("");
	const shown = useResource((options) => get("/api/v1/directory", options), []);
	useTurn((shown.data?.parties ?? []).map((row) => row.contacts_until), shown.data?.as_of, shown.reload);
	const columns = (names) => [
		{ name: "name", title: t("directory.party"), cell: (row) => html`<b>${row.party_name}</b>` },
		{ name: "role", title: t("directory.role"), cell: (row) => word("role", row.role) },
		{ name: "support", title: t("directory.support"), cell: (row) => html`<${Whom} row=${row} />` },
		{ name: "reach", title: t("directory.reach"), cell: (row) => html`<${Reach} row=${row} names=${names} />` },
		{ name: "heard", title: t("directory.heard"), cell: (row) => (row.heard ? html`<span class="time">${near(row.heard)}</span>` : html`<small>${t("directory.never")}</small>`) },
		{ name: "codes", title: t("directory.codes"), cell: (row) => codes(row).length > 0 && html`<small class="mono">${codes(row).map((code) => html`<span class="line" key=${code}>${code}</span> `)}</small>` },
	];
	return html`<${Page} title=${t("directory.name")} lead=${t("directory.lead")}>
		<div class="narrow"><${TextField} label=${t("directory.find")} type="search" value=${text} change=${setText} autocomplete="off" /></div>
		<div class="section"><${Shown} of=${shown}>${(data) => {
			const names = new Map(data.parties.map((party) => [party.party, party.party_name]));
			const rows = data.parties.filter((row) => fits(row, text)).sort((a, b) => a.party_name.localeCompare(b.party_name, "da"));
			return rows.length === 0
				? html`<${Empty} icon="search" title=${t("directory.empty")} />`
				: html`<${Table} wide caption=${t("directory.name")} columns=${columns(names)} rows=${rows} keyOf=${(row) => row.party} />`;
		}}<//></div>
	<//>`;
}
