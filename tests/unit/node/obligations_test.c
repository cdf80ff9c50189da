/* What is owed in all transitions, page by page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/state.h"
#include "unit/node/terms.h"

static struct sf_reply_obligations ask(struct region *region, struct sf_request_obligations asked)
{
	const struct sf_request request = {.kind = SF_REQUEST_OBLIGATIONS, .obligations = asked};
	return region_get(region, region->hospital, request, SF_REPLY_OBLIGATIONS).obligations;
}

static struct sf_reply_obligations all(struct region *region)
{
	return ask(region, (struct sf_request_obligations){.owner = ""});
}

/* Two stays under an agreement with clauses; what the hospital owes and is owed. */
static struct sf_id open_stays(struct region *region)
{
	terms_sign(region);
	region_send(region, "STAA_E");
	struct sf_id id = region_discharge(region).transition;
	const struct sf_fact review = {.kind = SF_KIND_OBLIGATION,
		.obligation = {
			.action = SF_TASK_REQUEST, .duty = SF_DUTY_GP_REVIEW, .owner = SF_ROLE_GP}};
	const struct sf_fact nursing = {.kind = SF_KIND_OBLIGATION,
		.obligation = {.action = SF_TASK_REQUEST,
			.duty = SF_DUTY_NURSING,
			.owner = SF_ROLE_MUNICIPALITY}};
	terms_said(region, region->municipality, id, &review);
	terms_said(region, region->hospital, id, &nursing);
	return id;
}

static void test_pages_give_every_row_once(void **state)
{
	struct region *region = *state;
	open_stays(region);
	struct sf_reply_obligations whole = all(region);
	assert_true(whole.row_count >= 3);
	assert_true(sf_id_is_none(whole.last));
	for (uint32_t size = 1; size <= 3; size++) {
		struct sf_request_obligations asked = {.owner = "", .count_max = size};
		size_t seen = 0;
		do {
			struct sf_reply_obligations page = ask(region, asked);
			assert_true(page.row_count <= size);
			for (size_t i = 0; i < page.row_count; i++, seen++) {
				assert_true(seen < whole.row_count);
				assert_true(sf_id_equal(
					page.rows[i].transition, whole.rows[seen].transition));
				assert_true(sf_id_equal(
					page.rows[i].subject, whole.rows[seen].subject));
				assert_int_equal(page.rows[i].clause, whole.rows[seen].clause);
			}
			asked.after = page.last;
			asked.after_number = page.last_number;
		} while (!sf_id_is_none(asked.after));
		assert_int_equal(seen, whole.row_count);
	}
}

static void test_rows_are_chosen_by_what_was_asked(void **state)
{
	struct region *region = *state;
	struct sf_id id = open_stays(region);
	struct sf_reply_obligations whole = all(region), found;
	size_t of_it = 0, owned = 0, requested = 0;
	for (size_t i = 0; i < whole.row_count; i++) {
		of_it += sf_id_equal(whole.rows[i].transition, id);
		owned += sf_id_equal(whole.rows[i].owner, region->municipality->party);
		requested += whole.rows[i].kept == SF_TASK_REQUESTED;
	}
	assert_true(of_it > 0 && owned > 0 && owned < whole.row_count);
	found = ask(region, (struct sf_request_obligations){.owner = "", .transition = id});
	assert_int_equal(found.row_count, of_it);
	found = ask(region, (struct sf_request_obligations){.owner = "municipality 0"});
	assert_int_equal(found.row_count, owned);
	found = ask(region, (struct sf_request_obligations){
				    .owner = "", .states = (uint32_t)1 << SF_TASK_REQUESTED});
	assert_int_equal(found.row_count, requested);
	found = ask(region,
		(struct sf_request_obligations){.owner = "", .subject = whole.rows[0].subject});
	assert_true(found.row_count > 0);
	found = ask(region,
		(struct sf_request_obligations){.owner = "", .since_ms = region->world.now_ms + 1});
	assert_int_equal(found.row_count, 0);
	found = ask(region,
		(struct sf_request_obligations){.owner = "", .since_ms = whole.rows[0].changed_ms});
	assert_true(found.row_count > 0);
}

static void test_what_is_not_known_is_said(void **state)
{
	struct region *region = *state;
	struct sf_request request = {
		.kind = SF_REQUEST_OBLIGATIONS, .obligations = {.owner = "nobody"}};
	terms_not_done(region, region->hospital, request, SF_ERR_NOT_FOUND);
	request.obligations =
		(struct sf_request_obligations){.owner = "", .transition = (struct sf_id){{7}}};
	terms_not_done(region, region->hospital, request, SF_ERR_NOT_FOUND);
	assert_int_equal(all(region).row_count, 0);
}

/* Who owes what to whom tells of a course. */
static void test_reading_is_kept(void **state)
{
	struct region *region = *state;
	struct sf_id id = open_stays(region);
	size_t before = sf_memory_count(region->hospital->memory, &sf_node_table_access);
	ask(region, (struct sf_request_obligations){.owner = "", .transition = id});
	ask(region, (struct sf_request_obligations){.owner = "", .since_ms = INT64_MAX});
	assert_int_equal(
		sf_memory_count(region->hospital->memory, &sf_node_table_access), before + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pages_give_every_row_once),
		TEST(test_rows_are_chosen_by_what_was_asked),
		TEST(test_what_is_not_known_is_said),
		TEST(test_reading_is_kept),
	};
	return cmocka_run_group_tests_name("node/obligations", tests, NULL, NULL);
}
