// Texts: both languages have the same keys and the same places to fill in, and every key that a source
// names is there. A key made of parts ("answer.${name}") has at least one text that fits it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import da from "../../src/http/console/source/words/da.js";
import en from "../../src/http/console/source/words/en.js";

const source = fileURLToPath(new URL("../../src/http/console/source", import.meta.url));

function sources(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return entry.name === "words" ? [] : sources(path);
		return path.endsWith(".js") ? [path] : [];
	});
}

function named() {
	const whole = [], parted = [];
	for (const path of sources(source)) {
		const text = readFileSync(path, "utf8");
		for (const [, key] of text.matchAll(/\bt\("([^"]+)"/g)) whole.push([path, key]);
		for (const [, one, other] of text.matchAll(/\bt\([^"`()]*\? "([^"]+)" : "([^"]+)"/g)) whole.push([path, one], [path, other]);
		for (const [, key] of text.matchAll(/\bt\(`([^`]+)`/g)) parted.push([path, key]);
	}
	return { whole, parted };
}

const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("both languages have the same keys", () => {
	assert.deepEqual(Object.keys(da).sort(), Object.keys(en).sort());
});

test("both languages fill in the same", () => {
	for (const key of Object.keys(da)) assert.deepEqual(places(da[key]), places(en[key]), key);
});

test("no text is empty or unfinished", () => {
	for (const [key, text] of [...Object.entries(da), ...Object.entries(en)]) assert.match(text, /\S/, key);
});

test("every key that a source names has a text", () => {
	const { whole, parted } = named();
	assert.ok(whole.length > 100, "keys are found at all");
	for (const [path, key] of whole) assert.ok(Object.hasOwn(da, key), `${path}: ${key}`);
	for (const [path, key] of parted) {
		const pattern = new RegExp(`^${key.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^()[\]\\]/g, "\\$&")).join("[\\w.-]+")}$`);
		assert.ok(Object.keys(da).some((each) => pattern.test(each)), `${path}: ${key}`);
	}
});

test("every page has a name", () => {
	const pages = readFileSync(join(source, "pages.js"), "utf8");
	const paths = [...pages.matchAll(/path: "(\w+)"/g)].map(([, path]) => path);
	assert.ok(paths.length >= 9);
	for (const path of paths) assert.ok(Object.hasOwn(da, `${path}.name`), path);
});

test("a figure that counts more than its rule says so", () => {
	assert.match(da["indicators.readmission-30-days.definition"], /også planlagte/);
	assert.match(en["indicators.readmission-30-days.definition"], /planned ones too/);
	for (const words of [da, en]) assert.doesNotMatch(words["indicators.readmission-30-days.name"], /akut|acute/i);
});
