// What a daemon says seldom, said to a page in its place: its answer with something changed, a refusal, or nothing
// yet. Each gives how to stop, so that the next page hears the daemon again.
import { WAIT_MS } from "./browser.mjs";

async function standIn(person, path, method, answer) {
	const handle = async (route) => {
		if (route.request().method() !== method) return route.fallback();
		try {
			await answer(route);
		} catch {
			// What the page has given up meanwhile has nobody to answer to. A state that does not come of it is
			// missed by who waits for its sign.
		}
	};
	await person.page.route(path, handle);
	return () => person.page.unroute(path, handle);
}

// The daemon's own answer as change(json) gives it; to what url(asked) asks, where the page asks for what is not there.
export async function says(person, path, change, { url = (asked) => asked } = {}) {
	return standIn(person, path, "GET", async (route) => {
		const response = await route.fetch({ url: url(route.request().url()) });
		await route.fulfill({ response, json: change(await response.json()) });
	});
}

// A problem (RFC 9457) of this status, which Chromium writes into its console.
export async function refuses(person, path, status, { method = "GET", detail = "the test says so" } = {}) {
	person.expect(new RegExp(`status of ${status} `));
	return standIn(person, path, method, (route) => route.fulfill({ status, contentType: "application/problem+json",
		body: JSON.stringify({ type: "about:blank", title: "Refused", status, detail }) }));
}

// Nobody is there.
export async function isAway(person, path, { method = "GET" } = {}) {
	person.expect(/net::ERR_/);
	return standIn(person, path, method, (route) => route.abort("connectionrefused"));
}

// No answer until it is stopped; then what was asked is cut off, or answered by the daemon after all.
export async function isSlow(person, path, { method = "GET", answered = true } = {}) {
	let waiting = [];
	if (!answered) person.expect(/net::ERR_/);
	const stop = await standIn(person, path, method, (route) => (waiting ? waiting.push(route) : route.fallback()));
	return async () => {
		const asked = waiting;
		waiting = null;
		for (const route of asked) await (answered ? route.continue() : route.abort()).catch(() => {}); // as above
		await stop();
	};
}

// Looks at states: each is there when axe looks, none is wider than a wide or a narrow screen, no word of it is
// missing. What is found is collected, so that one run tells all of it.
export function looker() {
	const seen = [], found = [];
	const attempt = (look) => look.catch((failure) => found.push(failure.message));
	const see = async (person, state, sign, { waits = false, paper = false } = {}) => {
		await sign.first().waitFor({ timeout: WAIT_MS });
		await attempt(person.accessible(state, { waits }));
		await attempt(person.reflows(state));
		await person.page.setViewportSize({ width: 360, height: 900 });
		// No paper is as narrow as that.
		if (!paper) await attempt(person.reflows(state));
		// Still there: it was this state that was looked at.
		if (!(await sign.first().isVisible())) throw new Error(`${state} went away under the eye`);
		await person.page.setViewportSize({ width: 1440, height: 900 });
		const missing = await person.page.evaluate(() => document.body.innerText.match(/⟦[^⟧]*⟧/g) ?? []);
		if (missing.length) found.push(`${state}: ${missing}`);
		if (seen.includes(state)) throw new Error(`${state} stands twice`);
		seen.push(state);
	};
	return { seen, found, see };
}
