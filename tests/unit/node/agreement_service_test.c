/* People propose, sign, end and look at agreements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"

static struct sf_request propose(struct sf_view text)
{
	return (struct sf_request){.kind = SF_REQUEST_PROPOSE, .propose = {text}};
}

static struct sf_request sign(const char *reference, bool end, const char *on_behalf)
{
	return (struct sf_request){
		.kind = SF_REQUEST_SIGN_AGREEMENT, .sign_agreement = {reference, end, on_behalf}};
}

static struct sf_reply_agreement show(
	struct region *region, struct sf_sim_machine *machine, const char *reference)
{
	const struct sf_request request = {.kind = SF_REQUEST_AGREEMENT, .agreement = {reference}};
	return region_get(region, machine, request, SF_REPLY_AGREEMENT).agreement;
}

static void test_proposal_is_signed_and_shown(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_reply_agreement shown = show(region, region->gp, "terms 1");
	assert_string_equal(shown.row.name, "terms");
	assert_int_equal(shown.row.version, 1);
	assert_true(sf_id_equal(shown.row.proposer, region->hospital->party));
	assert_string_equal(shown.row.proposer_name, "hospital 0");
	assert_true(shown.row.accepted_here);
	assert_int_equal(shown.row.accepted_count, 3);
	assert_int_equal(shown.acceptance_count, 3);
	assert_true(sf_view_equal(shown.signed_form, terms_text(region, 1)));
	char digits[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&shown.row.digest, digits);
	digits[12] = '\0';
	struct sf_reply_agreement same = show(region, region->gp, digits);
	assert_true(sf_digest_equal(&same.row.digest, &shown.row.digest));
	/* The one that the coordinator was configured with nobody has signed. */
	const struct sf_request list = {.kind = SF_REQUEST_AGREEMENTS};
	struct sf_reply_agreements rows =
		region_get(region, region->gp, list, SF_REPLY_AGREEMENTS).agreements;
	assert_int_equal(rows.row_count, 2);
	assert_string_equal(rows.rows[0].name, "fixture");
	assert_true(sf_id_is_none(rows.rows[0].proposer));
	assert_int_equal(rows.rows[0].accepted_count, 0);
	assert_string_equal(rows.rows[1].name, "terms");
}

static void test_end_is_recorded_and_can_be_signed_again(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	region_get(region, region->gp, sign("terms", true, ""), SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_agreement shown = show(region, region->hospital, "terms");
	assert_int_equal(shown.row.accepted_count, 2);
	assert_int_equal(shown.acceptance_count, 3);
	terms_refused(region, region->gp, sign("terms", true, ""), SF_REFUSAL_NOT_ACCEPTED);
	region_get(region, region->gp, sign("terms", false, ""), SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	assert_int_equal(show(region, region->hospital, "terms").row.accepted_count, 3);
}

static void test_what_cannot_be_proposed_is_told(void **state)
{
	struct region *region = *state;
	struct sf_sim_machine *hospital = region->hospital;
	terms_not_done(region, hospital, propose(sf_view_text("no agreement")), SF_ERR_FORMAT);
	region_get(region, hospital, propose(terms_text(region, 1)), SF_REPLY_SAID);
	terms_not_done(region, hospital, propose(terms_text(region, 1)), SF_ERR_EXISTS);
	region_run(region, 5 * SF_SECOND_MS);
	terms_not_done(region, region->gp, propose(terms_text(region, 1)), SF_ERR_EXISTS);
	/* The next version, and what the coordinator was configured with, can be. */
	region_get(region, region->gp, propose(terms_text(region, 2)), SF_REPLY_SAID);
	region_get(
		region, region->gp, propose(sf_buf_view(&region->world.agreement)), SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	assert_true(sf_id_equal(show(region, hospital, "fixture").row.proposer, region->gp->party));
	assert_int_equal(show(region, hospital, "terms").row.version, 2);
}

static void test_what_cannot_be_signed_is_told(void **state)
{
	struct region *region = *state;
	terms_not_done(region, region->gp, sign("terms", false, ""), SF_ERR_NOT_FOUND);
	const struct sf_request unknown = {.kind = SF_REQUEST_AGREEMENT, .agreement = {"terms"}};
	assert_int_equal(region_ask(region, region->gp, unknown).err, SF_ERR_NOT_FOUND);
	terms_sign(region);
	terms_not_done(region, region->gp, sign("terms", false, ""), SF_ERR_EXISTS);
	terms_refused(region, region->gp, sign("terms", false, "municipality 0"),
		SF_REFUSAL_NOT_REPRESENTED);
	terms_not_done(region, region->gp, sign("terms", false, "nobody"), SF_ERR_NOT_FOUND);
}

static void test_party_without_a_node_signs_by_its_representative(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	region->world.representative = region->municipality->party;
	struct sf_sim_machine *home =
		sf_sim_add(&region->world, SF_ROLE_CARE_HOME, "home", NULL, NULL, false);
	region_run(region, SF_MINUTE_MS);
	region_get(region, region->municipality, sign("terms", false, "home"), SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_reply_agreement shown = show(region, region->hospital, "terms");
	bool found = false;
	for (size_t i = 0; i < shown.acceptance_count; i++)
		found = found || sf_id_equal(shown.acceptances[i].party, home->party);
	assert_true(found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_proposal_is_signed_and_shown),
		TEST(test_end_is_recorded_and_can_be_signed_again),
		TEST(test_what_cannot_be_proposed_is_told),
		TEST(test_what_cannot_be_signed_is_told),
		TEST(test_party_without_a_node_signs_by_its_representative),
	};
	return cmocka_run_group_tests_name("node/agreement_service", tests, NULL, NULL);
}
