import { html } from "../html.js";
import { t } from "../words.js";
import { Icon } from "./icon.js";

// Digits as people write them, with or without +45; nothing else becomes a number to be called.
function dialled(text) {
	const digits = String(text ?? "").replace(/[\s().-]/g, "");
	return /^\+?\d{3,15}$/.test(digits) ? digits : "";
}

function grouped(text) {
	const digits = dialled(text);
	return /^\d{8}$/.test(digits) ? digits.replace(/(..)(?=.)/g, "$1 ") : String(text);
}

export function Telephone({ number, name, large }) {
	const digits = dialled(number);
	if (!digits) return html`<span>${number}</span>`;
	return html`<a class=${large ? "telephone telephone-large" : "telephone"} href=${`tel:${digits}`} aria-label=${t("telephone.call", { name: name || "", number: grouped(number) })}>
		<${Icon} name="smartphone" /><span>${grouped(number)}</span></a>`;
}

// The directory's support contact is a sentence; a number in it can be called.
export function Support({ text }) {
	if (!text) return html`<small>${t("telephone.none")}</small>`;
	const found = /\+?\d[\d\s]{6,16}\d/.exec(text);
	if (!found || !dialled(found[0])) return html`<span>${text}</span>`;
	return html`<span>${text.slice(0, found.index)}<${Telephone} number=${found[0].trim()} name=${text} />${text.slice(found.index + found[0].length)}</span>`;
}
