// A transition and what is sent about it: frozen, empty, unknown, printed, as each role has it; letters of each
// kind; each form, mistyped, refused and sent.
import { Person } from "./browser.mjs";
import { isSlow, refuses, says } from "./stand_in.mjs";

const REFUSED = "Det kan ikke lade sig gøre, som tingene står nu";
const MESSAGE = "**/api/v1/messages/*";
const STATES = ["requested", "received", "accepted", "in-progress", "on-hold", "expired", "completed", "rejected", "referred-onward"];
const hex = (number) => number.toString(16).padStart(32, "0");

async function closes(person) {
	await person.page.keyboard.press("Escape");
	await person.dialogGone();
}

// A rule was broken, somebody objects, things went otherwise than agreed; each obligation in its own state.
function troubled(show, region) {
	const duty = show.obligations[0];
	return { ...show, frozen: true, course: { ...show.course, disputes: 1 },
		deviations: ["late", "no-plan", "contested"].map((code) => ({ ...show.deviations[0], code, recorded: show.as_of })),
		obligations: STATES.map((state, at) => ({ ...duty, subject: hex(at + 1), clause: 0, duty: "nursing", name: "", state, open: at < 6,
			owner: region.kommune.party, owner_name: region.kommune.name, due: at % 2 ? show.as_of : null })) };
}

async function transition(person, region, see) {
	const { page } = person;
	const path = `transition/${region.transition}`, asked = `**/api/v1/transitions/${region.transition}`;
	person.expect(/status of 404/);
	await person.go(`transition/${hex(1)}`);
	await see(person, "a transition that is not here", page.getByText("Det findes ikke her"));
	let stop = await says(person, asked, (show) => troubled(show, region));
	await person.go(path);
	await see(person, "a transition in trouble", page.getByText("Overgangen er frosset"));
	await person.press("Vis 3 afsluttede");
	await see(person, "what is done, too", page.getByRole("button", { name: "Vis kun åbne" }));
	await stop();
	stop = await says(person, asked, (show) => ({ ...show, holders: [], events: [], obligations: [], offers: [], next: { ...show.next, next: "nothing", party: null } }));
	await person.go(path);
	await see(person, "a transition in which nothing is", page.getByText("Ingen breve endnu."));
	await stop();
	await person.go(path);
	await page.getByRole("button", { name: "Vis hele CPR-nummeret" }).click();
	await see(person, "the whole CPR number", page.getByRole("button", { name: "Skjul CPR-nummeret" }));
	await page.locator(".timeline-picture").focus();
	await page.keyboard.press("End");
	await page.keyboard.press("+");
	await see(person, "an event of the timeline", page.locator(".chosen-ring"));
	await person.press("Som tabel");
	await see(person, "the timeline as a table", page.getByRole("table", { name: "Tidslinjen som tabel" }));
	await person.press("Anmod om en opgave");
	stop = await refuses(person, "**/obligations", 409, { method: "POST" });
	await person.press("Send anmodningen", page.locator("dialog"));
	await see(person, "a wish that is refused", page.locator("dialog").getByText(REFUSED));
	await stop();
	await closes(person);
	await person.press("Stil et spørgsmål");
	await person.press("Send spørgsmålet", page.locator("dialog"));
	await see(person, "a question without words", page.locator("dialog").getByText("Skriv en tekst."));
	await closes(person);
	await page.emulateMedia({ media: "print" });
	await see(person, "a transition on paper", page.locator("li.baton"), { paper: true });
	await page.emulateMedia({ media: null });
}

const BUNDLE = JSON.stringify({ resourceType: "Bundle", type: "message", entry: [{ resource: { resourceType: "Communication", text: { status: "generated",
	div: "<div><h1>Plan</h1><p>To gange <b>dagligt</b>.</p><table><tr><th>Dag</th><th>Hvad</th></tr><tr><td>1</td><td>Besøg</td></tr></table><ul><li>Rollator</li></ul></div>" } } }] });
// [the state, what is different from the letter that is there, what shows it].
const LETTERS = [
	["a letter as text, with what goes with it", { content_type: "text/plain", content: "Hver anden dag.", content_size: 15, contact_name: "Vagten", contact_telephone: "12345678",
		attachments: ["", "coming", "broken"].map((state, at) => ({ number: at + 1, name: `plan ${at}.pdf`, content_type: "application/pdf", size: 5000, moved: 5000, state })) }, ".attached-list"],
	["a letter with a narrative", { kind: "letter", content_type: "application/fhir+json", content: BUNDLE, content_size: BUNDLE.length }, ".letter table"],
	["a letter as a PDF file", { kind: "letter", content_type: "application/pdf", content: "", content_size: 40_000 }, ".attachment"],
	["a letter without content", { content: "", content_size: 0 }, "p:text-is('Brevet har intet indhold her.')"],
	["a letter of another author", { author: hex(9) }, ".notice-bad"],
];

