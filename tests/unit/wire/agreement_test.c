#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/record.h"

/* Too large for the stack of a test with sanitizers: both live with the test group. */
struct fixture {
	struct sf_agreement agreement;
	struct sf_agreement back;
	struct sf_buf buf;
};

static void copy(char *place, size_t size, const char *text)
{
	size_t text_size = strlen(text);
	assert_true(text_size < size);
	memcpy(place, text, text_size + 1);
}

static struct sf_expectation care_plan(void)
{
	struct sf_expectation out = {
		.clause = {"care-plan", "2-4", "source missing"},
		.arises_on = {SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT, SF_TASK_STATE_NONE},
		.conditions = {2, {{SF_CONDITION_STAY_LONGER, false, 86400000},
					  {SF_CONDITION_HAS_CASE, true, 0}}},
		.owner = SF_ROLE_HOSPITAL,
		.met_by = {SF_KIND_OBLIGATION, SF_DUTY_NURSING, SF_TASK_IN_PROGRESS},
		.due = {2, {{SF_DEADLINE_DAY_AT, 1, 1439, -1}, {SF_DEADLINE_DAY_AT, 0, 1439, 720}}},
		.rung_count = 2,
		.rungs = {SF_RUNG_OWNER, SF_RUNG_CONTACT},
		.escalate_ms = 3600000,
	};
	return out;
}

static void fill_pathway(struct sf_pathway_terms *terms)
{
	terms->pathway = SF_PATHWAY_SOMATIC;
	terms->expectation_count = 1;
	terms->expectations[0] = care_plan();
	terms->window_count = 1;
	terms->windows[0] = (struct sf_window_clause){
		.clause = {"extended-responsibility", "72h-2023", ""},
		.domain = SF_DOMAIN_MEDICAL,
		.starts_on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, SF_TASK_STATE_NONE},
		.length = {1, {{SF_DEADLINE_MINUTES, 4320, 0, -1}}},
		.holder = SF_ROLE_HOSPITAL,
		.then = SF_ROLE_GP,
	};
	terms->handover_count = 2;
	terms->handovers[0] = (struct sf_handover){
		.on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, SF_TASK_STATE_NONE},
		.conditions = {1, {{SF_CONDITION_HAS_CASE, false, 0}}},
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS,
	};
	terms->handovers[1] = (struct sf_handover){
		.clause = {"rehabilitation", "§140", ""},
		.on = {SF_KIND_LETTER, SF_LETTER_REHABILITATION_PLAN, SF_TASK_STATE_NONE},
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_REHABILITATION),
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_PASSES,
		.after = {1, {{SF_DEADLINE_WORKING_DAYS, 2, 0, -1}}},
	};
	terms->receiver = (struct sf_receiver_clause){{"", "2-9", ""}, SF_ROLE_GP};
	terms->silence =
		(struct sf_silence_clause){{"", "6-1", ""}, {1, {{SF_DEADLINE_DAYS, 30, 0, -1}}}};
	terms->payment = (struct sf_payment){.clause = {"", "§ 238", ""},
		.region_day_rate = 1976,
		.state_day_rate = 1977,
		.state_day_rate_from_day_3 = 3952,
		.currency = "DKK",
		.prices = "2016"};
}

static void fill(struct sf_agreement *agreement)
{
	memset(agreement, 0, sizeof(*agreement));
	copy(agreement->name, sizeof(agreement->name), "test");
	agreement->version = 3;
	agreement->valid_from_day = 20454;
	copy(agreement->time_zone, sizeof(agreement->time_zone), "Europe/Copenhagen");
	copy(agreement->calendar_name, sizeof(agreement->calendar_name), "denmark");
	agreement->calendar.danish = true;
	agreement->calendar.suspended_count = 1;
	agreement->calendar.suspended[0] = (struct sf_period){20811, 20820};
	agreement->calendar.reading_from_minute = 480;
	agreement->calendar.reading_to_minute = 900;
	agreement->calendar.reading_daily = true;
	agreement->cut_off_minute = 720;
	agreement->pathway_count = 2;
	fill_pathway(&agreement->pathways[0]);
	agreement->pathways[1].pathway = SF_PATHWAY_PSYCHIATRIC;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	sf_buf_init(&fixture->buf, 4 * SF_AGREEMENT_SIZE_MAX);
	fill(&fixture->agreement);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_buf_fini(&fixture->buf);
	free(fixture);
	return 0;
}

