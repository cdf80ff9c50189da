/* Who read what at a node. */
#include "node/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"

static struct sf_reply_access_log accesses(struct region *region, struct sf_id transition)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ACCESS_LOG, .access_log = {.transition = transition}};
	return region_get(region, region->municipality, request, SF_REPLY_ACCESS_LOG).access_log;
}

static struct sf_access_row last(struct region *region)
{
	struct sf_reply_access_log log = accesses(region, (struct sf_id){{0}});
	assert_true(log.row_count > 0);
	return log.rows[log.row_count - 1];
}

static void test_every_way_to_read_a_letter_is_kept(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	const struct sf_asker asker = {
		.account = "bo", .role = SF_READER_CLINICAL, .purpose = SF_PURPOSE_CARE};
	const struct sf_request read[] = {
		{.kind = SF_REQUEST_INBOX},
		{.kind = SF_REQUEST_INBOX, .inbox = {.transition = sent.transition}},
		{.kind = SF_REQUEST_MESSAGE, .message = {sent.message}},
		{.kind = SF_REQUEST_TRANSITION, .transition = {sent.transition, 0, ""}},
		{.kind = SF_REQUEST_TRANSITIONS},
		{.kind = SF_REQUEST_EVIDENCE, .evidence = {sent.transition}},
		{.kind = SF_REQUEST_ERASE, .erase = {sent.transition, SF_GROUND_MISTAKE, true}},
	};
	for (size_t i = 0; i < SF_COUNT(read); i++) {
		struct sf_request request = read[i];
		request.asker = asker;
		size_t before = accesses(region, (struct sf_id){{0}}).row_count;
		assert_int_equal(region_ask(region, region->municipality, request).err, SF_OK);
		assert_int_equal(accesses(region, (struct sf_id){{0}}).row_count, before + 1);
		struct sf_access_row row = last(region);
		assert_string_equal(row.account, "bo");
		assert_string_equal(row.what, sf_request_text(read[i].kind));
		assert_int_equal(row.role, SF_READER_CLINICAL);
		assert_int_equal(row.purpose, SF_PURPOSE_CARE);
		bool list = i == 0 || i == 4;
		assert_int_equal(sf_id_is_none(row.transition), list);
		assert_int_equal(sf_id_equal(row.message, sent.message), i == 2);
	}
	assert_int_equal(accesses(region, sent.transition).row_count, 5);
}

static void test_what_tells_of_nobody_is_not_kept(void **state)
{
	struct region *region = *state;
	const struct sf_request asked[] = {
		{.kind = SF_REQUEST_STATUS},
		{.kind = SF_REQUEST_INBOX}, /* empty */
		{.kind = SF_REQUEST_DIRECTORY, .directory = {.party = ""}},
		{.kind = SF_REQUEST_TRANSITION, .transition = {{{4}}, 0, ""}},
		{.kind = SF_REQUEST_ACCESS_LOG},
	};
	for (size_t i = 0; i < SF_COUNT(asked); i++)
		region_ask(region, region->municipality, asked[i]);
	assert_int_equal(accesses(region, (struct sf_id){{0}}).row_count, 0);
}

static void test_it_outlives_the_program(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}};
	assert_int_equal(region_ask(region, region->municipality, request).err, SF_OK);
	assert_int_equal(accesses(region, id).row_count, 1);
	sf_sim_power_off(region->municipality);
	sf_sim_power_on(region->municipality);
	assert_int_equal(accesses(region, id).row_count, 1);
}

/* Erasing takes the course, and not who had read it. */
static void test_it_outlives_the_erasure(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	const struct sf_request shown = {.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}};
	region_ask(region, region->municipality, shown);
	const struct sf_request erase = {
		.kind = SF_REQUEST_ERASE, .erase = {id, SF_GROUND_MISTAKE, false}};
	region_get(region, region->municipality, erase, SF_REPLY_ERASED);
	struct sf_reply_access_log log = accesses(region, id);
	assert_int_equal(log.row_count, 2); /* and who erased it */
	assert_string_equal(log.rows[1].what, sf_request_text(SF_REQUEST_ERASE));
}

