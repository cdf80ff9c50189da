// Live or not: what is read by itself stands still when one wishes.
import { useState } from "preact/hooks";
import { html } from "../html.js";
import { t } from "../words.js";
import { Button } from "./button.js";

/** [paused, button] */
export function usePause() {
	const [paused, setPaused] = useState(false);
	const press = () => setPaused(!paused);
	return [paused, html`<${Button} icon=${paused ? "refresh" : undefined} aria-pressed=${paused} onClick=${press}>${t(paused ? "table.resume" : "table.pause")}<//>`];
}
