import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../words.js";
import { IconButton } from "./button.js";

let count = 0;

// A long word of two, "hjemmet/primærsektor", breaks where it is joined.
function breakable(text) {
	return text.split("/").map((part, index) => (index ? html`/<wbr />${part}` : part));
}

// A dialog of the browser itself: it keeps the focus, Escape closes it, and the focus goes back.
export function Dialog({ title, children, actions, close }) {
	const element = useRef(null);
	const id = useRef(`dialog-${++count}`);
	useEffect(() => {
		const before = document.activeElement;
		element.current.showModal();
		return () => {
			element.current?.close();
			before?.focus?.();
		};
	}, []);
	const cancel = (event) => {
		event.preventDefault();
		close();
	};
	return html`<dialog ref=${element} aria-labelledby=${id.current} onCancel=${cancel}>
		<div class="dialog-head">
			<h2 id=${id.current}>${breakable(title)}</h2>
			<${IconButton} icon="close" label=${t("shell.close")} onClick=${close} />
		</div>
		<div class="dialog-body">${children}</div>
		${actions && html`<div class="dialog-actions">${actions}</div>`}
	</dialog>`;
}
