// The display texts of MedCom's activity codes are MedCom's own: held against those that stand in the
// narrative of MedCom's published test messages, beside the code that each is of.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { statusText } from "../../src/http/console/source/parts/notification.js";
import { setLanguage } from "../../src/http/console/source/words.js";

globalThis.document = { documentElement: {} };

const SAMPLES = new URL("../samples/medcom-hospitalnotification/", import.meta.url);
const ACTIVITIES = { "admit-emergency": "admit-emergency", "admit-inpatient": "admit-inpatient", "start-leave-inpatient": "leave-start",
	"end-leave-inpatient": "leave-end", "discharge-emergency-home": "discharge-home", "discharge-inpatient-home": "discharge-home" };

// Code and display as their publisher wrote them: "<b>activity</b>: DISPLAY <span …>(<a …>…ActivityCodes</a>#CODE)".
function published() {
	const found = new Map();
	for (const name of readdirSync(SAMPLES)) {
		for (const [, display, code] of readFileSync(new URL(name, SAMPLES), "utf8").matchAll(/<b>activity<\/b>: ([^<]+)<span.*?MedComMessagingActivityCodes<\/a>#([a-z-]+)\)/g))
			found.set(code, display.replaceAll("\\n", " ").trim());
	}
	return found;
}

// MedCom's signs differ from text to text: "stay-admission", "Stay - patient".
const plain = (text) => text.toLowerCase().replace(/\s*[-–]\s*/g, "-").replace(/\s+/g, " ");

test("English is MedCom's own", () => {
	setLanguage("en");
	const found = published();
	assert.deepEqual([...found.keys()].sort(), ["admit-emergency", "admit-inpatient", "discharge-inpatient-home", "revise-admit-inpatient", "start-leave-inpatient"]);
	for (const [code, display] of found) {
		const [, mode, of] = /^(?:(revise|cancel)-)?(.*)$/.exec(code);
		assert.equal(plain(statusText(ACTIVITIES[of], mode)), plain(display), code);
	}
});

test("a correction and a cancellation are called one, in both languages", () => {
	setLanguage("da");
	assert.equal(statusText("leave-end"), "Slut orlov");
	assert.equal(statusText("leave-end", "revise"), "Rettelse af slut orlov");
	assert.equal(statusText("discharge-home", "cancel"), "Annullering af slut sygehusophold – afsluttet til hjemmet/primærsektor");
	setLanguage("en");
	assert.equal(statusText("leave-end", "cancel"), "Cancellation of end leave");
	assert.equal(statusText("something-new"), "something-new");
});
