import { html } from "../html.js";
import { t } from "../words.js";
import { Button } from "./button.js";
import { Icon } from "./icon.js";

const icons = { info: "info", good: "success", warn: "warning", bad: "error" };

// kind: info, good, warn, bad. What changes while somebody reads is announced.
export function Notice({ kind = "info", title, children, live = false }) {
	return html`<div class=${`notice notice-${kind}`} role=${live ? (kind === "bad" ? "alert" : "status") : undefined}>
		<${Icon} name=${icons[kind]} />
		<div class="notice-text">
			${title && html`<p class="notice-title">${title}</p>`}
			${children}
		</div>
	</div>`;
}

export function Loading() {
	return html`<p class="loading" role="status"><span class="spinner" aria-hidden="true"></span>${t("shell.loading")}</p>`;
}

function titleOf(problem) {
	if (problem.offline) return t("problem.offline");
	const known = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503, 507];
	if (known.includes(problem.status)) return t(`problem.${problem.status}`);
	return t("problem.other");
}

// What went wrong, in words, and what can be done. The daemon's own words are in English.
export function ProblemNotice({ problem, again }) {
	if (!problem) return null;
	return html`<${Notice} kind="bad" title=${titleOf(problem)} live=${true}>
		${problem.detail && html`<p lang="en">${problem.detail}</p>`}
		${again && html`<p><${Button} kind="quiet" icon="refresh" onClick=${again}>${t("shell.again")}<//></p>`}
	<//>`;
}

export function Empty({ icon = "check", title, children }) {
	return html`<div class="empty">
		<${Icon} name=${icon} />
		<p class="empty-title">${title}</p>
		${children}
	</div>`;
}

// Waits, complains or shows: what every reading of the daemon comes to.
export function Shown({ of, children }) {
	if (of.data === undefined)
		return of.problem ? html`<${ProblemNotice} problem=${of.problem} again=${of.reload} />` : html`<${Loading} />`;
	return html`${of.problem && html`<${ProblemNotice} problem=${of.problem} again=${of.reload} />`}${children(of.data)}`;
}