static enum sf_err round_trip(struct fixture *fixture, struct sf_diag *diag)
{
	sf_buf_clear(&fixture->buf);
	assert_int_equal(sf_agreement_encode(&fixture->agreement, &fixture->buf), SF_OK);
	struct sf_view exact = raw_exact(sf_buf_view(&fixture->buf));
	enum sf_err err = sf_agreement_decode(exact, &fixture->back, diag);
	raw_free(exact);
	return err;
}

static void test_agreement_comes_back_as_it_was(void **state)
{
	struct fixture *fixture = *state;
	struct sf_diag diag = {""};
	assert_int_equal(round_trip(fixture, &diag), SF_OK);
	assert_string_equal(diag.text, "");
	const struct sf_agreement *in = &fixture->agreement;
	const struct sf_agreement *back = &fixture->back;
	/* Every member, field by field, through the encoder again, and a sample by eye. */
	struct sf_buf again;
	sf_buf_init(&again, SF_AGREEMENT_SIZE_MAX);
	assert_int_equal(sf_agreement_encode(back, &again), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&again), sf_buf_view(&fixture->buf)));
	sf_buf_fini(&again);
	assert_string_equal(back->name, "test");
	assert_int_equal(back->version, 3);
	assert_int_equal(back->valid_from_day, in->valid_from_day);
	assert_string_equal(back->time_zone, "Europe/Copenhagen");
	assert_string_equal(back->calendar_name, "denmark");
	assert_true(back->calendar.danish);
	assert_null(back->calendar.zone);
	assert_int_equal(back->calendar.suspended_count, 1);
	assert_int_equal(back->calendar.suspended[0].to_day, 20820);
	assert_int_equal(back->calendar.reading_from_minute, 480);
	assert_int_equal(back->calendar.reading_to_minute, 900);
	assert_true(back->calendar.reading_daily);
	assert_int_equal(back->cut_off_minute, 720);
	assert_int_equal(back->pathway_count, 2);
	assert_int_equal(back->pathways[1].pathway, SF_PATHWAY_PSYCHIATRIC);
	assert_true(sf_digest_is_none(&back->digest));
}

static void test_clauses_come_back_as_they_were(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(round_trip(fixture, NULL), SF_OK);
	const struct sf_pathway_terms *back = &fixture->back.pathways[0];
	const struct sf_expectation *expectation = &back->expectations[0];
	assert_string_equal(expectation->clause.name, "care-plan");
	assert_string_equal(expectation->clause.citation, "2-4");
	assert_string_equal(expectation->clause.source, "source missing");
	assert_int_equal(expectation->arises_on.kind, SF_KIND_STAY);
	assert_int_equal(expectation->arises_on.detail, SF_ACTIVITY_ADMIT_INPATIENT);
	assert_int_equal(expectation->conditions.count, 2);
	assert_int_equal(expectation->conditions.items[0].than_ms, 86400000);
	assert_true(expectation->conditions.items[1].negated);
	assert_int_equal(expectation->owner, SF_ROLE_HOSPITAL);
	assert_int_equal(expectation->met_by.state, SF_TASK_IN_PROGRESS);
	assert_int_equal(expectation->due.part_count, 2);
	assert_int_equal(expectation->due.parts[0].if_before_minute, -1);
	assert_int_equal(expectation->due.parts[1].if_before_minute, 720);
	assert_int_equal(expectation->due.parts[1].minute, 1439);
	assert_int_equal(expectation->rung_count, 2);
	assert_int_equal(expectation->rungs[1], SF_RUNG_CONTACT);
	assert_int_equal(expectation->escalate_ms, 3600000);
	assert_int_equal(back->windows[0].domain, SF_DOMAIN_MEDICAL);
	assert_int_equal(back->windows[0].length.parts[0].amount, 4320);
	assert_int_equal(back->windows[0].holder, SF_ROLE_HOSPITAL);
	assert_int_equal(back->windows[0].then, SF_ROLE_GP);
	assert_int_equal(back->handovers[0].offers, 6);
	assert_int_equal(back->handovers[0].silence, SF_SILENCE_STAYS);
	assert_int_equal(back->handovers[1].on.detail, SF_LETTER_REHABILITATION_PLAN);
	assert_int_equal(back->handovers[1].after.parts[0].rule, SF_DEADLINE_WORKING_DAYS);
	assert_int_equal(back->receiver.role, SF_ROLE_GP);
	assert_string_equal(back->receiver.clause.citation, "2-9");
	assert_int_equal(back->silence.after.parts[0].amount, 30);
	assert_int_equal(back->payment.state_day_rate_from_day_3, 3952);
	assert_string_equal(back->payment.currency, "DKK");
	assert_string_equal(back->payment.prices, "2016");
}

