// Who rings says a CPR number: the citizen's courses at this party. The number goes in a body, stands in no
// address, and is forgotten with the form; that somebody looked is written down, found or not.
import { useState } from "preact/hooks";
import { post } from "../api.js";
import { digitsOf, isCpr, near } from "../format.js";
import { html } from "../html.js";
import { useAction } from "../resource.js";
import { Link, address } from "../router.js";
import { t, word } from "../words.js";
import { Badge } from "./badge.js";
import { Button } from "./button.js";
import { TextField } from "./field.js";
import { Icon } from "./icon.js";
import { ProblemNotice } from "./notice.js";
import { Patient } from "./patient.js";

const CARE = { "Stafet-Purpose": "care" };

// rows of the API's list, each a way to that page.
export function Picks({ rows, page, reads }) {
	return html`<ul class="picks">${rows.map((row) => html`<li key=${row.transition}><${Link} to=${address(page, row.transition)}>
		<${Patient} transition=${row.transition} may=${reads} /><span><${Badge} tone=${row.state === "closed" ? "plain" : "blue"}>${word("state", row.state)}<//> <small>${row.hospital_name || "–"} → ${row.municipality_name || "–"} · ${near(row.changed)}</small></span><${Icon} name="chevron-right" /><//></li>`)}</ul>`;
}

export function FindCitizen({ page }) {
	const [cpr, setCpr] = useState("");
	const [wrong, setWrong] = useState("");
	const action = useAction(() => post("/api/v1/transitions/find", { cpr: digitsOf(cpr) }, { headers: CARE }));
	// What was found is of the number that was asked for, and of no other.
	const write = (next) => {
		setCpr(next);
		setWrong("");
		action.clear();
	};
	const submit = (event) => {
		event.preventDefault();
		const bad = isCpr(digitsOf(cpr)) ? "" : t("stay.fault.cpr");
		setWrong(bad);
		if (!bad) action.run();
	};
	const found = action.done?.transitions;
	return html`<form class="find" onSubmit=${submit} noValidate role="search">
		<div class="find-line"><${TextField} label=${t("find.label")} error=${wrong} value=${cpr} change=${write} readonly=${action.busy} inputmode="numeric" autocomplete="off" maxlength="14" />
			<${Button} type="submit" icon="search" busy=${action.busy}>${t("find.go")}<//></div>
		${action.problem && html`<${ProblemNotice} problem=${action.problem} />`}
		<div aria-live="polite">${found && (found.length ? html`<${Picks} rows=${found} page=${page} reads=${true} />` : html`<p class="lead">${t("find.none")}</p>`)}</div>
	</form>`;
}
