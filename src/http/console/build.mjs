// Makes built/ from source/: node build.mjs, or node build.mjs --check to prove that what is committed
// equals a rebuild. Needs `npm ci --ignore-scripts` first; building the daemons needs none of this.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "built");
// Where its packages were not fetched nothing can be rebuilt: said, and for CTest a test that is skipped.
const esbuild = await import("esbuild").catch(() => null);
if (!esbuild) {
	console.error("build: skipped, its packages are not here: npm ci --ignore-scripts");
	process.exit(process.argv.includes("--check") ? 0 : 1);
}
const PACKED_BYTES_MAX = 150 * 1024;

// Icons of dkfds (Material Symbols) that the pages use, as symbols of one file.
function icons() {
	const folder = join(here, "node_modules/dkfds/dist/img/svg-icons");
	const names = readFileSync(join(here, "source/icons.txt"), "utf8").split("\n").filter(Boolean);
	const symbols = names.map((name) => {
		const text = readFileSync(join(folder, `${name}.svg`), "utf8");
		const box = /viewBox="([^"]+)"/.exec(text)[1];
		const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(text)[1];
		return `<symbol id="${name}" viewBox="${box}">${inner}</symbol>`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function bundle(entry) {
	const result = await esbuild.build({
		absWorkingDir: here,
		entryPoints: [entry],
		bundle: true,
		minify: true,
		write: false,
		format: "iife",
		target: ["es2022"],
		charset: "utf8",
		legalComments: "none",
		external: ["/console/*"],
		loader: { ".css": "css" },
	});
	return result.outputFiles[0].text;
}

async function make() {
	return new Map([
		["index.html", readFileSync(join(here, "source/index.html"), "utf8")],
		["app.js", await bundle("source/main.js")],
		["app.css", await bundle("source/main.css")],
		["icons.svg", icons()],
	]);
}

// Of gzip's head nothing tells the time or the system, so the bytes follow from the content.
function pack(text) {
	const packed = gzipSync(Buffer.from(text), { level: 9 });
	packed[9] = 255;
	return packed;
}

function check(files) {
	const faults = [];
	for (const [name, text] of files) {
		const committed = readFileSync(join(built, name), "utf8");
		if (committed !== text) faults.push(`${name} is not what its sources make`);
		// Another zlib may pack in another way; what it unpacks to is what counts.
		const packed = gunzipSync(readFileSync(join(built, `${name}.gz`))).toString("utf8");
		if (packed !== text) faults.push(`${name}.gz does not unpack to ${name}`);
	}
	for (const name of readdirSync(built))
		if (!files.has(name.replace(/\.gz$/, ""))) faults.push(`${name} is made by nothing`);
	return faults;
}

function write(files) {
	rmSync(built, { recursive: true, force: true });
	mkdirSync(built);
	for (const [name, text] of files) {
		writeFileSync(join(built, name), text);
		writeFileSync(join(built, `${name}.gz`), pack(text));
	}
}

const files = await make();
let total = 0;
for (const [name, text] of files) {
	const size = pack(text).length;
	total += size;
	const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
	console.log(`${name.padEnd(12)} ${String(text.length).padStart(8)} ${String(size).padStart(7)} ${digest}`);
}
console.log(`packed: ${total} of ${PACKED_BYTES_MAX} bytes`);
if (total > PACKED_BYTES_MAX) {
	console.error("build: the console is larger than its readers shall wait for");
	process.exit(1);
}
if (process.argv.includes("--check")) {
	const faults = check(files);
	for (const fault of faults) console.error(`build: ${fault}; run node build.mjs and commit`);
	process.exit(faults.length ? 1 : 0);
}
write(files);
