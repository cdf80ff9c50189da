// The coordinator's pages: full, empty, suppressed, late, contradicted, waiting and refused; and the evidence that
// cannot be fetched, read or computed. What is proven and what was forged is looked at by audit.mjs.
import { Person } from "./browser.mjs";
import { isSlow, refuses, says } from "./stand_in.mjs";

const HOUR = 3_600_000;
const LIST = "**/api/v1/transitions?*", INDICATORS = "**/api/v1/indicators?*", LOG = "**/api/v1/log", PROOF = "Hent og efterprøv beviset";
const hex = (number) => number.toString(16).padStart(32, "0");
const ago = (ms) => new Date(Date.now() - ms).toISOString();

async function board(person, region, see) {
	const { page } = person;
	const row = page.locator(".board-row");
	const kinds = [{ frozen: true }, { overdue_duties: 2 }, { next_due: ago(-HOUR) }, { late_deliveries: 1 }, { state: "closed", holders: [], municipality_name: "" }, {}];
	let stop = await says(person, "**/api/v1/transitions?open=true*", (told) => ({ ...told, transitions: kinds.map((kind, at) => ({ ...told.transitions[0], transition: hex(at + 1), ...kind })) }));
	await person.go("region?closed=1");
	await see(person, "the board with each kind of lateness", row.getByText("fastfrosset"));
	await person.go("region?late=frozen");
	await see(person, "the board by lateness", row);
	await stop();
	await person.go(`region?id=${hex(1)}`);
	await see(person, "an empty board", page.getByText("Ingen overgange passer til det valgte"));
	await person.go("region");
	await person.press("Sæt på pause");
	await see(person, "the board, standing still", page.getByRole("button", { name: "Genoptag opdatering" }));
	// More than one page can show, of which the first is given again and again.
	stop = await says(person, LIST, (told) => ({ ...told, totals: { open: 30_000 }, totals_whole: true, next: hex(1),
		transitions: Array.from({ length: 1000 }, () => ({ ...told.transitions[0], transition: hex(Math.floor(Math.random() * 2 ** 48)) })) }),
		{ url: (asked) => asked.replace(/&after=\w+/, "") });
	await person.go("region");
	await see(person, "more than the board can show", page.getByText("af 30.000 overgange"));
	// A reading on its way asks the daemon itself for what is behind a transition that it never had.
	person.expect(/status of 404 .*after=0{31}1$/);
	await stop();
	stop = await isSlow(person, LIST);
	await page.goto(`${person.party.url}/console/region`);
	await see(person, "the board, being read", page.locator("main .loading"), { waits: true });
	await stop();
	stop = await refuses(person, LIST, 503);
	await person.go("region");
	await see(person, "the board, not given", page.getByRole("button", { name: "Prøv igen" }));
	await stop();
	await person.go("region");
	await page.emulateMedia({ media: "print" });
	await see(person, "the board on paper", row, { paper: true });
	await page.emulateMedia({ media: null });
}

// Groups enough that not all of them are drawn, some of them too small to be shown.
function grouped(told) {
	const figures = told.groups[0]?.figures ?? [{ indicator: "stays", unit: "stays", definition: "Stays.", value: "", small: false }];
	return { ...told, groups: Array.from({ length: 10 }, (_, at) => ({ name: `Kommune ${at}`,
		figures: figures.map((figure) => (at % 3 ? { ...figure, value: String(at * 7), small: false } : { ...figure, value: "<5", small: true })) })) };
}

async function indicators(person, see) {
	const { page } = person;
	let stop = await says(person, INDICATORS, grouped);
	await person.go("indicators?by=municipality&months=3");
	const figure = page.locator("article.figure").first();
	await figure.locator("summary").click();
	await see(person, "figures by municipality, small ones suppressed", figure.locator(".small-cell"));
	await stop();
	await person.go("indicators?months=3");
	await page.locator("article.figure summary").first().click();
	await see(person, "figures of the region as a table", page.locator("article.figure table"));
	stop = await says(person, INDICATORS, (told) => ({ ...told, groups: [] }));
	await person.go("indicators?months=3");
	await see(person, "no discharges in this time", page.getByText("Ingen udskrivninger i perioden"));
	await stop();
	stop = await refuses(person, INDICATORS, 413);
	await person.go("indicators?months=3");
	await see(person, "months that cannot be summed up", page.getByText("har flere overgange, end ét svar kan lægge sammen"));
	await stop();
	stop = await refuses(person, INDICATORS, 503);
	await person.go("indicators?months=3");
	await see(person, "figures, not given", page.getByText("Stafet har for travlt lige nu"));
	await stop();
	stop = await isSlow(person, INDICATORS);
	await page.goto(`${person.party.url}/console/indicators?months=3`);
	await see(person, "figures, being read", page.locator("main .loading"), { waits: true });
	await stop();
}

