// A course on a telephone: two fingers zoom about what is between them, one drags along, one that goes up
// or down scrolls the page; a finger that only rests chooses an event.
//   node fingers.mjs BUILT
import assert from "node:assert/strict";
import { idOf, startCoordinator } from "../coordinator.mjs";
import { launch } from "./browser.mjs";

const coordinator = await startCoordinator(process.argv[2], { count: 3, events: 24 });
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, reducedMotion: "reduce" });
const page = await context.newPage();
const session = await context.newCDPSession(page);
const hours = async () => {
	const text = await page.locator(".timeline-span").innerText();
	const [, days, left] = /\((?:(\d+) d )?(\d+) (?:t|min)/.exec(text);
	return Number(days ?? 0) * 24 + Number(left);
};
const touch = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
const frame = () => page.evaluate(() => new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume))));

/** Fingers that go from some points to others, in steps. */
async function move(from, to, { release = true } = {}) {
	await touch("touchStart", from);
	for (let step = 1; step <= 8; step++) {
		await touch("touchMove", from.map(([x, y], at) => [x + ((to[at][0] - x) * step) / 8, y + ((to[at][1] - y) * step) / 8]));
		await frame();
	}
	if (release) await touch("touchEnd", []);
	await frame();
}

try {
	await page.goto(`${coordinator.url}/console/audit/${idOf(1)}?lang=da`);
	const picture = page.locator(".timeline-svg");
	await picture.locator(".place").first().waitFor();
	await picture.evaluate((element) => element.scrollIntoView({ block: "center" }));
	const box = await picture.boundingBox();
	const y = box.y + box.height / 2;
	const whole = await hours();
	await move([[180, y], [230, y]], [[130, y], [280, y]]);
	const near = await hours();
	assert.ok(near < whole / 2.4 && near > whole / 3.8, `${whole} h became ${near} h`);
	// Up and down as well: fingers seldom lie level, and the page stays where it is.
	const at = await page.evaluate(() => scrollY);
	await move([[200, y - 20], [210, y + 20]], [[195, y - 70], [215, y + 70]]);
	assert.ok((await hours()) < near / 2, "apart is nearer");
	assert.equal(await page.evaluate(() => scrollY), at);
	await move([[130, y], [290, y]], [[200, y], [220, y]]);
	await move([[130, y], [290, y]], [[200, y], [220, y]]);
	assert.ok((await hours()) > near, "together is further");
	const span = page.locator(".timeline-span");
	const before = await span.innerText();
	await move([[250, y]], [[150, y]]);
	assert.notEqual(await span.innerText(), before, "one finger drags along");
	await page.getByRole("button", { name: "Hele forløbet" }).tap();
	await page.waitForFunction((wanted) => document.querySelector(".timeline-span").textContent.includes(wanted), "(9 d");
	await page.locator(".timeline-svg .place").nth(3).tap();
	await page.locator(".timeline-detail b").waitFor();
	console.log(JSON.stringify({ fingers: true }));
} finally {
	await browser.close();
	await coordinator.close();
}
