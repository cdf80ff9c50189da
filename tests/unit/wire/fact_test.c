#include "wire/fact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static enum sf_err there_and_back(const struct sf_fact *fact, struct sf_fact *ret_fact)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 8192);
	assert_int_equal(sf_fact_encode(fact, &buf), SF_OK);
	struct sf_view exact = raw_exact(sf_buf_view(&buf));
	enum sf_err err = sf_fact_decode(fact->kind, exact, ret_fact, NULL);
	raw_free(exact);
	sf_buf_fini(&buf);
	return err;
}

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
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
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
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.pathway = SF_PATHWAY_NONE;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.active = SF_DOMAIN_ALL + 1;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].role = SF_ROLE_HOSPITAL;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].state = SF_BINDING_PARTY;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].party = raw_id(5);
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact = parties();
	fact.parties.bindings[1].role = (enum sf_role)12;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
}

static void test_answers_come_back_as_they_were(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = {.kind = SF_KIND_OFFER};
	fact.offer = (struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	assert_int_equal(back.offer.domains, SF_DOMAIN_BIT(SF_DOMAIN_CARE));
	assert_int_equal(back.offer.to, SF_ROLE_MUNICIPALITY);

	fact = (struct sf_fact){.kind = SF_KIND_ACCEPT};
	fact.accept = (struct sf_accept){SF_DOMAIN_ALL, true};
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	assert_int_equal(back.accept.domains, SF_DOMAIN_ALL);
	assert_true(back.accept.by_person);

	fact = (struct sf_fact){.kind = SF_KIND_REFUSE};
	fact.refuse = (struct sf_refuse){SF_ROLE_OTHER_MUNICIPALITY, raw_id(3), true};
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	assert_int_equal(back.refuse.refer_to_role, SF_ROLE_OTHER_MUNICIPALITY);
	assert_true(sf_id_equal(back.refuse.refer_to_party, raw_id(3)));
	assert_true(back.refuse.not_ours);

	/* No direction is the core's to refuse, so that the refusal is recorded. */
	fact.refuse = (struct sf_refuse){0};
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	assert_int_equal(back.refuse.refer_to_role, SF_ROLE_NONE);

	fact = (struct sf_fact){.kind = SF_KIND_WITHDRAW};
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	assert_int_equal(back.withdraw.domains, 0);
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
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	assert_true(sf_id_equal(back.acknowledgement.message_id, raw_id(1)));
	assert_int_equal(back.acknowledgement.ack, SF_ACK_FATAL_ERROR);
	assert_int_equal(back.acknowledgement.code, SF_ACK_CODE_AEAD);
	fact.acknowledgement.ack = (enum sf_ack)4;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact.acknowledgement.ack = SF_ACK_OK;
	fact.acknowledgement.message_id = (struct sf_id){0};
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
}

static void test_codes_that_no_rule_knows_are_refused(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = {.kind = SF_KIND_STAY};
	const struct sf_stay_fact good = {
		SF_ACTIVITY_DEATH, SF_MODE_CANCEL, SF_STAY_CLASS_EMERGENCY, 1, false};
	fact.stay = good;
	assert_int_equal(there_and_back(&fact, &back), SF_OK);
	fact.stay.activity = (enum sf_activity)7;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact.stay = good;
	fact.stay.mode = SF_MODE_NONE;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact.stay = good;
	fact.stay.stay_class = (enum sf_stay_class)3;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	fact.stay = good;
	fact.stay.event_ms = -5;
	assert_int_equal(there_and_back(&fact, &back), SF_ERR_FORMAT);
	assert_int_equal(
		sf_fact_decode(SF_KIND_STAY, sf_view_of(NULL, 0), &back, NULL), SF_ERR_FORMAT);
}

static void test_unknown_fields_are_refused_in_what_is_read_alone(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	raw_number(&buf, 9, 1);
	struct sf_fact back;
	struct sf_diag diag = {""};
	assert_int_equal(
		sf_fact_decode(SF_KIND_WITHDRAW, sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "Withdraw"));
	assert_int_equal(sf_fact_decode(SF_KIND_LETTER, sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_int_equal(back.kind, SF_KIND_LETTER);
	sf_buf_fini(&buf);
}

/* core says which kinds are read; the codecs here must be of exactly those. */
static void test_the_kinds_that_core_reads_have_a_codec(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	raw_number(&buf, 100, 1);
	for (uint32_t kind = 1; kind <= 40; kind++) {
		struct sf_fact back;
		enum sf_err err = sf_fact_decode(kind, sf_buf_view(&buf), &back, NULL);
		assert_int_equal(err, sf_kind_is_read(kind) ? SF_ERR_FORMAT : SF_OK);
	}
	sf_buf_fini(&buf);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parties_come_back_as_they_were),
		cmocka_unit_test(test_parties_that_cannot_be_are_refused),
		cmocka_unit_test(test_answers_come_back_as_they_were),
		cmocka_unit_test(test_acknowledgement_comes_back_as_it_was),
		cmocka_unit_test(test_codes_that_no_rule_knows_are_refused),
		cmocka_unit_test(test_unknown_fields_are_refused_in_what_is_read_alone),
		cmocka_unit_test(test_the_kinds_that_core_reads_have_a_codec),
		cmocka_unit_test(test_more_than_32_bindings_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
