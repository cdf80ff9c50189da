/* What time makes of transitions: timers, derived facts, their proofs and their limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

#define DUE_MS SF_HOUR_MS

static int open_admitted(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	return 0;
}

static struct sf_coordinator *engine(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

/* The hospital asks the municipality for something within an hour. */
static struct desk_letter request(struct desk *desk, int64_t due_ms)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_OBLIGATION);
	letter.message.fact.obligation = (struct sf_obligation_fact){.action = SF_TASK_REQUEST,
		.duty = SF_DUTY_HOME_CARE,
		.owner = SF_ROLE_MUNICIPALITY,
		.due_ms = due_ms};
	return letter;
}

static struct desk_letter complete(struct desk *desk, struct sf_id subject)
{
	struct desk_letter letter = desk_letter(desk, desk->municipality, SF_KIND_OBLIGATION);
	letter.message.fact.obligation =
		(struct sf_obligation_fact){.action = SF_TASK_COMPLETE, .subject = subject};
	return letter;
}

struct found {
	size_t count;
	int64_t kind; /* looked for */
	struct sf_row_event first;
	struct sf_buf cover;
};

static bool find_kind(void *context, const void *row)
{
	struct found *found = context;
	const struct sf_row_event *event = row;
	if (event->kind != found->kind)
		return true;
	if (found->count++ == 0) {
		found->first = *event;
		sf_buf_clear(&found->cover);
		assert_int_equal(sf_buf_append(&found->cover, event->cover), SF_OK);
	}
	return true;
}

static size_t count_events(
	const struct desk *desk, enum sf_kind kind, struct sf_row_event *ret_first)
{
	struct found found = {.kind = kind};
	sf_buf_init(&found.cover, SF_COVER_SIZE_MAX);
	const struct sf_scan scan = {.table = &sf_table_event};
	const struct sf_store *store = &engine(desk)->ports.store;
	assert_int_equal(store->scan(store->self, &scan, find_kind, &found, NULL), SF_OK);
	sf_buf_fini(&found.cover);
	if (ret_first)
		*ret_first = found.first;
	return found.count;
}

static int64_t next_due_ms(const struct desk *desk)
{
	return engine(desk)->timer_ms;
}

static void test_deadline_becomes_a_fact_at_the_first_turn_after_it(void **state)
{
	struct desk *desk = *state;
	int64_t due_ms = desk->world.now_ms + DUE_MS;
	struct desk_letter letter = request(desk, due_ms);
	assert_int_equal(desk_record(desk, &letter).outcome, SF_OUTCOME_APPLIED);
	assert_int_equal(next_due_ms(desk), due_ms);
	desk->world.now_ms = due_ms - 2;
	desk_turn(desk);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 0);
	desk_turn(desk);
	struct sf_row_event event;
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, &event), 1);
	assert_int_equal(event.recorded_ms, due_ms);
	assert_int_equal(event.sequence, 4);
	assert_int_equal(event.kind_class, SF_CLASS_DERIVED);
	assert_int_equal(event.outcome, SF_OUTCOME_APPLIED);
	assert_true(next_due_ms(desk) > due_ms);
	for (int i = 0; i < 3; i++)
		desk_turn(desk);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 1);
}

/* Anybody with the directory can check it, and its place in the log (WIRE section 4). */
static void test_derived_fact_is_an_envelope_of_the_coordinator(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = request(desk, desk->world.now_ms + DUE_MS);
	desk_record(desk, &letter);
	desk->world.now_ms += DUE_MS;
	desk_turn(desk);
	const struct sf_sim_machine *const members[] = {desk->hospital, desk->municipality};
	for (size_t i = 0; i < SF_COUNT(members); i++) {
		size_t count = desk_item_count(desk, members[i]);
		assert_true(count > 0);
		const struct sf_item *item = desk_item(desk, members[i], count - 1);
		struct sf_cover cover;
		struct sf_header header;
		struct sf_receipt receipt;
		struct sf_envelope_names names;
		struct sf_crypto crypto;
		sf_crypto_port(members[i]->keyring, &crypto);
		assert_int_equal(item->envelope.size, 0);
		assert_int_equal(sf_cover_parse(item->cover, &cover, NULL), SF_OK);
		const struct sf_directory_entry *owner = NULL;
		const struct sf_directory_key *key = sf_directory_key(
			engine(desk)->directory, cover.author_key_id, SF_KEY_USE_IDENTITY, &owner);
		assert_non_null(key);
		assert_true(sf_id_equal(owner->party, desk->coordinator->party));
		assert_int_equal(
			crypto.verify_cover(crypto.self, &cover, key->public_key, &names), SF_OK);
		assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
		assert_int_equal(header.message.fact.kind, SF_KIND_EXPIRED);
		assert_true(sf_id_equal(header.message.author, desk->coordinator->party));
		assert_true(sf_id_equal(header.message.fact.derived.subject, letter.message.id));
		assert_int_equal(sf_receipt_decode(item->receipt.receipt, &receipt, NULL), SF_OK);
		assert_int_equal(receipt.kind_class, SF_CLASS_DERIVED);
		assert_true(sf_digest_equal(&receipt.digest, &names.digest));
		assert_int_equal(
			crypto.check_receipt(crypto.self, desk->coordinator->identity_key,
				item->receipt.receipt, item->receipt.index, item->receipt.count,
				item->receipt.path, item->receipt.signature.data),
			SF_OK);
	}
}

