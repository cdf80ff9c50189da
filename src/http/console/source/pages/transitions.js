// All transitions that this party takes part in.
import { useState } from "preact/hooks";
import { get, query } from "../api.js";
import { near } from "../format.js";
import { html } from "../html.js";
import { Badge } from "../parts/badge.js";
import { Button } from "../parts/button.js";
import { CheckField } from "../parts/field.js";
import { FindCitizen } from "../parts/find.js";
import { Empty, ProblemNotice, Shown } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { Patient } from "../parts/patient.js";
import { Table } from "../parts/table.js";
import { useResource } from "../resource.js";
import { Link, address, search, usePlace } from "../router.js";
import { may } from "../session.js";
import { t, word } from "../words.js";

const PAGE = 50;

// "pleje, medicin: Nordby Kommune" for each holder, those with more domains first.
function holdersText(row) {
	const by = new Map();
	for (const holder of row.holders) by.set(holder.party_name, [...(by.get(holder.party_name) || []), word("domain", holder.domain)]);
	return [...by].sort((a, b) => b[1].length - a[1].length);
}

const columns = (reads) => [
	{ name: "who", title: t("transitions.who"), cell: (row) => html`<${Link} to=${address("transition", row.transition)}><${Patient} transition=${row.transition} may=${reads} /><//>` },
	{ name: "state", title: t("transitions.state"), cell: (row) => html`<${Badge} tone=${row.frozen ? "bad" : row.state === "closed" ? "plain" : "blue"}>${word("state", row.state)}<//>` },
	{ name: "holders", title: t("transitions.holders"), cell: (row) => html`<ul class="holders">${holdersText(row).map(([name, domains]) => html`<li key=${name}><b>${name}</b> <small>${domains.join(", ")}</small></li>`)}</ul>` },
	{ name: "parties", title: t("transitions.parties"), cell: (row) => html`<span><span class="line">${row.hospital_name || "–"}</span> <span class="line">→ ${row.municipality_name || "–"}</span></span>` },
	{ name: "changed", title: t("transitions.changed"), cell: (row) => html`<span class="time">${near(row.changed)}</span>` },
];

export function Transitions({ session }) {
	const place = usePlace();
	const reads = may(session, "clerk", "clinician");
	const open = place.search.get("all") !== "1";
	const [more, setMore] = useState({ rows: [], next: undefined, problem: null });
	const shown = useResource((options) => {
		setMore({ rows: [], next: undefined, problem: null });
		return get(query("/api/v1/transitions", { open: String(open), _count: PAGE }), options);
	}, [open], { concerns: (event) => Boolean(event.data?.transition) });
	const next = more.next === undefined ? shown.data?.next : more.next;
	const goOn = async () => {
		try {
			const page = await get(query("/api/v1/transitions", { open: String(open), _count: PAGE, after: next }));
			setMore({ rows: [...more.rows, ...page.transitions], next: page.next, problem: null });
		} catch (problem) {
			setMore({ ...more, problem });
		}
	};
	return html`<${Page} title=${t("transitions.name")} lead=${t("transitions.lead")}
		actions=${html`<${CheckField} label=${t("transitions.closed")} checked=${!open} change=${(on) => search({ all: on ? "1" : "" })} />`}>
		${reads && html`<${FindCitizen} page="transition" />`}
		<${Shown} of=${shown}>${(data) => data.transitions.length + more.rows.length === 0 && !next
			? html`<${Empty} icon="list-bulleted" title=${t("transitions.empty")} />`
			: html`<${Table} wide caption=${t("transitions.name")} columns=${columns(reads)} rows=${[...data.transitions, ...more.rows]} keyOf=${(row) => row.transition} />`}<//>
		<${ProblemNotice} problem=${more.problem} />
		${next && html`<div class="form-actions"><${Button} onClick=${goOn}>${t("transitions.more")}<//></div>`}
	<//>`;
}
