/* What erasing takes is of one transition, whatever somebody has written into another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/erasing.h"
#include "unit/node/counter.h"

static void erase(struct counter *counter, struct sf_id transition)
{
	const struct sf_store *store = sf_node_store(counter->node);
	struct sf_node_erasing erasing = {.node = counter->node, .transition = transition};
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(sf_node_erasing_collect(&erasing), SF_OK);
	assert_int_equal(erasing.counts[SF_NODE_GONE_EVENTS], 1);
	assert_int_equal(erasing.counts[SF_NODE_GONE_RECEIVED], 0);
	assert_int_equal(sf_node_erasing_do(&erasing, SF_GROUND_MISTAKE), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

/* The same message id in two transitions: the second is refused, and what is erased with it. */
static void test_unread_letter_of_another_transition_stays(void **state)
{
	struct counter *counter = *state;
	struct desk *desk = counter->desk;
	const struct desk_letter letter = desk_admission(desk);
	const struct counter_item item = counter_item(counter, &letter, 1);
	counter_deliver(counter, &item);
	struct sf_node_row_inbox before, after;
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &before));
	assert_true(before.unhandled != 0 && before.body.size > 0);

	desk->transition = desk_id(desk);
	struct desk_letter other = desk_admission(desk);
	other.message.id = letter.message.id;
	struct counter_item refused = counter_item(counter, &other, 1);
	refused.cover = true;
	refused.receipt.outcome = SF_OUTCOME_REFUSED;
	refused.receipt.code = SF_REFUSAL_CONTENT_CONFLICT;
	refused.receipt.previous_head = (struct sf_digest){{0}};
	counter_deliver(counter, &refused);
	erase(counter, desk->transition);
	assert_true(counter_inbox(counter, letter.message.author, letter.message.id, &after));
	assert_int_equal(after.unhandled, before.unhandled);
	assert_int_equal(after.state, SF_NODE_INBOX_OK);
	assert_true(after.body.size > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_unread_letter_of_another_transition_stays,
			counter_open, counter_close),
	};
	return cmocka_run_group_tests_name("node/erasing", tests, NULL, NULL);
}