static void test_what_is_not_said_is_not_written(void **state)
{
	struct fixture *fixture = *state;
	memset(&fixture->agreement, 0, sizeof(fixture->agreement));
	copy(fixture->agreement.name, sizeof(fixture->agreement.name), "x");
	fixture->agreement.version = 1;
	fixture->agreement.cut_off_minute = -1;
	fixture->agreement.pathway_count = 1;
	fixture->agreement.pathways[0].pathway = SF_PATHWAY_SOMATIC;
	assert_int_equal(round_trip(fixture, NULL), SF_OK);
	assert_int_equal(fixture->buf.size, 9); /* name 3, version 2, pathway 4 */
	assert_int_equal(fixture->back.cut_off_minute, -1);
	assert_false(fixture->back.calendar.danish);
	assert_int_equal(fixture->back.pathways[0].receiver.role, SF_ROLE_NONE);
	assert_int_equal(fixture->back.pathways[0].silence.after.part_count, 0);
}

/* One number or text replaced by what cannot be, and a word that the error must have. */
struct spoil {
	size_t offset;
	size_t size;
	int64_t value;
	const char *text; /* instead of value */
	const char *word;
};
#define NUMBER(member, value, word)                                                                \
	{                                                                                          \
		offsetof(struct sf_agreement, member), sizeof(((struct sf_agreement *)0)->member), \
			value, NULL, word                                                          \
	}
#define TEXT(member, text, word)                                                                   \
	{                                                                                          \
		offsetof(struct sf_agreement, member), sizeof(((struct sf_agreement *)0)->member), \
			0, text, word                                                              \
	}

static void spoil_one(struct sf_agreement *agreement, const struct spoil *how)
{
	char *place = (char *)agreement + how->offset;
	const uint32_t number = (uint32_t)how->value;
	const bool flag = how->value != 0;
	if (how->text)
		copy(place, how->size, how->text);
	else if (how->size == sizeof(number))
		memcpy(place, &number, sizeof(number));
	else if (how->size == sizeof(flag))
		memcpy(place, &flag, sizeof(flag));
	else
		memcpy(place, &how->value, sizeof(how->value));
}

static void assert_spoilt(struct fixture *fixture, const struct spoil *spoils, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sf_diag diag = {""};
		fill(&fixture->agreement);
		spoil_one(&fixture->agreement, &spoils[i]);
		if (round_trip(fixture, &diag) != SF_ERR_FORMAT)
			fail_msg("%zu: %s is read", i, spoils[i].word);
		if (!strstr(diag.text, spoils[i].word))
			fail_msg("%s is not in: %s", spoils[i].word, diag.text);
		assert_int_equal(fixture->back.version, 0);
	}
}

static void test_agreements_that_cannot_be_are_refused(void **state)
{
	const struct spoil spoils[] = {
		TEXT(name, "", "name is missing"),
		TEXT(name, "a\nb", "name has a control"),
		TEXT(time_zone, "Europe\x7f", "time_zone has a control"),
		TEXT(calendar_name, "sweden", "calendar"),
		NUMBER(version, 0, "version"),
		NUMBER(valid_from_day, -1, "valid_from_day"),
		NUMBER(valid_from_day, 2932897, "valid_from_day"),
		NUMBER(calendar.suspended[0].from_day, 20821, "suspended"),
		NUMBER(calendar.suspended[0].to_day, -1, "to_day"),
		NUMBER(calendar.reading_to_minute, 1441, "reading_to_minute"),
		NUMBER(calendar.reading_to_minute, 480, "reading hours"),
		NUMBER(cut_off_minute, 1440, "cut_off"),
		NUMBER(pathway_count, 0, "pathways"),
		NUMBER(pathways[0].pathway, 3, "pathway"),
		NUMBER(pathways[1].pathway, SF_PATHWAY_SOMATIC, "twice"),
	};
	assert_spoilt(*state, spoils, SF_COUNT(spoils));
}

