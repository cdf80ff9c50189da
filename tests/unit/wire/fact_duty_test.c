#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/fact_round.h"
#include "unit/wire/raw.h"
#include "wire/fact.h"

#define BEYOND_MS ((int64_t)253402300800000) /* the year 10000 */

static void test_letter(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_LETTER};
	fact.letter = (struct sf_letter){SF_LETTER_DISCHARGE_LETTER, SF_MARK_RED};
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.letter.code, SF_LETTER_DISCHARGE_LETTER);
	assert_int_equal(back.letter.mark, SF_MARK_RED);
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(letter.code, 0, "Letter: code"),
		FACT_SPOIL(letter.code, 10, "Letter: code"),
		FACT_SPOIL(letter.mark, 4, "Letter: mark"),
	};
	fact_assert_spoilt(&fact, spoils, SF_COUNT(spoils));
}

static struct sf_fact request(void)
{
	struct sf_fact fact = {.kind = SF_KIND_OBLIGATION};
	fact.obligation = (struct sf_obligation_fact){
		.action = SF_TASK_REJECT,
		.subject = raw_id(5),
		.clause = 7,
		.duty = SF_DUTY_NURSING,
		.due_ms = 90,
		.owner = SF_ROLE_MUNICIPALITY,
		.refer_to_role = SF_ROLE_OTHER_MUNICIPALITY,
		.refer_to_party = raw_id(6),
		.hold_until_ms = 91,
		.treatment = SF_ROLE_HOSPITAL,
		.payer = SF_ROLE_GP,
	};
	return fact;
}

static void test_obligation_comes_back_as_it_was(void **state)
{
	(void)state;
	const struct sf_fact fact = request();
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.obligation.action, SF_TASK_REJECT);
	assert_true(sf_id_equal(back.obligation.subject, raw_id(5)));
	assert_int_equal(back.obligation.clause, 7);
	assert_int_equal(back.obligation.duty, SF_DUTY_NURSING);
	assert_int_equal(back.obligation.due_ms, 90);
	assert_int_equal(back.obligation.owner, SF_ROLE_MUNICIPALITY);
	assert_int_equal(back.obligation.refer_to_role, SF_ROLE_OTHER_MUNICIPALITY);
	assert_true(sf_id_equal(back.obligation.refer_to_party, raw_id(6)));
	assert_int_equal(back.obligation.hold_until_ms, 91);
	assert_int_equal(back.obligation.treatment, SF_ROLE_HOSPITAL);
	assert_int_equal(back.obligation.payer, SF_ROLE_GP);
	/* Most steps say only what they are and of what. */
	struct sf_fact start = {.kind = SF_KIND_OBLIGATION};
	start.obligation.action = SF_TASK_START;
	assert_int_equal(fact_round(&start, &back, NULL), SF_OK);
	assert_true(sf_id_is_none(back.obligation.subject));
	assert_int_equal(back.obligation.due_ms, 0);
}

static void test_obligations_that_cannot_be_are_refused(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(obligation.action, 0, "action"),
		FACT_SPOIL(obligation.action, 13, "action"),
		FACT_SPOIL(obligation.duty, 16, "duty"),
		FACT_SPOIL(obligation.duty, 38, "duty"),
		FACT_SPOIL(obligation.due_ms, -1, "due_ms"),
		FACT_SPOIL(obligation.due_ms, BEYOND_MS, "due_ms"),
		FACT_SPOIL(obligation.owner, 8, "owner"),
		FACT_SPOIL(obligation.refer_to_role, 31, "refer_to_role"),
		FACT_SPOIL(obligation.hold_until_ms, BEYOND_MS, "hold_until_ms"),
		FACT_SPOIL(obligation.treatment, 34, "treatment"),
		FACT_SPOIL(obligation.payer, 9, "payer"),
	};
	const struct sf_fact good = request();
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	raw_number(&buf, 1, SF_TASK_START);
	raw_fill(&buf, 2, 1, 15);
	struct sf_fact back;
	struct sf_diag diag = {""};
	assert_int_equal(
		sf_fact_decode(SF_KIND_OBLIGATION, sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "subject"));
	sf_buf_fini(&buf);
}

static void test_question_and_answer(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_QUESTION};
	fact.question = (struct sf_question){SF_ROLE_HOSPITAL, 55};
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.question.to, SF_ROLE_HOSPITAL);
	assert_int_equal(back.question.answer_by_ms, 55);
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(question.to, 0, "to"),
		FACT_SPOIL(question.answer_by_ms, -2, "answer_by_ms"),
	};
	fact_assert_spoilt(&fact, spoils, SF_COUNT(spoils));
	fact = (struct sf_fact){.kind = SF_KIND_ANSWER, .answer = {true}};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_true(back.answer.by_person);
}

static void test_window_and_fallback(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_WINDOW};
	fact.window = (struct sf_window_fact){SF_WINDOW_EXTEND, 66};
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.window.action, SF_WINDOW_EXTEND);
	assert_int_equal(back.window.until_ms, 66);
	const struct fact_spoil windows[] = {
		FACT_SPOIL(window.action, 0, "action"),
		FACT_SPOIL(window.action, 5, "action"),
		FACT_SPOIL(window.until_ms, BEYOND_MS, "until_ms"),
	};
	fact_assert_spoilt(&fact, windows, SF_COUNT(windows));

	fact = (struct sf_fact){.kind = SF_KIND_FALLBACK};
	fact.fallback = (struct sf_fallback){SF_ROLE_MUNICIPALITY, 67};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.fallback.with, SF_ROLE_MUNICIPALITY);
	assert_int_equal(back.fallback.at_ms, 67);
	const struct fact_spoil calls[] = {
		FACT_SPOIL(fallback.with, 0, "with"),
		FACT_SPOIL(fallback.at_ms, 0, "at_ms is missing"),
	};
	fact_assert_spoilt(&fact, calls, SF_COUNT(calls));
}

static void test_dispute_and_close(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_DISPUTE};
	fact.dispute.code = SF_DISPUTE_RESIDENCE;
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.dispute.code, SF_DISPUTE_RESIDENCE);
	const struct fact_spoil disputes[] = {FACT_SPOIL(dispute.code, 4, "Dispute: code")};
	fact_assert_spoilt(&fact, disputes, SF_COUNT(disputes));
	fact = (struct sf_fact){.kind = SF_KIND_CLOSE};
	fact.close.code = SF_CLOSE_MOVED;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.close.code, SF_CLOSE_MOVED);
	const struct fact_spoil closings[] = {
		FACT_SPOIL(close.code, 0, "code"), FACT_SPOIL(close.code, 5, "code")};
	fact_assert_spoilt(&fact, closings, SF_COUNT(closings));
}

static void test_resolve_and_reopen_say_nothing_more(void **state)
{
	(void)state;
	const uint32_t kinds[] = {SF_KIND_RESOLVE, SF_KIND_REOPEN};
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	raw_number(&buf, 1, 5);
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		const struct sf_fact fact = {.kind = kinds[i]};
		struct sf_fact back;
		assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
		assert_int_equal(
			sf_fact_decode(kinds[i], sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	}
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_letter),
		cmocka_unit_test(test_obligation_comes_back_as_it_was),
		cmocka_unit_test(test_obligations_that_cannot_be_are_refused),
		cmocka_unit_test(test_question_and_answer),
		cmocka_unit_test(test_window_and_fallback),
		cmocka_unit_test(test_dispute_and_close),
		cmocka_unit_test(test_resolve_and_reopen_say_nothing_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
