#include "format/notification.h"

#include <string.h>

#include "format/system.h"

#define REVISE "revise-"
#define REVISE_SIZE (sizeof(REVISE) - 1)
#define CANCEL "cancel-"
#define CANCEL_SIZE (sizeof(CANCEL) - 1)

struct encounter {
	const struct sf_element *resource;
	const char *status;
	const struct sf_element *period;
	const struct sf_element *leave; /* valuePeriod of the leave extension; NULL without */
	enum sf_stay_class stay_class;
};

enum deceased { DECEASED_UNSAID, DECEASED_NO, DECEASED_YES };

static bool equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* "revise-admit-inpatient" to its mode and activity. False for a code that is not MedCom's. */
static bool activity_from_code(
	const char *code, enum sf_activity *ret_activity, enum sf_mode *ret_mode)
{
	static const struct {
		const char *code;
		enum sf_activity activity;
	} activities[] = {
		{"admit-emergency", SF_ACTIVITY_ADMIT_EMERGENCY},
		{"admit-inpatient", SF_ACTIVITY_ADMIT_INPATIENT},
		{"start-leave-inpatient", SF_ACTIVITY_LEAVE_START},
		{"end-leave-inpatient", SF_ACTIVITY_LEAVE_END},
		{"discharge-emergency-home", SF_ACTIVITY_DISCHARGE_HOME},
		{"discharge-inpatient-home", SF_ACTIVITY_DISCHARGE_HOME},
	};
	enum sf_mode mode = SF_MODE_NEW;
	if (strncmp(code, REVISE, REVISE_SIZE) == 0)
		mode = SF_MODE_REVISE;
	else if (strncmp(code, CANCEL, CANCEL_SIZE) == 0)
		mode = SF_MODE_CANCEL;
	const char *base = mode == SF_MODE_REVISE   ? code + REVISE_SIZE
			   : mode == SF_MODE_CANCEL ? code + CANCEL_SIZE
						    : code;
	for (size_t i = 0; i < SF_COUNT(activities); i++) {
		if (!equal(base, activities[i].code))
			continue;
		*ret_activity = activities[i].activity;
		*ret_mode = mode;
		return true;
	}
	return false;
}

static enum deceased read_deceased(const struct sf_element *patient)
{
	const char *flag = sf_element_text(patient, "deceasedBoolean");
	if (equal(flag, "true") || sf_element_text(patient, "deceasedDateTime")[0] != '\0')
		return DECEASED_YES;
	return equal(flag, "false") ? DECEASED_NO : DECEASED_UNSAID;
}

/* NONE for no letter, and for a code that is not MedCom's. */
static enum sf_mode mode_of(const struct sf_provenance *letter)
{
	enum sf_activity activity;
	enum sf_mode mode = SF_MODE_NONE;
	return letter && activity_from_code(letter->activity, &activity, &mode) ? mode
										: SF_MODE_NONE;
}

/*
 * The code of where the patient is after the letter: a correction leaves it, a cancellation goes
 * back behind what it takes back. "" where the chain does not say. A chain may go round.
 */
static const char *standing_after(
	const struct sf_document *document, const struct sf_provenance *letter)
{
	for (size_t left = document->provenance_count + 1; letter && left > 0; left--) {
		enum sf_mode mode = mode_of(letter);
		if (mode != SF_MODE_CANCEL)
			return mode == SF_MODE_REVISE ? letter->activity + REVISE_SIZE
						      : letter->activity;
		letter = sf_provenance_before(document, letter);
		while (mode_of(letter) == SF_MODE_REVISE && left-- > 1)
			letter = sf_provenance_before(document, letter);
		letter = letter ? sf_provenance_before(document, letter) : NULL;
	}
	return "";
}

/*
 * The letter kept the activity of the one before, or what that left standing: only a death and what
 * follows it do.
 */
static bool is_unchanged(const struct sf_document *document, const struct sf_provenance *of)
{
	const struct sf_provenance *before = sf_provenance_before(document, of);
	if (!before || equal(before->activity, of->activity))
		return before != NULL;
	return mode_of(of) == SF_MODE_NEW && equal(standing_after(document, before), of->activity);
}

