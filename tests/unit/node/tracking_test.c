/* A transition now, as it was then, and as a party knew it; whom to call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"

static struct sf_reply ask(struct region *region, struct sf_sim_machine *machine, struct sf_id id,
	int64_t at_ms, const char *known_by)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {id, at_ms, known_by}};
	return region_get(region, machine, request, SF_REPLY_TRANSITION);
}

static const struct sf_contact_row *contact_of(
	const struct sf_reply_transition *shown, enum sf_domain domain)
{
	for (size_t i = 0; i < shown->contact_count; i++)
		if (shown->contacts[i].domain == domain)
			return &shown->contacts[i];
	return NULL;
}

static void test_past_is_what_was_recorded_then(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, SF_HOUR_MS);
	int64_t then_ms = region->world.now_ms;
	region_run(region, SF_HOUR_MS);
	region_send(region, "SLHJ_H");
	region_run(region, SF_HOUR_MS);
	struct sf_reply_transition now = ask(region, region->municipality, id, 0, "").transition;
	struct sf_reply_transition past =
		ask(region, region->municipality, id, then_ms, "").transition;
	assert_int_equal(now.row.stay, SF_STAY_HOME);
	assert_int_equal(past.row.stay, SF_STAY_IN_HOSPITAL);
	assert_int_equal(past.as_of_ms, then_ms);
	assert_true(past.event_count > 0 && past.event_count < now.event_count);
	assert_int_equal(past.event_count, past.row.sequence);
	assert_int_equal(past.delivery_count, 0);
	/* Before there was anything, nothing was known. */
	past = ask(region, region->municipality, id, then_ms - SF_DAY_MS, "").transition;
	assert_int_equal(past.row.state, SF_TRANSITION_EMPTY);
	assert_int_equal(past.event_count, 0);
}

/* This node says of itself what it had on disk; of others what they have shown by signing. */
static void test_party_knew_what_had_reached_it(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, SF_HOUR_MS);
	sf_sim_part(region->municipality, true);
	region_run(region, SF_MINUTE_MS);
	region_send(region, "SLHJ_H");
	region_run(region, SF_HOUR_MS);
	int64_t apart_ms = region->world.now_ms;
	struct sf_reply there = ask(region, region->hospital, id, apart_ms, "municipality 0");
	assert_int_equal(there.transition.row.stay, SF_STAY_IN_HOSPITAL);
	assert_true(strlen(there.text) > 0); /* at least */
	sf_sim_part(region->municipality, false);
	region_run(region, SF_HOUR_MS);
	struct sf_reply own = ask(region, region->municipality, id, apart_ms, "municipality 0");
	assert_int_equal(own.transition.row.stay, SF_STAY_IN_HOSPITAL);
	assert_int_equal(own.transition.known_sequence, own.transition.row.sequence);
	assert_string_equal(own.text, "");
	/* Although it was recorded by then. */
	assert_int_equal(ask(region, region->municipality, id, apart_ms, "").transition.row.stay,
		SF_STAY_HOME);
	const struct sf_request nobody = {
		.kind = SF_REQUEST_TRANSITION, .transition = {id, apart_ms, "nobody"}};
	terms_not_done(region, region->hospital, nobody, SF_ERR_NOT_FOUND);
}

static void test_newest_letter_of_the_holder_says_whom_to_call(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, SF_MINUTE_MS);
	struct sf_fact fact = {.kind = SF_KIND_QUESTION, .question = {.to = SF_ROLE_MUNICIPALITY}};
	struct sf_request request = terms_say(region, id, &fact);
	request.say.contact_name = "Ward 3";
	request.say.contact_telephone = "11112222";
	request.say.contact_until_ms = region->world.now_ms + SF_DAY_MS;
	region_get(region, region->hospital, request, SF_REPLY_SAID);
	region_run(region, SF_MINUTE_MS);
	struct sf_sim_machine *readers[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(readers); i++) {
		struct sf_reply_transition shown = ask(region, readers[i], id, 0, "").transition;
		const struct sf_contact_row *row = contact_of(&shown, SF_DOMAIN_MEDICAL);
		assert_non_null(row);
		assert_true(sf_id_equal(row->party, region->hospital->party));
		assert_string_equal(row->telephone, "11112222");
		assert_string_equal(row->name, "Ward 3");
		assert_int_equal(row->source, SF_CONTACT_OF_LETTER);
	}
	/* Who got no letter has the directory; and so has everybody when its time is over. */
	struct sf_reply_transition shown = ask(region, region->gp, id, 0, "").transition;
	assert_string_not_equal(contact_of(&shown, SF_DOMAIN_MEDICAL)->telephone, "11112222");
	region_run(region, 2 * SF_DAY_MS);
	shown = ask(region, region->municipality, id, 0, "").transition;
	assert_string_not_equal(contact_of(&shown, SF_DOMAIN_MEDICAL)->telephone, "11112222");
}

/* Who cannot receive a patient answers questions about it, and holds nothing. */
static void test_others_who_said_whom_to_call_come_after_the_holders(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, SF_MINUTE_MS);
	struct sf_fact fact = {.kind = SF_KIND_QUESTION, .question = {.to = SF_ROLE_HOSPITAL}};
	struct sf_request request = terms_say(region, id, &fact);
	request.say.contact_name = "Mette";
	request.say.contact_telephone = "33334444";
	region_get(region, region->municipality, request, SF_REPLY_SAID);
	region_run(region, SF_MINUTE_MS);
	struct sf_reply_transition shown = ask(region, region->hospital, id, 0, "").transition;
	const struct sf_contact_row *last = &shown.contacts[shown.contact_count - 1];
	assert_int_equal(last->domain, SF_DOMAIN_COUNT);
	assert_true(sf_id_equal(last->party, region->municipality->party));
	assert_string_equal(last->telephone, "33334444");
	/* Nobody is told to call itself. */
	shown = ask(region, region->municipality, id, 0, "").transition;
	for (size_t i = 0; i < shown.contact_count; i++)
		assert_false(sf_id_equal(shown.contacts[i].party, region->municipality->party));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_past_is_what_was_recorded_then),
		TEST(test_party_knew_what_had_reached_it),
		TEST(test_newest_letter_of_the_holder_says_whom_to_call),
		TEST(test_others_who_said_whom_to_call_come_after_the_holders),
	};
	return cmocka_run_group_tests_name("node/tracking", tests, NULL, NULL);
}