// A node that is away, one that never came, one that is not there; keys that end, and none that holds.
function ailing(told) {
	const node = told.parties.find((party) => party.has_node && party.keys.length > 0 && party.role !== "coordinator");
	const kinds = [{ connected: false, seen: ago(30 * HOUR) }, { connected: false, seen: null }, { has_node: false }, { software: "stafet-node 0.0.1" }, { keys: [], key_count: 3 },
		{ keys: node.keys.map((key) => ({ ...key, until: ago(-24 * HOUR) })) }, { waiting: 12, waiting_since: ago(HOUR) }];
	return { ...told, parties: [...told.parties, ...kinds.map((kind, at) => ({ ...node, party: hex(at + 1), party_name: `Part ${at}`, ...kind }))] };
}

function contradicted(told) {
	return { ...told, size: told.size + 5, witnessed_at: ago(HOUR), witnessed_size: told.size, behind: true, missing: 4, fault: "log-inconsistent: the test says so",
		contradictions: [{ ...told.contradictions[0], at: ago(HOUR), kind: "fork", party_name: "Part 1", explained: false }] };
}

async function operator(person, see) {
	const { page } = person;
	await person.go("operator");
	await person.press("Regn hele loggen efter");
	await see(person, "the log, computed again", page.getByText("Loggen holder"));
	let stop = await says(person, "**/api/v1/log?*", (told) => ({ ...told, verified: false, fault: "root: the test says so" }));
	await person.press("Regn hele loggen efter");
	await see(person, "the log, computed and found wrong", page.getByRole("alert").getByText("Loggen holder ikke"));
	await stop();
	const stops = [await says(person, LOG, contradicted), await says(person, "**/api/v1/directory", ailing), await says(person, "**/api/v1/agreements", (told) => ({ ...told, agreements: [] }))];
	await person.go("operator");
	await see(person, "a region that ails", page.locator("#log .notice-bad"));
	for (stop of stops) await stop();
	await person.go("operator");
	await person.press("Sæt på pause");
	await see(person, "operations, standing still", page.getByRole("button", { name: "Genoptag opdatering" }));
	stop = await refuses(person, "**/api/v1/*", 503);
	await person.go("operator");
	await see(person, "operations, not given", page.getByRole("button", { name: "Prøv igen" }));
	await stop();
}

async function audit(person, region, see) {
	const { page } = person;
	const evidence = `**/api/v1/transitions/${region.transition}/evidence`;
	const press = () => person.press(PROOF);
	person.expect(/status of 404/);
	await person.go(`audit/${hex(1)}`);
	await see(person, "a transition that nobody knows", page.locator("#course").getByText("Det findes ikke her"));
	await person.go(`audit/${region.transition}`);
	await page.locator(".proof-trust summary").click();
	await page.locator("#proof-policy").setInputFiles([{ name: "policy", mimeType: "text/plain", buffer: Buffer.from("log x\n") }]);
	await see(person, "a trust policy that is none", page.getByText("Tillidsfilen kan ikke læses"));
	let stop = await isSlow(person, evidence);
	await press();
	await see(person, "evidence, being fetched", page.getByText(/^Efterprøver: /));
	await stop();
	await page.locator(".proof-report").waitFor();
	stop = await refuses(person, evidence, 503);
	await press();
	await see(person, "evidence, not given", page.locator(".proof .notice-bad"));
	await stop();
	await page.locator(".proof-file input").setInputFiles([{ name: "empty.evidence", mimeType: "application/octet-stream", buffer: Buffer.from("no evidence") }]);
	await see(person, "a file that is no evidence", page.locator(".proof-fault"));
	stop = await says(person, "**/api/v1/access-log?*", (told) => ({ ...told, accesses: [] }));
	await person.go(`audit/${region.transition}`);
	await see(person, "nobody has read of it", page.getByText("Ingen har læst om denne overgang her"));
	await stop();
	await page.emulateMedia({ media: "print" });
	await see(person, "the auditor's page on paper", page.locator("#course"), { paper: true });
	await page.emulateMedia({ media: null });
}

// As in a browser that knows no Ed25519.
function knowsNoEd25519() {
	SubtleCrypto.prototype.importKey = async () => { throw new DOMException("of the test", "NotSupportedError"); };
}

export async function regionStates(browser, region, see) {
	const keeper = await Person.enter(browser, region.people.coordinator.operator);
	await board(keeper, region, see);
	await indicators(keeper, see);
	await operator(keeper, see);
	await keeper.leave();
	const auditor = await Person.enter(browser, region.people.coordinator.auditor);
	await audit(auditor, region, see);
	await auditor.leave();
	const old = await Person.enter(browser, region.people.coordinator.auditor, { prepare: (context) => context.addInitScript(knowsNoEd25519) });
	await old.go(`audit/${region.transition}`);
	await old.press(PROOF);
	await see(old, "a browser that cannot verify", old.page.getByText("Denne browser kan ikke efterprøve underskrifter"));
	await old.leave();
}
