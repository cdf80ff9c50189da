#include "format/adt.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "core/identifier.h"
#include "format/hl7_time.h"
#include "format/system.h"

#define CONTROL_ID_SIZE_MAX ((size_t)199) /* HL7 v2.7; 20 before */
#define AHEAD_MS_MAX SF_HOUR_MS           /* of an admission, against clocks that differ */
#define REPETITIONS_MAX ((size_t)32)      /* identifiers of one patient that are looked at */
#define REFUSED ((enum sf_adt_step)0)

struct reading {
	const struct sf_hl7 *hl7;
	const struct sf_zone *zone;
	struct sf_arena *arena;
	struct sf_adt *adt;
	struct sf_issues *issues;
	bool full; /* the arena was too small */
};

/* One event. The step by patient class (PV1-2): E, I, any other. */
struct mapping {
	uint32_t event;
	enum sf_adt_step emergency, inpatient, other;
	enum sf_activity activity;
};

/* clang-format off */
/* README.md, "HL7 v2 ADT" has the sources. HL7 v2.5 section 3.3.N describes event N. */
static const struct mapping mappings[] = {
	{1,  SF_ADT_ADMIT,          SF_ADT_ADMIT,          REFUSED,           SF_ACTIVITY_NONE},
	{2,  SF_ADT_NOTHING,        SF_ADT_NOTHING,        SF_ADT_NOTHING,    SF_ACTIVITY_NONE},
	{3,  SF_ADT_DISCHARGE,      SF_ADT_DISCHARGE,      SF_ADT_NOTHING,    SF_ACTIVITY_DISCHARGE_HOME},
	{4,  SF_ADT_ADMIT,          SF_ADT_ADMIT,          SF_ADT_NOTHING,    SF_ACTIVITY_NONE},
	{6,  SF_ADT_ADMIT,          SF_ADT_ADMIT,          REFUSED,           SF_ACTIVITY_NONE},
	{7,  SF_ADT_ADMIT,          REFUSED,               SF_ADT_DISCHARGE,  SF_ACTIVITY_DISCHARGE_HOME},
	{8,  SF_ADT_UPDATE,         SF_ADT_UPDATE,         SF_ADT_NOTHING,    SF_ACTIVITY_NONE},
	{11, SF_ADT_CANCEL,         SF_ADT_CANCEL,         SF_ADT_NOTHING,    SF_ACTIVITY_ADMIT_INPATIENT},
	{12, SF_ADT_NOTHING,        SF_ADT_NOTHING,        SF_ADT_NOTHING,    SF_ACTIVITY_NONE},
	{13, SF_ADT_CANCEL,         SF_ADT_CANCEL,         SF_ADT_NOTHING,    SF_ACTIVITY_DISCHARGE_HOME},
	{16, SF_ADT_EXPECT,         SF_ADT_EXPECT,         SF_ADT_NOTHING,    SF_ACTIVITY_NONE},
	{21, REFUSED,               SF_ADT_LEAVE_START,    REFUSED,           SF_ACTIVITY_LEAVE_START},
	{22, REFUSED,               SF_ADT_LEAVE_END,      REFUSED,           SF_ACTIVITY_LEAVE_END},
	{25, SF_ADT_EXPECT_NOTHING, SF_ADT_EXPECT_NOTHING, SF_ADT_NOTHING,    SF_ACTIVITY_NONE},
	{40, SF_ADT_MERGE,          SF_ADT_MERGE,          SF_ADT_MERGE,      SF_ACTIVITY_NONE},
	{52, REFUSED,               SF_ADT_CANCEL,         REFUSED,           SF_ACTIVITY_LEAVE_START},
	{53, REFUSED,               SF_ADT_CANCEL,         REFUSED,           SF_ACTIVITY_LEAVE_END},
};
/* clang-format on */

static void fault(
	struct reading *reading, const char *code, const char *expression, const char *text)
{
	sf_issue_add(reading->issues, code, expression, text);
}

static const char *text_of(struct reading *reading, struct sf_view part)
{
	const char *text = sf_hl7_text(reading->hl7, part, reading->arena);
	reading->full = reading->full || !text;
	return text ? text : "";
}

static struct sf_view field(const struct reading *reading, const char *segment, size_t number)
{
	return sf_hl7_field(reading->hl7, sf_hl7_segment(reading->hl7, segment), number);
}

/* Component of the first repetition. */
static struct sf_view component(
	const struct reading *reading, const char *segment, size_t number, size_t which)
{
	const struct sf_hl7 *hl7 = reading->hl7;
	struct sf_view first = sf_hl7_repetition(hl7, field(reading, segment, number), 1);
	return sf_hl7_component(hl7, first, which);
}

