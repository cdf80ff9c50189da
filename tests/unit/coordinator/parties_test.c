#include "coordinator/parties.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PARTY_COUNT 3000 /* as many as a region has, several times over the first size */

/* The last eight bytes place a party: of kind 2 all fall on one place. */
static struct sf_id party_of(uint8_t kind, size_t number)
{
	struct sf_id id = {{kind}};
	sf_put_u64(id.bytes + (kind == 2 ? 1 : 8), number + 1);
	return id;
}

static void fill(struct sf_parties_table *table, uint8_t kind, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_null(sf_parties_find(table, party_of(kind, i)));
		struct sf_party_state *state = sf_parties_add(table, party_of(kind, i));
		assert_non_null(state);
		assert_int_equal(state->route, 0);
		assert_int_equal(state->row.position, 0);
		assert_false(state->dirty);
		state->route = i + 1;
	}
	assert_int_equal(table->count, count);
	for (size_t i = 0; i < count; i++) {
		const struct sf_party_state *state = sf_parties_find(table, party_of(kind, i));
		assert_non_null(state);
		assert_int_equal(state->route, i + 1);
	}
	assert_null(sf_parties_find(table, party_of(kind, count)));
}

static void test_empty_table_knows_nobody(void **state)
{
	(void)state;
	struct sf_parties_table table = {0};
	assert_null(sf_parties_find(&table, party_of(1, 0)));
	sf_parties_fini(&table);
	sf_parties_fini(&table);
}

static void test_states_stay_where_they_are_while_the_table_grows(void **state)
{
	(void)state;
	struct sf_parties_table table = {0};
	struct sf_party_state *first = sf_parties_add(&table, party_of(1, PARTY_COUNT));
	struct sf_parties_table before = table;
	for (size_t i = 0; i < PARTY_COUNT; i++)
		assert_non_null(sf_parties_add(&table, party_of(1, i)));
	assert_true(table.slot_count > before.slot_count);
	assert_true(2 * table.count <= table.slot_count);
	assert_ptr_equal(sf_parties_find(&table, party_of(1, PARTY_COUNT)), first);
	sf_parties_fini(&table);
}

static void test_many_parties_are_all_found(void **state)
{
	(void)state;
	struct sf_parties_table table = {0};
	fill(&table, 1, PARTY_COUNT);
	sf_parties_fini(&table);
}

static void test_parties_that_fall_on_one_place_are_told_apart(void **state)
{
	(void)state;
	struct sf_parties_table table = {0};
	fill(&table, 2, 200);
	sf_parties_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_table_knows_nobody),
		cmocka_unit_test(test_states_stay_where_they_are_while_the_table_grows),
		cmocka_unit_test(test_many_parties_are_all_found),
		cmocka_unit_test(test_parties_that_fall_on_one_place_are_told_apart),
	};
	return cmocka_run_group_tests_name("coordinator/parties", tests, NULL, NULL);
}
