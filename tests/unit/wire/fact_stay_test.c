#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/fact_round.h"
#include "unit/wire/raw.h"
#include "wire/fact.h"

static struct sf_fact parties(void)
{
	struct sf_fact fact = {.kind = SF_KIND_PARTIES};
	fact.parties = (struct sf_parties){
		.version = 2,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = raw_digest(9),
		.active = SF_DOMAIN_ALL,
		.person = raw_id(8),
		.binding_count = 3,
		.bindings =
			{
				{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, raw_id(1)},
				{SF_ROLE_MUNICIPALITY, SF_BINDING_UNKNOWN, {{0}}},
				{SF_ROLE_GP, SF_BINDING_NOT_ENROLLED, {{0}}},
			},
	};
	return fact;
}

static void test_parties_come_back_as_they_were(void **state)
{
	(void)state;
	struct sf_fact fact = parties();
	struct sf_fact back;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.parties.version, 2);
	assert_int_equal(back.parties.pathway, SF_PATHWAY_SOMATIC);
	assert_true(sf_digest_equal(&back.parties.agreement, &fact.parties.agreement));
	assert_int_equal(back.parties.active, SF_DOMAIN_ALL);
	assert_true(sf_id_equal(back.parties.person, fact.parties.person));
	assert_int_equal(back.parties.binding_count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(back.parties.bindings[i].role, fact.parties.bindings[i].role);
		assert_int_equal(back.parties.bindings[i].state, fact.parties.bindings[i].state);
		assert_true(sf_id_equal(
			back.parties.bindings[i].party, fact.parties.bindings[i].party));
	}
}

static void test_parties_that_cannot_be_are_refused(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = parties();
	fact.parties.version = 0;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.pathway = SF_PATHWAY_NONE;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.active = SF_DOMAIN_ALL + 1;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].role = SF_ROLE_HOSPITAL;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].state = SF_BINDING_PARTY;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].party = raw_id(5);
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].role = (enum sf_role)12;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
}

static void test_more_than_32_bindings_are_refused(void **state)
{
	(void)state;
	struct sf_fact fact = parties();
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	assert_int_equal(sf_fact_encode(&fact, &buf), SF_OK);
	for (size_t i = 0; i < SF_TRANSITION_PARTIES_MAX - 2; i++)
		raw_fill(&buf, 6, 0, 0);
	struct sf_fact back;
	struct sf_diag diag = {""};
	assert_int_equal(
		sf_fact_decode(SF_KIND_PARTIES, sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "more than 32"));
	sf_buf_fini(&buf);
}

static void test_acknowledgement_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = {.kind = SF_KIND_ACKNOWLEDGEMENT};
	fact.acknowledgement = (struct sf_acknowledgement){
		.message_id = raw_id(1),
		.content_id = raw_digest(2),
		.body_commitment = raw_digest(3),
		.ack = SF_ACK_FATAL_ERROR,
		.code = SF_ACK_CODE_AEAD,
	};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_true(sf_id_equal(back.acknowledgement.message_id, raw_id(1)));
	assert_int_equal(back.acknowledgement.ack, SF_ACK_FATAL_ERROR);
	assert_int_equal(back.acknowledgement.code, SF_ACK_CODE_AEAD);
	fact.acknowledgement.ack = (enum sf_ack)4;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact.acknowledgement.ack = SF_ACK_OK;
	fact.acknowledgement.message_id = (struct sf_id){0};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
}

static void test_codes_that_no_rule_knows_are_refused(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = {.kind = SF_KIND_STAY};
	const struct sf_stay_fact good = {
		SF_ACTIVITY_DEATH, SF_MODE_CANCEL, SF_STAY_CLASS_EMERGENCY, 1, false};
	fact.stay = good;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	fact.stay.activity = (enum sf_activity)7;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact.stay = good;
	fact.stay.mode = SF_MODE_NONE;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact.stay = good;
	fact.stay.stay_class = (enum sf_stay_class)3;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	fact.stay = good;
	fact.stay.event_ms = -5;
	assert_int_equal(fact_round(&fact, &back, NULL), SF_ERR_FORMAT);
	assert_int_equal(
		sf_fact_decode(SF_KIND_STAY, sf_view_of(NULL, 0), &back, NULL), SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parties_come_back_as_they_were),
		cmocka_unit_test(test_parties_that_cannot_be_are_refused),
		cmocka_unit_test(test_more_than_32_bindings_are_refused),
		cmocka_unit_test(test_acknowledgement_comes_back_as_it_was),
		cmocka_unit_test(test_codes_that_no_rule_knows_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
