// Times and numbers as they are written in Denmark, whatever the browser's own habits are: 24 hours,
// dd.mm.yyyy, week numbers (ISO 8601), decimal comma. English keeps the form, so that nobody takes a day
// for a month. Times are in Danish time.
import { currentLanguage, t } from "./words.js";

const ZONE = "Europe/Copenhagen";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PARTS = new Intl.DateTimeFormat("en-GB", {
	timeZone: ZONE,
	year: "numeric",
	month: "2-digit",
	day: "2-digit",
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
	hourCycle: "h23",
});

// {year, month, day, hour, minute} as text, of a time in milliseconds or as the API writes it.
export function parts(time) {
	const found = {};
	for (const part of PARTS.formatToParts(new Date(time))) found[part.type] = part.value;
	return found;
}

export function date(time) {
	if (!time) return "–";
	const at = parts(time);
	return `${at.day}.${at.month}.${at.year}`;
}

export function clock(time) {
	if (!time) return "–";
	const at = parts(time);
	return `${at.hour}:${at.minute}`;
}

export function moment(time) {
	return time ? `${date(time)} ${clock(time)}` : "–";
}

// The day is said only when it is not today: "14:30", "i går 14:30", "24.11. 08:00".
export function near(time, now = Date.now()) {
	if (!time) return "–";
	const days = dayNumber(time) - dayNumber(now);
	if (days === 0) return t("shell.today", { time: clock(time) });
	if (days === 1) return t("shell.tomorrow", { time: clock(time) });
	if (days === -1) return t("shell.yesterday", { time: clock(time) });
	const at = parts(time);
	const name = weekday(time);
	return at.year === parts(now).year
		? `${name} ${at.day}.${at.month}. ${clock(time)}`
		: `${name} ${moment(time)}`;
}

// Making one costs a hundred times what it costs to use it, and a board has a few for each row.
const made = new Map();
function formatter(kind, detail, make) {
	const language = currentLanguage() === "da" ? "da-DK" : "en-GB";
	const key = `${kind} ${detail} ${language}`;
	if (!made.has(key)) made.set(key, make(language));
	return made.get(key);
}

export function weekday(time, form = "short") {
	const days = formatter("weekday", form, (language) => new Intl.DateTimeFormat(language, { timeZone: ZONE, weekday: form }));
	return days.format(new Date(time)).replace(/\.$/, "");
}

// Days since 1970-01-01 of the Danish calendar.
function dayNumber(time) {
	const at = parts(time);
	return Math.round(Date.UTC(+at.year, +at.month - 1, +at.day) / DAY);
}

export function week(time) {
	const day = dayNumber(time);
	const thursday = day - ((day + 3) % 7) + 3;
	const year = new Date(thursday * DAY).getUTCFullYear();
	const first = Math.round(Date.UTC(year, 0, 1) / DAY);
	return Math.floor((thursday - first) / 7) + 1;
}

// "3 t 12 min", "2 d 4 t", "45 min": the two largest parts.
export function duration(ms) {
	const minutes = Math.floor(Math.abs(ms) / MINUTE);
	const days = Math.floor(minutes / 1440);
	const hours = Math.floor((minutes % 1440) / 60);
	if (days > 0) return t("shell.days-hours", { days, hours });
	if (hours > 0) return t("shell.hours-minutes", { hours, minutes: minutes % 60 });
	return t("shell.minutes", { minutes });
}

export function number(value, digits = 0) {
	const numbers = formatter("number", digits, (language) =>
		new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
	return numbers.format(value);
}

export function bytes(size) {
	if (size < 1024) return `${size} B`;
	if (size < 1024 * 1024) return `${number(size / 1024, 1)} kB`;
	return `${number(size / 1024 / 1024, 1)} MB`;
}

// "251248-••••": the day is shown, the rest only to who says what for.
export function maskCpr(cpr) {
	return /^\d{10}$/.test(cpr || "") ? `${cpr.slice(0, 6)}-••••` : "";
}
export function showCpr(cpr) {
	return /^\d{10}$/.test(cpr || "") ? `${cpr.slice(0, 6)}-${cpr.slice(6)}` : "";
}

// As people write it: a hyphen or spaces between the date and the last four digits.
export function digitsOf(cpr) {
	return cpr.replace(/[\s-]/g, "");
}

// Ten digits that begin with a date, in the century that the seventh names; day + 60 is a replacement number.
// No modulus 11: numbers that fail it are given since 2007.
export function isCpr(text) {
	if (!/^\d{10}$/.test(text)) return false;
	const [day, month, year] = [text.slice(0, 2), text.slice(2, 4), text.slice(4, 6)].map(Number);
	const seventh = Number(text[6]);
	let century = year <= 57 ? 2000 : 1800;
	if (seventh <= 3) century = 1900;
	else if (seventh === 4 || seventh === 9) century = year <= 36 ? 2000 : 1900;
	const born = day > 60 ? day - 60 : day;
	return month >= 1 && month <= 12 && born >= 1 && born <= new Date(Date.UTC(century + year, month, 0)).getUTCDate();
}

// "23.11.2026 14:30" or "23.11. 14.30" as the API writes it, Danish time whatever the browser's zone is;
// null for what is no time. Without a year the one that is nearest is meant; of the hour that the autumn gives
// twice, the first, as on the command line (cmd/when.h): a deadline is rather too early than too late.
export function readMoment(text, now = Date.now()) {
	const found = /^\s*(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4})?)?[\s,]+(?:kl\.?\s*)?(\d{1,2})[:.](\d{2})\s*$/.exec(text || "");
	if (!found) return null;
	const [day, month, hour, minute] = [found[1], found[2], found[4], found[5]].map(Number);
	const here = Number(parts(now).year);
	const years = found[3] ? [Number(found[3])] : [here - 1, here, here + 1];
	const times = years.map((year) => ofCopenhagen(year, month, day, hour, minute)).filter((time) => time !== null);
	if (times.length === 0) return null;
	times.sort((a, b) => Math.abs(a - now) - Math.abs(b - now));
	return new Date(times[0]).toISOString();
}

function ofCopenhagen(year, month, day, hour, minute) {
	const wall = Date.UTC(year, month - 1, day, hour, minute);
	const back = new Date(wall);
	if (hour > 23 || minute > 59 || back.getUTCDate() !== day || back.getUTCMonth() !== month - 1) return null;
	// Two rounds: the offset is of the time that is looked for.
	let utc = wall;
	for (let round = 0; round < 2; round++) {
		const at = parts(utc);
		utc += wall - Date.UTC(+at.year, +at.month - 1, +at.day, +at.hour, +at.minute);
	}
	return twice(utc) === "second" ? utc - HOUR : utc;
}

/** Which of two it is, "first" or "second", where the clock on the wall shows it twice; "" elsewhere. */
export function twice(time) {
	const at = new Date(time).getTime();
	const shown = moment(at);
	if (moment(at + HOUR) === shown) return "first";
	return moment(at - HOUR) === shown ? "second" : "";
}