async function letters(person, region, see) {
	const { page } = person;
	const open = () => page.locator("#letters button").first().click();
	await person.go(`transition/${region.transition}`);
	for (const [state, more, sign] of LETTERS) {
		const stop = await says(person, MESSAGE, (told) => ({ ...told, ...more }));
		await open();
		await see(person, state, page.locator("dialog").locator(sign));
		await stop();
		await closes(person);
	}
	await open();
	await person.press("Rå fil", page.locator("dialog"));
	await see(person, "the raw file of a letter", page.locator("dialog pre.raw"));
	await closes(person);
	let stop = await isSlow(person, MESSAGE);
	await open();
	await see(person, "a letter, being read", page.locator("dialog .loading"), { waits: true });
	await closes(person);
	await stop();
	stop = await refuses(person, MESSAGE, 403);
	await open();
	await see(person, "a letter, not given", page.locator("dialog").getByText("Det har din rolle ikke adgang til"));
	await closes(person);
	await stop();
	stop = await says(person, "**/api/v1/inbox?*", (told) => ({ ...told, messages: [] }));
	await person.go(`transition/${region.transition}`);
	await see(person, "letters to somebody else", page.locator("#letters").getByText("ikke sendt til jer"));
	await stop();
}

// As those have it who read no letters, or no names.
async function otherRoles(browser, region, see) {
	const clerk = await Person.enter(browser, region.people.kommune.clerk);
	await clerk.go(`transition/${region.transition}`);
	await see(clerk, "a transition for a clerk", clerk.page.locator("#letters").getByText("kun for klinikere"));
	await clerk.leave();
	const auditor = await Person.enter(browser, region.people.kommune.auditor);
	for (const path of ["transitions", `transition/${region.transition}`]) {
		await auditor.go(path);
		await see(auditor, `${path.split("/")[0]} without names`, auditor.page.locator("main .mono"));
	}
	await auditor.leave();
}

async function forms(person, region, see) {
	const { page } = person;
	const form = page.locator("form.card");
	const go = (what) => person.go(`send/${region.transition}?what=${what}`);
	for (const what of ["intent", "ready", "unready", "agree", "letter", "question", "call"]) {
		await go(what);
		await see(person, `the form: ${what}`, form.getByRole("button", { name: "Send", exact: true }));
	}
	await go("plan");
	await page.getByLabel("Tidligst").first().fill("01.02.2031 08:00");
	await person.press("Send", form);
	await see(person, "a plan that ends before it begins", form.getByText("Det seneste ligger før det tidligste."));
	await go("letter");
	await person.press("Send", form);
	await see(person, "a letter without words", form.getByText("Skriv en tekst, eller vælg en fil."));
	let stop = await refuses(person, "**/ready-withdrawals", 409, { method: "POST" });
	await go("unready");
	await person.press("Send", form);
	await see(person, "what cannot be sent now", form.getByText(REFUSED));
	await stop();
	await go("call");
	await person.press("Send", form);
	await see(person, "what was sent", form.getByText("Sendt. Det er gemt her og på vej."));
	for (const [state, status, detail, sign] of [["a correction that is refused", 409, "not now", ".notice-bad"], ["a correction with a fault", 422, "ward: too long", ".field-error"]]) {
		stop = await refuses(person, "**/notifications", status, { method: "POST", detail });
		await go("revise");
		await page.getByLabel(/^Afdeling/).fill("M");
		await person.press("Send", form);
		await see(person, state, form.locator(sign));
		await stop();
	}
}

async function handsIn(person, see) {
	const { page } = person;
	await person.go("send");
	await see(person, "Send at a hospital", page.locator("#message-file"));
	await person.press("Send filen");
	await see(person, "no file was chosen", page.getByText("Vælg en fil."));
	person.expect(/status of 4(00|22)/);
	await page.locator("#message-file").setInputFiles([{ name: "letter.json", mimeType: "application/json", buffer: Buffer.from('{"resourceType":"Bundle","type":"message"}') }]);
	await person.press("Send filen");
	await see(person, "a file that is no letter", page.locator("form.card .notice-bad"));
}

export async function transitionStates(browser, region, see) {
	const kommune = await Person.enter(browser, region.people.kommune.clinician);
	await transition(kommune, region, see);
	await letters(kommune, region, see);
	await kommune.go(`send/${region.transition}?what=arrived`);
	await see(kommune, "the form: arrived", kommune.page.locator("form.card"));
	await kommune.go("send/new");
	await see(kommune, "no admissions here", kommune.page.locator(".empty"));
	await kommune.leave();
	await otherRoles(browser, region, see);
	const hospital = await Person.enter(browser, region.people.hospital.clinician);
	await handsIn(hospital, see);
	await forms(hospital, region, see);
	await hospital.leave();
}