/*
 * A death keeps the current activity, and so does its correction. It is a correction when the
 * letter before was itself a death: that one kept its predecessor's activity too and took nothing
 * back.
 */
static enum sf_mode death_mode(const struct sf_document *document, enum sf_mode mode)
{
	const struct sf_provenance *own = sf_provenance_own(document);
	const struct sf_provenance *before = sf_provenance_before(document, own);
	bool unchanged = is_unchanged(document, own);
	if (mode == SF_MODE_REVISE && !unchanged)
		return SF_MODE_REVISE;
	bool again = unchanged && is_unchanged(document, before) && !equal(before->role, "removal");
	return again ? SF_MODE_REVISE : SF_MODE_NEW;
}

/* AN_MORS: deceased taken back, the activity as it was. A vendor may send false in every letter. */
static bool is_death_cancelled(const struct sf_document *document, enum sf_mode mode)
{
	const struct sf_provenance *own = sf_provenance_own(document);
	if (own->predecessor[0] == '\0')
		return false;
	bool removal = equal(own->role, "removal") && mode != SF_MODE_CANCEL;
	return removal || is_unchanged(document, own);
}

static void apply_death(struct sf_document *document, enum deceased deceased, const char *status)
{
	struct sf_stay_fact *stay = &document->stay;
	/* A cancellation by its activity stays one while the status does not say finished. */
	bool cancelled = stay->mode == SF_MODE_CANCEL && !equal(status, "finished");
	if (deceased == DECEASED_YES && !cancelled) {
		stay->activity = SF_ACTIVITY_DEATH;
		stay->mode = death_mode(document, stay->mode);
	} else if (deceased == DECEASED_NO && is_death_cancelled(document, stay->mode)) {
		stay->activity = SF_ACTIVITY_DEATH;
		stay->mode = SF_MODE_CANCEL;
	}
}

static void read_activity(
	struct sf_reading *reading, enum deceased deceased, const struct encounter *encounter)
{
	struct sf_document *document = reading->document;
	const struct sf_provenance *own = sf_provenance_own(document);
	if (!own)
		return; /* sf_provenance_read has said so */
	struct sf_stay_fact *stay = &document->stay;
	if (own->activity[0] == '\0') {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Provenance.activity",
			"the activity is missing; say what happened");
		return;
	}
	if (!activity_from_code(own->activity, &stay->activity, &stay->mode)) {
		sf_issue_add(reading->issues, SF_MSG_VALUE_UNKNOWN, "Provenance.activity",
			"not an activity of a hospital notification; use MedCom's code list");
		return;
	}
	document->current = stay->activity;
	apply_death(document, deceased, encounter ? encounter->status : "");
	if (stay->mode != SF_MODE_NEW && own->predecessor[0] == '\0')
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Provenance.entity.what",
			"a correction or cancellation must name the letter it is about");
}

static void read_class(struct sf_reading *reading, struct encounter *encounter)
{
	const struct sf_element *coding = sf_element_one(encounter->resource, "class");
	const char *code = sf_element_text(coding, "code");
	if (!coding || code[0] == '\0') {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Encounter.class",
			"the class is missing; give one of EMER and IMP");
	} else if (equal(code, "EMER")) {
		encounter->stay_class = SF_STAY_CLASS_EMERGENCY;
	} else if (equal(code, "IMP")) {
		encounter->stay_class = SF_STAY_CLASS_INPATIENT;
	} else {
		sf_issue_add(reading->issues, SF_MSG_VALUE_UNKNOWN, "Encounter.class",
			"the class is neither EMER nor IMP; give one of them");
	}
	reading->document->stay.stay_class = encounter->stay_class;
}

