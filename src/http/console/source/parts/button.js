import { html } from "../html.js";
import { Icon } from "./icon.js";

// kind: main (one on a page or in a form), plain, quiet, danger. Busy: pressed, and not yet answered.
export function Button({ kind = "plain", icon, busy = false, type = "button", disabled, children, small, ...rest }) {
	const classes = `button button-${kind}${small ? " button-small" : ""}`;
	return html`<button type=${type} class=${classes} disabled=${disabled || busy} aria-busy=${busy || undefined} ...${rest}>
		${busy ? html`<span class="spinner" aria-hidden="true"></span>` : icon && html`<${Icon} name=${icon} />`}
		<span>${children}</span>
	</button>`;
}

export function IconButton({ icon, label, ...rest }) {
	return html`<button type="button" class="icon-button" aria-label=${label} title=${label} ...${rest}>
		<${Icon} name=${icon} />
	</button>`;
}
