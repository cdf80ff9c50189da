#include "unit/core/check.h"

#include "core/stay_order.h"

static struct sf_stay_entry entry(uint8_t id, int64_t created_ms, uint8_t after)
{
	return (struct sf_stay_entry){
		.message_id = {{id}}, .created_ms = created_ms, .in_reply_to = {{after}}};
}

/* First bytes of the message ids, in order. */
static void assert_order(const struct sf_stay_entry *entries, size_t count, const char *wanted)
{
	struct sf_stay_place places[8];
	size_t placed;
	char text[9] = {0};
	assert_int_equal(sf_stay_order(entries, count, places, &placed), SF_OK);
	for (size_t i = 0; i < placed; i++)
		text[i] = (char)places[i].entry->message_id.bytes[0];
	assert_string_equal(text, wanted);
}

static void test_created_then_sequence_then_id_orders(void **state)
{
	(void)state;
	struct sf_stay_entry entries[] = {
		entry('d', 2, 0), entry('c', 1, 0), entry('b', 1, 0), entry('a', 1, 0)};
	entries[3].author_sequence = 7;
	assert_order(entries, 4, "bcad");
}

static void test_predecessors_come_first_whatever_the_clocks_say(void **state)
{
	(void)state;
	struct sf_stay_entry entries[] = {
		entry('a', 1, 'c'), entry('b', 5, 0), entry('c', 9, 0), entry('d', 2, 'a')};
	assert_order(entries, 4, "bcad");
}

static void test_dangling_predecessors_impose_nothing(void **state)
{
	(void)state;
	struct sf_stay_entry entries[] = {entry('a', 2, 'x'), entry('b', 1, 'b')};
	assert_order(entries, 2, "ba");
	struct sf_stay_place places[2];
	size_t placed;
	assert_int_equal(sf_stay_order(entries, 2, places, &placed), SF_OK);
	assert_true(places[0].in_reply_to == SF_STAY_UNNAMED); /* itself */
	assert_true(places[1].in_reply_to == SF_STAY_DANGLING);
	assert_true(places[1].supersedes == SF_STAY_UNNAMED);
}

static void test_cycles_are_cut_at_their_smallest(void **state)
{
	(void)state;
	struct sf_stay_entry entries[] = {
		entry('a', 3, 'b'), entry('b', 2, 'c'), entry('c', 1, 'a'), entry('d', 9, 0)};
	assert_order(entries, 4, "dcba");
	struct sf_stay_place places[4];
	size_t placed;
	assert_int_equal(sf_stay_order(entries, 4, places, &placed), SF_OK);
	assert_true(places[1].in_reply_to == SF_STAY_DANGLING);
	assert_int_equal(places[2].in_reply_to, 1);
}

static void test_two_names_are_two_edges(void **state)
{
	(void)state;
	struct sf_stay_entry entries[] = {entry('a', 1, 'b'), entry('b', 5, 0), entry('c', 7, 0)};
	entries[0].supersedes = (struct sf_id){{'c'}};
	assert_order(entries, 3, "bca");
	entries[0].supersedes = (struct sf_id){{'b'}};
	assert_order(entries, 3, "bac");
}

static void test_duplicates_keep_the_smaller(void **state)
{
	(void)state;
	struct sf_stay_entry entries[] = {
		entry('a', 4, 0), entry('b', 2, 0), entry('a', 1, 0), entry('b', 2, 0)};
	assert_order(entries, 4, "ab");
	struct sf_stay_place places[4];
	size_t placed;
	assert_int_equal(sf_stay_order(entries, 4, places, &placed), SF_OK);
	assert_int_equal(places[0].entry->created_ms, 1);
	assert_int_equal(sf_stay_order(NULL, 0, places, &placed), SF_OK);
	assert_int_equal(placed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_created_then_sequence_then_id_orders),
		cmocka_unit_test(test_predecessors_come_first_whatever_the_clocks_say),
		cmocka_unit_test(test_dangling_predecessors_impose_nothing),
		cmocka_unit_test(test_cycles_are_cut_at_their_smallest),
		cmocka_unit_test(test_two_names_are_two_edges),
		cmocka_unit_test(test_duplicates_keep_the_smaller),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