static void read_status(struct sf_reading *reading, struct encounter *encounter)
{
	encounter->status = sf_element_text(encounter->resource, "status");
	static const char *const known[] = {
		"in-progress", "onleave", "finished", "entered-in-error"};
	if (encounter->status[0] == '\0') {
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Encounter.status",
			"the status is missing; give one that MedCom lists for the activity");
		return;
	}
	for (size_t i = 0; i < SF_COUNT(known); i++)
		if (equal(encounter->status, known[i]))
			return;
	sf_issue_add(reading->issues, SF_MSG_VALUE_UNKNOWN, "Encounter.status",
		"not a status of a hospital notification; use in-progress, onleave, finished or "
		"entered-in-error");
}

/*
 * MedCom's own files disagree with its table (a discharge that still says onleave), so the activity
 * decides. Refused is only what would be dangerous to guess: an end without a discharge or a death,
 * and a mistake that nobody cancels.
 */
static void check_status(struct sf_reading *reading, const struct encounter *encounter)
{
	const struct sf_stay_fact *stay = &reading->document->stay;
	if (stay->activity == SF_ACTIVITY_NONE)
		return;
	bool staying =
		stay->activity != SF_ACTIVITY_DISCHARGE_HOME && stay->activity != SF_ACTIVITY_DEATH;
	if (equal(encounter->status, "entered-in-error") && stay->mode != SF_MODE_CANCEL)
		sf_issue_add(reading->issues, SF_MSG_VALUE_UNKNOWN, "Encounter.status",
			"entered-in-error needs a cancelling activity; correct one of the two");
	else if (equal(encounter->status, "finished") && staying && stay->mode != SF_MODE_CANCEL)
		sf_issue_add(reading->issues, SF_MSG_VALUE_UNKNOWN, "Encounter.status",
			"finished needs a discharge or a deceased patient; correct one of them");
}

/*
 * MEDCOM structure: the extension is named "hospitalnotifiation" (sic), so its end decides. Of
 * several the last counts.
 */
static const struct sf_element *leave_period(const struct sf_element *encounter)
{
	const struct sf_element *period = NULL;
	struct sf_element_items items = sf_element_items(encounter, "extension");
	for (const struct sf_element *item; (item = sf_element_next(&items));)
		if (sf_extension_is(item, "leaveperiodextension"))
			period = sf_element_one(item, "valuePeriod");
	return period;
}

/*
 * The event's own time is what people are shown (MEDCOM: four event times). A cancellation may lack
 * it, because it re-opens what had ended; a death may lack the end. Then the human time of the own
 * Provenance stands in.
 */
static void read_event_time(struct sf_reading *reading, const struct encounter *encounter)
{
	struct sf_document *document = reading->document;
	struct sf_stay_fact *stay = &document->stay;
	bool needed = stay->mode != SF_MODE_CANCEL;
	int64_t start_ms = sf_reading_time(
		reading, encounter->period, "start", "Encounter.period.start", true);
	int64_t event_ms = 0;
	document->admitted_ms = start_ms;
	switch (stay->activity) {
	case SF_ACTIVITY_NONE:
		break;
	case SF_ACTIVITY_ADMIT_EMERGENCY:
	case SF_ACTIVITY_ADMIT_INPATIENT:
		event_ms = start_ms;
		break;
	case SF_ACTIVITY_DISCHARGE_HOME:
		event_ms = sf_reading_time(
			reading, encounter->period, "end", "Encounter.period.end", needed);
		break;
	case SF_ACTIVITY_DEATH:
		event_ms = sf_reading_time(
			reading, encounter->period, "end", "Encounter.period.end", false);
		break;
	case SF_ACTIVITY_LEAVE_START:
		event_ms = sf_reading_time(reading, encounter->leave, "start",
			"Encounter.extension.value.start", needed);
		break;
	case SF_ACTIVITY_LEAVE_END:
		event_ms = sf_reading_time(
			reading, encounter->leave, "end", "Encounter.extension.value.end", needed);
		break;
	}
	stay->event_ms = event_ms != 0 ? event_ms : document->occurred_ms;
}

