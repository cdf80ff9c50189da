// All texts people read, in two languages with the same keys (tests/console/words_test.mjs holds them
// equal). t("table.name"), t("shell.minutes", {minutes: 12}).
import da from "./words/da.js";
import en from "./words/en.js";

const languages = { da, en };
const PLACE = "stafet-language";
let language = "da";

function remembered() {
	try {
		return localStorage.getItem(PLACE);
	} catch {
		return null;
	}
}

export function languageOf(search) {
	const asked = new URLSearchParams(search).get("lang");
	return languages[asked] ? asked : languages[remembered()] ? remembered() : "da";
}

export function currentLanguage() {
	return language;
}

export function setLanguage(next) {
	language = languages[next] ? next : "da";
	document.documentElement.lang = language;
	try {
		localStorage.setItem(PLACE, language);
	} catch {
		// A browser that keeps nothing keeps the language for this page alone.
	}
}

export function hasWord(key) {
	return Object.hasOwn(languages[language], key);
}

export function t(key, values) {
	const text = languages[language][key];
	if (text === undefined) {
		console.error(`no text for ${key}`);
		return `⟦${key}⟧`;
	}
	return values ? text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole) : text;
}

// A word of an enumeration, as people say it: word("state", "in-transit"). What a later version may
// have is shown as it is.
export function word(list, value) {
	if (value === null || value === undefined || value === "") return "–";
	const key = `word.${list}.${value}`;
	return hasWord(key) ? languages[language][key] : String(value);
}
