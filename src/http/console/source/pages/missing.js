import { html } from "../html.js";
import { Page } from "../parts/page.js";
import { Link, address } from "../router.js";
import { t } from "../words.js";

export function Missing() {
	return html`<${Page} title=${t("shell.missing.title")} lead=${t("shell.missing.text")}>
		<p><${Link} to=${address("")}>${t("shell.missing.home")}<//></p>
	<//>`;
}