#define EXPECTATION(member) pathways[0].expectations[0].member
static void test_expectations_that_cannot_be_are_refused(void **state)
{
	const struct spoil spoils[] = {
		TEXT(EXPECTATION(clause.name), "", "name is missing"),
		TEXT(EXPECTATION(clause.citation), "\t", "citation"),
		TEXT(EXPECTATION(clause.source), "\x1f", "source"),
		TEXT(EXPECTATION(clause.name), "extended-responsibility", "twice"),
		NUMBER(EXPECTATION(arises_on.kind), 0, "arises_on: kind"),
		NUMBER(EXPECTATION(arises_on.kind), 29, "arises_on: kind"),
		NUMBER(EXPECTATION(arises_on.kind), SF_KIND_EXPIRED, "arises_on: kind"),
		NUMBER(EXPECTATION(arises_on.kind), SF_KIND_AGREEMENT_END, "arises_on: kind"),
		NUMBER(EXPECTATION(arises_on.kind), SF_KIND_ACKNOWLEDGEMENT, "arises_on: kind"),
		NUMBER(EXPECTATION(arises_on.kind), SF_KIND_READY, "arises_on: detail"),
		NUMBER(EXPECTATION(arises_on.detail), 7, "arises_on: detail"),
		NUMBER(EXPECTATION(arises_on.state), 1, "arises_on: state"),
		NUMBER(EXPECTATION(met_by.detail), 16, "met_by: detail"),
		NUMBER(EXPECTATION(met_by.state), 0, "met_by: state"),
		NUMBER(EXPECTATION(met_by.state), 12, "met_by: state"),
		NUMBER(EXPECTATION(conditions.items[0].code), 0, "condition"),
		NUMBER(EXPECTATION(conditions.items[0].code), 8, "condition"),
		NUMBER(EXPECTATION(conditions.items[0].than_ms), 0, "than_ms"),
		NUMBER(EXPECTATION(conditions.items[0].than_ms), -1, "than_ms"),
		NUMBER(EXPECTATION(conditions.items[1].than_ms), 1, "than_ms"),
		NUMBER(EXPECTATION(owner), 0, "owner"),
		NUMBER(EXPECTATION(due.parts[0].rule), 9, "due: rule"),
		NUMBER(EXPECTATION(due.parts[0].amount), 100001, "due: amount"),
		NUMBER(EXPECTATION(due.parts[0].amount), -1, "due: amount"),
		NUMBER(EXPECTATION(due.parts[0].minute), 1440, "due: minute"),
		NUMBER(EXPECTATION(due.parts[0].rule), SF_DEADLINE_DAYS, "due: minute"),
		NUMBER(EXPECTATION(due.parts[0].rule), SF_DEADLINE_DISCHARGE_DAY_AT, "due: amount"),
		NUMBER(EXPECTATION(due.parts[1].if_before_minute), 1440, "due: if_before"),
		NUMBER(EXPECTATION(rungs[1]), 5, "rungs"),
		NUMBER(EXPECTATION(escalate_ms), -1, "escalate_ms"),
		NUMBER(EXPECTATION(escalate_ms), INT64_MAX, "escalate_ms"),
	};
	assert_spoilt(*state, spoils, SF_COUNT(spoils));
}

static void test_windows_and_handovers_that_cannot_be_are_refused(void **state)
{
	const struct spoil spoils[] = {
		TEXT(pathways[0].windows[0].clause.name, "", "window 1: name is missing"),
		NUMBER(pathways[0].windows[0].starts_on.kind, 0, "window 1: starts_on"),
		NUMBER(pathways[0].windows[0].length.part_count, 0, "window 1: length"),
		NUMBER(pathways[0].windows[0].holder, 0, "window 1: holder"),
		NUMBER(pathways[0].windows[0].then, 8, "window 1: then"),
		NUMBER(pathways[0].windows[0].domain, SF_DOMAIN_COUNT, "window 1: domain"),
		NUMBER(pathways[0].handovers[0].on.kind, SF_KIND_READY, "handover 1: on"),
		NUMBER(pathways[0].handovers[0].offers, 0, "handover 1: offers"),
		NUMBER(pathways[0].handovers[0].offers, SF_DOMAIN_ALL + 1, "handover 1: offers"),
		NUMBER(pathways[0].handovers[0].to, 0, "handover 1: to"),
		NUMBER(pathways[0].handovers[0].silence, 0, "handover 1: silence"),
		NUMBER(pathways[0].handovers[0].silence, SF_SILENCE_PASSES, "handover 1: after"),
		NUMBER(pathways[0].handovers[1].silence, SF_SILENCE_STAYS, "handover 2: after"),
		TEXT(pathways[0].handovers[1].clause.name, "care-plan", "twice"),
		NUMBER(pathways[0].receiver.role, 8, "receiver: role"),
		TEXT(pathways[0].receiver.clause.citation, "\n", "receiver: citation"),
		NUMBER(pathways[0].silence.after.parts[0].rule, 0, "silence: after: rule"),
		TEXT(pathways[0].payment.currency, "", "payment: currency"),
		TEXT(pathways[0].payment.prices, "\r", "payment: prices"),
	};
	assert_spoilt(*state, spoils, SF_COUNT(spoils));
}

