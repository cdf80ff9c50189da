import { html } from "../html.js";
import { Icon } from "./icon.js";

// A word with a colour and, since colour alone says nothing, an icon or a form of its own.
// tone: plain, blue, good, warn, bad.
export function Badge({ tone = "plain", icon, children }) {
	return html`<span class=${`badge badge-${tone}`}>${icon && html`<${Icon} name=${icon} />`}<span>${children}</span></span>`;
}
