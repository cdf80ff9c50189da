// FHIR narrative (FHIR R4, 2.4.0.1) as a page may show it: text is cut into tags and words by hand, and
// only what stands on the list becomes elements, without any attribute but a table cell's span. Nothing
// is parsed by the browser, so nothing of it can load or run.
import { h } from "preact";

const ELEMENTS = new Set(["p", "br", "b", "i", "em", "strong", "u", "small", "big", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd",
	"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre", "code", "span", "div"]);
const VOID = new Set(["br", "hr"]);
// What is between their tags is no text for people.
const SILENT = new Set(["script", "style", "template", "svg", "math", "iframe", "object", "noscript", "title", "head", "textarea", "select", "video", "audio"]);
const SHOWN_AS = { h1: "h4", h2: "h4", h3: "h5", h4: "h5", h5: "h6", h6: "h6", big: "b" };
const DEPTH_MAX = 40;
const NODES_MAX = 5000;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", aring: "å", Aring: "Å", aelig: "æ", AElig: "Æ", oslash: "ø", Oslash: "Ø", eacute: "é", ndash: "–", mdash: "—", hellip: "…" };

export function plainText(text) {
	return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{2,10});/gi, (whole, name) => {
		if (name[0] !== "#") return NAMED[name] ?? whole;
		const code = name[1].toLowerCase() === "x" ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
		return code > 0x1f && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
	});
}

// {text} or {open | close: name, span, ended} one after another. From a tag with a quote that nobody ends on
// all is text: nothing of it is lost, and no letter makes it look for the end from every place.
export function tokens(source) {
	const found = [];
	const pattern = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[!?][^>]*(?:>|$)|<(\/?)([a-zA-Z][\w:-]*)((?:[^>"']|"[^"]*"|'[^']*')*)(?:>|$|(["']))/g;
	let at = 0;
	for (const match of source.matchAll(pattern)) {
		if (match.index > at) found.push({ text: plainText(source.slice(at, match.index)) });
		at = match.index + match[0].length;
		if (match[4]) {
			at = match.index;
			break;
		}
		if (!match[2]) continue;
		const name = match[2].toLowerCase();
		const span = /\bcolspan\s*=\s*["']?(\d{1,2})/i.exec(match[3])?.[1];
		found.push(match[1] ? { close: name } : { open: name, span, ended: /\/\s*$/.test(match[3]) });
	}
	if (at < source.length) found.push({ text: plainText(source.slice(at)) });
	return found;
}

function element(name, span, children) {
	const shown = SHOWN_AS[name] || name;
	return h(shown, name === "td" || name === "th" ? { colSpan: span ? Number(span) : undefined } : null, ...children);
}

// Elements for Preact. cut stands behind them when there is more than a page shows: nobody must take a part
// of a letter for all of it.
export function narrative(source, cut) {
	const root = { name: "", children: [] };
	const open = [root];
	let silent = "";
	let count = 0;
	const close = () => {
		const done = open.pop();
		open[open.length - 1].children.push(element(done.name, done.span, done.children));
	};
	for (const token of tokens(String(source))) {
		if (++count > NODES_MAX) break;
		const top = open[open.length - 1];
		if (silent) {
			if (token.close === silent) silent = "";
		} else if (token.text !== undefined) {
			top.children.push(token.text);
		} else if (token.close) {
			if (!open.some((each) => each.name === token.close)) continue;
			while (open[open.length - 1].name !== token.close) close();
			close();
		} else if (SILENT.has(token.open)) {
			silent = token.ended ? "" : token.open;
		} else if (!ELEMENTS.has(token.open)) {
			continue;
		} else if (VOID.has(token.open)) {
			top.children.push(h(token.open, null));
		} else if (!token.ended && open.length <= DEPTH_MAX) {
			open.push({ name: token.open, span: token.span, children: [] });
		}
	}
	while (open.length > 1) close();
	if (silent || count > NODES_MAX) root.children.push(cut);
	return root.children;
}
