import { html } from "../html.js";
import { Page, Section } from "../parts/page.js";
import { t } from "../words.js";

const known = ["timeline", "detail", "zoom"];

// Tilgængelighedserklæring: what the law on accessibility of public websites asks a site to say.
export function Accessibility() {
	return html`<${Page} title=${t("accessibility.name")} lead=${t("accessibility.lead")}>
		<div class="prose">
			<${Section} title=${t("accessibility.standard.title")}>
				<p>${t("accessibility.standard.text")}</p>
				<p>${t("accessibility.standard.how")}</p>
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
