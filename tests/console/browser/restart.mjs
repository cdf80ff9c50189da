// The daemon goes away under an open page and comes back: the page says so, goes on by itself, is still
// signed in, and shows what happened meanwhile.
//   node restart.mjs REGION.json   prints "down?" when the daemon shall go, "up?" when it shall come back
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Person, launch } from "./browser.mjs";

const region = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await launch();
const kommune = await Person.enter(browser, region.kommune);
try {
	await kommune.go("table");
	await kommune.page.locator(".live-live").waitFor();
	assert.equal(await kommune.page.locator("li.task").count(), 0);
	console.log("down?");
	await kommune.page.locator(".live-lost").waitFor();
	await kommune.page.getByText("Ingen forbindelse til Stafet").waitFor();
	await kommune.accessible("no connection to the daemon");
	console.log("up?");
	await kommune.page.locator(".live-live").waitFor();
	await kommune.page.getByText("Ingen forbindelse til Stafet").waitFor({ state: "detached" });
	await kommune.task("Svar på overdragelsen af pleje, medicin").waitFor();
	assert.equal(await kommune.page.locator("nav.menu").count(), 1, "still signed in");
	console.log(JSON.stringify({ back: true }));
} finally {
	await browser.close();
}
