import { date } from "../format.js";
import { html } from "../html.js";
import { Page, Section } from "../parts/page.js";
import { t } from "../words.js";

const REVIEWED = "2026-11-23T12:00:00Z";
const known = ["timeline", "detail", "zoom"];

// Tilgængelighedserklæring: what the law on accessibility of public websites asks a site to say.
export function Accessibility() {
	return html`<${Page} title=${t("accessibility.name")} lead=${t("accessibility.lead")}>
		<div class="prose">
			<${Section} title=${t("accessibility.standard.title")}>
				<p>${t("accessibility.status")}</p>
				<p>${t("accessibility.standard.text")}</p>
				<p>${t("accessibility.standard.how")} ${t("accessibility.reviewed", { date: date(REVIEWED) })}</p>
			<//>
			<${Section} title=${t("accessibility.known.title")}>
				<ul>${known.map((each) => html`<li key=${each}>${t(`accessibility.known.${each}`)}</li>`)}</ul>
			<//>
			<${Section} title=${t("accessibility.contact.title")}>
				<p>${t("accessibility.contact.text")}</p>
			<//>
		</div>
	<//>`;
}
