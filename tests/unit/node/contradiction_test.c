/* What is kept of contradictions when somebody makes too many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/node/logbook.h"

#define SUSPICIONS 1100 /* more than are kept */

static const struct sf_store *store_of(const struct logbook *book)
{
	return sf_node_store(book->counter->node);
}

/* As many headers of one party, each with another root. */
static void suspect_often(struct logbook *book, enum sf_contradiction kind, int64_t count)
{
	const struct sf_store *store = store_of(book);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	for (int64_t i = 1; i <= count; i++) {
		const struct sf_node_row_contradiction row = {.kind = (int64_t)kind,
			.epoch = 1,
			.size = i,
			.party = book->counter->desk->hospital->party};
		assert_int_equal(sf_node_contradict(book->counter->node, &row, NULL), SF_OK);
	}
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static size_t rows(const struct logbook *book)
{
	return logbook_rows(book, &sf_node_table_contradiction);
}

/* A fork in the tree the node has. */
static void fork_log(struct logbook *book)
{
	logbook_grow(book, 5);
	logbook_forge(book, 4);
	logbook_say(book, 9, 14);
}

static void expect_kept_fork(struct logbook *book)
{
	assert_true(book->counter->node->log.halted);
	const struct sf_node_row_contradiction row =
		logbook_contradiction(book, (int64_t)rows(book));
	assert_string_equal(sf_contradiction_text((uint32_t)row.kind), "fork");
	assert_true(row.note.size > 0 && row.other.size > 0);
	logbook_restart(book);
	assert_true(book->counter->node->log.halted);
}

/* What other parties say must not take the place of the log's own words. */
static void test_fork_is_kept_however_many_suspicions_there_are(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	suspect_often(book, SF_CONTRADICTION_GOSSIP, SUSPICIONS);
	assert_true(rows(book) < SUSPICIONS);
	assert_false(book->counter->node->log.halted);
	fork_log(book);
	expect_kept_fork(book);
}

/* Nor must a coordinator be able to fill the place with lesser ones first. */
static void test_fork_is_kept_however_many_others_there_are(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	suspect_often(book, SF_CONTRADICTION_SIGNATURE, SUSPICIONS);
	assert_true(rows(book) < SUSPICIONS);
	fork_log(book);
	expect_kept_fork(book);
}

/* One party's suspicions leave room for what the coordinator does. */
static void test_suspicions_leave_room_for_the_rest(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	logbook_say(book, 0, 9);
	suspect_often(book, SF_CONTRADICTION_GOSSIP, SUSPICIONS);
	size_t before = rows(book);
	suspect_often(book, SF_CONTRADICTION_OMISSION, 3);
	assert_int_equal(rows(book), before + 3);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, logbook_open, logbook_close)
	const struct CMUnitTest tests[] = {
		TEST(test_fork_is_kept_however_many_suspicions_there_are),
		TEST(test_fork_is_kept_however_many_others_there_are),
		TEST(test_suspicions_leave_room_for_the_rest),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
