// What a person reads first: who must do what before when, and which clause says so.
import { near } from "../format.js";
import { t, word, hasWord } from "../words.js";
import { domainsText } from "./answer.js";

export function clauseName(row) {
	const key = `word.duty.${row.name}`;
	return row.name && hasWord(key) ? t(key) : row.name || "";
}

export function dutyName(row) {
	if (row.duty === "expectation") return clauseName(row) || word("duty", row.duty);
	return row.duty ? word("duty", row.duty) : clauseName(row);
}

// "§ 2-7" of the agreement, when there is one.
export function citation(row) {
	if (!row.citation) return "";
	return /§/.test(row.citation) ? row.citation : t("next.citation", { citation: row.citation });
}

function subject(row) {
	if (row.what === "undeliverable" || row.what === "quarantine" || row.what === "not-taken" || row.what === "silent-node" ||
		row.what === "difference" || row.what === "erase" || row.what === "contradiction" || row.what === "silent")
		return t(`board.${row.what}`, { name: row.party_name || "–", peer: row.peer_name || "–" });
	if (row.what === "put-aside") return t("board.put-aside", { channel: row.name, count: row.count });
	if (row.what === "alarm") return t("board.alarm", { what: dutyName(row), peer: row.peer_name || "–" });
	if (row.next === "obligation" && row.duty === "answer") return t("next.answer-question", { peer: row.peer_name || "–" });
	if (row.next === "obligation") return t("next.obligation", { what: dutyName(row) });
	return t(`next.${row.next}`, { domains: domainsText(row.domains || []), peer: row.peer_name || "–" });
}

export function nextTitle(row) {
	const text = subject(row);
	return text.charAt(0).toUpperCase() + text.slice(1);
}

// The whole sentence, for the line on top of a transition.
export function nextSentence(row) {
	if (!row || row.next === "nothing") return t("next.nothing");
	const who = row.party_name || (row.role ? word("role", row.role) : t("next.somebody"));
	const before = row.before ? t(row.overdue ? "next.overdue" : "next.before", { time: near(row.before) }) : "";
	const clause = citation(row);
	const promised = row.promised ? `; ${t("next.promised", { time: near(row.promised) })}` : "";
	return `${who}: ${subject(row)}${before ? ` – ${before}` : ""}${clause ? ` (${clause})` : ""}${promised}`;
}
