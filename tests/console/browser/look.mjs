// One page as everybody meets it: three widths, no finding of axe-core, no text that is missing, nothing
// wider than the screen; and a picture of it, where pictures are kept (deploy/screenshots/take).
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const WIDTHS = [1440, 768, 360];
const PAPER = 794; // points of an A4 page's width
const HEIGHT_MAX = 1700; // of a picture: as far as one looks
const AROUND = 32; // points of the page behind, about a dialog
// What is kept among the sources is small: JPEG, coarser where there is much to see.
const BYTES_MAX = 150_000;
const QUALITIES = [50, 42, 34, 26];

// What looks as another does.
const NOT_KEPT = ["letter-xml", "discharge", "death", "death-confirm", "cancel", "cancel-confirm", "revise", "outdone"];
// Other states of a page that is there at three widths.
const AT_TWO = ["table-others", "table-hospital", "timeline-table", "signin-refused", "refused", "transitions-auditor", "auditor-find", "auditor-red", "send-hospital", "send-letter", "admission-faults"];

// A dialog with a little of what is behind it; a page from its top.
async function place(page) {
	return page.evaluate(([most, around]) => {
		const dialog = document.querySelector("dialog[open]")?.getBoundingClientRect();
		if (!dialog) return { fullPage: true, clip: { x: 0, y: 0, width: innerWidth, height: Math.min(document.documentElement.scrollHeight, most) } };
		const [x, y] = [Math.max(0, dialog.x - around), Math.max(0, dialog.y - around)];
		return { clip: { x, y, width: Math.min(innerWidth, dialog.right + around) - x, height: Math.min(innerHeight, dialog.bottom + around) - y } };
	}, [HEIGHT_MAX, AROUND]);
}

async function picture(page, name, file, folder) {
	if (!folder || NOT_KEPT.includes(name)) return;
	const about = await place(page);
	for (const quality of QUALITIES) {
		const bytes = await page.screenshot({ type: "jpeg", quality, ...about });
		writeFileSync(join(folder, `${file}.jpg`), bytes);
		if (bytes.length <= BYTES_MAX) return;
	}
}

export async function look(person, name, language, folder) {
	for (const width of WIDTHS) {
		await person.page.setViewportSize({ width, height: 900 });
		await person.accessible(`${name} (${language})`);
		await person.reflows(name);
		// A dialog is as wide on a tablet as on a desk.
		const atTwo = AT_TWO.includes(name) || (await person.page.locator("dialog[open]").count()) > 0;
		if (width !== 768 || !atTwo) await picture(person.page, name, `${name}-${language}-${width}`, folder);
	}
	// What is left at 320 points and at twice the size of 1280 (WCAG 1.4.10, 1.4.4).
	await person.page.setViewportSize({ width: 320, height: 600 });
	await person.reflows(name);
	await person.page.setViewportSize({ width: 1440, height: 900 });
	const missing = await person.page.evaluate(() => document.body.innerText.match(/⟦[^⟧]*⟧/g) ?? []);
	assert.deepEqual(missing, [], name);
}

// As a printer has it: nothing to press, nothing cut off at the side.
export async function lookOnPaper(person, name, language, folder) {
	const { page } = person;
	await page.emulateMedia({ media: "print" });
	await page.setViewportSize({ width: PAPER, height: 1123 });
	await person.reflows(`${name} on paper`);
	assert.equal(await page.locator("button:visible, nav:visible, input:visible").count(), 0, `${name} on paper`);
	await picture(page, `${name}-paper`, `${name}-paper-${language}`, folder);
	await page.emulateMedia({ media: "screen" });
	await page.setViewportSize({ width: 1440, height: 900 });
}
