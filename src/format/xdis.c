#include "format/xdis.h"

#include <string.h>

#include "core/identifier.h"
#include "format/moment.h"

#define CPR_SIZE ((size_t)10)
#define ID_SIZE_MAX ((size_t)128) /* as identifiers of FHIR letters */

struct reading {
	const struct sf_element *message; /* the letter's element, inside any wrapper */
	const struct sf_zone *zone;
	struct sf_arena *arena;
	struct sf_letter_document *document;
	struct sf_diag *diag;
};

/*
 * MEDCOM, Messages. root: "" where no public source names the XML element. number: of MedCom's
 * message, as in XDIS21, and in its version codes XD2134C and D1930C.
 */
struct kind {
	const char *root;
	const char *number;
	enum sf_letter_code code; /* NONE: a notification, superseded by FHIR */
	enum sf_err (*read)(struct reading *reading);
};

static enum sf_err read_care_plan(struct reading *reading);
static enum sf_err read_readiness(struct reading *reading);

static const struct kind kinds[] = {
	{"DischargeLetter", "01", SF_LETTER_DISCHARGE_LETTER, NULL},
	{"OutPatientDischargeLetter", "02", SF_LETTER_DISCHARGE_LETTER, NULL},
	{"ReportOfAdmission", "16", SF_LETTER_ADMISSION_REPORT, NULL},
	{"NotificationOfDischarge", "17", SF_LETTER_NONE, NULL},
	{"ReportOfDischarge", "18", SF_LETTER_DISCHARGE_REPORT, NULL},
	{"", "19", SF_LETTER_READINESS, read_readiness},
	{"NotificationOfAdmission", "20", SF_LETTER_NONE, NULL},
	{"ProgressOfCarePlan", "21", SF_LETTER_CARE_PLAN, read_care_plan},
	{"ClinicalEmail", "91", SF_LETTER_CORRESPONDENCE, NULL},
	{"GGOP", "GGOP", SF_LETTER_REHABILITATION_PLAN, NULL},
};

/* The number behind one of MedCom's prefixes: "XDIS21", "DIS21", "XD2134C", "D1930C". */
static bool has_number(const char *name, const char *number)
{
	static const char *const prefixes[] = {"XDIS", "DIS", "XD", "D", ""};
	for (size_t i = 0; i < SF_COUNT(prefixes); i++) {
		size_t size = strlen(prefixes[i]);
		bool bare = size == 0 && (number[0] >= '0' && number[0] <= '9');
		if (!bare && strncmp(name, prefixes[i], size) == 0 &&
			strncmp(name + size, number, strlen(number)) == 0)
			return true;
	}
	return false;
}

/* NULL when the name is none of a letter. */
static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < SF_COUNT(kinds); i++)
		if (name[0] != '\0' &&
			(strcmp(name, kinds[i].root) == 0 || has_number(name, kinds[i].number)))
			return &kinds[i];
	return NULL;
}

static enum sf_err wrong(struct reading *reading, enum sf_err err, const char *what)
{
	sf_diag_set(reading->diag, "%s", what);
	return err;
}

/* The element's name and the letter's own codes; they must agree where they speak. */
static enum sf_err find_kind(struct reading *reading, const struct kind **ret_kind)
{
	const struct sf_element *letter = sf_element_first(reading->message, "Letter");
	const char *const names[] = {reading->message->name, sf_element_text(letter, "VersionCode"),
		sf_element_text(letter, "TypeCode")};
	const struct kind *found = NULL;
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		const struct kind *kind = kind_of(names[i]);
		if (kind && found && kind != found)
			return wrong(reading, SF_ERR_FORMAT,
				"the letter's element and its VersionCode or TypeCode name two "
				"kinds of letter");
		if (kind)
			found = kind;
	}
	*ret_kind = found;
	return SF_OK;
}

/* Every element of that name must say the same. */
static enum sf_err find_moment(struct reading *reading, const struct sf_element *element,
	const char *name, struct sf_moment *moment)
{
	for (const struct sf_element *child = element->first; child; child = child->next) {
		enum sf_err err = SF_OK;
		struct sf_moment found = {.said = false};
		if (strcmp(child->name, name) == 0)
			err = sf_moment_read(child, reading->zone, &found);
		else
			err = find_moment(reading, child, name, moment);
		if (err)
			return err;
		if (found.said && moment->said && !sf_moment_equal(&found, moment))
			return SF_ERR_FORMAT;
		if (found.said)
			*moment = found;
	}
	return SF_OK;
}

static enum sf_err read_moment(
	struct reading *reading, const char *name, struct sf_moment *ret_moment)
{
	*ret_moment = (struct sf_moment){.said = false};
	enum sf_err err = find_moment(reading, reading->message, name, ret_moment);
	if (err == SF_ERR_CONFIG)
		sf_diag_set(reading->diag,
			"%s: Danish local time cannot be read here; install tzdata", name);
	else if (err)
		sf_diag_set(reading->diag,
			"%s: not one date and time; write Date as yyyy-mm-dd and Time as hh:mm",
			name);
	return err;
}

