// My table: everything that needs a human now, most urgent first, with the answer one click away.
import { useState } from "preact/hooks";
import { get } from "../api.js";
import { near, number } from "../format.js";
import { html } from "../html.js";
import { Answers } from "../parts/answer.js";
import { Badge } from "../parts/badge.js";
import { foldAlarms, isMine, keyOf } from "../parts/board_rows.js";
import { Countdown } from "../parts/countdown.js";
import { Icon } from "../parts/icon.js";
import { citation, nextTitle } from "../parts/next.js";
import { Empty, Shown } from "../parts/notice.js";
import { Page } from "../parts/page.js";
import { Patient } from "../parts/patient.js";
import { usePause } from "../parts/pause.js";
import { useResource } from "../resource.js";
import { Link, address, search, usePlace } from "../router.js";
import { may } from "../session.js";
import { t, word } from "../words.js";

const SHOWN_MAX = 200;
const icons = { alarm: "notifications", undeliverable: "warning", "put-aside": "warning", "silent-node": "hourglass", silent: "hourglass", quarantine: "lock",
	"not-taken": "warning", difference: "error", contradiction: "error", erase: "info" };

function iconOf(row) {
	if (icons[row.what]) return icons[row.what];
	if (row.duty === "answer") return "forum";
	return { "answer-offer": "sync", "answer-plan": "calendar-month", agree: "check", obligation: "assignment" }[row.next] || "flag";
}

// What one owes is not from the other side, which waits for it.
function owed(row) {
	return row.next === "obligation" && row.duty !== "answer";
}

function Row({ row, session, mine, done }) {
	const reads = may(session, "clerk", "clinician");
	const who = html`<${Patient} transition=${row.transition} may=${reads} />`;
	const tone = row.overdue ? "over" : row.what === "alarm" ? "alarm" : "calm";
	const clause = citation(row);
	return html`<li class=${`task task-${tone}`}>
		<div class="task-what">
			<h3><${Icon} name=${iconOf(row)} />${nextTitle(row)}</h3>
			<p class="task-who">
				${row.transition && (reads ? html`<${Link} to=${address("transition", row.transition)}>${who}<//>` : who)}
				${row.transition && html`<${Badge}>${word("state", row.state)}<//>`}
			</p>
			<p class="task-more">${[mine ? row.peer_name && t(owed(row) ? "table.awaited-by" : "table.from", { name: row.peer_name }) : t("table.awaits", { name: row.party_name || word("role", row.role) }), clause, row.promised && t("next.promised", { time: near(row.promised) })].filter(Boolean).join(" · ")}</p>
		</div>
		<div class="task-when">
			${row.before ? html`<${Countdown} until=${row.before} /><small>${near(row.before)}</small>` : html`<small>${t("table.soon")}</small>`}
			${row.level > 0 && html`<${Badge} tone="warn" icon="arrow-forward">${t("table.level", { level: row.level })}<//>`}
		</div>
		${mine && html`<${Answers} row=${row} session=${session} done=${(name) => done(name === "see-alarm" && row.alarm ? row.alarm : row)} />`}
	</li>`;
}

function Filters({ shown, counts }) {
	return html`<div class="tabs" role="group" aria-label=${t("table.show")}>
		${["mine", "others"].map((name) => html`<button type="button" key=${name} class="tab" aria-pressed=${shown === name}
			onClick=${() => search({ show: name === "mine" ? "" : name })}>${t(`table.show.${name}`)} <span class="count">${number(counts[name])}</span></button>`)}
	</div>`;
}

function Rows({ data, show, session, reload }) {
	const [done, setDone] = useState([]);
	const party = session.party?.id;
	const rows = foldAlarms(data.board.filter((row) => !done.includes(keyOf(row))), party);
	const mine = rows.filter((row) => isMine(row, party));
	const others = rows.filter((row) => !isMine(row, party));
	const list = show === "others" ? others : mine;
	const finish = (row) => {
		setDone([...done, keyOf(row)]);
		setTimeout(() => {
			setDone((before) => before.filter((key) => key !== keyOf(row)));
			reload();
		}, 3000);
	};
	return html`<${Filters} shown=${show} counts=${{ mine: mine.length, others: others.length }} />
		${list.length === 0
			? html`<${Empty} title=${t(`table.empty.${show}`)}><p>${t("table.empty.text")}</p><//>`
			: html`<ul class="tasks" aria-label=${t(`table.show.${show}`)}>${list.slice(0, SHOWN_MAX).map((row) => html`<${Row} key=${keyOf(row)}
				row=${row} session=${session} mine=${show === "mine"} done=${finish} />`)}</ul>`}
		${list.length > SHOWN_MAX && html`<p class="lead">${t("table.more", { count: number(list.length - SHOWN_MAX) })}</p>`}`;
}

export function Table({ session }) {
	const place = usePlace();
	const [paused, pause] = usePause();
	const show = place.search.get("show") === "others" ? "others" : "mine";
	const board = useResource((options) => get("/api/v1/board", options), [], { concerns: () => true, paused });
	return html`<${Page} title=${t("table.name")} lead=${t("table.lead")}
		actions=${pause}>
		<${Shown} of=${board}>${(data) => html`<${Rows} data=${data} show=${show} session=${session} reload=${board.reload} />`}<//>
	<//>`;
}
