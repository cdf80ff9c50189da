// What happens at this daemon, as it happens: Server-Sent Events (WHATWG HTML, 9.2) read over fetch, so
// that a request says that it is nobody's activity and goes on behind the last event after a restart of
// the daemon. Events say that there is something to be read; pages read it.
import { ask } from "./api.js";

const PATH = "/api/v1/events";
const WAIT_MS = [1000, 2000, 4000, 8000, 15000];
const QUIET_MS = 45000; // three heartbeats that did not come

const listeners = new Set();
const watchers = new Set();
let state = "off"; // off, opening, live, lost
let last = "";
let running = null;

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

function tell(event) {
	for (const heard of listeners) heard(event);
}

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
		if (state === "lost") tell({ type: "again", data: null });
		say("live");
		let text = "";
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			clearTimeout(quiet);
			quiet = setTimeout(stop, QUIET_MS);
			text = takeEvents(text + value, (event) => {
				last = event.id || last;
				tell({ type: event.type, data: JSON.parse(event.data) });
			});
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
		if (failures > 0) say("lost");
		await pause(WAIT_MS[Math.min(failures, WAIT_MS.length - 1)], signal);
		if (failures === 0) tell({ type: "again", data: null });
	}
	say("off");
}

export function startLive() {
	if (running) return;
	running = new AbortController();
	run(running.signal);
}

export function stopLive() {
	running?.abort();
	running = null;
	last = "";
}
