/* What the coordinator says under its own identity (WIRE section 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_read(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	for (int i = 0; i < 2; i++) {
		const struct sf_request request = {
			.kind = SF_REQUEST_TRANSITION, .transition = {desk->transition, 0, ""}};
		if (desk_ask(desk, &request).err)
			return -1;
	}
	return 0;
}

/* The event of leaf, and the header in its cover; views until the store is asked again. */
static struct sf_row_event read_leaf(
	struct desk *desk, int64_t leaf, struct sf_cover *ret_cover, struct sf_header *ret_header)
{
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event event = {.leaf_index = leaf};
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &event, NULL), SF_OK);
	event.cover = sf_arena_copy(&desk->arena, event.cover);
	assert_int_equal(sf_cover_parse(event.cover, ret_cover, NULL), SF_OK);
	assert_int_equal(sf_header_decode(ret_cover->header, ret_header, NULL), SF_OK);
	return event;
}

static void test_it_is_an_envelope_of_the_coordinator_without_a_transition(void **state)
{
	struct desk *desk = *state;
	struct sf_cover cover;
	struct sf_header header;
	struct sf_row_event event = read_leaf(desk, desk_leaves(desk) - 1, &cover, &header);
	assert_int_equal(event.kind_class, SF_CLASS_STATEMENT);
	assert_int_equal(event.sequence, 0);
	assert_true(sf_id_is_none(event.transition));
	assert_true(sf_digest_is_none(&event.head));
	assert_false(sf_digest_is_none(&event.r));
	assert_true(sf_id_equal(header.message.author, desk->coordinator->party));
	assert_true(sf_id_is_none(header.message.transition));
	assert_int_equal(header.message.recipient_count, 0);
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	struct sf_envelope_names names;
	assert_int_equal(
		crypto.verify_cover(crypto.self, &cover, desk->coordinator->identity_key, &names),
		SF_OK);
	assert_true(sf_digest_equal(&names.digest, &event.digest));
	/* Signed by nobody else. */
	assert_int_not_equal(
		crypto.verify_cover(crypto.self, &cover, desk->hospital->identity_key, &names),
		SF_OK);
}

/* A verifier sees that none of them was taken out between two. */
static void test_its_author_numbers_run_on_over_a_restart(void **state)
{
	struct desk *desk = *state;
	struct sf_cover cover;
	struct sf_header header;
	read_leaf(desk, desk_leaves(desk) - 2, &cover, &header);
	uint64_t first = header.message.author_sequence;
	read_leaf(desk, desk_leaves(desk) - 1, &cover, &header);
	assert_int_equal(header.message.author_sequence, first + 1);
	desk_restart(desk);
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {desk->transition, 0, ""}};
	assert_int_equal(desk_ask(desk, &request).err, SF_OK);
	read_leaf(desk, desk_leaves(desk) - 1, &cover, &header);
	assert_int_equal(header.message.author_sequence, first + 2);
}

/* It changes no transition: number and head are what they were. */
static void test_it_moves_no_transition(void **state)
{
	struct desk *desk = *state;
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_transition row = {.id = desk->transition};
	assert_int_equal(store->get(store->self, &sf_table_transition, 0, &row, NULL), SF_OK);
	assert_int_equal(row.sequence, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_read, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_it_is_an_envelope_of_the_coordinator_without_a_transition),
		TEST(test_its_author_numbers_run_on_over_a_restart),
		TEST(test_it_moves_no_transition),
	};
	return cmocka_run_group_tests_name("coordinator/statement", tests, NULL, NULL);
}
