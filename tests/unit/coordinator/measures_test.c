/* Figures page by page, and what another agreement would have asked (DOMAIN sections 7 and 9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static struct sf_coordinator *engine(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

/* The fixture with a care plan within so many minutes of the admission. */
static struct sf_view make_text(struct desk *desk, int32_t minutes)
{
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	assert_non_null(agreement);
	assert_int_equal(
		sf_agreement_decode(sf_buf_view(&desk->world.agreement), agreement, NULL), SF_OK);
	agreement->version = (uint32_t)minutes;
	struct sf_pathway_terms *terms = &agreement->pathways[0];
	terms->expectation_count = 1;
	terms->expectations[0] = (struct sf_expectation){
		.clause = {.name = "care-plan", .citation = "2-4"},
		.arises_on = {SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT, SF_TASK_STATE_NONE},
		.owner = SF_ROLE_MUNICIPALITY,
		.met_by = {SF_KIND_LETTER, SF_LETTER_CARE_PLAN, SF_TASK_STATE_NONE},
		.due = {.part_count = 1,
			.parts = {{.rule = SF_DEADLINE_MINUTES,
				.amount = minutes,
				.if_before_minute = -1}}},
		.rung_count = 1,
		.rungs = {SF_RUNG_OWNER},
	};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	assert_int_equal(sf_agreement_encode(agreement, &bytes), SF_OK);
	free(agreement);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return kept;
}

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	return 0;
}

/* Begun under the agreement: digest none, without one. */
static void admit(struct desk *desk, const struct sf_digest *agreement)
{
	desk->transition = desk_id(desk);
	struct desk_letter letter = desk_parties(desk, false);
	letter.message.fact.parties.agreement = *agreement;
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_APPLIED);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	desk_take(desk, desk->municipality);
	desk->world.now_ms += SF_MINUTE_MS;
	letter = desk_answer(desk, desk->municipality, &letter, SF_ACK_OK);
	desk_record(desk, &letter);
}

static void discharge(struct desk *desk)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_STAY);
	letter.message.fact.stay = (struct sf_stay_fact){.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.mode = SF_MODE_NEW,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = desk->world.now_ms};
	desk_record(desk, &letter);
}

static struct sf_reply measures(
	struct desk *desk, int64_t from_ms, int64_t to_ms, struct sf_id after, uint32_t count_max)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_MEASURES, .measures = {from_ms, to_ms, after, count_max}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	return reply;
}

static void test_transition_belongs_to_the_period_of_its_discharge(void **state)
{
	struct desk *desk = *state;
	const struct sf_id none = {{0}};
	int64_t start_ms = desk->world.now_ms;
	for (int i = 0; i < 3; i++) {
		admit(desk, &(struct sf_digest){{0}});
		desk->world.now_ms += SF_DAY_MS;
		if (i < 2)
			discharge(desk);
	}
	int64_t end_ms = desk->world.now_ms + 1;
	struct sf_reply reply = measures(desk, start_ms, end_ms, none, 0);
	assert_int_equal(reply.measures.row_count, 2);
	assert_true(sf_id_is_none(reply.measures.last));
	reply = measures(desk, start_ms, start_ms + SF_DAY_MS + SF_HOUR_MS, none, 0);
	assert_int_equal(reply.measures.row_count, 1);
	const struct sf_transition_measure_row *row = &reply.measures.rows[0];
	assert_string_equal(row->hospital_name, desk->hospital->name);
	int64_t ack_ms = -1;
	for (size_t i = 0; i < row->measure_count; i++)
		if (row->measures[i].indicator == SF_INDICATOR_ACK_TIME)
			ack_ms = row->measures[i].total;
	assert_int_equal(ack_ms, 1); /* a minute from record to record */
	assert_int_equal(measures(desk, end_ms, end_ms + 1, none, 0).measures.row_count, 0);
}

/* What the patient's leaving is counted in is when it was, not when a hospital could tell of it. */
static void test_discharge_that_was_told_late_belongs_to_its_own_period(void **state)
{
	struct desk *desk = *state;
	const struct sf_id none = {{0}};
	int64_t left_ms = desk->world.now_ms + SF_HOUR_MS;
	desk->world.now_ms = left_ms + 3 * SF_DAY_MS;
	admit(desk, &(struct sf_digest){{0}});
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_STAY);
	letter.message.fact.stay = (struct sf_stay_fact){.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.mode = SF_MODE_NEW,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = left_ms};
	desk_record(desk, &letter);
	struct sf_reply reply = measures(desk, left_ms, left_ms + SF_DAY_MS, none, 0);
	assert_int_equal(reply.measures.row_count, 1);
	reply = measures(desk, left_ms + SF_DAY_MS, desk->world.now_ms + SF_DAY_MS, none, 0);
	assert_int_equal(reply.measures.row_count, 0);
}

