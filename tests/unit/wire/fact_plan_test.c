#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/fact_round.h"
#include "unit/wire/raw.h"
#include "wire/fact.h"

#define BEYOND_MS ((int64_t)253402300800000) /* the year 10000 */

static struct sf_fact plan(void)
{
	struct sf_fact fact = {.kind = SF_KIND_PLAN};
	fact.plan = (struct sf_plan){
		.version = 3,
		.ready = {1000, 2000, SF_CONFIDENCE_HIGH},
		.discharge = {3000, 3000, SF_CONFIDENCE_NONE},
	};
	return fact;
}

static void test_plan_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_fact fact = plan();
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.plan.version, 3);
	assert_int_equal(back.plan.ready.from_ms, 1000);
	assert_int_equal(back.plan.ready.until_ms, 2000);
	assert_int_equal(back.plan.ready.confidence, SF_CONFIDENCE_HIGH);
	assert_int_equal(back.plan.discharge.until_ms, 3000);
	/* A plan may say nothing of a time; then nothing of it is written. */
	fact.plan = (struct sf_plan){.version = 1};
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_OK);
	assert_int_equal(buf.size, 2);
	sf_buf_fini(&buf);
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.plan.discharge.from_ms, 0);
}

static void test_plans_that_cannot_be_are_refused(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(plan.version, 0, "version"),
		FACT_SPOIL(plan.ready.from_ms, 2001, "ready: until_ms is before from_ms"),
		FACT_SPOIL(plan.ready.from_ms, 0, "ready: from_ms"),
		FACT_SPOIL(plan.ready.from_ms, -1, "ready: from_ms"),
		FACT_SPOIL(plan.ready.until_ms, 0, "ready: until_ms"),
		FACT_SPOIL(plan.ready.until_ms, BEYOND_MS, "ready: until_ms"),
		FACT_SPOIL(plan.ready.confidence, 4, "ready: confidence"),
		FACT_SPOIL(plan.discharge.until_ms, 2999, "discharge: until_ms"),
		FACT_SPOIL(plan.discharge.confidence, UINT32_MAX, "discharge: confidence"),
	};
	struct sf_fact good = plan();
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
	good.plan.ready = (struct sf_interval){0, 0, SF_CONFIDENCE_LOW};
	struct sf_fact back;
	assert_int_equal(fact_round(&good, &back, NULL), SF_ERR_FORMAT);
}

static void test_answer_to_a_plan(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_PLAN_ANSWER};
	fact.plan_answer = (struct sf_plan_answer){
		.code = SF_PLAN_ANSWER_CANNOT,
		.ready_from_ms = 0,
		.reason = SF_CANNOT_OTHER,
		.refer_to_role = SF_ROLE_OTHER_MUNICIPALITY,
		.refer_to_party = raw_id(4),
	};
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.plan_answer.code, SF_PLAN_ANSWER_CANNOT);
	assert_int_equal(back.plan_answer.reason, SF_CANNOT_OTHER);
	assert_int_equal(back.plan_answer.refer_to_role, SF_ROLE_OTHER_MUNICIPALITY);
	assert_true(sf_id_equal(back.plan_answer.refer_to_party, raw_id(4)));
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(plan_answer.code, 0, "code"),
		FACT_SPOIL(plan_answer.code, 6, "code"),
		FACT_SPOIL(plan_answer.ready_from_ms, -1, "ready_from_ms"),
		FACT_SPOIL(plan_answer.ready_from_ms, BEYOND_MS, "ready_from_ms"),
		FACT_SPOIL(plan_answer.reason, 5, "reason"),
		FACT_SPOIL(plan_answer.refer_to_role, 8, "refer_to_role"),
	};
	fact_assert_spoilt(&fact, spoils, SF_COUNT(spoils));
	/* That no direction is refused is the core's to say, so that it is recorded (R4). */
	fact.plan_answer = (struct sf_plan_answer){.code = SF_PLAN_ANSWER_NOT_OURS};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
}

static void test_single_times_must_be_said(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = {.kind = SF_KIND_INTENT};
	fact.intent.expected_ms = 77;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.intent.expected_ms, 77);
	const struct fact_spoil intents[] = {
		FACT_SPOIL(intent.expected_ms, 0, "Intent: expected_ms is missing"),
		FACT_SPOIL(intent.expected_ms, BEYOND_MS, "Intent: expected_ms"),
	};
	fact_assert_spoilt(&fact, intents, SF_COUNT(intents));

	fact = (struct sf_fact){.kind = SF_KIND_READY};
	fact.ready = (struct sf_ready){78, true};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.ready.ready_ms, 78);
	assert_true(back.ready.duties_done);
	const struct fact_spoil readies[] = {FACT_SPOIL(ready.ready_ms, 0, "ready_ms")};
	fact_assert_spoilt(&fact, readies, SF_COUNT(readies));

	fact = (struct sf_fact){.kind = SF_KIND_AGREE};
	fact.agree.discharge_ms = 79;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.agree.discharge_ms, 79);
	const struct fact_spoil agrees[] = {FACT_SPOIL(agree.discharge_ms, 0, "discharge_ms")};
	fact_assert_spoilt(&fact, agrees, SF_COUNT(agrees));

	fact = (struct sf_fact){.kind = SF_KIND_ARRIVED};
	fact.arrived.arrived_ms = 80;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.arrived.arrived_ms, 80);
	const struct fact_spoil arrivals[] = {FACT_SPOIL(arrived.arrived_ms, -80, "arrived_ms")};
	fact_assert_spoilt(&fact, arrivals, SF_COUNT(arrivals));
}

static void test_assessment(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_ASSESSMENT};
	fact.assessment.code = SF_ASSESSMENT_DECLINED;
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.assessment.code, SF_ASSESSMENT_DECLINED);
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(assessment.code, 0, "code"), FACT_SPOIL(assessment.code, 4, "code")};
	fact_assert_spoilt(&fact, spoils, SF_COUNT(spoils));
}

static void test_withdrawn_readiness_says_nothing_more(void **state)
{
	(void)state;
	const struct sf_fact fact = {.kind = SF_KIND_READY_WITHDRAWN};
	struct sf_fact back;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_OK);
	assert_int_equal(buf.size, 0);
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	raw_number(&buf, 1, 5);
	assert_int_equal(sf_fact_decode(fact.kind, sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan_comes_back_as_it_was),
		cmocka_unit_test(test_plans_that_cannot_be_are_refused),
		cmocka_unit_test(test_answer_to_a_plan),
		cmocka_unit_test(test_single_times_must_be_said),
		cmocka_unit_test(test_assessment),
		cmocka_unit_test(test_withdrawn_readiness_says_nothing_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
