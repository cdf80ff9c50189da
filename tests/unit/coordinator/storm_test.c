/*
 * A storm of timers (DESIGN.md section 4): after a long night everything is due at once. It is
 * worked in bounded batches, what moves responsibility first, and messages pass between them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "core/derived.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

#define STORM_COUNT 100000
#define URGENT_EVERY 1000 /* of them, the one that stands last */
#define EVENTS_MAX 8

struct template
{
	size_t count;
	struct sf_row_event events[EVENTS_MAX];
	struct sf_row_transition transition;
};

struct keeping {
	struct desk *desk;
	struct template *template;
};

static bool keep_event(void *context, const void *row)
{
	struct keeping *keeping = context;
	struct sf_row_event *event = &keeping->template->events[keeping->template->count++];
	*event = *(const struct sf_row_event *)row;
	struct sf_view *views[] = {&event->leaf, &event->cover, &event->receipt,
		&event->receipt_path, &event->receipt_signature};
	for (size_t i = 0; i < SF_COUNT(views); i++)
		*views[i] = sf_arena_copy(&keeping->desk->arena, *views[i]);
	return keeping->template->count < EVENTS_MAX;
}

/* One transition with a request that is due in an hour. */
static void make_template(struct desk *desk, struct template *template)
{
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	letter = desk_letter(desk, desk->hospital, SF_KIND_OBLIGATION);
	letter.message.fact.obligation = (struct sf_obligation_fact){.action = SF_TASK_REQUEST,
		.duty = SF_DUTY_HOME_CARE,
		.owner = SF_ROLE_MUNICIPALITY,
		.due_ms = desk->world.now_ms + SF_HOUR_MS};
	desk_record(desk, &letter);
	const struct sf_store *store = &desk->coordinator->coordinator->ports.store;
	struct keeping keeping = {desk, template};
	const struct sf_row_event key = {.transition = desk->transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	assert_int_equal(store->scan(store->self, &scan, keep_event, &keeping, NULL), SF_OK);
	template->transition.id = desk->transition;
	assert_int_equal(
		store->get(store->self, &sf_table_transition, 0, &template->transition, NULL),
		SF_OK);
}

/* A copy of the cover that speaks of another transition; nobody verifies what is in the store. */
static struct sf_view move_cover(
	struct sf_view cover, struct sf_id from, struct sf_id to, uint8_t *place)
{
	memcpy(place, cover.data, cover.size);
	for (size_t i = 0; i + SF_ID_SIZE <= cover.size; i++)
		if (memcmp(place + i, from.bytes, SF_ID_SIZE) == 0)
			memcpy(place + i, to.bytes, SF_ID_SIZE);
	return sf_view_of(place, cover.size);
}

static struct sf_id storm_id(uint32_t number)
{
	struct sf_id id = {{0x55}};
	sf_put_u32(id.bytes + 4, number);
	sf_put_u32(id.bytes + 12, number * 2654435761u);
	return id;
}

static void brew(struct desk *desk, const struct template *template, uint32_t number)
{
	const struct sf_store *store = &desk->coordinator->coordinator->ports.store;
	struct sf_row_transition row = template->transition;
	row.id = storm_id(number);
	if (number % URGENT_EVERY == URGENT_EVERY - 1)
		row.urgency = SF_URGENCY_MOVES;
	assert_int_equal(store->insert(store->self, &sf_table_transition, &row, NULL), SF_OK);
	for (size_t i = 0; i < template->count; i++) {
		uint8_t cover[SF_COVER_SIZE_MAX];
		struct sf_row_event event = template->events[i];
		event.leaf_index = 1000000 + (int64_t)number * EVENTS_MAX + (int64_t)i;
		event.transition = row.id;
		event.cover = move_cover(event.cover, template->transition.id, row.id, cover);
		assert_int_equal(store->insert(store->self, &sf_table_event, &event, NULL), SF_OK);
	}
}

static int open_storm(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct template template = {.count = 0};
	make_template(desk, &template);
	struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	for (uint32_t i = 0; i < STORM_COUNT; i++)
		brew(desk, &template, i);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	coordinator->cache.count_max = 1024;
	return 0;
}

static int64_t sequence_of(const struct desk *desk, uint32_t number)
{
	struct sf_row_transition row = {.id = storm_id(number)};
	const struct sf_store *store = &desk->coordinator->coordinator->ports.store;
	assert_int_equal(store->get(store->self, &sf_table_transition, 0, &row, NULL), SF_OK);
	return row.sequence;
}

static void expect_urgent_first(const struct desk *desk)
{
	for (uint32_t i = URGENT_EVERY - 1; i < STORM_COUNT; i += URGENT_EVERY)
		assert_int_equal(sequence_of(desk, i), 4);
}

/* One message of another transition a turn; it is recorded in the turn it comes in. */
static void pass_message(struct desk *desk)
{
	struct sf_id storm = desk->transition;
	desk->transition = desk_id(desk);
	struct desk_letter letter = desk_parties(desk, false);
	assert_int_equal(desk_record(desk, &letter).sequence, 1);
	desk->transition = storm;
}

static void test_storm_is_worked_in_batches_with_messages_between(void **state)
{
	struct desk *desk = *state;
	const struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	struct sf_engine engine;
	sf_coordinator_engine(desk->coordinator->coordinator, &engine);
	desk->world.now_ms += 2 * SF_HOUR_MS;
	uint64_t before = coordinator->counters.derived;
	for (uint64_t turns = 1;; turns++) {
		uint64_t derived = coordinator->counters.derived;
		pass_message(desk);
		assert_true(coordinator->counters.derived - derived <= 256);
		if (turns == 1)
			expect_urgent_first(desk);
		if (engine.next_due_ms(engine.self) > desk->world.now_ms)
			break;
		/* Nothing is left over by half: the whole batch each time. */
		assert_int_equal(coordinator->counters.derived - before, turns * 256);
	}
	/* The one that they are copied from is due, too. */
	assert_int_equal(coordinator->counters.derived - before, STORM_COUNT + 1);
	for (uint32_t i = 0; i < STORM_COUNT; i += 997)
		assert_int_equal(sequence_of(desk, i), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_storm_is_worked_in_batches_with_messages_between, open_storm,
			desk_close),
	};
	return cmocka_run_group_tests_name("coordinator/storm", tests, NULL, NULL);
}
