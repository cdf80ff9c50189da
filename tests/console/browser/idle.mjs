// Who goes away is signed out: warned before, kept when they say so, and what they saw is forgotten. Time is the
// page's clock, turned by the test; at the daemon the session is ended by the page (and by itself, door_test.py).
//   node idle.mjs REGION.json   prints "happen?" when something shall happen that the page is told of
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const party = region.people.kommune.clinician;
const MINUTE = 60_000;

const browser = await launch();
try {
	const person = await Person.come(browser, party, { prepare: (context) => context.clock.install() });
	await person.signIn();
	const { page, context } = person;
	const posts = [];
	const reads = [];
	page.on("request", (request) => {
		const path = new URL(request.url()).pathname;
		if (request.method() === "POST") posts.push(path);
		else if (path.startsWith("/api/")) reads.push([path, request.headers()["stafet-background"]]);
	});
	await person.go(`transition/${region.transition}`);
	await page.getByText(region.patient).first().waitFor();
	await page.locator(".live-live").waitFor();

	// What comes by itself is read in the background and keeps nobody signed in.
	reads.length = 0;
	const count = await page.locator("li.say-question").count();
	console.log("happen?");
	await page.locator("li.say-question").nth(count).waitFor();
	assert.ok(reads.length > 0);
	for (const [path, background] of reads) assert.equal(background, "1", `${path} is nobody's doing`);
	await context.clock.fastForward(12.5 * MINUTE);
	assert.equal(await page.locator("dialog").count(), 0);
	assert.deepEqual(posts, [], "no renewal that nobody asked for");

	// Two minutes before the end; pressing the button begins the time anew.
	await context.clock.fastForward(0.75 * MINUTE);
	const warning = page.getByRole("dialog", { name: "Er du her stadig?" });
	await warning.waitFor();
	// One key keeps who was about to go on.
	assert.equal(await person.page.evaluate(() => document.activeElement.textContent.trim()), "Bliv logget ind");
	await person.press("Bliv logget ind", warning);
	await warning.waitFor({ state: "detached" });
	assert.deepEqual(posts, ["/console/session/renew"]);
	await context.clock.fastForward(12.5 * MINUTE);
	assert.equal(await page.locator("dialog").count(), 0);

	// A person who does something is not warned at all.
	await page.keyboard.press("Shift");
	await context.clock.fastForward(0.2 * MINUTE);
	await page.waitForFunction(() => !document.querySelector("dialog"));
	assert.deepEqual(posts, ["/console/session/renew", "/console/session/renew"]);

	// Who works in another page of the browser is here as well.
	const other = await person.another();
	await other.goto(`${party.url}/console/table`);
	await other.locator(".sign-out").waitFor();
	for (let i = 0; i < 4; i++) {
		const renewed = other.waitForResponse((answer) => answer.url().endsWith("/console/session/renew"));
		await other.keyboard.press("Shift");
		await context.clock.fastForward(5 * MINUTE);
		await renewed;
		assert.equal(await page.locator("dialog").count(), 0);
	}
	assert.deepEqual(posts.slice(2), [], "the page in which nobody is asks for nothing");
	await other.close();

	// Nobody is there: the page forgets, also what the browser keeps of it, and the daemon ends the session.
	const cookie = (await context.cookies(party.url))[0];
	const ended = page.waitForResponse((answer) => answer.request().method() === "DELETE");
	await context.clock.fastForward(14 * MINUTE);
	await warning.waitFor();
	await context.clock.fastForward(1.2 * MINUTE);
	assert.equal((await ended).status(), 204);
	await page.locator("input[name=password]").waitFor();
	const left = `${await page.content()} ${await page.title()} ${await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))}`;
	assert.ok(!left.includes(region.patient) && !left.includes(region.cpr.slice(0, 6)));
	const status = (await fetch(`${party.url}/api/v1/directory`, { headers: { Cookie: `${cookie.name}=${cookie.value}` } })).status;
	assert.equal(status, 401);

	// Back where one was.
	assert.ok(page.url().endsWith(`/console/transition/${region.transition}`), page.url());
	await person.signIn();
	await page.locator("li.baton").first().waitFor();
	await page.getByText(region.patient).first().waitFor();
	await person.leave();
	console.log(JSON.stringify({ minutes: 60 }));
} finally {
	await browser.close();
}