/* The final answer ends the time that a message took; one that asks for it again does not. */
static void test_transient_error_is_no_final_acknowledgement(void **state)
{
	struct desk *desk = *state;
	int64_t start_ms = desk->world.now_ms;
	desk->transition = desk_id(desk);
	struct desk_letter letter = desk_parties(desk, false);
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_APPLIED);
	struct desk_letter admission = desk_admission(desk);
	desk_record(desk, &admission);
	desk_take(desk, desk->municipality);
	letter = desk_answer(desk, desk->municipality, &admission, SF_ACK_TRANSIENT_ERROR);
	desk_record(desk, &letter);
	desk->world.now_ms += 30 * SF_MINUTE_MS;
	letter = desk_answer(desk, desk->municipality, &admission, SF_ACK_OK);
	desk_record(desk, &letter);
	discharge(desk);
	struct sf_reply reply =
		measures(desk, start_ms, desk->world.now_ms + SF_DAY_MS, (struct sf_id){{0}}, 0);
	assert_int_equal(reply.measures.row_count, 1);
	for (size_t i = 0; i < reply.measures.rows[0].measure_count; i++) {
		const struct sf_measure_row *row = &reply.measures.rows[0].measures[i];
		if (row->indicator != SF_INDICATOR_ACK_TIME)
			continue;
		assert_int_equal(row->count, 1);
		assert_int_equal(row->total, 30);
		return;
	}
	fail();
}

static void test_pages_go_on_where_the_last_ended(void **state)
{
	struct desk *desk = *state;
	int64_t start_ms = desk->world.now_ms;
	for (int i = 0; i < 5; i++) {
		admit(desk, &(struct sf_digest){{0}});
		discharge(desk);
	}
	struct sf_id after = {{0}};
	size_t count = 0, pages = 0;
	do {
		struct sf_reply reply =
			measures(desk, start_ms, desk->world.now_ms + SF_DAY_MS, after, 2);
		assert_true(reply.measures.row_count <= 2);
		count += reply.measures.row_count;
		after = reply.measures.last;
		pages++;
	} while (!sf_id_is_none(after));
	assert_int_equal(count, 5);
	assert_int_equal(pages, 3);
}

static void sign(struct desk *desk, struct sf_sim_machine *author, enum sf_kind kind,
	const struct sf_digest *digest)
{
	struct desk_letter letter = desk_letter(desk, author, kind);
	letter.message.transition = (struct sf_id){{0}};
	letter.message.fact.agreement.agreement = *digest;
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_APPLIED);
	desk->world.now_ms += 2;
}

static void test_another_agreement_is_tried_on_what_was_recorded(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 60), other = make_text(desk, 600);
	const struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS, .count = 1, .records = &text};
	desk_say(desk, desk->hospital, &frame);
	desk_turn(desk);
	struct sf_digest digest;
	sf_book_digest(&engine(desk)->ports.crypto, text, &digest);
	sign(desk, desk->hospital, SF_KIND_AGREEMENT_PROPOSE, &digest);
	sign(desk, desk->municipality, SF_KIND_AGREEMENT_ACCEPT, &digest);
	admit(desk, &digest);
	admit(desk, &(struct sf_digest){{0}}); /* no agreement: nothing would have been due */
	size_t events = sf_memory_count(desk->coordinator->memory, &sf_table_event);
	desk->world.now_ms += 2 * SF_HOUR_MS;
	desk_turn(desk);
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_event), events + 1);
	const struct sf_request request = {
		.kind = SF_REQUEST_SIMULATE, .simulate = {.agreement = other}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.simulated.transition_count, 2);
	assert_int_equal(reply.simulated.row_count, 1);
	const struct sf_simulated_row *row = &reply.simulated.rows[0];
	assert_string_equal(row->name, "care-plan");
	assert_int_equal(row->due_after_ms - row->due_before_ms, 540 * SF_MINUTE_MS);
	assert_true(row->missed_before);
	assert_false(row->missed_after);
	/* Nothing was recorded by trying, but that somebody read what it told. */
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_event), events + 2);
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_access), 1);
	const struct sf_request wrong = {.kind = SF_REQUEST_SIMULATE,
		.simulate = {.agreement = sf_view_text("no agreement")}};
	assert_int_equal(desk_ask(desk, &wrong).err, SF_ERR_FORMAT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_transition_belongs_to_the_period_of_its_discharge),
		TEST(test_discharge_that_was_told_late_belongs_to_its_own_period),
		TEST(test_transient_error_is_no_final_acknowledgement),
		TEST(test_pages_go_on_where_the_last_ended),
		TEST(test_another_agreement_is_tried_on_what_was_recorded),
	};
	return cmocka_run_group_tests_name("coordinator/measures", tests, NULL, NULL);
}
