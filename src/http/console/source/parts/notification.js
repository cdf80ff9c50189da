// What a receiver must at least be shown of a HospitalNotification (MedCom, test protocol for receivers):
// Borger, Status for sygehusophold, Tidspunkt, Hospital, Afdeling, Afsnit. From JSON: a message in XML is
// made such an object first (parts/fhir_xml.js).

const STATUSES = new Set(["STAA", "STIN", "STOR", "SLOR", "SLHJ", "MORS"]);
const PERIOD = "leave-period-extension";

function list(value) {
	return Array.isArray(value) ? value : [];
}

function resources(bundle, type) {
	return list(bundle?.entry).map((entry) => entry?.resource).filter((found) => found?.resourceType === type);
}

export function parseBundle(text) {
	try {
		const bundle = JSON.parse(text);
		return bundle?.resourceType === "Bundle" ? bundle : null;
	} catch {
		return null;
	}
}

function resolve(bundle, reference) {
	const wanted = String(reference?.reference ?? "");
	if (!wanted) return null;
	const entry = list(bundle.entry).find((each) => each?.fullUrl === wanted || String(each?.fullUrl ?? "").endsWith(`/${wanted}`) ||
		(each?.resource?.id && wanted === `${each.resource.resourceType}/${each.resource.id}`));
	return entry?.resource ?? null;
}

// Hospital, department, ward: the provider and what it is part of, the largest first.
function places(bundle, encounter) {
	const names = [];
	let place = resolve(bundle, encounter.serviceProvider);
	for (let depth = 0; place && depth < 5; depth++) {
		names.unshift(String(place.name ?? ""));
		place = resolve(bundle, place.partOf);
	}
	return names.filter(Boolean);
}

function leave(encounter) {
	const found = list(encounter.extension).find((each) => String(each?.url ?? "").endsWith(PERIOD));
	return found?.valuePeriod ?? null;
}

// Which of MedCom's six: what happened is the fact's activity, dead is the patient's.
export function statusOf(activity, dead) {
	if (dead || activity === "death") return "MORS";
	return { "admit-emergency": "STAA", "admit-inpatient": "STIN", "leave-start": "STOR", "leave-end": "SLOR", "discharge-home": "SLHJ" }[activity] ?? "";
}

function timeOf(status, encounter) {
	const away = leave(encounter) ?? {};
	const period = encounter.period ?? {};
	return { STOR: away.start, SLOR: away.end, SLHJ: period.end, MORS: period.end }[status] ?? period.start ?? null;
}

export function readNotification(bundle, activity) {
	const patient = resources(bundle, "Patient")[0];
	const encounter = resources(bundle, "Encounter")[0];
	if (!patient || !encounter) return null;
	const name = list(patient.name)[0] ?? {};
	const status = statusOf(activity, patient.deceasedBoolean === true || patient.deceasedDateTime);
	const [hospital = "", department = "", ward = ""] = places(bundle, encounter);
	return {
		name: [...list(name.given), name.family].filter(Boolean).map(String).join(" "),
		cpr: String(list(patient.identifier).find((each) => each?.system === "urn:oid:1.2.208.176.1.2")?.value ?? ""),
		status: STATUSES.has(status) ? status : "",
		time: timeOf(status, encounter),
		hospital,
		department,
		ward,
	};
}

// The text of a letter for people: of each resource that has narrative, the message's own head first.
export function narratives(bundle) {
	return list(bundle.entry).map((entry) => entry?.resource?.text?.div).filter((div) => typeof div === "string" && div);
}

// What a CareCommunication says: its payloads as text, and what is attached.
export function communications(bundle) {
	return resources(bundle, "Communication").flatMap((found) => list(found.payload).map((payload) => {
		if (payload?.contentString) return { text: String(payload.contentString) };
		const attached = payload?.contentAttachment ?? {};
		return { name: String(attached.title ?? ""), type: String(attached.contentType ?? "") };
	}));
}
