// The parties of the region, for who chooses one; read once for a page.
import { get } from "../api.js";
import { html } from "../html.js";
import { useResource } from "../resource.js";
import { t, word } from "../words.js";
import { SelectField } from "./field.js";

export function useParties() {
	const shown = useResource(({ signal }) => get("/api/v1/directory", { signal }), []);
	return shown.data?.parties ?? [];
}

export function PartyField({ label, hint, roles, value, change, none, without, error }) {
	const parties = useParties()
		.filter((party) => roles.includes(party.role) && party.party !== without)
		.sort((a, b) => a.party_name.localeCompare(b.party_name, "da"));
	const choices = [
		{ value: "", text: none || t("answer.choose") },
		...parties.map((party) => ({ value: party.party, text: `${party.party_name} (${word("role", party.role)})` })),
	];
	return html`<${SelectField} label=${label} hint=${hint} value=${value} change=${change} choices=${choices} error=${error} />`;
}
