// One page as everybody meets it: three widths, no finding of axe-core, no text that is missing, nothing
// wider than the screen; and a picture of it, where pictures are kept.
import assert from "node:assert/strict";
import { join } from "node:path";

const WIDTHS = [1440, 768, 360];
const HEIGHT_MAX = 2200; // of a picture

// What is kept among the sources is small: the pages that matter, as JPEG.
const KEPT = ["table", "transition", "plan", "admission", "letter", "signin", "region", "indicators", "auditor", "operator"];

async function picture(person, name, file, folder) {
	if (!folder || !KEPT.includes(name)) return;
	// Long pages as far as a reader of README looks; a dialog as it stands on the screen.
	const { width, height } = await person.page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
	const about = name === "letter" ? {} : { fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, HEIGHT_MAX) } };
	await person.page.screenshot({ path: join(folder, `${file}.jpg`), type: "jpeg", quality: 55, ...about });
	// To be looked at closely, as it is.
	if (process.env.STAFET_SCREENSHOTS_PNG) await person.page.screenshot({ path: join(process.env.STAFET_SCREENSHOTS_PNG, `${file}.png`), ...about });
}

export async function look(person, name, language, folder) {
	for (const width of WIDTHS) {
		await person.page.setViewportSize({ width, height: 900 });
		await person.accessible(`${name} (${language})`);
		await person.reflows(name);
		await picture(person, name, `${name}-${language}-${width}`, folder);
	}
	// What is left at 320 points and at twice the size of 1280 (WCAG 1.4.10, 1.4.4).
	await person.page.setViewportSize({ width: 320, height: 600 });
	await person.reflows(name);
	await person.page.setViewportSize({ width: 1440, height: 900 });
	const missing = await person.page.evaluate(() => document.body.innerText.match(/⟦[^⟧]*⟧/g) ?? []);
	assert.deepEqual(missing, [], name);
}
