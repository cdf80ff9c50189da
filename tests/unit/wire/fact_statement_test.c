#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/fact_round.h"
#include "unit/wire/raw.h"
#include "wire/fact.h"
#include "wire/local.h"

static struct sf_fact access_fact(void)
{
	return (struct sf_fact){.kind = SF_KIND_ACCESS,
		.statement = {.subject = raw_id(1),
			.reader = raw_id(2),
			.role = SF_READER_AUDITOR,
			.purpose = SF_PURPOSE_AUDIT,
			.request = SF_REQUEST_EVIDENCE}};
}

static struct sf_fact erased_fact(void)
{
	return (struct sf_fact){.kind = SF_KIND_ERASED,
		.statement = {.subject = raw_id(1),
			.ground = SF_GROUND_CITIZEN,
			.until_sequence = 17,
			.head = {{3}}}};
}

static struct sf_fact alarm_fact(void)
{
	return (struct sf_fact){.kind = SF_KIND_ALARM, .statement = {.code = 4, .size = 1000000}};
}

static void test_every_statement_comes_back(void **state)
{
	(void)state;
	const struct sf_fact facts[] = {access_fact(), erased_fact(), alarm_fact()};
	for (size_t i = 0; i < SF_COUNT(facts); i++) {
		struct sf_fact back;
		assert_int_equal(fact_round(&facts[i], &back, NULL), SF_OK);
		assert_int_equal(back.kind, facts[i].kind);
		assert_memory_equal(&back.statement, &facts[i].statement, sizeof(back.statement));
	}
	/* A list is about no one transition. */
	struct sf_fact list = access_fact(), back;
	list.statement.subject = (struct sf_id){{0}};
	assert_int_equal(fact_round(&list, &back, NULL), SF_OK);
}

static void test_an_access_says_who_what_and_what_for(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(statement.reader, 0, "missing"),
		FACT_SPOIL(statement.role, 0, "missing"),
		FACT_SPOIL(statement.role, SF_READER_SYSTEM + 1, "role"),
		FACT_SPOIL(statement.purpose, 0, "missing"),
		FACT_SPOIL(statement.purpose, SF_PURPOSE_LAW + 1, "purpose"),
		FACT_SPOIL(statement.request, 0, "missing"),
	};
	const struct sf_fact good = access_fact();
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
}

static void test_an_erasure_says_what_went_and_on_what_ground(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(statement.subject, 0, "missing"),
		FACT_SPOIL(statement.ground, 0, "missing"),
		FACT_SPOIL(statement.ground, SF_GROUND_ORDER + 1, "ground"),
		FACT_SPOIL(statement.until_sequence, 0, "missing"),
		FACT_SPOIL(statement.until_sequence, -1, "until_sequence"),
		FACT_SPOIL(statement.head, 0, "missing"),
	};
	const struct sf_fact good = erased_fact();
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
}

static void test_an_alarm_says_which(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(statement.code, 0, "missing"),
		FACT_SPOIL(statement.size, -1, "size"),
	};
	const struct sf_fact good = alarm_fact();
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_statement_comes_back),
		cmocka_unit_test(test_an_access_says_who_what_and_what_for),
		cmocka_unit_test(test_an_erasure_says_what_went_and_on_what_ground),
		cmocka_unit_test(test_an_alarm_says_which),
	};
	return cmocka_run_group_tests_name("wire/fact_statement", tests, NULL, NULL);
}
