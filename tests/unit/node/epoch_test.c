/* A new epoch told apart from a fork, a rollback and a lie (WIRE.md section 7.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "sim/lost_tail.h"
#include "unit/node/logbook.h"
#include "wire/epoch.h"

#define NEW "coordinator.example/log/sim/2"

static struct desk *desk_of(const struct logbook *book)
{
	return book->counter->desk;
}

static struct sf_node_log *log_of(const struct logbook *book)
{
	return &book->counter->node->log;
}

static uint64_t alarms(const struct logbook *book)
{
	return sf_node_counters(book->counter->node).alarms;
}

static uint32_t declared(const struct logbook *book)
{
	uint32_t epoch = 0;
	assert_int_equal(sf_node_declared_epoch(book->counter->node, &epoch, NULL), SF_OK);
	return epoch;
}

/* What the registrar signs when the first size leaves stand. */
static struct sf_epoch record_of(const struct logbook *book, uint64_t size)
{
	const struct sf_checkpoint stands = logbook_checkpoint(book, size);
	struct sf_epoch epoch = {.old_origin = sf_view_text(LOGBOOK_ORIGIN),
		.old_note = logbook_note(book, size),
		.common_size = size,
		.origin = sf_view_text(NEW),
		.directory_version = stands.directory_version,
		.directory_head = stands.directory_head,
		.made_ms = desk_of(book)->world.now_ms};
	memcpy(epoch.log_key, book->log_key, sizeof(epoch.log_key));
	return epoch;
}

static struct sf_view sign_epoch(const struct logbook *book, const struct sf_epoch *epoch)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_EPOCH_SIZE_MAX);
	assert_int_equal(sf_epoch_encode(epoch, &bytes), SF_OK);
	struct sf_view record = sf_sim_sign_epoch(
		&desk_of(book)->world, sf_buf_view(&bytes), &desk_of(book)->arena);
	sf_buf_fini(&bytes);
	return record;
}

/* On a new connection the coordinator says that it is in that epoch, and brings records. */
static void greet(struct logbook *book, uint32_t epoch, const struct sf_view *records, size_t count)
{
	struct sf_frame hello = counter_hello(book->counter);
	hello.hello.epoch = epoch;
	hello.hello.origin = epoch == 1 ? LOGBOOK_ORIGIN : NEW;
	if (epoch == 1) {
		hello.hello.log_size = book->count;
		logbook_root(book, book->count, &hello.hello.log_root);
	}
	hello.hello.epoch_count = count;
	hello.hello.epochs = records;
	counter_say_up(book->counter);
	counter_say(book->counter, &hello);
	counter_turn(book->counter);
}

/* A checkpoint of the new epoch, of leaves of its own. */
static void say_new_checkpoint(struct logbook *book, size_t count)
{
	book->count = 0;
	logbook_grow(book, count);
	struct sf_checkpoint checkpoint = logbook_checkpoint(book, count);
	memcpy(checkpoint.origin, NEW, sizeof(NEW));
	logbook_say_note(book, 0, count, logbook_sign(book, &checkpoint, book->log_key_id));
}

static int open_seen(void **state)
{
	if (logbook_open(state))
		return -1;
	logbook_grow(*state, 9);
	logbook_say(*state, 0, 9);
	assert_int_equal(log_of(*state)->newest.size, 9);
	return 0;
}

static void test_declared_epoch_is_followed_over_a_restart(void **state)
{
	struct logbook *book = *state;
	const struct sf_epoch epoch = record_of(book, 5);
	struct sf_view record = sign_epoch(book, &epoch);
	greet(book, 2, &record, 1);
	assert_int_equal(declared(book), 2);
	assert_int_equal(logbook_rows(book, &sf_node_table_contradiction), 0);
	assert_false(log_of(book)->halted);
	assert_int_equal(alarms(book), 0);
	const struct sf_store *store = sf_memory_port(book->counter->side->memory);
	struct sf_node_row_epoch row = {.epoch = 2};
	assert_int_equal(store->get(store->self, &sf_node_table_epoch, 0, &row, NULL), SF_OK);
	assert_int_equal(row.common_size, 5);
	assert_true(sf_view_equal(row.record, record));
	/* It has fewer leaves than the old one, and that is no rollback. */
	say_new_checkpoint(book, 3);
	assert_int_equal(log_of(book)->newest.epoch, 2);
	assert_int_equal(log_of(book)->newest.size, 3);
	assert_int_equal(logbook_rows(book, &sf_node_table_contradiction), 0);
	counter_restart(book->counter);
	book->counter->node->options.witness_key_id = book->witness_key_id;
	assert_int_equal(declared(book), 2);
	assert_int_equal(log_of(book)->newest.epoch, 2);
	assert_int_equal(log_of(book)->newest.size, 3);
}

