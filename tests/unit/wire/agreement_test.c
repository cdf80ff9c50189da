#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/record.h"

static struct sf_agreement_text sample(void)
{
	struct sf_agreement_text agreement = {
		.name = "test",
		.version = 3,
		.time_zone = "Europe/Copenhagen",
		.pathway_count = 2,
	};
	agreement.pathways[0].pathway = SF_PATHWAY_SOMATIC;
	agreement.pathways[0].handover_count = 1;
	agreement.pathways[0].handovers[0] = (struct sf_handover){SF_ACTIVITY_DISCHARGE_HOME,
		SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
		SF_ROLE_MUNICIPALITY};
	agreement.pathways[1].pathway = SF_PATHWAY_PSYCHIATRIC;
	return agreement;
}

static enum sf_err there_and_back(
	const struct sf_agreement_text *agreement, struct sf_agreement_text *ret_agreement)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_agreement_encode(agreement, &buf), SF_OK);
	enum sf_err err = sf_agreement_decode(sf_buf_view(&buf), ret_agreement, NULL);
	sf_buf_fini(&buf);
	return err;
}

static void test_agreement_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_agreement_text agreement = sample();
	struct sf_agreement_text back;
	assert_int_equal(there_and_back(&agreement, &back), SF_OK);
	assert_string_equal(back.name, "test");
	assert_int_equal(back.version, 3);
	assert_string_equal(back.time_zone, "Europe/Copenhagen");
	assert_int_equal(back.pathway_count, 2);
	assert_int_equal(back.pathways[0].handover_count, 1);
	assert_int_equal(back.pathways[0].handovers[0].on, SF_ACTIVITY_DISCHARGE_HOME);
	assert_int_equal(
		back.pathways[0].handovers[0].offers, agreement.pathways[0].handovers[0].offers);
	assert_int_equal(back.pathways[0].handovers[0].to, SF_ROLE_MUNICIPALITY);
	assert_int_equal(back.pathways[1].pathway, SF_PATHWAY_PSYCHIATRIC);
}

static void test_agreements_that_cannot_be_are_refused(void **state)
{
	(void)state;
	struct sf_agreement_text back;
	struct sf_agreement_text agreement = sample();
	agreement.pathways[1].pathway = SF_PATHWAY_SOMATIC;
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
	agreement = sample();
	agreement.pathway_count = 0;
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
	agreement = sample();
	agreement.version = 0;
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
	agreement = sample();
	agreement.name[0] = '\0';
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
	agreement = sample();
	agreement.pathways[0].handovers[0].offers = 0;
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
	agreement = sample();
	agreement.pathways[0].handovers[0].to = SF_ROLE_NONE;
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
	agreement = sample();
	agreement.pathways[0].handovers[0].on = (enum sf_activity)9;
	assert_int_equal(there_and_back(&agreement, &back), SF_ERR_FORMAT);
}

static void test_a_clause_of_a_later_version_is_refused(void **state)
{
	(void)state;
	struct sf_agreement_text agreement = sample();
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_agreement_encode(&agreement, &buf), SF_OK);
	raw_text(&buf, 5, "expectation");
	struct sf_agreement_text back;
	assert_int_equal(sf_agreement_decode(sf_buf_view(&buf), &back, NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_comes_back_as_it_was),
		cmocka_unit_test(test_agreements_that_cannot_be_are_refused),
		cmocka_unit_test(test_a_clause_of_a_later_version_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
