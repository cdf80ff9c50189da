// Fields of forms: each with its name above it, what helps below it, what is wrong said with it.
import { useRef, useState } from "preact/hooks";
import { moment, readMoment, twice, week, weekday } from "../format.js";
import { html } from "../html.js";
import { t } from "../words.js";
import { Icon } from "./icon.js";

let count = 0;
function useId() {
	const id = useRef(null);
	if (!id.current) id.current = `field-${++count}`;
	return id.current;
}

function Shell({ id, label, hint, error, optional, children }) {
	return html`<div class=${error ? "field field-bad" : "field"}>
		<label for=${id}>${label}${optional && html` <small>${t("shell.optional")}</small>`}</label>
		${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
		${children}
		${error && html`<p class="field-error" id=${`${id}-error`}><${Icon} name="error" />${error}</p>`}
	</div>`;
}

function described(id, { hint, error }) {
	return [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
}

export function TextField({ value, change, lines = 0, type = "text", ...about }) {
	const id = useId();
	const { label, hint, error, optional, ...rest } = about;
	const common = {
		id,
		value,
		onInput: (event) => change(event.currentTarget.value),
		"aria-describedby": described(id, about),
		"aria-invalid": error ? "true" : undefined,
		...rest,
	};
	return html`<${Shell} id=${id} label=${label} hint=${hint} error=${error} optional=${optional}>
		${lines ? html`<textarea rows=${lines} ...${common}></textarea>` : html`<input type=${type} ...${common} />`}
	<//>`;
}

// value and what change hears are times as the API writes them, or null. Written as they are written in
// Denmark, whatever the browser's own language is; what cannot be read is said when the field is left, and of a
// time that the clock shows twice which one it is.
export function TimeField({ value, change, ...about }) {
	const id = useId();
	const { label, hint, error, optional, ...rest } = about;
	const [text, setText] = useState(value ? moment(value) : "");
	const [left, setLeft] = useState(false);
	const bad = error || (left && text.trim() && !value ? t("shell.time.bad") : "");
	const write = (event) => {
		const next = event.currentTarget.value;
		setText(next);
		change(readMoment(next));
	};
	const leave = () => {
		setLeft(true);
		if (value) setText(moment(value));
	};
	const which = value && twice(value) ? `, ${t(`shell.time.${twice(value)}`)}` : "";
	return html`<${Shell} id=${id} label=${label} hint=${hint || t("shell.time.form")} error=${bad} optional=${optional}>
		<span class="time-field"><input type="text" inputmode="numeric" autocomplete="off" id=${id} value=${text} onInput=${write} onBlur=${leave}
			aria-describedby=${described(id, { hint: true, error: bad })} aria-invalid=${bad ? "true" : undefined} ...${rest} />
			<small aria-live="polite">${value ? `${weekday(value, "long")}, ${t("transition.week", { week: week(value) })}${which}` : ""}</small></span>
	<//>`;
}

// choices: [{value, text}].
export function SelectField({ value, change, choices, ...about }) {
	const id = useId();
	const { label, hint, error, optional, ...rest } = about;
	return html`<${Shell} id=${id} label=${label} hint=${hint} error=${error} optional=${optional}>
		<select id=${id} value=${value} onChange=${(event) => change(event.currentTarget.value)}
			aria-describedby=${described(id, about)} aria-invalid=${error ? "true" : undefined} ...${rest}>
			${choices.map((each) => html`<option key=${each.value} value=${each.value}>${each.text}</option>`)}
		</select>
	<//>`;
}

// One of a few, all of them seen; choices: [{value, text, hint}].
export function ChoiceField({ label, value, change, choices, error }) {
	const id = useId();
	return html`<fieldset class="choices" aria-describedby=${error ? `${id}-error` : undefined}>
		<legend>${label}</legend>
		${choices.map((each) => html`<label key=${each.value} class=${each.value === value ? "choice chosen" : "choice"}>
			<input type="radio" name=${id} value=${each.value} checked=${each.value === value}
				onChange=${() => change(each.value)} />
			<span><b>${each.text}</b>${each.hint && html`<small>${each.hint}</small>`}</span>
		</label>`)}
		${error && html`<p class="field-error" id=${`${id}-error`}><${Icon} name="error" />${error}</p>`}
	</fieldset>`;
}

export function CheckField({ label, checked, change }) {
	return html`<label class="check"><input type="checkbox" checked=${checked}
		onChange=${(event) => change(event.currentTarget.checked)} /><span>${label}</span></label>`;
}