/* What stands is cosigned, so that a quorum can stand behind it. */
static void test_what_stands_is_kept_as_a_checkpoint(void **state)
{
	struct logbook *book = *state;
	const struct sf_epoch epoch = record_of(book, 5);
	struct sf_view record = sign_epoch(book, &epoch);
	greet(book, 2, &record, 1);
	struct sf_node_row_checkpoint row = {.epoch = 1, .size = 5};
	const struct sf_store *store = sf_memory_port(book->counter->side->memory);
	assert_int_equal(store->get(store->self, &sf_node_table_checkpoint, 0, &row, NULL), SF_OK);
	assert_true(sf_view_equal(row.note, epoch.old_note));
	assert_int_equal(row.cosigned, 1);
	const struct sf_frame *frame = logbook_cosign(book);
	assert_non_null(frame);
	assert_int_equal(frame->log.epoch, 1);
	assert_int_equal(frame->log.size, 5);
	/* And the larger one that was seen stays: it is what was lost. */
	row = (struct sf_node_row_checkpoint){.epoch = 1, .size = 9};
	assert_int_equal(store->get(store->self, &sf_node_table_checkpoint, 0, &row, NULL), SF_OK);
}

static void test_record_that_comes_twice_is_entered_once(void **state)
{
	struct logbook *book = *state;
	const struct sf_epoch epoch = record_of(book, 5);
	const struct sf_view record = sign_epoch(book, &epoch);
	const struct sf_view records[] = {record, record};
	greet(book, 2, records, 2);
	greet(book, 2, &record, 1);
	assert_int_equal(declared(book), 2);
	assert_int_equal(logbook_rows(book, &sf_node_table_epoch), 1);
	assert_int_equal(alarms(book), 0);
}

/* The log was heard to have shrunk, twice; then the registrars say why. */
static void test_rollback_is_explained_by_a_declared_epoch(void **state)
{
	struct logbook *book = *state;
	logbook_greet(book, 5);
	desk_of(book)->world.now_ms += SF_MINUTE_MS;
	logbook_greet(book, 5);
	assert_true(log_of(book)->halted);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_int_equal(row.kind, SF_CONTRADICTION_ROLLBACK);
	const struct sf_epoch epoch = record_of(book, 5);
	struct sf_view record = sign_epoch(book, &epoch);
	greet(book, 2, &record, 1);
	assert_false(log_of(book)->halted);
	say_new_checkpoint(book, 3);
	assert_int_equal(log_of(book)->newest.epoch, 2);
}

/* It says that it is in an epoch of which it has no record: it forgot what it signed. */
static void test_epoch_that_nobody_declared_is_a_rollback(void **state)
{
	struct logbook *book = *state;
	greet(book, 2, NULL, 0);
	desk_of(book)->world.now_ms += SF_MINUTE_MS;
	greet(book, 2, NULL, 0);
	assert_int_equal(declared(book), 1);
	assert_true(log_of(book)->halted);
	assert_int_equal(logbook_contradiction(book, 1).kind, SF_CONTRADICTION_ROLLBACK);
}

/* It is told, and the log goes on as it was. */
static void expect_unsigned(struct logbook *book, struct sf_view record)
{
	uint64_t before = alarms(book);
	greet(book, 1, &record, 1);
	assert_int_equal(declared(book), 1);
	assert_int_equal(alarms(book), before + 1);
	assert_int_equal(logbook_rows(book, &sf_node_table_epoch), 0);
	assert_int_equal(logbook_rows(book, &sf_node_table_contradiction), 0);
}

static void test_record_that_does_not_follow_is_not_entered(void **state)
{
	struct logbook *book = *state;
	struct sf_epoch epoch = record_of(book, 5);
	struct sf_view record = sign_epoch(book, &epoch);
	uint8_t *changed = (uint8_t *)sf_arena_copy(&desk_of(book)->arena, record).data;
	assert_non_null(changed);
	changed[record.size - 1] ^= 1;
	expect_unsigned(book, sf_view_of(changed, record.size));
	/* The third where the second was to come. */
	epoch.old_origin = sf_view_text(NEW);
	epoch.origin = sf_view_text("coordinator.example/log/sim/3");
	struct sf_checkpoint stands = logbook_checkpoint(book, 5);
	memcpy(stands.origin, NEW, sizeof(NEW));
	epoch.old_note = logbook_sign(book, &stands, book->log_key_id);
	expect_unsigned(book, sign_epoch(book, &epoch));
	/* Of another log of the same registrars. */
	epoch = record_of(book, 5);
	epoch.old_origin = sf_view_text("coordinator.example/log/other/1");
	epoch.origin = sf_view_text("coordinator.example/log/other/2");
	memcpy(stands.origin, "coordinator.example/log/other/1",
		sizeof("coordinator.example/log/other/1"));
	epoch.old_note = logbook_sign(book, &stands, book->log_key_id);
	expect_unsigned(book, sign_epoch(book, &epoch));
}

