// Requests to this daemon: JSON in and out, the session's cookie with each, its CSRF token with what
// changes something. What goes wrong is a Problem (RFC 9457), also when nobody answers.

export class Problem extends Error {
	constructor(status, body) {
		super(body?.detail || body?.title || `HTTP ${status}`);
		this.status = status;
		this.code = body?.code || "";
		this.detail = body?.detail || "";
		this.body = body;
	}
	get offline() {
		return this.status === 0;
	}
}

let csrf = "";
let onUnauthorized = () => {};
let onReachable = () => {};

export function setCsrf(token) {
	csrf = token || "";
}
// heard(problem): the session is over.
export function whenUnauthorized(heard) {
	onUnauthorized = heard;
}
// heard(true or false): whether the daemon answers at all.
export function whenReachable(heard) {
	onReachable = heard;
}

async function bodyOf(response) {
	const type = response.headers.get("Content-Type") || "";
	if (response.status === 204 || response.status === 304) return null;
	try {
		return await (/[/+]json/.test(type) ? response.json() : response.text());
	} catch (failure) {
		if (failure.name === "AbortError") throw failure;
		throw new Problem(0, null); // cut off on its way
	}
}

// The response itself, for who wants its headers or bytes.
export async function ask(method, path, { body, type, headers = {}, signal, background } = {}) {
	const sent = { Accept: "application/json", ...headers };
	if (method !== "GET" && csrf) sent["Stafet-CSRF"] = csrf;
	if (background) sent["Stafet-Background"] = "1";
	if (body !== undefined) sent["Content-Type"] = type || "application/json";
	let response;
	try {
		response = await fetch(path, {
			method,
			headers: sent,
			body: body === undefined || type ? body : JSON.stringify(body),
			credentials: "same-origin",
			cache: "no-store",
			redirect: "error",
			signal,
		});
	} catch (failure) {
		if (failure.name === "AbortError") throw failure;
		onReachable(false);
		throw new Problem(0, null);
	}
	onReachable(true);
	if (response.ok || response.status === 304) return response;
	const found = await bodyOf(response).catch(() => null);
	const problem = new Problem(response.status, typeof found === "object" ? found : null);
	if (response.status === 401 && !path.startsWith("/console/session")) onUnauthorized(problem);
	throw problem;
}

export async function get(path, options) {
	return bodyOf(await ask("GET", path, options));
}

// Asked again after a lost answer it is done once: the key is of this very wish. Also when a person asks
// again, who was told that the daemon does not answer: it may have done it all the same.
let unanswered = { wish: "", key: "" };

async function keyOf(path, body) {
	const said = body instanceof ArrayBuffer ? body : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", said));
	const wish = `${path} ${digest}`;
	if (wish !== unanswered.wish) unanswered = { wish, key: crypto.randomUUID() };
	return unanswered.key;
}

// type: of a body that is no JSON.
export async function post(path, body = {}, options = {}) {
	const key = path.startsWith("/console/") ? "" : await keyOf(path, body);
	const again = { ...options, body, headers: { ...(key && { "Idempotency-Key": key }), ...options.headers } };
	const attempt = async () => {
		try {
			const done = await bodyOf(await ask("POST", path, again));
			if (key === unanswered.key) unanswered = { wish: "", key: "" };
			return done;
		} catch (problem) {
			if (!problem.offline && key === unanswered.key) unanswered = { wish: "", key: "" };
			throw problem;
		}
	};
	try {
		return await attempt();
	} catch (problem) {
		if (!problem.offline || !key) throw problem;
		await new Promise((resume) => setTimeout(resume, 1000));
		return attempt();
	}
}

export async function remove(path, options) {
	return bodyOf(await ask("DELETE", path, options));
}

// "/api/v1/board" and {party: "x", count: undefined}: what is undefined or "" is left out.
export function query(path, parameters) {
	const said = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
	return said.length ? `${path}?${new URLSearchParams(said)}` : path;
}
