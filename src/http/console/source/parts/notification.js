// What a receiver must at least be shown of a HospitalNotification (MedCom, test protocol for receivers):
// Borger, Status for sygehusophold, Tidspunkt, Hospital, Afdeling, Afsnit. From JSON: a message in XML is
// made such an object first (parts/fhir_xml.js).
import { t, word } from "../words.js";

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

// MedCom's display text of what happened (its code system medcom-messaging-activityCodes); a correction or
// a cancellation is called one in MedCom's way: "Update of start hospital stay – admission".
export function statusText(activity, mode) {
	const what = word("activity", activity);
	if (mode !== "revise" && mode !== "cancel") return what;
	return t(`notification.${mode}`, { what: what.charAt(0).toLowerCase() + what.slice(1) });
}

function timeOf(activity, encounter) {
	const away = leave(encounter) ?? {};
	const period = encounter.period ?? {};
	return { "leave-start": away.start, "leave-end": away.end, "discharge-home": period.end, death: period.end }[activity] ?? period.start ?? null;
}

// activity: the fact's, one of MedCom's six, but for a death, which only the patient tells.
export function readNotification(bundle, activity) {
	const patient = resources(bundle, "Patient")[0];
	const encounter = resources(bundle, "Encounter")[0];
	if (!patient || !encounter) return null;
	const name = list(patient.name)[0] ?? {};
	const happened = patient.deceasedBoolean === true || patient.deceasedDateTime ? "death" : activity;
	const [hospital = "", department = "", ward = ""] = places(bundle, encounter);
	return {
		name: [...list(name.given), name.family].filter(Boolean).map(String).join(" "),
		cpr: String(list(patient.identifier).find((each) => each?.system === "urn:oid:1.2.208.176.1.2")?.value ?? ""),
		activity: happened,
		time: timeOf(happened, encounter),
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