/* What a message is one by, and what else it says: for "is this the same again?". */
static void read_name(struct reading *reading)
{
	static const size_t fields[] = {3, 4, 10};
	struct sf_buf buf;
	sf_buf_init(&buf, SF_CLINICAL_SIZE_MAX);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < SF_COUNT(fields) && !err; i++) {
		err = sf_buf_append(&buf, field(reading, "MSH", fields[i]));
		if (!err)
			err = sf_buf_append_u8(&buf, reading->hl7->field);
	}
	reading->adt->name = sf_arena_copy(reading->arena, sf_buf_view(&buf));
	sf_buf_clear(&buf);
	for (size_t i = 1; i < reading->hl7->segment_count && !err; i++) {
		err = sf_buf_append(&buf, reading->hl7->segments[i]);
		if (!err)
			err = sf_buf_append_u8(&buf, '\r');
	}
	reading->adt->rest = sf_arena_copy(reading->arena, sf_buf_view(&buf));
	reading->full |= err || !reading->adt->name.data || !reading->adt->rest.data;
	sf_buf_fini(&buf);
}

static const struct mapping *mapping_of(struct sf_view event)
{
	if (event.size != 3 || event.data[0] != 'A')
		return NULL;
	for (size_t i = 0; i < SF_COUNT(mappings); i++)
		if (event.data[1] == '0' + mappings[i].event / 10 &&
			event.data[2] == '0' + mappings[i].event % 10)
			return &mappings[i];
	return NULL;
}

/* Versions 2.2 to 2.8; 2.3.1 and 2.5.1 too. */
static bool is_version(struct sf_view version)
{
	return version.size >= 3 && version.data[0] == '2' && version.data[1] == '.' &&
	       version.data[2] >= '2' && version.data[2] <= '8' &&
	       (version.size == 3 || version.data[3] == '.');
}

static const struct mapping *read_header(struct reading *reading)
{
	read_name(reading);
	struct sf_view control_id = field(reading, "MSH", 10);
	if (control_id.size == 0)
		fault(reading, SF_MSG_RESOURCE_REQUIRED, "MSH-10",
			"the control id is missing: without it a message cannot be told from "
			"another");
	else if (control_id.size > CONTROL_ID_SIZE_MAX)
		fault(reading, SF_MSG_ELEMENT_TOO_LONG, "MSH-10", "the control id is too long");
	if (!sf_hl7_is(component(reading, "MSH", 11, 1), "P"))
		fault(reading, SF_MSG_UNABLE_TO_RECEIVE, "MSH-11",
			"only messages for production (P) are received");
	if (!is_version(component(reading, "MSH", 12, 1)))
		fault(reading, SF_MSG_UNABLE_TO_RECEIVE, "MSH-12",
			"this version is not received; send 2.2 to 2.8");
	if (!sf_hl7_is(component(reading, "MSH", 9, 1), "ADT")) {
		fault(reading, SF_MSG_UNKNOWN_TYPE, "MSH-9.1", "only ADT messages are received");
		return NULL;
	}
	const struct mapping *mapping = mapping_of(component(reading, "MSH", 9, 2));
	if (!mapping)
		fault(reading, SF_MSG_UNKNOWN_TYPE, "MSH-9.2", "this event is not received");
	else
		reading->adt->event = mapping->event;
	return mapping;
}

/* HL7 table 0004; what a country or a hospital adds is neither E nor I. */
static void read_step(struct reading *reading, const struct mapping *mapping)
{
	struct sf_adt *adt = reading->adt;
	struct sf_view class = field(reading, "PV1", 2);
	adt->activity = mapping->activity;
	adt->step = mapping->other;
	if (sf_hl7_is(class, "E")) {
		adt->stay_class = SF_STAY_CLASS_EMERGENCY;
		adt->step = mapping->emergency;
	} else if (sf_hl7_is(class, "I")) {
		adt->stay_class = SF_STAY_CLASS_INPATIENT;
		adt->step = mapping->inpatient;
	}
	bool needs_class = mapping->other != mapping->inpatient;
	if (class.size == 0 && needs_class)
		fault(reading, SF_MSG_RESOURCE_REQUIRED, "PV1-2",
			"the patient class is missing; give E, I or another of table 0004");
	else if (adt->step == REFUSED)
		fault(reading, SF_MSG_VALUE_UNKNOWN, "PV1-2",
			"a patient of this class cannot have this event");
}