/* The head that a derived fact moves is the one the next event stands on. */
static void test_heads_chain_over_derived_facts(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = request(desk, desk->world.now_ms + DUE_MS);
	desk_record(desk, &letter);
	desk->world.now_ms += DUE_MS;
	struct desk_letter late = complete(desk, letter.message.id);
	struct sf_receipt receipt = desk_record(desk, &late);
	/* Due and answered in one turn: the deadline was missed first. */
	assert_int_equal(receipt.sequence, 5);
	struct sf_row_event event;
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, &event), 1);
	assert_int_equal(event.sequence, 4);
	assert_true(sf_digest_equal(&event.head, &receipt.previous_head));
	struct sf_row_transition row = {.id = desk->transition};
	const struct sf_store *store = &engine(desk)->ports.store;
	assert_int_equal(store->get(store->self, &sf_table_transition, 0, &row, NULL), SF_OK);
	assert_int_equal(row.sequence, 5);
	assert_false(sf_digest_equal(&row.head, &receipt.previous_head));
}

static void test_timers_are_there_after_a_restart_and_fire_once(void **state)
{
	struct desk *desk = *state;
	int64_t due_ms = desk->world.now_ms + DUE_MS;
	struct desk_letter letter = request(desk, due_ms);
	desk_record(desk, &letter);
	desk_restart(desk);
	assert_int_equal(next_due_ms(desk), due_ms);
	desk->world.now_ms = due_ms + SF_DAY_MS;
	desk_turn(desk);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 1);
	desk_restart(desk);
	desk_turn(desk);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 1);
}

static void test_lost_turn_gives_the_timer_back(void **state)
{
	struct desk *desk = *state;
	int64_t due_ms = desk->world.now_ms + DUE_MS;
	struct desk_letter letter = request(desk, due_ms);
	desk_record(desk, &letter);
	int64_t leaves = desk_leaves(desk);
	desk->world.now_ms = due_ms;
	sf_memory_next_commit(desk->coordinator->memory, SF_MEMORY_FULL);
	assert_int_equal(desk_try_turn(desk), SF_ERR_DISK_FULL);
	assert_int_equal(desk_leaves(desk), leaves);
	desk_turn(desk);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 1);
	assert_int_equal(desk_leaves(desk), leaves + 1);
}

static void say_time(struct desk *desk, const struct sf_sim_machine *from, int64_t ahead_ms)
{
	const struct sf_frame hello = {.kind = SF_FRAME_HELLO,
		.hello = {
			.version = 1, .software = "desk", .now_ms = desk->world.now_ms + ahead_ms}};
	desk_say(desk, from, &hello);
	desk_turn(desk);
}

/* DESIGN section 4: a clock that cannot be believed moves nothing; messages go on. */
static void test_clock_that_is_apart_stops_timers(void **state)
{
	struct desk *desk = *state;
	int64_t due_ms = desk->world.now_ms + DUE_MS;
	struct desk_letter letter = request(desk, due_ms);
	desk_record(desk, &letter);
	desk_hello(desk, desk->gp);
	say_time(desk, desk->hospital, -SF_DAY_MS);
	say_time(desk, desk->municipality, -SF_DAY_MS);
	say_time(desk, desk->gp, -SF_DAY_MS);
	desk->world.now_ms = due_ms;
	letter = request(desk, due_ms + SF_DAY_MS);
	assert_int_equal(desk_record(desk, &letter).sequence, 4);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 0);
	/* Those who said so are gone: the clock stands alone again, and is believed. */
	desk->deaf_route = desk->routes[desk->gp->index];
	desk->deaf_err = SF_ERR_UNREACHABLE;
	const struct sf_frame ping = {.kind = SF_FRAME_PING};
	desk_say(desk, desk->gp, &ping);
	desk_turn(desk);
	desk_say(desk, desk->hospital, &ping);
	desk_turn(desk);
	assert_int_equal(count_events(desk, SF_KIND_EXPIRED, NULL), 1);
}

static void test_who_missed_it_is_told_in_the_feed(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = request(desk, desk->world.now_ms + DUE_MS);
	desk_record(desk, &letter);
	uint64_t cursor = sf_feed_cursor(sf_coordinator_feed(engine(desk)));
	desk->world.now_ms += DUE_MS;
	desk_turn(desk);
	struct sf_feed_row rows[8];
	size_t count =
		sf_feed_read(sf_coordinator_feed(engine(desk)), cursor, SF_COUNT(rows), rows);
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].what, SF_FEED_EXPIRED);
	assert_true(sf_id_equal(rows[0].transition, desk->transition));
	assert_true(sf_id_equal(rows[0].party, desk->municipality->party));
	assert_true(sf_id_equal(rows[0].peer, desk->hospital->party));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_admitted, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_deadline_becomes_a_fact_at_the_first_turn_after_it),
		TEST(test_derived_fact_is_an_envelope_of_the_coordinator),
		TEST(test_heads_chain_over_derived_facts),
		TEST(test_timers_are_there_after_a_restart_and_fire_once),
		TEST(test_lost_turn_gives_the_timer_back),
		TEST(test_clock_that_is_apart_stops_timers),
		TEST(test_who_missed_it_is_told_in_the_feed),
	};
	return cmocka_run_group_tests_name("coordinator/derive", tests, NULL, NULL);
}
