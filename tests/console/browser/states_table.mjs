// My table and the list of transitions: full of everything, empty, waiting, refused; and each of the dialogs.
import { Person } from "./browser.mjs";
import { isAway, isSlow, refuses, says } from "./stand_in.mjs";

const BOARD = "**/api/v1/board", LIST = "**/api/v1/transitions?*";
const STANDING = ["alarm", "undeliverable", "silent-node", "silent", "quarantine", "not-taken", "difference", "contradiction", "erase"];
const NEXT = ["answer-offer", "answer-plan", "find-receiver", "offer-again", "agree", "discharge", "decide", "window"];
const DUTIES = ["answer", "expectation", "rehabilitation", "find-receiver", "promised-answer"];
const hex = (number) => number.toString(16).padStart(32, "0");

// One row of each kind, late and not, on a rung and not, all of them this party's.
function everything(told, region) {
	const base = { ...told.board[0], transition: region.transition, what: "next", next: "", duty: "", name: "", code: 0, level: 0, overdue: false, promised: null,
		party: region.kommune.party, party_name: region.kommune.name, peer_name: region.hospital.name, domains: ["care", "medication"] };
	const rows = [
		...STANDING.map((what) => ({ ...base, what, duty: what === "alarm" ? "answer" : "" })),
		...NEXT.map((next) => ({ ...base, next })),
		...DUTIES.map((duty) => ({ ...base, next: "obligation", duty, name: duty === "expectation" ? "discharge-letter" : "", citation: "5-1" })),
	];
	return { ...told, board: rows.map((row, at) => ({ ...row, subject: hex(at + 1), overdue: at % 2 === 1, level: at % 3, promised: at % 5 ? null : new Date().toISOString(),
		before: at % 4 ? new Date(Date.now() + (at % 2 ? -1 : 30) * 3_600_000).toISOString() : null })) };
}

async function dialogs(person, see) {
	const { page } = person;
	const open = async (name) => {
		await page.locator("li.task").getByRole("button", { name, exact: true }).first().click();
		return page.locator("dialog");
	};
	const close = async () => {
		await page.keyboard.press("Escape");
		await person.dialogGone();
	};
	let dialog = await open("Bekræft tidspunkt");
	await see(person, "a time to confirm", dialog);
	await page.getByLabel("Udskrives").fill("32.13.2026");
	await person.press("Bekræft", dialog);
	await dialog.getByText("Skriv dag og klokkeslæt.", { exact: true }).waitFor();
	await see(person, "a time that is none", dialog.locator(".field-error", { hasText: "Skriv dag og klokkeslæt som" }));
	await close();
	// The question of a row that was made up is not there to be read.
	person.expect(/status of 404 .*\/api\/v1\/messages\/0{30}[0-9a-f]{2}$/);
	dialog = await open("Svar");
	await person.press("Send svaret", dialog);
	await see(person, "an answer without words", dialog.getByText("Skriv en tekst."));
	await close();
	dialog = await open("Find modtager");
	await person.press("Tilbyd", dialog);
	await see(person, "nobody was chosen", dialog.getByText("Vælg en part."));
	await close();
	dialog = await open("Klar fra …");
	await see(person, "from when one is ready", dialog.getByLabel("Kan modtage fra"));
	await close();
	await person.task("svar på planen").first().getByRole("button", { name: "Kan ikke modtage" }).click();
	await see(person, "why a plan is refused", dialog.getByLabel("Årsag"));
	await close();
}

