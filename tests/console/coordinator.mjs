// A coordinator for tests of its pages: the built console, a region of as many transitions as are wanted,
// and a stream of events. It says what the API says (proto/openapi.yaml), and counts what it is asked.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", svg: "image/svg+xml" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const STATES = ["open", "planning", "shared", "follow-up"];
const HOUR = 3600_000;

export const idOf = (number) => number.toString(16).padStart(32, "0");

/** Row number of count; begun: milliseconds of the oldest. */
export function rowOf(number, begun) {
	return {
		transition: idOf(number + 1), state: STATES[number % 4], stay: "in-hospital", pathway: number % 7 ? "somatic" : "psychiatric",
		hospital: idOf(900000 + (number % 5)), hospital_name: `Sygehus ${number % 5}`,
		municipality: idOf(910000 + (number % 19)), municipality_name: `Kommune ${number % 19}`,
		opened: new Date(begun).toISOString(), changed: new Date(begun + number * 1000).toISOString(), sequence: 9, open_offers: 0,
		late_deliveries: 0, frozen: false, overdue_duties: number % 9 ? 0 : 1, next_due: number % 3 ? null : new Date(begun + 40 * 24 * HOUR).toISOString(),
		holders: ["care", "medication"].map((domain) => ({ domain, party: idOf(1), party_name: `Sygehus ${number % 5}`, since: new Date(begun).toISOString() })),
	};
}

/** A course of count events in three lanes. */
export function courseOf(count, from) {
	const until = from + 9 * 24 * HOUR;
	const lanes = [["hospital", "Sygehus 1"], ["municipality", "Kommune 1"], ["gp", "Lægerne 1"]].map(([role, name], at) => ({ party: idOf(at + 1), name, role }));
	const kinds = ["letter", "acknowledgement", "obligation", "question"];
	return {
		transition: idOf(1), state: "shared", from, until, as_of: until, lanes,
		responsibility: ["medical", "care", "medication"].flatMap((domain, at) => [
			{ lane: 0, domain, from, until: from + (at + 3) * 24 * HOUR, basis: "stay" },
			{ lane: 1, domain, from: from + (at + 3) * 24 * HOUR, until: null, basis: "accept" }]),
		windows: [], gaps: [],
		events: Array.from({ length: count }, (_, at) => ({
			sequence: at + 1, lane: at % 3, kind: kinds[at % 4], activity: null, refused: at % 97 === 0, late: at % 31 === 0, deviates: at % 53 === 0, code: null,
			occurred: from + Math.floor(((until - from) * ((at * 37) % count)) / count), recorded: from + at,
		})),
		deadlines: Array.from({ length: 40 }, (_, at) => ({
			lane: at % 2, duty: "answer", name: null, clause: "", due: from + at * 5 * HOUR, ended: at % 3 ? from + at * 5 * HOUR - HOUR : null, missed: at % 11 === 0, state: at % 3 ? "completed" : "requested",
		})),
	};
}

/** {url, rows, asked, change, close}: rows of a region in built, the folder of a console. */
export async function startCoordinator(built, { count = 5000, events = 500 } = {}) {
	const begun = Date.now() - 30 * 24 * HOUR;
	const rows = new Map(Array.from({ length: count }, (_, at) => [idOf(at + 1), rowOf(at, begun)]));
	const streams = new Set();
	const asked = [];
	let cursor = 1;
	const assets = new Map(["index.html", "app.js", "app.css", "icons.svg"].map((name) => [name, readFileSync(join(built, name))]));
	const session = { daemon: "coordinator", user: "rikke", name: "Rikke Revisor", roles: ["auditor", "operator"], party: null, csrf: "x", idle_s: 900, expires: new Date(Date.now() + 12 * HOUR).toISOString() };

	function transitions(query) {
		const since = query.has("_since") ? Date.parse(query.get("_since")) : 0;
		const size = Number(query.get("_count") ?? 1000);
		const list = [...rows.values()].sort((a, b) => Date.parse(b.changed) - Date.parse(a.changed)).filter((row) => Date.parse(row.changed) >= since &&
			(query.get("open") !== "true" || row.state !== "closed") && (!query.get("state") || row.state === query.get("state")));
		const from = query.get("after") ? list.findIndex((row) => row.transition === query.get("after")) + 1 : 0;
		const page = list.slice(from, from + size);
		return { transitions: page, next: from + size < list.length ? page.at(-1).transition : null };
	}

	function answer(url) {
		if (url.pathname === "/console/session") return session;
		if (url.pathname === "/api/v1/transitions") return transitions(url.searchParams);
		if (url.pathname.endsWith("/timeline")) return courseOf(events, begun);
		if (url.pathname.startsWith("/api/v1/transitions/")) return { ...rows.get(idOf(1)), holders: [], parties: [], events: [] };
		if (url.pathname === "/api/v1/access-log") return { accesses: [] };
		return null;
	}

	const server = createServer((request, response) => {
		const url = new URL(request.url, "http://x");
		if (url.pathname.startsWith("/api/")) asked.push(request.url);
		if (url.pathname === "/api/v1/events") {
			response.writeHead(200, { "Content-Type": "text/event-stream" });
			response.write(": here\n\n");
			streams.add(response);
			request.on("close", () => streams.delete(response));
			return;
		}
		const json = answer(url);
		if (json) {
			response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
			response.end(JSON.stringify(json));
			return;
		}
		const name = url.pathname.startsWith("/console/assets/") ? url.pathname.split("/").at(-1) : "index.html";
		const bytes = url.pathname.startsWith("/console/") ? assets.get(name) : undefined;
		response.writeHead(bytes ? 200 : 404, bytes ? { "Content-Type": TYPES[name.split(".").at(-1)], "Content-Security-Policy": POLICY } : {});
		response.end(bytes);
	});
	await new Promise((resume) => server.listen(0, "127.0.0.1", resume));
	return {
		url: `http://127.0.0.1:${server.address().port}`, rows, asked,
		get followers() {
			return streams.size;
		},
		/** Something happens in a transition, as the coordinator records and tells it. */
		change(number, more = {}) {
			const before = rows.get(idOf(number));
			const row = { ...before, ...more, sequence: before.sequence + 1, changed: new Date().toISOString() };
			rows.set(row.transition, row);
			const event = { cursor: ++cursor, at: row.changed, what: "recorded", transition: row.transition, party: row.hospital, party_name: row.hospital_name };
			for (const stream of streams) stream.write(`id: ${cursor}\nevent: recorded\ndata: ${JSON.stringify(event)}\n\n`);
			return row;
		},
		/** Every stream ends, as when the daemon goes. */
		cut() {
			for (const stream of streams) stream.destroy();
		},
		close: () => new Promise((resume) => {
			server.closeAllConnections();
			server.close(resume);
		}),
	};
}
