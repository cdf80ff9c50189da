#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/fact_round.h"
#include "unit/wire/raw.h"
#include "wire/fact.h"

static struct sf_fact linked(void)
{
	struct sf_fact fact = {.kind = SF_KIND_LINKED};
	fact.derived = (struct sf_derived){
		.subject = raw_id(1),
		.link = SF_LINK_CONTINUES,
		.other = raw_id(2),
		.carried_count = 2,
		.carried =
			{
				{raw_id(3), SF_DUTY_HOME_CARE, SF_ROLE_MUNICIPALITY, 99},
				{raw_id(4), SF_DUTY_EXPECTATION, SF_ROLE_HOSPITAL, 0},
			},
	};
	return fact;
}

static void test_every_derived_kind_comes_back(void **state)
{
	(void)state;
	for (uint32_t kind = SF_KIND_EXPIRED; kind <= SF_KIND_LINKED; kind++) {
		struct sf_fact fact = linked();
		struct sf_fact back;
		fact.kind = kind;
		fact.derived.clause = 102;
		fact.derived.due_ms = 12;
		fact.derived.level = 3;
		fact.derived.domains = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL);
		fact.derived.to = raw_id(5);
		assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
		assert_memory_equal(&back.derived, &fact.derived, sizeof(back.derived));
	}
}

static void test_a_link_must_be_whole(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(derived.subject, 0, "subject is missing"),
		FACT_SPOIL(derived.link, 0, "link"),
		FACT_SPOIL(derived.other, 0, "other"),
		FACT_SPOIL(derived.carried[0].subject, 0, "carried subject"),
		FACT_SPOIL(derived.carried[0].duty, 0, "carried duty"),
		FACT_SPOIL(derived.carried[1].duty, 31, "carried duty"),
		FACT_SPOIL(derived.carried[1].owner, 0, "carried owner"),
		FACT_SPOIL(derived.carried[1].due_ms, -1, "carried due_ms"),
	};
	const struct sf_fact good = linked();
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
}

static void test_derived_facts_that_cannot_be_are_refused(void **state)
{
	(void)state;
	const struct fact_spoil spoils[] = {
		FACT_SPOIL(derived.due_ms, -1, "due_ms"),
		FACT_SPOIL(derived.domains, SF_DOMAIN_ALL + 1, "domains"),
		FACT_SPOIL(derived.link, SF_LINK_UNDONE + 1, "link"),
	};
	struct sf_fact good = {.kind = SF_KIND_SILENT};
	good.derived.due_ms = 1;
	fact_assert_spoilt(&good, spoils, SF_COUNT(spoils));
}

static void test_no_more_is_carried_than_there_is_room_for(void **state)
{
	(void)state;
	struct sf_fact fact = linked();
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	fact.derived.carried_count = SF_CARRIED_MAX + 1;
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_ERR_LIMIT);
	fact.derived.carried_count = 2;
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_OK);
	for (size_t i = 2; i <= SF_CARRIED_MAX; i++)
		raw_fill(&buf, 9, 0, 0);
	struct sf_fact back;
	struct sf_diag diag = {""};
	assert_int_equal(
		sf_fact_decode(SF_KIND_LINKED, sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "carried"));
	sf_buf_fini(&buf);
}

static void test_facts_about_an_agreement(void **state)
{
	(void)state;
	const uint32_t kinds[] = {
		SF_KIND_AGREEMENT_PROPOSE, SF_KIND_AGREEMENT_ACCEPT, SF_KIND_AGREEMENT_END};
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		struct sf_fact fact = {.kind = kinds[i]};
		fact.agreement.agreement = raw_digest(7);
		fact.agreement.on_behalf_count = 2;
		fact.agreement.on_behalf[0] = raw_id(8);
		fact.agreement.on_behalf[1] = raw_id(9);
		struct sf_fact back;
		assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
		assert_true(sf_digest_equal(&back.agreement.agreement, &fact.agreement.agreement));
		assert_int_equal(back.agreement.on_behalf_count, 2);
		assert_true(sf_id_equal(back.agreement.on_behalf[1], raw_id(9)));
		const struct fact_spoil spoils[] = {
			FACT_SPOIL(agreement.agreement, 0, "agreement"),
			FACT_SPOIL(agreement.on_behalf[1], 0, "on_behalf"),
		};
		fact_assert_spoilt(&fact, spoils, SF_COUNT(spoils));
		fact.agreement.on_behalf[1] = fact.agreement.on_behalf[0];
		assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	}
}

/* All zero is how programs say that there is none. */
static void test_an_agreement_of_no_digest_is_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	raw_fill(&buf, 1, 0, SF_DIGEST_SIZE);
	struct sf_fact back;
	assert_int_equal(sf_fact_decode(SF_KIND_AGREEMENT_PROPOSE, sf_buf_view(&buf), &back, NULL),
		SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_no_more_are_spoken_for_than_there_is_room_for(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_AGREEMENT_ACCEPT};
	fact.agreement.agreement = raw_digest(7);
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	fact.agreement.on_behalf_count = SF_ON_BEHALF_MAX + 1;
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_ERR_LIMIT);
	fact.agreement.on_behalf_count = SF_ON_BEHALF_MAX;
	for (size_t i = 0; i < SF_ON_BEHALF_MAX; i++)
		fact.agreement.on_behalf[i] = raw_id((uint8_t)(i + 1));
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.agreement.on_behalf_count, SF_ON_BEHALF_MAX);
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_OK);
	raw_fill(&buf, 2, 200, 16);
	assert_int_equal(sf_fact_decode(fact.kind, sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_derived_kind_comes_back),
		cmocka_unit_test(test_a_link_must_be_whole),
		cmocka_unit_test(test_derived_facts_that_cannot_be_are_refused),
		cmocka_unit_test(test_no_more_is_carried_than_there_is_room_for),
		cmocka_unit_test(test_facts_about_an_agreement),
		cmocka_unit_test(test_an_agreement_of_no_digest_is_refused),
		cmocka_unit_test(test_no_more_are_spoken_for_than_there_is_room_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
