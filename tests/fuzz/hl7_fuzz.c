/*
 * HL7 v2: the parser, the mapping of ADT, the acknowledgement, and the notification that is made of
 * an event, which our own reader must take. The first byte '-': this machine knows no time zone.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/limits.h"
#include "core/identifier.h"
#include "format/format.h"
#include "format/hl7.h"

static const struct sf_zone_change changes[] = {{1774746000000, 7200}, {1792890000000, 3600}};
static const struct sf_zone zone = {.first_offset_s = 3600, .change_count = 2, .changes = changes};
static const struct sf_organization hospital = {"990011000016008", "5790999000017", "Nordby"};
static const struct sf_organization town = {"990031000016002", "5790999000031", "Nordby"};

static void check_adt(const struct sf_adt *adt)
{
	SF_ASSERT(adt->event >= 1 && adt->event <= 53);
	SF_ASSERT(adt->step >= SF_ADT_NOTHING && adt->step <= SF_ADT_MERGE);
	SF_ASSERT(adt->name.size > 0 && adt->recorded_ms != 0 && adt->event_ms != 0);
	bool patient = adt->step != SF_ADT_NOTHING;
	SF_ASSERT(sf_cpr_is_valid(sf_view_text(adt->cpr)) || (!patient && adt->cpr[0] == '\0'));
	SF_ASSERT((adt->step == SF_ADT_MERGE) == sf_cpr_is_valid(sf_view_text(adt->prior_cpr)));
	SF_ASSERT(!patient || adt->step == SF_ADT_MERGE || adt->visit[0] != '\0');
	SF_ASSERT((adt->step == SF_ADT_EXPECT) == (adt->expected.from_ms != 0));
	SF_ASSERT(adt->expected.from_ms <= adt->expected.until_ms);
	const char *const texts[] = {
		adt->family, adt->given, adt->visit, adt->department, adt->municipality, adt->gp};
	for (size_t i = 0; i < SF_COUNT(texts); i++)
		SF_ASSERT(sf_utf8_valid(sf_view_text(texts[i])));
}

static void check_issues(const struct sf_issues *issues)
{
	SF_ASSERT(issues->count > 0);
	for (size_t i = 0; i < issues->count; i++)
		SF_ASSERT(issues->items[i].expression[0] && issues->items[i].text[0] &&
			  issues->items[i].code[0]);
}

/* Too long, or with a byte that no text has: it is not echoed. */
static bool is_echoed(struct sf_view id)
{
	for (size_t i = 0; i < id.size; i++)
		if (id.data[i] < ' ' || id.data[i] == 0x7f)
			return false;
	return id.size <= 227;
}

/* MSA-2 is MSH-10 as it was sent, and the answer can be read. */
static void check_answer(
	struct sf_view message, bool good, bool later, const struct sf_issues *issues)
{
	struct sf_format format;
	sf_format_port(&format);
	const struct sf_hl7_answer answer = {.message = message,
		.original = good ? "AA" : "AE",
		.enhanced = good ? "CA" : "CE",
		.issues = issues,
		.at_ms = 1792890000000,
		.later = later};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	SF_ASSERT(!format.write_hl7_answer(NULL, &answer, &bytes, NULL));
	struct sf_issues ignored = {0};
	struct sf_hl7 asked, said;
	if (bytes.size > 0) {
		sf_hl7_split(message, &asked, &ignored);
		SF_ASSERT(sf_hl7_split(sf_buf_view(&bytes), &said, &ignored) ||
			  asked.charset != SF_HL7_LATIN1);
		SF_ASSERT(said.segment_count >= 2);
		struct sf_view code = sf_hl7_field(&said, sf_hl7_segment(&said, "MSA"), 1);
		SF_ASSERT(code.size == 2);
		/* Only what says AA or CA of that message takes it. */
		SF_ASSERT(good || !format.hl7_takes(NULL, message, sf_buf_view(&bytes)));
		struct sf_view id = sf_hl7_field(&said, sf_hl7_segment(&said, "MSA"), 2);
		struct sf_view wanted = sf_hl7_field(&asked, sf_hl7_segment(&asked, "MSH"), 10);
		SF_ASSERT(asked.segment_count == 0 || sf_view_equal(id, wanted) ||
			  !is_echoed(wanted));
	}
	sf_buf_fini(&bytes);
}

static void check_notification(const struct sf_adt *adt, struct sf_arena *arena)
{
	struct sf_format format;
	sf_format_port(&format);
	enum sf_activity admit = adt->stay_class == SF_STAY_CLASS_EMERGENCY
					 ? SF_ACTIVITY_ADMIT_EMERGENCY
					 : SF_ACTIVITY_ADMIT_INPATIENT;
	bool known = adt->activity != SF_ACTIVITY_NONE;
	struct sf_notification_step step = {
		.letter = {{1}},
		.stay = {.activity = adt->dead ? SF_ACTIVITY_DEATH
				     : known   ? adt->activity
					       : admit,
			.mode = SF_MODE_NEW,
			.stay_class = SF_STAY_CLASS_INPATIENT,
			.event_ms = adt->event_ms},
		.current = known ? adt->activity : admit,
		.occurred_ms = adt->occurred_ms,
		.recorded_ms = adt->recorded_ms,
	};
	const struct sf_notification_request request = {.sender = &hospital,
		.receiver = &town,
		.cpr = adt->cpr,
		.family = adt->family,
		.given = adt->given,
		.department = adt->department,
		.episode = {{2}},
		.admitted_ms = adt->admitted_ms ? adt->admitted_ms : adt->event_ms,
		.step_count = 1,
		.steps = &step};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	SF_ASSERT(!format.write_notification(NULL, &request, &bytes, NULL));
	struct sf_document document;
	struct sf_issues issues;
	struct sf_diag diag = {{0}};
	enum sf_err err = format.read(
		NULL, SF_CONTENT_FHIR_JSON, sf_buf_view(&bytes), arena, &document, &issues, &diag);
	SF_ASSERT(!err && document.stay.activity == step.stay.activity);
	SF_ASSERT(strcmp(document.cpr, adt->cpr) == 0);
	sf_buf_fini(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	struct sf_format format;
	struct sf_arena arena;
	struct sf_adt adt;
	struct sf_issues issues = {0};
	struct sf_diag diag = {{0}};
	struct sf_view message = sf_view_of(bytes + 1, size - 1);
	sf_format_port(&format);
	sf_arena_init(&arena, 16 * SF_CLINICAL_SIZE_MAX);
	enum sf_err err = format.read_adt(
		NULL, message, bytes[0] == '-' ? NULL : &zone, &arena, &adt, &issues, &diag);
	if (err) {
		SF_ASSERT(err == SF_ERR_FORMAT && diag.text[0] != '\0');
		check_issues(&issues);
	} else {
		SF_ASSERT(issues.count == 0);
		check_adt(&adt);
		if (adt.step != SF_ADT_NOTHING && adt.step != SF_ADT_MERGE)
			check_notification(&adt, &arena);
	}
	check_answer(message, !err, false, &issues);
	check_answer(message, !err, true, &issues);
	sf_arena_fini(&arena);
	return 0;
}
