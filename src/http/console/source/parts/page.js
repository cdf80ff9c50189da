import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";

// One page: its heading is where a screen reader and the keyboard begin after a change of page.
// tab: what the browser shows and remembers of it, where the title is a name of somebody.
export function Page({ title, tab, lead, actions, children, wide = false }) {
	const heading = useRef(null);
	useEffect(() => {
		document.title = `${tab || title} · Stafet`;
	}, [tab, title]);
	useEffect(() => {
		if (document.body.dataset.began) heading.current?.focus({ preventScroll: true });
		document.body.dataset.began = "1";
		window.scrollTo(0, 0);
	}, []);
	return html`<div class=${wide ? "page page-wide" : "page"}>
		<div class="page-head">
			<div>
				<h1 tabindex="-1" ref=${heading}>${title}</h1>
				${lead && html`<div class="lead">${lead}</div>`}
			</div>
			${actions && html`<div class="page-actions">${actions}</div>`}
		</div>
		${children}
	</div>`;
}

export function Section({ title, aside, children, id }) {
	return html`<section class="section" aria-labelledby=${id && `${id}-title`} id=${id}>
		<div class="section-head">
			<h2 id=${id && `${id}-title`}>${title}</h2>
			${aside}
		</div>
		${children}
	</section>`;
}

export function Hidden({ children }) {
	return html`<span class="visually-hidden">${children}</span>`;
}

