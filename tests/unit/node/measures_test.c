/* Figures of the transitions of this party, and another agreement held against them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/terms.h"

static struct sf_reply_measures measure(
	struct region *region, int64_t from_ms, int64_t to_ms, struct sf_id after, uint32_t count)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_MEASURES, .measures = {from_ms, to_ms, after, count}};
	return region_get(region, region->municipality, request, SF_REPLY_MEASURES).measures;
}

static void test_discharge_belongs_to_its_period(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_id id = region_discharge(region).transition;
	const struct sf_id start = {{0}};
	struct sf_reply_measures all = measure(region, 0, INT64_MAX, start, 0);
	assert_int_equal(all.row_count, 1);
	assert_true(sf_id_equal(all.rows[0].transition, id));
	assert_true(sf_id_equal(all.rows[0].municipality, region->municipality->party));
	assert_true(all.rows[0].measure_count > 0);
	assert_true(sf_id_is_none(all.last));
	int64_t at_ms = all.rows[0].period_ms;
	assert_int_equal(measure(region, at_ms, at_ms + 1, start, 0).row_count, 1);
	assert_int_equal(measure(region, at_ms + 1, INT64_MAX, start, 0).row_count, 0);
	assert_int_equal(measure(region, 0, at_ms, start, 0).row_count, 0);
	assert_int_equal(measure(region, 0, INT64_MAX, id, 0).row_count, 0);
}

static struct sf_request simulate(struct sf_view text)
{
	return (struct sf_request){.kind = SF_REQUEST_SIMULATE, .simulate = {.agreement = text}};
}

static void test_another_agreement_is_held_against_the_past(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	region_discharge(region);
	struct sf_reply_simulated same = region_get(
		region, region->hospital, simulate(terms_text(region, 2)), SF_REPLY_SIMULATED)
						 .simulated;
	assert_int_equal(same.transition_count, 1);
	assert_int_equal(same.row_count, 0);
	/* The fixture expects no letter and has no window: what was due would not be. */
	struct sf_reply_simulated other = region_get(region, region->hospital,
		simulate(sf_buf_view(&region->world.agreement)), SF_REPLY_SIMULATED)
						  .simulated;
	assert_int_equal(other.row_count, 2);
	for (size_t i = 0; i < other.row_count; i++) {
		assert_int_equal(other.rows[i].due_after_ms, SF_NEVER_MS);
		assert_int_not_equal(other.rows[i].due_before_ms, SF_NEVER_MS);
	}
	terms_not_done(
		region, region->hospital, simulate(sf_view_text("no agreement")), SF_ERR_FORMAT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_discharge_belongs_to_its_period),
		TEST(test_another_agreement_is_held_against_the_past),
	};
	return cmocka_run_group_tests_name("node/measures", tests, NULL, NULL);
}
