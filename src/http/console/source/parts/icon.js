import { html } from "../html.js";

// An icon of dkfds. Beside a text it says nothing to a screen reader; alone it has a label.
export function Icon({ name, label }) {
	return html`<svg class="icon" role=${label ? "img" : undefined} aria-label=${label}
		aria-hidden=${label ? undefined : "true"} focusable="false">
		<use href=${`/console/assets/icons.svg#${name}`}></use></svg>`;
}

// The baton on its way: Stafet's mark.
export function Mark() {
	return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
		<rect x="1" y="1" width="30" height="30" rx="7" class="mark-ground" />
		<path d="M8.5 23.5 L23.5 8.5" class="mark-baton" />
		<path d="M13.3 18.7 L18.7 13.3" class="mark-band" />
	</svg>`;
}
