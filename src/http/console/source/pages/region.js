import { html } from "../html.js";
import { Page } from "../parts/page.js";
import { t } from "../words.js";

export function Region() {
	return html`<${Page} title=${t("region.name")}><//>`;
}