/* An instant; 0 where nothing is said. */
static int64_t time_at(struct reading *reading, const char *segment, size_t number,
	const char *expression, struct sf_interval *ret_time)
{
	struct sf_view text = component(reading, segment, number, 1);
	/* Before 2.6 a TS has components (time and precision), the time in the first. */
	switch ((int)sf_hl7_time_read(text, reading->zone, ret_time)) {
	case SF_OK:
		break;
	case SF_ERR_CONFIG:
		fault(reading, "MSG_Mailbox_Out_Of_Operation", expression,
			"this machine does not know the time zone of local times");
		return 0;
	default:
		fault(reading, SF_MSG_DATE_FORMAT, expression,
			"not a date and time; write YYYYMMDDHHMM or more of it");
		return 0;
	}
	return ret_time->from_ms == ret_time->until_ms ? ret_time->from_ms : 0;
}

static int64_t instant_at(
	struct reading *reading, const char *segment, size_t number, const char *expression)
{
	struct sf_interval time;
	return time_at(reading, segment, number, expression, &time);
}

static int64_t first_said(int64_t a, int64_t b)
{
	return a ? a : b;
}

static void read_times(struct reading *reading)
{
	struct sf_adt *adt = reading->adt;
	adt->recorded_ms = instant_at(reading, "MSH", 7, "MSH-7");
	if (!adt->recorded_ms)
		fault(reading, SF_MSG_RESOURCE_REQUIRED, "MSH-7",
			"the time of the message is missing");
	adt->occurred_ms = first_said(instant_at(reading, "EVN", 2, "EVN-2"), adt->recorded_ms);
	int64_t event_ms = first_said(instant_at(reading, "EVN", 6, "EVN-6"), adt->occurred_ms);
	adt->admitted_ms = instant_at(reading, "PV1", 44, "PV1-44");
	adt->discharged_ms = instant_at(reading, "PV1", 45, "PV1-45");
	int64_t death_ms = instant_at(reading, "PID", 29, "PID-29");
	adt->event_ms = event_ms;
	if (adt->step == SF_ADT_ADMIT)
		adt->event_ms = first_said(adt->admitted_ms, event_ms);
	else if (adt->step == SF_ADT_DISCHARGE)
		adt->event_ms = first_said(adt->discharged_ms, event_ms);
	if (adt->dead && (adt->step == SF_ADT_DISCHARGE || adt->step == SF_ADT_UPDATE))
		adt->event_ms = first_said(death_ms, adt->event_ms);
	/* HospitalNotification S.BR13: at physical attendance, never of a booking to come. */
	if (adt->step == SF_ADT_ADMIT && adt->event_ms > adt->recorded_ms + AHEAD_MS_MAX)
		fault(reading, SF_MSG_BAD_FORMAT, "PV1-44",
			"an admission to come is not told; send it when the patient is there");
}

static void read_expected(struct reading *reading)
{
	if (reading->adt->step != SF_ADT_EXPECT)
		return;
	size_t before = reading->issues->count;
	time_at(reading, "PV2", 9, "PV2-9", &reading->adt->expected);
	if (reading->adt->expected.from_ms == 0 && reading->issues->count == before)
		fault(reading, SF_MSG_RESOURCE_REQUIRED, "PV2-9",
			"the expected discharge is missing; give a date, or date and time");
}

/*
 * The repetition whose assigning authority (CX-4) or type (CX-5) is the Danish civil registration:
 * its OID or the word CPR, or NNDNK, HL7's national person number of Denmark (table 0203).
 */
static struct sf_view find_cpr(const struct reading *reading, struct sf_view identifiers)
{
	const struct sf_hl7 *hl7 = reading->hl7;
	static const char prefix[] = "urn:oid:";
	for (size_t i = 1; i <= REPETITIONS_MAX; i++) {
		struct sf_view each = sf_hl7_repetition(hl7, identifiers, i);
		struct sf_view authority = sf_hl7_component(hl7, each, 4);
		if (sf_hl7_is(sf_hl7_subcomponent(hl7, authority, 2),
			    &SF_SYSTEM_CPR[sizeof(prefix) - 1]) ||
			sf_hl7_is(sf_hl7_subcomponent(hl7, authority, 1), "CPR") ||
			sf_hl7_is(sf_hl7_component(hl7, each, 5), "NNDNK"))
			return sf_hl7_component(hl7, each, 1);
		if (each.size == 0 && sf_hl7_repetition(hl7, identifiers, i + 1).size == 0)
			break;
	}
	return sf_view_of(NULL, 0);
}

static const char *read_cpr(
	struct reading *reading, const char *segment, size_t number, const char *expression)
{
	struct sf_view cpr = find_cpr(reading, field(reading, segment, number));
	if (cpr.size == 0)
		fault(reading, SF_MSG_RESOURCE_REQUIRED, expression,
			"no number of the Danish civil registration: give one with the authority "
			"CPR, "
			"1.2.208.176.1.2 or the type NNDNK");
	else if (!sf_cpr_is_valid(cpr))
		fault(reading, SF_MSG_DATATYPE_WRONG, expression,
			"not a plausible CPR number; write ten digits that begin with a date");
	else
		return text_of(reading, cpr);
	return "";
}

