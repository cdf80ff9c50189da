// A file that is chosen, in the words of the page: a browser's own would be in the browser's language.
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../words.js";
import { Icon } from "./icon.js";

/** change hears the files that were chosen, none when somebody thought again. */
export function FileInput({ id, multiple, accept, change, ...rest }) {
	const [names, setNames] = useState("");
	const heard = (event) => {
		const files = [...event.currentTarget.files];
		setNames(files.map((file) => file.name).join(", "));
		change(files);
	};
	return html`<span class="file-input"><label class="button button-plain" for=${id}><${Icon} name="upload" /><span>${t(multiple ? "shell.files.choose" : "shell.file.choose")}</span></label>
		<span class="file-names" aria-hidden="true">${names || t("shell.file.none")}</span>
		<input type="file" class="visually-hidden" id=${id} multiple=${multiple} accept=${accept} onChange=${heard} ...${rest} /></span>`;
}
