// What is around every page: who one is and where, the menu, whether it is live, the way out.
import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { liveState, watchLive } from "../live.js";
import { pagesFor } from "../pages.js";
import { Link, address, usePlace } from "../router.js";
import { idleLeft, renew, renewIfActive, signOut, wasActive } from "../session.js";
import { t } from "../words.js";
import { Button } from "./button.js";
import { Dialog } from "./dialog.js";
import { Icon, Mark } from "./icon.js";
import { Notice } from "./notice.js";

const WARN_MS = 120_000;
const LOOK_MS = 5000;

function Live() {
	const [state, setState] = useState(liveState());
	useEffect(() => watchLive(setState), []);
	if (state === "off") return null;
	const icons = { opening: "sync", live: "success", lost: "warning" };
	return html`<span class=${`live live-${state}`} role="status">
		<${Icon} name=${icons[state]} /><span>${t(`shell.live.${state}`)}</span>
	</span>`;
}

function Languages({ language, choose }) {
	const names = { da: "Dansk", en: "English" };
	const other = language === "da" ? "en" : "da";
	return html`<button type="button" class="language" lang=${other} onClick=${() => choose(other)}>
		<${Icon} name="language" /><span>${names[other]}</span>
	</button>`;
}

function Menu({ session }) {
	const here = usePlace();
	const pages = pagesFor(session).filter((page) => !page.hidden);
	return html`<nav class="menu" aria-label=${t("shell.menu")}>
		<ul>${pages.map((page) => html`<li key=${page.path}>
			<${Link} to=${address(page.path)} aria-current=${here.page === page.path ? "page" : undefined}>
				<${Icon} name=${page.icon} /><span>${t(`${page.path}.name`)}</span>
			<//>
		</li>`)}</ul>
	</nav>`;
}

// The daemon ends a session that nobody uses; who is still here hears it before.
function IdleWarning({ session, entered, left }) {
	const [leftMs, setLeftMs] = useState(Infinity);
	useEffect(() => {
		const heard = () => wasActive();
		const kinds = ["pointerdown", "keydown"];
		for (const kind of kinds) addEventListener(kind, heard, { passive: true });
		const timer = setInterval(() => {
			const ms = idleLeft(session);
			if (ms <= 0) {
				// At the daemon too, where a last reading may keep it open for a moment longer.
				signOut().catch(() => {});
				left({ status: 401 });
			} else if (ms > WARN_MS) Promise.resolve(renewIfActive()).catch(() => {});
			setLeftMs(ms);
		}, LOOK_MS);
		return () => {
			clearInterval(timer);
			for (const kind of kinds) removeEventListener(kind, heard);
		};
	}, [session]);
	if (leftMs > WARN_MS) return null;
	const stay = async () => {
		setLeftMs(Infinity);
		try {
			entered(await renew());
		} catch (problem) {
			left(problem);
		}
	};
	return html`<${Dialog} title=${t("shell.idle.title")} close=${stay}
		actions=${html`<${Button} kind="main" autofocus=${true} onClick=${stay}>${t("shell.idle.stay")}<//>`}>
		<p>${t("shell.idle.text", { seconds: Math.max(0, Math.round(leftMs / 1000)) })}</p>
	<//>`;
}

function Person({ session, left }) {
	const out = async () => {
		try {
			await signOut();
			left(null);
		} catch (problem) {
			left(problem.status === 401 ? null : Object.assign(problem, { stays: true }));
		}
	};
	const roles = session.roles.map((role) => t(`role.${role}`)).join(", ");
	return html`<div class="person">
		<span class="person-name"><${Icon} name="account" /><span><b>${session.name || session.user}</b> <small>${roles}</small></span></span>
		<button type="button" class="sign-out" onClick=${out}>${t("shell.sign-out")}</button>
	</div>`;
}

function placeName(session) {
	if (session?.daemon === "coordinator") return t("shell.coordinator");
	return session?.party?.name || "";
}

export function Frame({ session, reachable, language, choose, entered, left, children }) {
	return html`<a class="skip" href="#main">${t("shell.skip")}</a>
		<header class="top">
			<div class="top-row">
				<a class="brand" href="/console/"><${Mark} /><span>Stafet</span></a>
				${session && html`<span class="top-place">${placeName(session)}</span>`}
				<div class="top-right">
					<${Live} />
					<${Languages} language=${language} choose=${choose} />
					${session && html`<${Person} session=${session} left=${left} />`}
				</div>
			</div>
			${session && html`<${Menu} session=${session} />`}
		</header>
		${!reachable && html`<div class="away"><${Notice} kind="warn" title=${t("shell.away.title")} live=${true}><p>${t("shell.away.text")}</p><//></div>`}
		<main id="main" tabindex="-1">${children}</main>
		<footer class="foot">
			<span>${t("shell.foot")}</span>
			${session && html`<${Link} to=${address("accessibility")}>${t("accessibility.name")}<//>`}
		</footer>
		${session && html`<${IdleWarning} session=${session} entered=${entered} left=${left} />`}`;
}