static void test_no_list_is_longer_than_its_place(void **state)
{
	struct fixture *fixture = *state;
	struct sf_agreement *agreement = &fixture->agreement;
	size_t *const counts[] = {
		&agreement->pathway_count,
		&agreement->calendar.suspended_count,
		&agreement->pathways[0].expectation_count,
		&agreement->pathways[0].window_count,
		&agreement->pathways[0].handover_count,
		&agreement->pathways[0].expectations[0].rung_count,
		&agreement->pathways[0].expectations[0].conditions.count,
		&agreement->pathways[0].expectations[0].due.part_count,
	};
	const size_t most[] = {SF_AGREEMENT_PATHWAYS_MAX, SF_SUSPENDED_MAX, SF_EXPECTATION_MAX,
		SF_WINDOW_MAX, SF_HANDOVER_MAX, SF_RUNG_MAX, SF_CONDITION_MAX,
		SF_DEADLINE_PARTS_MAX};
	for (size_t i = 0; i < SF_COUNT(counts); i++) {
		fill(agreement);
		*counts[i] = most[i] + 1;
		assert_int_equal(sf_agreement_encode(agreement, &fixture->buf), SF_ERR_LIMIT);
	}
	/* And read: nine windows, written by hand. */
	struct sf_buf pathway;
	sf_buf_init(&pathway, 256);
	raw_number(&pathway, 1, SF_PATHWAY_SOMATIC);
	for (size_t i = 0; i <= SF_WINDOW_MAX; i++)
		raw_fill(&pathway, 3, 0, 0);
	sf_buf_clear(&fixture->buf);
	raw_text(&fixture->buf, 1, "x");
	raw_number(&fixture->buf, 2, 1);
	raw_bytes(&fixture->buf, 7, sf_buf_view(&pathway));
	struct sf_diag diag = {""};
	assert_int_equal(sf_agreement_decode(sf_buf_view(&fixture->buf), &fixture->back, &diag),
		SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "number of windows"));
	sf_buf_fini(&pathway);
}

static void test_the_largest_agreement_is_read(void **state)
{
	struct fixture *fixture = *state;
	struct sf_agreement *agreement = &fixture->agreement;
	agreement->pathway_count = 2;
	for (size_t p = 0; p < 2; p++) {
		struct sf_pathway_terms *terms = &agreement->pathways[p];
		fill_pathway(terms);
		terms->pathway = (enum sf_pathway)(p + 1);
		terms->expectation_count = SF_EXPECTATION_MAX;
		for (size_t i = 0; i < SF_EXPECTATION_MAX; i++) {
			terms->expectations[i] = care_plan();
			memset(terms->expectations[i].clause.source, 's', 199);
			terms->expectations[i].clause.name[0] = (char)('a' + i);
		}
	}
	assert_int_equal(round_trip(fixture, NULL), SF_OK);
	assert_int_equal(fixture->back.pathways[1].expectation_count, SF_EXPECTATION_MAX);
	sf_buf_clear(&fixture->buf);
	raw_fill(&fixture->buf, 1, 'n', SF_AGREEMENT_SIZE_MAX);
	assert_int_equal(sf_agreement_decode(sf_buf_view(&fixture->buf), &fixture->back, NULL),
		SF_ERR_FORMAT);
}

static void test_a_clause_of_a_later_version_is_refused(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(sf_agreement_encode(&fixture->agreement, &fixture->buf), SF_OK);
	raw_text(&fixture->buf, 8, "clause");
	assert_int_equal(sf_agreement_decode(sf_buf_view(&fixture->buf), &fixture->back, NULL),
		SF_ERR_FORMAT);
}

int main(void)
{
#define AGREEMENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		AGREEMENT_TEST(test_agreement_comes_back_as_it_was),
		AGREEMENT_TEST(test_clauses_come_back_as_they_were),
		AGREEMENT_TEST(test_what_is_not_said_is_not_written),
		AGREEMENT_TEST(test_agreements_that_cannot_be_are_refused),
		AGREEMENT_TEST(test_expectations_that_cannot_be_are_refused),
		AGREEMENT_TEST(test_windows_and_handovers_that_cannot_be_are_refused),
		AGREEMENT_TEST(test_no_list_is_longer_than_its_place),
		AGREEMENT_TEST(test_the_largest_agreement_is_read),
		AGREEMENT_TEST(test_a_clause_of_a_later_version_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
