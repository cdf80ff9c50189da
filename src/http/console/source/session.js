// Who is signed in. The cookie is the browser's and no script sees it; what a page knows is who it is,
// what they may, and the token that goes with every change.
import { get, post, remove, setCsrf } from "./api.js";
import { stopLive } from "./live.js";

const RENEW_EVERY_MS = 60_000;
// Whoever comes or goes in one page of this browser does so in all: one cookie is theirs.
const pages = new BroadcastChannel("stafet-session");
let active = 0; // when somebody was here last
let renewed = 0;

function entered(session) {
	setCsrf(session.csrf);
	active = renewed = Date.now();
	pages.postMessage({ renewed });
	return session;
}

export async function readSession() {
	return entered(await get("/console/session"));
}

export async function signIn(credentials) {
	const session = await post("/console/session", credentials);
	pages.postMessage("changed");
	return entered(session);
}

export async function signOut() {
	stopLive();
	try {
		await remove("/console/session");
		pages.postMessage("changed");
	} finally {
		setCsrf("");
	}
}

// heard(): another page of this browser signed in or out, or this one is shown again as it was left.
export function whenChanged(heard) {
	pages.onmessage = ({ data }) => {
		// Who is active in one page is so in all: one session is theirs.
		if (data.renewed) renewed = Math.max(renewed, data.renewed);
		else heard();
	};
	addEventListener("pageshow", (event) => event.persisted && heard());
}

// Whom an organisation's own sign-in names has no session here that ends (http/README.md).
export function isNamedByProxy(session) {
	return session.expires === null;
}

export async function renew() {
	renewed = Date.now();
	return entered(await post("/console/session/renew"));
}

// A person does something: the session goes on while they do, also when they only write.
export function wasActive() {
	active = Date.now();
}

export function renewIfActive() {
	if (active > renewed && Date.now() - renewed > RENEW_EVERY_MS) return renew();
	return null;
}

// Milliseconds until the daemon ends the session for want of activity.
export function idleLeft(session) {
	return renewed + session.idle_s * 1000 - Date.now();
}

export function may(session, ...roles) {
	return session.roles.some((role) => roles.includes(role));
}