async function table(person, region, see) {
	const { page } = person;
	await person.go("table");
	await person.press("Sæt på pause");
	await see(person, "My table, standing still", page.getByRole("button", { name: "Genoptag opdatering" }));
	await person.go("table?show=others");
	await see(person, "what others owe", page.locator("li.task"));
	let stop = await refuses(person, "**/api/v1/messages/*/accept", 409, { method: "POST" });
	await person.go("table");
	await person.press("Overtag", page.locator("li.task").first());
	await see(person, "an answer that is refused", page.locator("li.task").getByText("Det kan ikke lade sig gøre, som tingene står nu"));
	await stop();
	stop = await isSlow(person, "**/api/v1/messages/*/accept", { method: "POST", answered: false });
	await person.go("table");
	await person.press("Overtag", page.locator("li.task").first());
	await see(person, "an answer on its way", page.locator("li.task button[aria-busy=true]"));
	// Asked again by itself, and nobody is there: said at the task, and above all.
	const away = await isAway(person, "**/api/v1/messages/*/accept", { method: "POST" });
	await stop();
	await page.locator("li.task").getByText("Stafet svarer ikke lige nu").waitFor();
	await see(person, "an answer that reached nobody", page.locator(".away"));
	await away();
	stop = await says(person, BOARD, (told) => everything(told, region));
	await person.go("table");
	await see(person, "My table with everything on it", person.task("regionens log modsiger sig selv"));
	await dialogs(person, see);
	await stop();
	stop = await says(person, BOARD, (told) => ({ ...told, board: Array.from({ length: 203 }, (_, at) => ({ ...told.board[0], subject: hex(at + 1) })) }));
	await person.go("table");
	await see(person, "more tasks than are shown", page.getByText("og 3 til, som er mindre presserende"));
	await stop();
	stop = await says(person, BOARD, (told) => ({ ...told, board: [] }));
	for (const [show, words] of [["mine", "Intet venter på jer"], ["others", "I venter ikke på andre"]]) {
		await person.go(`table?show=${show}`);
		await see(person, `an empty table: ${show}`, page.getByText(words));
	}
	await stop();
}

async function list(person, see) {
	const { page } = person;
	await person.go("transitions?all=1");
	await see(person, "closed transitions, too", page.locator("tbody tr"));
	let stop = await says(person, "**/api/v1/transitions?open=true*", (told) => ({ ...told, next: hex(15) }));
	await person.go("transitions");
	const more = page.getByRole("button", { name: "Vis flere" });
	await see(person, "more transitions", more);
	const refused = await refuses(person, "**/api/v1/transitions?*after=*", 503);
	await more.click();
	await see(person, "more transitions that are not given", page.getByText("Stafet har for travlt lige nu"));
	await stop();
	await refused();
	stop = await says(person, LIST, (told) => ({ ...told, transitions: [], next: null }));
	await person.go("transitions");
	await see(person, "no transitions", page.locator(".empty"));
	await person.go("send");
	await see(person, "nobody to send about", page.locator(".empty"));
	await stop();
	stop = await says(person, "**/patient", () => ({ name: "", cpr: "" }));
	await person.go("transitions");
	await see(person, "citizens without a name", page.getByText("Borger uden navn her"));
	await stop();
	stop = await isSlow(person, "**/patient");
	await page.goto(`${person.party.url}/console/transitions`);
	await see(person, "names that are being read", page.locator(".patient-waits"), { waits: true });
	await stop();
}

// Each page, while it is read and when it is not given.
async function readings(person, region, see) {
	const { page } = person;
	for (const [path, asked] of [["table", BOARD], ["transitions", LIST], ["directory", "**/api/v1/directory"], [`transition/${region.transition}`, `**/api/v1/transitions/${region.transition}`], ["send", LIST]]) {
		const name = path.split("/")[0];
		let stop = await isSlow(person, asked);
		await page.goto(`${person.party.url}/console/${path}`);
		await see(person, `${name}, being read`, page.locator("main .loading"), { waits: true });
		await stop();
		stop = await refuses(person, asked, 503);
		await person.go(path);
		await see(person, `${name}, not given`, page.getByRole("button", { name: "Prøv igen" }));
		await stop();
	}
	await person.go("directory");
	await page.getByLabel("Søg efter part, rolle eller kode").fill("findes ikke");
	await see(person, "nobody of that name", page.getByText("Ingen passer"));
}

export async function tableStates(browser, region, see) {
	const person = await Person.enter(browser, region.people.kommune.clinician);
	await table(person, region, see);
	await list(person, see);
	await readings(person, region, see);
	await person.leave();
	const operator = await Person.enter(browser, region.people.kommune.operator);
	await operator.go("table");
	await see(operator, "My table without names", operator.page.locator("h1"));
	await operator.leave();
}
