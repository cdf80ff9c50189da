import { html } from "../html.js";
import { Page } from "../parts/page.js";
import { t } from "../words.js";

export function Send() {
	return html`<${Page} title=${t("send.name")}><//>`;
}