static void read_patient(struct reading *reading)
{
	struct sf_adt *adt = reading->adt;
	/* Whose it is, where it says so: the bytes are kept with the stay. */
	struct sf_view cpr = find_cpr(reading, field(reading, "PID", 3));
	if (adt->step == SF_ADT_NOTHING) {
		adt->cpr = sf_cpr_is_valid(cpr) ? text_of(reading, cpr) : "";
		return;
	}
	adt->cpr = read_cpr(reading, "PID", 3, "PID-3");
	/* FN: the surname is the first sub-component since version 2.3. */
	adt->family = text_of(
		reading, sf_hl7_subcomponent(reading->hl7, component(reading, "PID", 5, 1), 1));
	adt->given = text_of(reading, component(reading, "PID", 5, 2));
	/* What is written of it must be read: by recipients, and here before it is sent. */
	if (strlen(adt->given) + 1 + strlen(adt->family) > SF_PATIENT_NAME_SIZE_MAX)
		fault(reading, SF_MSG_ELEMENT_TOO_LONG, "PID-5",
			"the name is too long; shorten it");
	adt->municipality = text_of(reading, component(reading, "PID", 11, 9));
	if (adt->step == SF_ADT_MERGE)
		adt->prior_cpr = read_cpr(reading, "MRG", 1, "MRG-1");
}

/* XON: its identifier (10, before version 2.5 also 3), else its name. */
static const char *read_practice(struct reading *reading)
{
	static const size_t parts[] = {10, 3, 1};
	for (size_t i = 0; i < SF_COUNT(parts); i++) {
		const char *text = text_of(reading, component(reading, "PD1", 3, parts[i]));
		if (text[0])
			return text;
	}
	return "";
}

static const char *join(
	struct reading *reading, const char *first, const char *between, const char *second)
{
	size_t size = strlen(first) + strlen(between) + strlen(second) + 1;
	char *text = sf_arena_take(reading->arena, size);
	reading->full = reading->full || !text;
	if (!text)
		return "";
	snprintf(text, size, "%s%s%s", first, between, second);
	return text;
}

/* PL: point of care, and the facility it belongs to. */
static const char *read_department(struct reading *reading)
{
	const char *ward = text_of(reading, component(reading, "PV1", 3, 1));
	const char *facility = text_of(
		reading, sf_hl7_subcomponent(reading->hl7, component(reading, "PV1", 3, 4), 1));
	if (!ward[0] || !facility[0])
		return ward[0] ? ward : facility;
	return join(reading, ward, ", ", facility);
}

static void read_visit(struct reading *reading)
{
	struct sf_adt *adt = reading->adt;
	adt->gp = read_practice(reading);
	adt->department = read_department(reading);
	const char *number = text_of(reading, component(reading, "PV1", 19, 1));
	if (number[0] == '\0') {
		if (adt->step != SF_ADT_NOTHING && adt->step != SF_ADT_MERGE)
			fault(reading, SF_MSG_RESOURCE_REQUIRED, "PV1-19",
				"the visit number is missing: events of one stay are joined by it");
		return;
	}
	/* As sent: the number stands alone within one assigning authority. */
	struct sf_view whole = sf_hl7_repetition(reading->hl7, field(reading, "PV1", 19), 1);
	struct sf_view authority = sf_hl7_component(reading->hl7, whole, 4);
	adt->visit = join(reading, number, "|", text_of(reading, authority));
}

bool sf_adt_read(const struct sf_hl7 *hl7, const struct sf_zone *zone, struct sf_arena *arena,
	struct sf_adt *ret_adt, struct sf_issues *issues)
{
	*ret_adt = (struct sf_adt){.cpr = "",
		.prior_cpr = "",
		.family = "",
		.given = "",
		.visit = "",
		.department = "",
		.municipality = "",
		.gp = ""};
	struct reading reading = {hl7, zone, arena, ret_adt, issues, false};
	if (hl7->segment_count == 0)
		return false; /* sf_hl7_split has said so */
	size_t before = issues->count;
	struct sf_view asked = field(&reading, "MSH", 16);
	ret_adt->heading = hl7->segments[0];
	ret_adt->wants_answer = sf_hl7_asks(asked, true) || sf_hl7_asks(asked, false);
	const struct mapping *mapping = read_header(&reading);
	if (mapping) {
		read_step(&reading, mapping);
		ret_adt->dead = sf_hl7_is(field(&reading, "PID", 30), "Y");
		read_times(&reading);
		read_expected(&reading);
		read_patient(&reading);
		read_visit(&reading);
	}
	if (reading.full)
		fault(&reading, SF_MSG_ELEMENT_TOO_LONG, "MSH",
			"the message needs more memory than it may");
	return issues->count == before;
}
