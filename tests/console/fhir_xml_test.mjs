// Messages in XML, read as the pages read them in JSON: MedCom's samples in both syntaxes show the same; what is
// damaged is null or shows less, and nothing of it runs away.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { bundleOfXml } from "../../src/http/console/source/parts/fhir_xml.js";
import { communications, narratives, parseBundle, readNotification } from "../../src/http/console/source/parts/notification.js";

const samples = fileURLToPath(new URL("../samples", import.meta.url));
const folder = join(samples, "stafet-hospitalnotification-xml");
const files = readdirSync(folder).filter((name) => name.endsWith(".xml"));
const read = (...path) => readFileSync(join(samples, ...path), "utf8");
const plain = (value) => JSON.parse(JSON.stringify(value));

test("a notification shows the same in both syntaxes", () => {
	assert.ok(files.length > 10);
	let named = 0;
	for (const name of files) {
		const xml = bundleOfXml(read("stafet-hospitalnotification-xml", name));
		assert.ok(xml, name);
		const json = parseBundle(read("medcom-hospitalnotification", `HospitalNotification_Ex_${name.replace(".xml", ".json")}`));
		const wanted = readNotification(json, "admit-inpatient");
		assert.deepEqual(plain(readNotification(xml, "admit-inpatient")), plain(wanted), name);
		assert.equal(narratives(xml).length, narratives(json).length, name);
		named += wanted.name && wanted.hospital && wanted.cpr ? 1 : 0;
	}
	assert.ok(named > 10, "there is something to show");
});

const BUNDLE = (inner) => `<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir">${inner}</Bundle>`;
const RESOURCE = (inner) => BUNDLE(`<entry><resource>${inner}</resource></entry>`);

test("texts keep their lines and signs", () => {
	const found = bundleOfXml(RESOURCE(`<Communication><payload><contentString value="Fald &amp; sår&#xA;i dag &lt;3 &quot;&#230;&quot; &#0;"/></payload><payload><contentString value='it is "so"'/></payload></Communication>`));
	assert.deepEqual(communications(found).map((each) => each.text), ['Fald & sår\ni dag <3 "æ" \ufffd', 'it is "so"']);
});

test("names with a prefix, comments and leave periods are read", () => {
	const text = `<f:Bundle xmlns:f="http://hl7.org/fhir"><!-- <f:entry> --><f:entry><f:resource><f:Patient><f:name><f:given value="A"/><f:given value="B"/><f:family value="C"/></f:name><f:deceasedBoolean value="true"/></f:Patient></f:resource></f:entry><f:entry><f:resource><f:Encounter><f:extension url="x/medcom-hospitalnotifiation-leave-period-extension"><f:valuePeriod><f:start value="2026-01-01"/></f:valuePeriod></f:extension></f:Encounter></f:resource></f:entry></f:Bundle>`;
	const shown = readNotification(bundleOfXml(text), "leave-start");
	assert.equal(shown.name, "A B C");
	assert.equal(shown.activity, "death");
	assert.equal(readNotification(bundleOfXml(text.replace('value="true"', 'value="false"')), "leave-start").time, "2026-01-01");
});

test("a name that says where it is from is still that name", () => {
	const text = BUNDLE('<entry><resource><Encounter><status value="in-progress"/></Encounter></resource></entry><entry><resource><Patient><name><given value="Nancy"/><family value="Elmer"><extension url="http://hl7.org/fhir/StructureDefinition/humanname-own-name"><valueString value="Elmer"/></extension></family></name></Patient></resource></entry>');
	assert.equal(readNotification(bundleOfXml(text), "admit-inpatient").name, "Nancy Elmer");
});

test("what is no FHIR in XML is none", () => {
	for (const text of ["", "x", "{}", "<Bundle/>", '<Bundle xmlns="http://example.org"/>', BUNDLE("<entry>"), BUNDLE("</entry>"), BUNDLE("<a></b>"), BUNDLE("<!DOCTYPE x>"), `<!DOCTYPE x [<!ENTITY a "b">]>${BUNDLE("")}`, BUNDLE("<a b='"), BUNDLE("<!-- "), `${BUNDLE("")}${BUNDLE("")}`, "<a>".repeat(100_000)])
		assert.equal(bundleOfXml(text), null, text.slice(0, 60));
	const odd = bundleOfXml(RESOURCE('<__proto__><polluted value="yes"/></__proto__>'));
	assert.equal({}.polluted, undefined);
	assert.ok(odd);
});

// Ten thousand damages, always the same: none of them throws or takes its time.
test("damaged messages are read to an end", () => {
	const whole = read("stafet-hospitalnotification-xml", "STIN_H.xml");
	const signs = ["<", ">", '"', "'", "&", "/", "", "<!--", "<![CDATA[", "\0", "<div>", "</div>"];
	let seed = 7;
	const draw = (below) => {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		return Math.floor((seed / 2 ** 32) * below);
	};
	for (let round = 0; round < 10_000; round++) {
		const at = draw(whole.length);
		const bundle = bundleOfXml(whole.slice(0, at) + signs[draw(signs.length)] + whole.slice(at + draw(3)));
		if (bundle) {
			readNotification(bundle, "admit-inpatient");
			narratives(bundle);
			communications(bundle);
		}
	}
});
