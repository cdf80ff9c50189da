// What happens at this daemon, as it happens: Server-Sent Events (WHATWG HTML, 9.2) read over fetch, so
// that a request says that it is nobody's activity and goes on behind the last event after a restart of
// the daemon. Events say that there is something to be read; pages read it.
//
// A browser opens six connections to a daemon, and a stream keeps one of them: however many pages are open,
// one follows and tells the others. When it goes, another goes on behind the last event.
import { ask } from "./api.js";

const PATH = "/api/v1/events";
const WAIT_MS = [1000, 2000, 4000, 8000, 15000];
const RECENT_MAX = 256;
const QUIET_MS = 45000; // three heartbeats that did not come

const pages = new BroadcastChannel("stafet-events");
const listeners = new Set();
const watchers = new Set();
let state = "off"; // off, opening, live, lost
let last = "";
let running = null;
let leads = false;
const recent = []; // ids: what a page that went away told at last may come from the daemon once more

function say(next) {
	if (next === state) return;
	state = next;
	for (const heard of watchers) heard(state);
}

export function liveState() {
	return state;
}

// heard(state) now and at every change; returns how to stop.
export function watchLive(heard) {
	watchers.add(heard);
	return () => watchers.delete(heard);
}

// heard(event) with {type, data}; type "again" after a gap: something may have been missed.
export function onEvent(heard) {
	listeners.add(heard);
	return () => listeners.delete(heard);
}

// What the page that follows has to say: {state} and where it is {after}, {event} and with it {id}.
function hear(told) {
	if (told.id) {
		last = told.id;
		recent.push(last);
		if (recent.length > RECENT_MAX) recent.shift();
	}
	// A page that opens late goes on from where the others are.
	if (told.after && !last) last = told.after;
	if (told.state) say(told.state);
	if (told.event) for (const heard of listeners) heard(told.event);
}

function share(told) {
	pages.postMessage(told);
	hear(told);
}

pages.onmessage = ({ data }) => {
	if (running && !data.asks) hear(data);
	else if (leads) pages.postMessage({ state, after: last });
};

// Takes whole events out of text; returns what is left of it.
export function takeEvents(text, take) {
	const blocks = text.split(/\r?\n\r?\n/);
	const rest = blocks.pop();
	for (const block of blocks) {
		const event = { id: "", type: "message", data: "" };
		for (const line of block.split(/\r?\n/)) {
			const found = /^(id|event|data): ?(.*)$/.exec(line);
			if (!found) continue;
			if (found[1] === "data") event.data += (event.data ? "\n" : "") + found[2];
			else event[found[1] === "event" ? "type" : "id"] = found[2];
		}
		if (event.data) take(event);
	}
	return rest;
}

async function follow(signal) {
	const headers = { Accept: "text/event-stream" };
	if (last) headers["Last-Event-ID"] = last;
	const inner = new AbortController();
	const stop = () => inner.abort();
	signal.addEventListener("abort", stop);
	let quiet = setTimeout(stop, QUIET_MS);
	try {
		const response = await ask("GET", PATH, { headers, signal: inner.signal, background: true });
		const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		if (state === "lost" || (state === "live" && !last)) share({ event: { type: "again", data: null } });
		share({ state: "live" });
		let text = "";
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			clearTimeout(quiet);
			quiet = setTimeout(stop, QUIET_MS);
			text = takeEvents(text + value, ({ id, type, data }) => recent.includes(id) || share({ id, event: { type, data: JSON.parse(data) } }));
		}
	} finally {
		clearTimeout(quiet);
		signal.removeEventListener("abort", stop);
		inner.abort();
	}
}

function pause(ms, signal) {
	return new Promise((resume) => {
		const timer = setTimeout(resume, ms);
		signal.addEventListener("abort", () => {
			clearTimeout(timer);
			resume();
		});
	});
}

async function run(signal) {
	let failures = 0;
	leads = true;
	while (!signal.aborted) {
		if (state === "off") say("opening");
		const begun = Date.now();
		try {
			await follow(signal);
		} catch (failure) {
			if (failure.status === 401 || failure.status === 403) break;
		}
		if (signal.aborted) break;
		// A stream that ends by itself after its quarter of an hour is not lost.
		failures = Date.now() - begun > 5000 ? 0 : failures + 1;
		if (failures > 0) share({ state: "lost" });
		await pause(WAIT_MS[Math.min(failures, WAIT_MS.length - 1)], signal);
		if (failures === 0) share({ event: { type: "again", data: null } });
	}
	leads = false;
	say("off");
}

export function startLive() {
	if (running) return;
	running = new AbortController();
	const { signal } = running;
	navigator.locks.request("stafet-events", { signal }, () => run(signal)).catch(() => {}); // it was stopped before its turn
	pages.postMessage({ asks: true });
}

export function stopLive() {
	running?.abort();
	running = null;
	last = "";
	say("off");
}

// A page that is kept to be gone back to follows nothing (session.js, whenChanged).
addEventListener("pagehide", stopLive);
