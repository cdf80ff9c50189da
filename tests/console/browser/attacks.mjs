// What other sites, other people at the same browser and those who guess try against somebody who is signed in.
// The other site stands at another port of this machine (the same site to a browser, so that it sends the cookie)
// and under another name (another site).
//   node attacks.mjs REGION.json
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Person, WAIT_MS, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const party = region.people.kommune.clinician;
const PORT = new URL(party.url).port;
const COOKIE = `stafet-${PORT}`;
const API = `${party.url}/api/v1`;

function evil() {
	const server = createServer((request, response) => {
		response.setHeader("Content-Type", "text/html; charset=utf-8");
		response.end("<!doctype html><title>evil</title><link rel=icon href=data:,><body>evil</body>");
	});
	return new Promise((resume) => server.listen(0, "127.0.0.1", () => resume(server)));
}

// As a program of the same machine would ask with this cookie, past the browser.
async function opens(value, path = "/api/v1/directory") {
	return (await fetch(party.url + path, { headers: value ? { Cookie: `${COOKIE}=${value}` } : {} })).status;
}

async function cookieOf(person) {
	return (await person.context.cookies(party.url)).find((each) => each.name === COOKIE);
}

// An id that was put into the browser before is never adopted, and each sign-in has another.
async function fixation(browser) {
	const brought = "A".repeat(43);
	const person = await Person.come(browser, party, { prepare: (context) => context.addCookies([{ name: COOKIE, value: brought, url: party.url }]) });
	await person.signIn();
	const first = await cookieOf(person);
	assert.notEqual(first.value, brought);
	assert.equal(await opens(brought), 401);
	// What the browser keeps: no script sees it, no other site sends it, and it ends with the browser.
	assert.deepEqual([first.httpOnly, first.sameSite, first.expires, first.path], [true, "Strict", -1, "/"]);
	assert.equal(await person.page.evaluate(() => document.cookie), "");
	assert.equal(await person.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), '{"stafet-language":"da"}');
	await person.press("Log ud");
	await person.page.locator("input[name=password]").waitFor();
	assert.equal(await opens(first.value), 401, "signed out at the daemon, too");
	await person.signIn();
	assert.notEqual((await cookieOf(person)).value, first.value);
	await person.leave();
}

// Every way in which a page of another site makes a browser ask: what was asked is refused, and nothing is done.
async function forgery(person, site) {
	const page = await person.context.newPage();
	await page.goto(site);
	const answers = [];
	page.on("response", (response) => response.url().startsWith(party.url) && answers.push([response.request().method(), new URL(response.url()).pathname, response.status()]));
	const told = await page.evaluate(async ({ url, transition }) => {
		const told = {};
		const attempt = async (name, path, options) => {
			const control = new AbortController();
			const late = setTimeout(() => control.abort(), 10_000);
			told[name] = await fetch(url + path, { credentials: "include", signal: control.signal, ...options }).then((answer) => `${answer.type} ${answer.status}`, () => "refused");
			clearTimeout(late);
		};
		const question = `/api/v1/transitions/${transition}/questions`;
		const body = JSON.stringify({ to: "hospital", text: "Sent by another site." });
		await attempt("read", "/console/session");
		await attempt("read-json", `/api/v1/transitions/${transition}`, { headers: { Accept: "application/json" } });
		await attempt("simple", question, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body });
		await attempt("json", question, { method: "POST", headers: { "Content-Type": "application/json" }, body });
		await attempt("token", question, { method: "POST", headers: { "Content-Type": "application/json", "Stafet-CSRF": "A".repeat(43) }, body });
		await attempt("renew", "/console/session/renew", { method: "POST", mode: "no-cors" });
		await attempt("end", "/console/session", { method: "DELETE" });
		return told;
	}, { url: party.url, transition: region.transition });
	// What may be sent without asking first comes back without a word of it.
	for (const [name, seen] of Object.entries(told)) assert.match(seen, /^(refused|opaque 0)$/, `${site} ${name}`);
	await submits(page, site, { text: "Sent by a form." });
	for (const [method, path, status] of answers) if (method !== "OPTIONS") assert.equal(status, 403, `${site}: ${method} ${path}`);
	assert.ok(answers.length >= 3, `${site}: ${JSON.stringify(answers)}`);
	await page.close();
}

// A form needs no script's permission, and its answer becomes the page.
async function submits(page, site, words) {
	const path = `/api/v1/transitions/${region.transition}/questions`;
	for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
		const [answer] = await Promise.all([
			page.waitForResponse((response) => response.url() === party.url + path, { timeout: WAIT_MS }),
			page.evaluate(({ url, type, name }) => {
				const form = document.createElement("form");
				Object.assign(form, { action: url, method: "POST", enctype: type });
				const field = document.createElement("input");
				Object.assign(field, { name, value: '"}' });
				form.append(field);
				document.body.append(form);
				form.submit();
			}, { url: party.url + path, type, name: `{"to":"hospital","text":"${words.text}","x":"` }),
		]);
		assert.equal(answer.status(), 403, type);
		await page.waitForURL(party.url + path);
		await page.goto(site);
	}
}