/* Who has a CPR number alone learns that its citizen lies here: that is a reading of that stay. */
static void test_a_refusal_that_tells_who_lies_here_is_kept(void **state)
{
	struct region *region = *state;
	struct sf_request begin = {.kind = SF_REQUEST_NOTIFY,
		.asker = {.account = "bo", .role = SF_READER_CLINICAL, .purpose = SF_PURPOSE_CARE},
		.notify = {.mode = SF_MODE_NEW,
			.activity = SF_ACTIVITY_ADMIT_INPATIENT,
			.cpr = "6109450018",
			.given = "Asta",
			.family = "Birkemose",
			.department = "Medicinsk afdeling",
			.ward = "",
			.municipality = "municipality 0",
			.gp = "gp 0"}};
	struct sf_id stay =
		region_get(region, region->hospital, begin, SF_REPLY_SAID).said.transition;
	region_run(region, SF_MINUTE_MS);
	const struct sf_request log = {.kind = SF_REQUEST_ACCESS_LOG};
	assert_int_equal(
		region_get(region, region->hospital, log, SF_REPLY_ACCESS_LOG).access_log.row_count,
		0);
	assert_int_equal(region_ask(region, region->hospital, begin).err, SF_ERR_CONFLICT);
	struct sf_reply_access_log kept =
		region_get(region, region->hospital, log, SF_REPLY_ACCESS_LOG).access_log;
	assert_int_equal(kept.row_count, 1);
	assert_string_equal(kept.rows[0].account, "bo");
	assert_string_equal(kept.rows[0].what, sf_request_text(SF_REQUEST_NOTIFY));
	assert_int_equal(kept.rows[0].purpose, SF_PURPOSE_CARE);
	assert_true(sf_id_equal(kept.rows[0].transition, stay));
	/* What is wrong in itself tells of nobody. */
	begin.notify.family = "";
	assert_int_equal(region_ask(region, region->hospital, begin).err, SF_ERR_USAGE);
	begin.notify = (struct sf_request_notify){.mode = SF_MODE_NEW,
		.transition = stay,
		.activity = SF_ACTIVITY_LEAVE_END,
		.cpr = "",
		.given = "",
		.family = "",
		.department = "",
		.ward = "",
		.municipality = "",
		.gp = ""};
	assert_int_equal(region_ask(region, region->hospital, begin).err, SF_ERR_STATE);
	assert_int_equal(
		region_get(region, region->hospital, log, SF_REPLY_ACCESS_LOG).access_log.row_count,
		1);
}

/* A cursor is what somebody says. */
static void test_nothing_stands_behind_the_last_cursor_there_is(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	const struct sf_request shown = {.kind = SF_REQUEST_TRANSITION, .transition = {id, 0, ""}};
	struct sf_sim_machine *const asked[] = {region->municipality, region->coordinator};
	const uint64_t cursors[] = {INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX};
	for (size_t i = 0; i < SF_COUNT(asked); i++) {
		assert_int_equal(region_ask(region, asked[i], shown).err, SF_OK);
		for (size_t j = 0; j < SF_COUNT(cursors); j++) {
			const struct sf_request request = {
				.kind = SF_REQUEST_ACCESS_LOG, .access_log = {.after = cursors[j]}};
			assert_int_equal(region_get(region, asked[i], request, SF_REPLY_ACCESS_LOG)
						 .access_log.row_count,
				0);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_way_to_read_a_letter_is_kept),
		TEST(test_what_tells_of_nobody_is_not_kept),
		TEST(test_it_outlives_the_program),
		TEST(test_it_outlives_the_erasure),
		TEST(test_a_refusal_that_tells_who_lies_here_is_kept),
		TEST(test_nothing_stands_behind_the_last_cursor_there_is),
	};
	return cmocka_run_group_tests_name("node/access", tests, NULL, NULL);
}
