import { duration, moment } from "../format.js";
import { html } from "../html.js";
import { useNow } from "../resource.js";
import { t } from "../words.js";
import { Icon } from "./icon.js";

const SOON_MS = 2 * 60 * 60 * 1000;

// "om 3 t 12 min", "12 min over tiden". The exact time is in its title and beside it where it matters.
export function Countdown({ until }) {
	const now = useNow();
	if (!until) return null;
	const ms = Date.parse(until) - now;
	const tone = ms < 0 ? "over" : ms < SOON_MS ? "soon" : "later";
	return html`<span class=${`countdown countdown-${tone}`} title=${moment(until)}>
		<${Icon} name=${ms < 0 ? "warning" : "time"} />
		${ms < 0 ? t("shell.over", { time: duration(ms) }) : t("shell.left", { time: duration(ms) })}
	</span>`;
}
