// Before anybody is in, and what is around every page: asking, refused, waiting, away, warned, gone.
import assert from "node:assert/strict";
import { Person } from "./browser.mjs";
import { isAway, isSlow } from "./stand_in.mjs";

async function tries(person, user, password) {
	await person.page.locator("input[name=username]").fill(user);
	await person.page.locator("input[name=password]").fill(password);
	await person.page.locator("form button[type=submit]").click();
}

async function outside(browser, party, see) {
	const person = await Person.come(browser, party);
	person.expect(/status of (401|429)/);
	const { page } = person;
	await tries(person, party.user, "not the password");
	await see(person, "sign-in refused", page.getByRole("alert").getByText("Det lykkedes ikke at logge ind"));
	// A name that is nobody's, so that nobody has to wait for it.
	const throttled = page.getByRole("status").getByText("For mange forsøg");
	for (let guesses = 0; guesses < 12 && !(await throttled.count()); guesses++) {
		const answer = page.waitForResponse((response) => response.url().endsWith("/console/session"));
		await tries(person, "nobody-of-this-name", `guess number ${guesses}`);
		await answer;
		await page.locator("form button[aria-busy]").waitFor({ state: "detached" });
	}
	await see(person, "sign-in throttled", throttled);
	// Another document: an address with another end alone is none.
	await page.goto(`${party.url}/console/table#enter=${"A".repeat(43)}`);
	await see(person, "a link that is used up", page.getByRole("alert").getByText("engangslink passer ikke"));
	let stop = await isSlow(person, "**/console/session", { method: "POST", answered: false });
	await tries(person, party.user, party.password);
	await see(person, "signing in", page.locator("form button[aria-busy=true]"));
	await stop();
	stop = await isAway(person, "**/console/session", { method: "POST" });
	await tries(person, party.user, party.password);
	await see(person, "sign-in without the daemon", page.locator("main").getByText("Stafet svarer ikke lige nu"));
	await page.locator(".away").getByText("Ingen forbindelse til Stafet").waitFor();
	await stop();
	stop = await isSlow(person, "**/console/session");
	await page.goto(`${party.url}/console/table`);
	await see(person, "asking who is there", page.locator("main .loading"), { waits: true });
	await stop();
	await page.locator("input[name=password]").waitFor();
	await person.leave();
}

async function inside(browser, party, see) {
	const person = await Person.enter(browser, party);
	person.expect(/status of 401/);
	const { page, context } = person;
	await person.go("directory");
	await page.locator("body").press("Tab");
	await see(person, "the way past the menu", page.locator(".skip:focus"));
	let stop = await isSlow(person, "**/api/v1/events");
	await page.goto(`${party.url}/console/table`);
	await see(person, "not live yet", page.locator(".live-opening"));
	await stop();
	// The cookie is still good, and the page says so.
	stop = await isAway(person, "**/console/session", { method: "DELETE" });
	await person.press("Log ud");
	await see(person, "not signed out", page.getByRole("alert").getByText("Du er ikke logget ud endnu"));
	await stop();
	await person.signIn();
	// Ended at the daemon, under a page that asks for something.
	await person.go("directory");
	await context.clearCookies();
	await page.locator("nav.menu a", { hasText: "Overgange" }).click();
	await see(person, "a session that is over", page.locator(".signin .notice").getByText("Du er ikke længere logget ind"));
	assert.equal(await page.getByText("Det lykkedes ikke at logge ind").count(), 0);
	await person.leave();
}

// Two minutes before the end, by the page's clock.
async function idle(browser, party, see) {
	const person = await Person.come(browser, party, { prepare: (context) => context.clock.install() });
	await person.signIn();
	await person.go("directory");
	await person.context.clock.fastForward(13.5 * 60_000);
	const warning = person.page.getByRole("dialog", { name: "Er du her stadig?" });
	await see(person, "warned before the end of a session", warning);
	await person.press("Bliv logget ind", warning);
	await person.dialogGone();
	await person.leave();
}

async function notForThisRole(browser, people, see) {
	const operator = await Person.enter(browser, people.kommune.operator);
	await operator.go("transitions");
	await see(operator, "a page for another role", operator.page.getByRole("heading", { name: "Siden er ikke for din rolle" }));
	await operator.leave();
	const clerk = await Person.enter(browser, people.coordinator.clerk);
	await see(clerk, "nothing for this role here", clerk.page.getByRole("heading", { name: "Siden er ikke for din rolle" }));
	await clerk.go("accessibility");
	await see(clerk, "the accessibility statement at the coordinator", clerk.page.getByRole("heading", { name: "Tilgængelighedserklæring" }));
	await clerk.go("nowhere");
	await see(clerk, "no such page at the coordinator", clerk.page.getByRole("heading", { name: "Siden findes ikke" }));
	await clerk.leave();
}

export async function doorStates(browser, region, see) {
	const party = region.people.kommune.clinician;
	await outside(browser, party, see);
	await inside(browser, party, see);
	await idle(browser, party, see);
	await notForThisRole(browser, region.people, see);
}
