// A FHIR message in XML as the object that it would be in JSON, as far as the pages read one (FHIR R4 2.6.1). Read by
// hand, as narrative is: a document of the browser's own would load and report what stands in it. The daemon has
// judged the message before; what is no XML is null here.

const FHIR = "http://hl7.org/fhir";
// What may stand more than once where pages look for it.
const REPEATED = new Set(["entry", "name", "given", "identifier", "extension", "payload", "target", "episodeOfCare"]);
const DEPTH_MAX = 60;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function character(code) {
	const fits = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff));
	return fits ? String.fromCodePoint(code) : "\ufffd";
}

function decode(text) {
	return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => (name ? NAMED[name] ?? whole : character(hex ? parseInt(hex, 16) : Number(decimal))));
}

// Behind the ">" of the tag that begins at `at`, over quotes; -1 without one.
function endOfTag(text, at) {
	let quote = "";
	for (; at < text.length; at++) {
		const sign = text[at];
		if (quote) quote = sign === quote ? "" : quote;
		else if (sign === '"' || sign === "'") quote = sign;
		else if (sign === ">") return at + 1;
	}
	return -1;
}

// Behind what is no element: a comment, an instruction, text that is no markup. 0: an element; -1: not XML as FHIR has it.
function behindOther(text, at) {
	for (const [begin, end] of [["<!--", "-->"], ["<?", "?>"], ["<![CDATA[", "]]>"]]) {
		if (!text.startsWith(begin, at)) continue;
		const found = text.indexOf(end, at + begin.length);
		return found < 0 ? -1 : found + end.length;
	}
	return text.startsWith("<!", at) ? -1 : 0;
}

function attributesOf(tag) {
	const found = new Map();
	for (const [, name, one, other] of tag.matchAll(/\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) found.set(name, decode(one ?? other));
	return found;
}

// {name, attributes, children, start, end} of the root, or null. Narrative is one element: its text stays text.
function treeOf(text) {
	const open = [{ children: [] }];
	for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
		const other = behindOther(text, at);
		const end = other || endOfTag(text, at);
		if (other < 0 || end < 0) return null;
		if (!other) {
			const tag = text.slice(at + 1, end - 1);
			const top = open[open.length - 1];
			if (tag[0] === "/") {
				if (open.length < 2 || tag.slice(1).trim() !== top.tag) return null;
				top.end = end;
				open.pop();
			} else {
				const full = /^[\w:.-]+/.exec(tag)?.[0];
				if (!full || open.length > DEPTH_MAX) return null;
				const element = { tag: full, name: full.split(":").pop(), attributes: attributesOf(tag.slice(full.length)), children: [], start: at, end };
				top.children.push(element);
				if (!tag.endsWith("/")) open.push(element);
			}
		}
		at = end;
	}
	return open.length === 1 && open[0].children.length === 1 ? open[0].children[0] : null;
}

function valueOf(element, text) {
	if (element.name === "div") return text.slice(element.start, element.end);
	const value = element.attributes.get("value");
	// A primitive may have extensions; JSON keeps those beside it, and nobody reads them here.
	if (value !== undefined) return value === "true" || value === "false" ? value === "true" : value;
	const [inner] = element.children;
	if (["resource", "contained"].includes(element.name) && inner) return { resourceType: inner.name, ...partsOf(inner, text) };
	return partsOf(element, text);
}

// Patient.name and Organization.name are told apart by what they hold: the one has parts, the other a value.
function partsOf(element, text) {
	const found = {};
	if (element.attributes.has("url")) found.url = element.attributes.get("url");
	for (const child of element.children) {
		const { name } = child;
		if (name === "__proto__") continue;
		const value = valueOf(child, text);
		const alone = name === "name" && typeof value !== "object";
		if (Object.hasOwn(found, name)) found[name] = [found[name], value].flat();
		else found[name] = REPEATED.has(name) && !alone ? [value] : value;
	}
	return found;
}

export function bundleOfXml(text) {
	const root = treeOf(String(text));
	const space = root && [...root.attributes].some(([name, value]) => /^xmlns(:|$)/.test(name) && value === FHIR);
	return space && root.name === "Bundle" ? { resourceType: "Bundle", entry: [], ...partsOf(root, String(text)) } : null;
}
