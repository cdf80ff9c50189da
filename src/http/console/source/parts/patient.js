// Whose transition it is. Each reading is a row of the daemon's access log, so what was read is kept for
// as long as the page stands, in memory alone; the whole number is read only when somebody asks for it.
import { useEffect, useState } from "preact/hooks";
import { get } from "../api.js";
import { maskCpr, showCpr } from "../format.js";
import { html } from "../html.js";
import { t } from "../words.js";
import { IconButton } from "./button.js";
import { Hidden } from "./page.js";

const CARE = { "Stafet-Purpose": "care" };
const known = new Map();

function read(transition) {
	if (!known.has(transition)) {
		const asked = get(`/api/v1/transitions/${transition}/patient`, { headers: CARE, background: true });
		known.set(transition, asked);
		asked.catch(() => known.delete(transition));
	}
	return known.get(transition);
}

export function forgetPatients() {
	known.clear();
}

export function usePatient(transition, may) {
	const [patient, setPatient] = useState(null);
	useEffect(() => {
		let here = true;
		setPatient(null);
		if (may && transition)
			read(transition).then(
				(found) => here && setPatient(found),
				() => here && setPatient({ name: "", cpr: "" }),
			);
		return () => {
			here = false;
		};
	}, [transition, may]);
	return patient;
}

// "251248-••••"; the eye reads the whole number, once, and says so.
export function Cpr({ transition, cpr }) {
	const [whole, setWhole] = useState("");
	if (!cpr) return null;
	const reveal = async () => {
		if (whole) return setWhole("");
		const found = await get(`/api/v1/transitions/${transition}/patient?reveal=true`, { headers: CARE });
		return setWhole(found.cpr);
	};
	return html`<span class="cpr"><span class="mono">${whole ? showCpr(whole) : maskCpr(`${cpr.slice(0, 6)}0000`)}</span>
		<${IconButton} icon=${whole ? "visibility-off" : "visibility"} label=${t(whole ? "patient.hide" : "patient.reveal")}
			onClick=${() => reveal().catch(() => {})} /></span>`;
}

// One line: the name, and the birthday. For who may not read names, the transition's number.
export function Patient({ transition, may }) {
	const patient = usePatient(transition, may);
	if (!may) return html`<span class="mono">${transition.slice(0, 8)}</span>`;
	// Inside a link, which has a name also while the citizen's is being read.
	if (!patient) return html`<span class="patient-waits"><${Hidden}>${t("shell.loading")}<//></span>`;
	if (!patient.name) return html`<span class="patient">${t("patient.unknown")}</span>`;
	return html`<span class="patient"><bdi>${patient.name}</bdi> <span class="patient-day mono">${maskCpr(`${patient.cpr.slice(0, 6)}0000`)}</span></span>`;
}