/* The day alone is no time that two sides can confirm. */
static enum sf_err read_agreed(struct reading *reading, struct sf_moment *ret_agreed)
{
	enum sf_err err = read_moment(reading, "AgreedDischarge", ret_agreed);
	if (!err && ret_agreed->has_time) {
		reading->document->has_agree = true;
		reading->document->agree.discharge_ms = ret_agreed->from_ms;
	}
	return err;
}

/* MEDCOM, Fields of the care plan. */
static enum sf_err read_care_plan(struct reading *reading)
{
	struct sf_moment ready, discharge;
	enum sf_err err = read_moment(reading, "ExpectedEndOfTreatment", &ready);
	if (!err)
		err = read_agreed(reading, &discharge);
	if (err || (!ready.said && !discharge.said))
		return err;
	reading->document->has_plan = true;
	reading->document->plan.ready = sf_moment_interval(&ready);
	reading->document->plan.discharge = sf_moment_interval(&discharge);
	return SF_OK;
}

/*
 * Readiness is declared with date and time, and only when the hospital's own duties are done
 * (MEDCOM, Deadlines: RN 13047 and 17068). A letter with the day alone declares nothing.
 */
static enum sf_err read_readiness(struct reading *reading)
{
	struct sf_moment ready, discharge;
	enum sf_err err = read_moment(reading, "EndOfTreatment", &ready);
	if (!err)
		err = read_agreed(reading, &discharge);
	if (err || !ready.has_time)
		return err;
	reading->document->has_ready = true;
	reading->document->ready =
		(struct sf_ready){.ready_ms = ready.from_ms, .duties_done = true};
	return SF_OK;
}

static enum sf_err keep(struct reading *reading, const char *text, const char **ret_text)
{
	if (text[0] == '\0')
		return SF_OK;
	if (strlen(text) > ID_SIZE_MAX)
		return wrong(reading, SF_ERR_LIMIT, "an identifier of the letter is too long");
	const char *copy = sf_arena_text(reading->arena, sf_view_text(text));
	if (!copy)
		return wrong(reading, SF_ERR_LIMIT, "the letter needs more memory than it may");
	*ret_text = copy;
	return SF_OK;
}

/* With or without the hyphen that people write. */
static enum sf_err read_cpr(struct reading *reading)
{
	const struct sf_element *patient = sf_element_first(reading->message, "Patient");
	const char *text = sf_element_text(patient, "CivilRegistrationNumber");
	char digits[CPR_SIZE + 1] = "";
	size_t size = 0;
	for (const char *at = text; *at; at++) {
		if (*at == '-' && at - text == 6)
			continue;
		if (size == CPR_SIZE)
			return wrong(reading, SF_ERR_FORMAT,
				"CivilRegistrationNumber: more than ten digits");
		digits[size++] = *at;
	}
	if (size > 0 && !sf_cpr_is_valid(sf_view_of(digits, size)))
		return wrong(reading, SF_ERR_FORMAT,
			"CivilRegistrationNumber: not a plausible CPR number");
	return keep(reading, digits, &reading->document->cpr);
}

static enum sf_err read_letter(struct reading *reading)
{
	const struct sf_element *letter = sf_element_first(reading->message, "Letter");
	struct sf_letter_document *document = reading->document;
	enum sf_err err =
		keep(reading, sf_element_text(letter, "Identifier"), &document->letter_id);
	if (!err)
		err = keep(reading, sf_element_text(letter, "EpisodeOfCareIdentifier"),
			&document->episode_id);
	/* Only shown: a time that cannot be read is one that was not said. */
	struct sf_moment written;
	if (!sf_moment_read(sf_element_first(letter, "Authorisation"), reading->zone, &written))
		document->written_ms = written.from_ms;
	return err ? err : read_cpr(reading);
}

/* The letter stands alone, or beside its envelope in a wrapper. NULL when several do. */
static const struct sf_element *message_of(const struct sf_element *root)
{
	if (strcmp(root->name, "Emessage") != 0)
		return root;
	const struct sf_element *message = NULL;
	for (const struct sf_element *child = root->first; child; child = child->next) {
		if (strcmp(child->name, "Envelope") == 0)
			continue;
		if (message)
			return NULL;
		message = child;
	}
	return message;
}

enum sf_err sf_xdis_read(const struct sf_element *root, const struct sf_zone *zone,
	struct sf_arena *arena, struct sf_letter_document *document, struct sf_diag *diag)
{
	struct reading reading = {.message = message_of(root),
		.zone = zone,
		.arena = arena,
		.document = document,
		.diag = diag};
	if (!reading.message)
		return wrong(&reading, SF_ERR_FORMAT,
			"Emessage: not exactly one letter; send each by itself");
	const struct kind *kind = NULL;
	enum sf_err err = find_kind(&reading, &kind);
	if (err || !kind)
		return err;
	if (kind->code == SF_LETTER_NONE)
		return wrong(&reading, SF_ERR_UNSUPPORTED,
			"a notification is no letter; send MedCom's HospitalNotification");
	document->code = kind->code;
	err = read_letter(&reading);
	return err || !kind->read ? err : kind->read(&reading);
}
