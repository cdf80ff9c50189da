#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/fact_round.h"
#include "unit/wire/raw.h"
#include "wire/fact.h"

static void test_answers_come_back_as_they_were(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact fact = {.kind = SF_KIND_OFFER};
	fact.offer = (struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.offer.domains, SF_DOMAIN_BIT(SF_DOMAIN_CARE));
	assert_int_equal(back.offer.to, SF_ROLE_MUNICIPALITY);

	fact = (struct sf_fact){.kind = SF_KIND_ACCEPT};
	fact.accept = (struct sf_accept){SF_DOMAIN_ALL, true};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.accept.domains, SF_DOMAIN_ALL);
	assert_true(back.accept.by_person);

	fact = (struct sf_fact){.kind = SF_KIND_REFUSE};
	fact.refuse = (struct sf_refuse){SF_ROLE_OTHER_MUNICIPALITY, raw_id(3), true};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.refuse.refer_to_role, SF_ROLE_OTHER_MUNICIPALITY);
	assert_true(sf_id_equal(back.refuse.refer_to_party, raw_id(3)));
	assert_true(back.refuse.not_ours);

	/* No direction is the core's to refuse, so that the refusal is recorded. */
	fact.refuse = (struct sf_refuse){0};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.refuse.refer_to_role, SF_ROLE_NONE);

	fact = (struct sf_fact){.kind = SF_KIND_WITHDRAW};
	assert_int_equal(fact_round(&fact, &back, NULL), SF_OK);
	assert_int_equal(back.withdraw.domains, 0);
}

static void test_answers_that_cannot_be_are_refused(void **state)
{
	(void)state;
	struct sf_fact fact = {.kind = SF_KIND_OFFER};
	fact.offer = (struct sf_offer){SF_DOMAIN_ALL, SF_ROLE_MUNICIPALITY};
	const struct fact_spoil offers[] = {
		FACT_SPOIL(offer.domains, SF_DOMAIN_ALL + 1, "domains"),
		FACT_SPOIL(offer.to, 0, "to"),
	};
	fact_assert_spoilt(&fact, offers, SF_COUNT(offers));
	fact = (struct sf_fact){.kind = SF_KIND_ACCEPT};
	const struct fact_spoil accepts[] = {
		FACT_SPOIL(accept.domains, SF_DOMAIN_ALL + 1, "domains")};
	fact_assert_spoilt(&fact, accepts, SF_COUNT(accepts));
	fact = (struct sf_fact){.kind = SF_KIND_REFUSE};
	const struct fact_spoil refusals[] = {FACT_SPOIL(refuse.refer_to_role, 8, "refer_to_role")};
	fact_assert_spoilt(&fact, refusals, SF_COUNT(refusals));
	fact = (struct sf_fact){.kind = SF_KIND_WITHDRAW};
	const struct fact_spoil withdrawals[] = {
		FACT_SPOIL(withdraw.domains, SF_DOMAIN_ALL + 1, "domains")};
	fact_assert_spoilt(&fact, withdrawals, SF_COUNT(withdrawals));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_come_back_as_they_were),
		cmocka_unit_test(test_answers_that_cannot_be_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