/* The flag stands in the extension, or in a part of it named reportOfAdmissionFlag. */
static bool says_true(const struct sf_element *extension)
{
	if (equal(sf_element_text(extension, "valueBoolean"), "true"))
		return true;
	struct sf_element_items parts = sf_element_items(extension, "extension");
	for (const struct sf_element *part; (part = sf_element_next(&parts));)
		if (equal(sf_element_text(part, "url"), "reportOfAdmissionFlag"))
			return equal(sf_element_text(part, "valueBoolean"), "true");
	return false;
}

/* Only an admission asks for an admission report (MEDCOM rules S.BR1 to S.BR26). */
static bool is_report_requested(const struct sf_element *header)
{
	struct sf_element_items items = sf_element_items(header, "extension");
	for (const struct sf_element *item; (item = sf_element_next(&items));)
		if (sf_extension_is(item, "reportofadmissionextension"))
			return says_true(item);
	return false;
}

static void check_subject(struct sf_reading *reading, const struct sf_element *encounter,
	const struct sf_bundle_entry *patient)
{
	const struct sf_element *subject = sf_element_one(encounter, "subject");
	if (!subject)
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Encounter.subject",
			"the subject is missing; refer to the Patient");
	else if (patient && sf_bundle_resolve(reading->bundle, subject) != patient)
		sf_issue_add(reading->issues, SF_MSG_NO_MATCH, "Encounter.subject",
			"the subject is not the Patient of the message; refer to that one");
}

static const struct sf_bundle_entry *part_of(
	const struct sf_reading *reading, const struct sf_bundle_entry *organization)
{
	return organization ? sf_bundle_resolve(reading->bundle,
				      sf_element_one(organization->resource, "partOf"))
			    : NULL;
}

/* The smallest place is the provider; a place that is part of none is the hospital. */
static void read_places(struct sf_reading *reading, const struct sf_element *encounter)
{
	const struct sf_bundle_entry *provider =
		sf_bundle_resolve(reading->bundle, sf_element_one(encounter, "serviceProvider"));
	const struct sf_bundle_entry *above = part_of(reading, provider);
	reading->document->department = sf_reading_organization(reading, provider).name;
	if (part_of(reading, above))
		reading->document->ward_of = sf_reading_organization(reading, above).name;
}

static bool open_encounter(struct sf_reading *reading, struct encounter *ret_encounter)
{
	const struct sf_bundle_entry *entry = NULL;
	size_t count = sf_bundle_count(reading->bundle, "Encounter", &entry);
	if (count != 1) {
		sf_issue_add(reading->issues,
			count == 0 ? SF_MSG_RESOURCE_REQUIRED : SF_MSG_BAD_FORMAT, "Encounter",
			"the notification needs exactly one Encounter; send one stay a message");
		return false;
	}
	*ret_encounter = (struct encounter){.resource = entry->resource,
		.period = sf_element_one(entry->resource, "period"),
		.leave = leave_period(entry->resource)};
	read_class(reading, ret_encounter);
	read_status(reading, ret_encounter);
	return true;
}

void sf_notification_read(struct sf_reading *reading)
{
	struct sf_document *document = reading->document;
	const struct sf_bundle_entry *patient = sf_reading_patient(reading);
	struct encounter encounter = {0};
	bool has_encounter = open_encounter(reading, &encounter);
	read_activity(reading, read_deceased(patient ? patient->resource : NULL),
		has_encounter ? &encounter : NULL);
	if (!has_encounter)
		return;
	check_subject(reading, encounter.resource, patient);
	check_status(reading, &encounter);
	sf_reading_episodes(reading, encounter.resource);
	if (sf_element_count(encounter.resource, "episodeOfCare") == 0)
		sf_issue_add(reading->issues, SF_MSG_RESOURCE_REQUIRED, "Encounter.episodeOfCare",
			"the episode is missing; give its identifier");
	read_event_time(reading, &encounter);
	bool admit = sf_activity_is_admission(document->stay.activity);
	document->stay.report_requested = admit && document->stay.mode != SF_MODE_CANCEL &&
					  is_report_requested(reading->bundle->header);
	read_places(reading, encounter.resource);
}
