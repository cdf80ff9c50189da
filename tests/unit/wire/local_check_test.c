#include "wire/local_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static void assert_wrong(const struct sf_request *request, const char *word)
{
	struct sf_diag diag = {""};
	assert_int_equal(sf_local_request_check(request, &diag), SF_ERR_FORMAT);
	if (!strstr(diag.text, word))
		fail_msg("%s is not in: %s", word, diag.text);
}

static void assert_right(const struct sf_request *request)
{
	assert_int_equal(sf_local_request_check(request, NULL), SF_OK);
}

static void test_codes_that_steer_are_checked(void **state)
{
	(void)state;
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT};
	assert_right(&request);
	request.accept.domains = SF_DOMAIN_ALL + 1;
	assert_wrong(&request, "domains");
	request = (struct sf_request){.kind = SF_REQUEST_WITHDRAW};
	request.withdraw.domains = SF_DOMAIN_ALL + 1;
	assert_wrong(&request, "domains");
	request = (struct sf_request){.kind = SF_REQUEST_REFUSE};
	assert_right(&request);
	request.refuse.refer_to_role = (enum sf_role)20;
	assert_wrong(&request, "refer_to_role");
	request = (struct sf_request){.kind = SF_REQUEST_OFFER};
	assert_wrong(&request, "to");
	request.offer.to = SF_ROLE_GP;
	assert_right(&request);
	request.offer.domains = SF_DOMAIN_ALL + 1;
	assert_wrong(&request, "domains");
	request = (struct sf_request){.kind = SF_REQUEST_TRANSITION};
	assert_right(&request);
	request.transition.at_ms = -1;
	assert_wrong(&request, "at_ms");
}

static void test_what_is_bound_is_known(void **state)
{
	(void)state;
	struct sf_request request = {.kind = SF_REQUEST_BIND};
	assert_right(&request);
	request.bind.role = (enum sf_role)8;
	assert_wrong(&request, "role");
	request.bind.role = SF_ROLE_GP;
	request.bind.pathway = (enum sf_pathway)3;
	assert_wrong(&request, "pathway");
	request.bind.pathway = SF_PATHWAY_SOMATIC;
	assert_right(&request);
	request.bind.active = SF_DOMAIN_ALL + 1;
	assert_wrong(&request, "active");
}

static void test_facts_with_a_request_of_their_own_are_not_said(void **state)
{
	(void)state;
	const uint32_t kinds[] = {SF_KIND_STAY, SF_KIND_PARTIES, SF_KIND_OFFER, SF_KIND_ACCEPT,
		SF_KIND_REFUSE, SF_KIND_WITHDRAW, SF_KIND_ACKNOWLEDGEMENT, SF_KIND_EXPIRED,
		SF_KIND_LINKED, SF_KIND_AGREEMENT_PROPOSE, SF_KIND_AGREEMENT_END, SF_KIND_ACCESS,
		SF_KIND_ERASED, SF_KIND_ALARM};
	struct sf_request request = {.kind = SF_REQUEST_SAY};
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		request.say.kind = kinds[i];
		assert_wrong(&request, "kind");
	}
	request.say.kind = 29;
	assert_int_equal(sf_local_request_check(&request, NULL), SF_ERR_UNSUPPORTED);
	request.say.kind = SF_KIND_NONE;
	assert_int_equal(sf_local_request_check(&request, NULL), SF_ERR_UNSUPPORTED);
}

static void test_a_fact_is_read_before_it_is_said(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	struct sf_request request = {.kind = SF_REQUEST_SAY};
	request.say.kind = SF_KIND_DISPUTE;
	assert_wrong(&request, "Dispute: code");
	raw_number(&buf, 1, SF_DISPUTE_CONTENT);
	request.say.fact = sf_buf_view(&buf);
	assert_right(&request);
	request.say.to_roles = 1u << SF_ROLE_HOSPITAL | 1u << SF_ROLE_OUT_OF_HOURS;
	assert_right(&request);
	request.say.to_roles = 1;
	assert_wrong(&request, "to_roles");
	request.say.to_roles = 1u << 8;
	assert_wrong(&request, "to_roles");
	request.say.to_roles = 0;
	request.say.occurred_ms = -1;
	assert_wrong(&request, "occurred_ms");
	request.say.occurred_ms = 0;
	request.say.contact_until_ms = INT64_MAX;
	assert_wrong(&request, "contact_until_ms");
	sf_buf_fini(&buf);
}

static void test_what_is_told_of_a_stay_is_known(void **state)
{
	(void)state;
	struct sf_request request = {.kind = SF_REQUEST_NOTIFY};
	assert_wrong(&request, "mode");
	request.notify.mode = SF_MODE_NEW;
	assert_right(&request);
	request.notify.activity = SF_ACTIVITY_DEATH;
	assert_right(&request);
	request.notify.activity = (enum sf_activity)7;
	assert_wrong(&request, "activity");
	request.notify.activity = SF_ACTIVITY_NONE;
	request.notify.mode = SF_MODE_CANCEL;
	assert_right(&request);
	request.notify.at_ms = -1;
	assert_wrong(&request, "at_ms");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_that_steer_are_checked),
		cmocka_unit_test(test_what_is_bound_is_known),
		cmocka_unit_test(test_facts_with_a_request_of_their_own_are_not_said),
		cmocka_unit_test(test_a_fact_is_read_before_it_is_said),
		cmocka_unit_test(test_what_is_told_of_a_stay_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
