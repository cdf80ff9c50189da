import { html } from "../html.js";
import { Page } from "../parts/page.js";
import { Link, address } from "../router.js";
import { t } from "../words.js";

// It is there, and not for who asks: said, rather than asked of the daemon and refused.
export function Refused({ session }) {
	const roles = session.roles.map((role) => t(`role.${role}`)).join(", ");
	return html`<${Page} title=${t("shell.refused.title")} lead=${roles ? t("shell.refused.text", { roles }) : t("shell.refused.none")} />`;
}

export function Missing() {
	return html`<${Page} title=${t("shell.missing.title")} lead=${t("shell.missing.text")}>
		<p><${Link} to=${address("")}>${t("shell.missing.home")}<//></p>
	<//>`;
}