// No page of ours is shown in a frame of another, and no window of another holds one of ours.
async function framed(person, site) {
	const page = await person.context.newPage();
	await page.goto(site);
	for (const path of ["/console/table", `/console/transition/${region.transition}`]) {
		await page.evaluate((source) => {
			const frame = document.createElement("iframe");
			frame.src = source;
			document.body.replaceChildren(frame);
		}, party.url + path);
		const frame = await page.waitForFunction(() => window.frames.length === 1).then(() => page.frames().find((each) => each !== page.mainFrame()));
		// What Chromium puts there instead.
		await frame.waitForURL(/^chrome-error:/, { waitUntil: "commit", timeout: WAIT_MS });
	}
	const [popup] = await Promise.all([person.context.waitForEvent("page"), page.evaluate((url) => { window.held = window.open(url); }, `${party.url}/console/table`)]);
	await popup.locator("h1").waitFor();
	assert.equal(await popup.evaluate(() => window.opener), null);
	assert.equal(await page.evaluate(() => window.held.closed), true);
	await popup.close();
	await page.close();
}

// A link from elsewhere opens the page it leads to, for who is signed in: pages themselves are for anybody.
async function ledHere(person, site) {
	const page = await person.context.newPage();
	await page.goto(site);
	await page.evaluate((url) => { location.href = url; }, `${party.url}/console/transition/${region.transition}`);
	await page.locator("li.baton").first().waitFor();
	await page.close();
	// And nothing leads away again.
	for (const path of ["//evil.example/", "/console//evil.example", "/console/https:%2F%2Fevil.example", "/?to=https://evil.example", "/console/?next=//evil.example"]) {
		const answer = await fetch(party.url + path, { redirect: "manual" });
		const place = answer.headers.get("Location");
		assert.ok(answer.status >= 400 || place === null || place === "/console/", `${path}: ${answer.status} ${place}`);
	}
}

// After signing out nothing of the patient is left: not in this page, not in another page of this browser, not
// when one goes back.
async function gone(person) {
	const name = region.patient;
	await person.go(`transition/${region.transition}`);
	await person.page.getByText(name).first().waitFor();
	const second = await person.another();
	await second.goto(`${party.url}/console/table`);
	await second.getByText(name).first().waitFor();
	await person.page.goto(`${party.url}/console/directory`);
	await person.settled();
	await person.press("Log ud");
	for (const page of [person.page, second]) {
		await page.locator("input[name=password]").waitFor();
		assert.ok(!(await page.content()).includes(name));
	}
	for (const path of [`transition/${region.transition}`, "table"]) {
		await person.page.evaluate(() => { setTimeout(() => history.back(), 0); });
		await person.page.waitForURL((url) => url.pathname === `/console/${path}`, { waitUntil: "commit" });
		await person.page.locator("input[name=password]").waitFor();
		const left = `${await person.page.content()} ${await person.page.title()}`;
		assert.ok(!left.includes(name) && !left.includes(region.cpr.slice(0, 6)), `back at ${path}`);
	}
	await second.close();
}

// A link opens once; what is guessed, and what was used, opens nothing, in the same words.
async function links(browser) {
	const entered = await Person.come(browser, party);
	await entered.page.goto(`${party.url}/console/transitions#enter=${region.code}`);
	await entered.page.locator(".sign-out").waitFor();
	assert.ok(!entered.page.url().includes(region.code), "the code is gone from the address");
	const told = [];
	for (const code of [region.code, "A".repeat(43), "x"]) {
		const other = await Person.come(browser, party);
		other.expect(/status of 401/);
		await other.page.goto(`${party.url}/console/table#enter=${code}`);
		told.push(await other.page.locator(".notice").innerText());
		assert.equal(await other.page.locator(".sign-out").count(), 0);
		await other.leave();
	}
	assert.equal(new Set(told).size, 1, "one sentence for all");
	await entered.leave();
}

const server = await evil();
const sites = [`http://127.0.0.1:${server.address().port}/`, `http://localhost:${server.address().port}/`];
const browser = await launch();
try {
	await fixation(browser);
	await links(browser);
	const person = await Person.enter(browser, party);
	await person.go(`transition/${region.transition}`);
	await person.page.locator("li.baton").first().waitFor();
	const value = (await cookieOf(person)).value;
	const before = await (await fetch(`${API}/transitions/${region.transition}`, { headers: { Cookie: `${COOKIE}=${value}` } })).json();
	for (const site of sites) {
		await forgery(person, site);
		await framed(person, site);
		await ledHere(person, site);
	}
	const after = await (await fetch(`${API}/transitions/${region.transition}`, { headers: { Cookie: `${COOKIE}=${value}` } })).json();
	assert.equal(after.sequence, before.sequence, "nothing was said");
	assert.equal(await opens(value), 200, "still signed in");
	await gone(person);
	assert.equal(await opens(value), 401, "signed out");
	await person.leave();
	console.log(JSON.stringify({ sites: sites.length }));
} finally {
	await browser.close();
	server.close();
}
