import { useState } from "preact/hooks";
import { html } from "../html.js";
import { Button } from "../parts/button.js";
import { TextField } from "../parts/field.js";
import { Mark } from "../parts/icon.js";
import { Notice, ProblemNotice } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { useAction } from "../resource.js";
import { readSession, signIn } from "../session.js";
import { t } from "../words.js";

function Refusal({ problem }) {
	if (!problem) return null;
	// The cookie is still good: whoever opens the page next is in.
	if (problem.stays) return html`<${Notice} kind="bad" title=${t("signin.not-out")} live=${true} />`;
	if (problem.ended) return html`<${Notice} title=${t("problem.401")} live=${true}><p>${t("signin.ended.text")}</p><//>`;
	if (problem.status === 401)
		return html`<${Notice} kind="bad" title=${t("signin.refused.title")} live=${true}><p>${t("signin.refused.text")}</p><//>`;
	if (problem.status === 429)
		return html`<${Notice} kind="warn" title=${t("signin.throttled.title")} live=${true}><p>${t("signin.throttled.text")}</p><//>`;
	return html`<${ProblemNotice} problem=${problem} />`;
}

// Who is named by an organisation's own sign-in comes in by it, and is let go there, not here.
function Elsewhere({ problem, entered }) {
	const action = useAction(async () => entered(await readSession()));
	const shown = action.problem?.status === 401 ? null : action.problem || problem;
	return html`<div class="signin">
		<div class="signin-mark"><${Mark} /></div>
		<${Page} title=${t("signin.elsewhere.title")} lead=${t("signin.elsewhere.text")}>
			<${ProblemNotice} problem=${shown} />
			<${Button} kind="main" busy=${action.busy} onClick=${action.run}>${t("signin.elsewhere.again")}<//>
		<//>
	</div>`;
}

export function SignIn({ problem, elsewhere, entered }) {
	return elsewhere ? html`<${Elsewhere} problem=${problem} entered=${entered} />` : html`<${ByPassword} problem=${problem} entered=${entered} />`;
}

function ByPassword({ problem, entered }) {
	const [user, setUser] = useState("");
	const [password, setPassword] = useState("");
	const action = useAction(async () => entered(await signIn({ user, password })));
	const submit = (event) => {
		event.preventDefault();
		action.run();
	};
	return html`<div class="signin">
		<div class="signin-mark"><${Mark} /></div>
		<${Page} title=${t("signin.title")} lead=${t("signin.lead")}>
			<${Refusal} problem=${action.problem || problem} />
			<form onSubmit=${submit}>
				<${TextField} label=${t("signin.user")} value=${user} change=${setUser} name="username"
					autocomplete="username" autocapitalize="none" spellcheck=${false} required />
				<${TextField} label=${t("signin.password")} type="password" value=${password} change=${setPassword}
					name="password" autocomplete="current-password" required />
				<${Button} kind="main" type="submit" busy=${action.busy}>${t("signin.enter")}<//>
			</form>
		<//>
	</div>`;
}