/* The registrars were told of a tree that the log never signed. */
static void test_note_that_the_log_did_not_sign_is_not_followed(void **state)
{
	struct logbook *book = *state;
	struct sf_epoch epoch = record_of(book, 5);
	uint8_t *note = (uint8_t *)sf_arena_copy(&desk_of(book)->arena, epoch.old_note).data;
	assert_non_null(note);
	uint8_t *root = note + sizeof(LOGBOOK_ORIGIN "\n5\n") - 1;
	*root = *root == 'A' ? 'B' : 'A';
	epoch.old_note = sf_view_of(note, epoch.old_note.size);
	expect_unsigned(book, sign_epoch(book, &epoch));
}

/* Signed by the log and by the registrars, and against what this node has seen with its own eyes.
 */
static void test_epoch_on_another_tree_than_was_seen_is_a_fork(void **state)
{
	struct logbook *book = *state;
	struct sf_view seen = logbook_note(book, 9);
	logbook_forge(book, 2);
	const struct sf_epoch epoch = record_of(book, 9);
	struct sf_view record = sign_epoch(book, &epoch);
	greet(book, 2, &record, 1);
	assert_int_equal(declared(book), 1);
	assert_true(log_of(book)->halted);
	const struct sf_node_row_contradiction row = logbook_contradiction(book, 1);
	assert_int_equal(row.kind, SF_CONTRADICTION_FORK);
	assert_true(sf_view_equal(row.note, epoch.old_note));
	assert_true(sf_view_equal(row.other, seen));
}

static void test_epoch_on_another_directory_is_a_contradiction(void **state)
{
	struct logbook *book = *state;
	struct sf_epoch epoch = record_of(book, 5);
	struct sf_checkpoint stands = logbook_checkpoint(book, 5);
	stands.directory_head.bytes[0] ^= 1;
	epoch.old_note = logbook_sign(book, &stands, book->log_key_id);
	struct sf_view record = sign_epoch(book, &epoch);
	greet(book, 2, &record, 1);
	assert_int_equal(declared(book), 1);
	assert_int_equal(logbook_contradiction(book, 1).kind, SF_CONTRADICTION_DIRECTORY);
}

/* A node that comes new to a log in its second epoch. */
static void test_node_that_has_seen_nothing_learns_the_epochs(void **state)
{
	struct logbook *book = *state;
	logbook_grow(book, 9);
	const struct sf_epoch epoch = record_of(book, 5);
	struct sf_view record = sign_epoch(book, &epoch);
	greet(book, 2, &record, 1);
	assert_int_equal(declared(book), 2);
	say_new_checkpoint(book, 3);
	assert_int_equal(log_of(book)->newest.epoch, 2);
	assert_int_equal(alarms(book), 0);
}

int main(void)
{
#define SEEN(test) cmocka_unit_test_setup_teardown(test, open_seen, logbook_close)
	const struct CMUnitTest tests[] = {
		SEEN(test_declared_epoch_is_followed_over_a_restart),
		SEEN(test_what_stands_is_kept_as_a_checkpoint),
		SEEN(test_record_that_comes_twice_is_entered_once),
		SEEN(test_rollback_is_explained_by_a_declared_epoch),
		SEEN(test_epoch_that_nobody_declared_is_a_rollback),
		SEEN(test_record_that_does_not_follow_is_not_entered),
		SEEN(test_note_that_the_log_did_not_sign_is_not_followed),
		SEEN(test_epoch_on_another_tree_than_was_seen_is_a_fork),
		SEEN(test_epoch_on_another_directory_is_a_contradiction),
		cmocka_unit_test_setup_teardown(test_node_that_has_seen_nothing_learns_the_epochs,
			logbook_open, logbook_close),
	};
	return cmocka_run_group_tests_name("node/epoch", tests, NULL, NULL);
}
