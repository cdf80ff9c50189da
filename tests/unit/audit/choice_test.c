#include "audit/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "unit/core/scene.h"

static struct sf_directory *directory(void)
{
	struct sf_directory *made = NULL;
	assert_int_equal(sf_directory_open(&made), SF_OK);
	struct sf_directory_entry entry = {.party = scene_party('H'),
		.name = "hospital",
		.role = SF_ROLE_HOSPITAL,
		.version = 1};
	assert_int_equal(sf_directory_add(made, &entry, NULL), SF_OK);
	return made;
}

static void test_parties_are_found_or_nothing_is_chosen(void **state)
{
	(void)state;
	struct sf_directory *made = directory();
	struct sf_choice choice;
	struct sf_request_transitions asked = {.hospital = "hospital", .only_open = true};
	assert_true(sf_choice_make(made, &asked, &choice));
	assert_true(sf_id_equal(choice.hospital, scene_party('H')));
	assert_true(sf_id_is_none(choice.municipality));
	assert_true(choice.only_open);
	asked.municipality = "no such place";
	assert_false(sf_choice_make(made, &asked, &choice));
	sf_directory_close(&made);
}

static void test_only_what_is_open_or_of_one_state(void **state)
{
	(void)state;
	const struct sf_choice all = {0};
	const struct sf_choice open = {.only_open = true};
	const struct sf_choice ready = {.state = SF_TRANSITION_READY};
	assert_true(sf_choice_has_state(&all, SF_TRANSITION_CLOSED));
	assert_false(sf_choice_has_state(&open, SF_TRANSITION_CLOSED));
	assert_false(sf_choice_has_state(&open, SF_TRANSITION_EMPTY));
	assert_true(sf_choice_has_state(&open, SF_TRANSITION_SHARED));
	assert_true(sf_choice_has_state(&ready, SF_TRANSITION_READY));
	assert_false(sf_choice_has_state(&ready, SF_TRANSITION_OPEN));
}

static void test_place_and_pathway_are_those_of_the_parties_fact(void **state)
{
	(void)state;
	struct scene scene;
	scene_open(&scene);
	const struct sf_choice of_hospital = {.hospital = scene_party('H')};
	const struct sf_choice of_municipality = {.municipality = scene_party('K')};
	const struct sf_choice of_another = {.municipality = scene_party('L')};
	const struct sf_choice somatic = {.pathway = SF_PATHWAY_SOMATIC};
	const struct sf_choice psychiatric = {.pathway = SF_PATHWAY_PSYCHIATRIC};
	/* Before anybody has said so, nothing is of any place. */
	assert_false(sf_choice_has(&of_municipality, scene.transition));
	assert_false(sf_choice_has(&somatic, scene.transition));
	scene_parties(&scene, "HK", MEDICAL | CARE);
	assert_true(sf_choice_has(&of_hospital, scene.transition));
	assert_true(sf_choice_has(&of_municipality, scene.transition));
	assert_false(sf_choice_has(&of_another, scene.transition));
	assert_true(sf_choice_has(&somatic, scene.transition));
	assert_false(sf_choice_has(&psychiatric, scene.transition));
	scene_close(&scene);
}

#define ROWS ((size_t)(SF_CHOICE_PASS_MAX * 2 + SF_CHOICE_PASS_MAX / 2))

/* A store of transitions, newest first; three of one time, as rows of one turn are. */
struct rows {
	struct scene scene;
	struct sf_cached_transition cached;
	struct sf_directory *directory;
	struct sf_choice_row *items;
	size_t folded;
};

static enum sf_err fold(void *self, struct sf_id id, struct sf_cached_transition **ret_cached)
{
	struct rows *rows = self;
	(void)id;
	rows->folded++;
	*ret_cached = &rows->cached;
	return SF_OK;
}

static void rows_open(struct rows *rows)
{
	scene_open(&rows->scene);
	scene_parties(&rows->scene, "HK", MEDICAL | CARE);
	rows->cached = (struct sf_cached_transition){.transition = rows->scene.transition};
	rows->directory = directory();
	rows->items = calloc(ROWS, sizeof(*rows->items));
	assert_non_null(rows->items);
	for (size_t i = 0; i < ROWS; i++) {
		size_t number = ROWS - i;
		rows->items[i] = (struct sf_choice_row){
			.updated_ms = (int64_t)(number / 3) + 1, .state = SF_TRANSITION_CLOSED};
		for (size_t byte = 0; byte < sizeof(number); byte++)
			rows->items[i].id.bytes[7 - byte] = (uint8_t)(number >> 8 * byte);
	}
	rows->folded = 0;
}

static void rows_close(struct rows *rows)
{
	free(rows->items);
	sf_directory_close(&rows->directory);
	scene_close(&rows->scene);
}

/* As a store's scan from there on, which begins with all rows of that time. */
static void visit_page(
	struct rows *rows, const struct sf_choice_row *after, struct sf_choice_page *page)
{
	size_t i = 0;
	page->after = after;
	page->fold = fold;
	page->self = rows;
	page->rows = (struct sf_listing_rows){.item_size = sizeof(struct sf_transition_row)};
	page->folded = page->passed = 0;
	page->next = (struct sf_id){{0}};
	while (after && i < ROWS && rows->items[i].updated_ms > after->updated_ms)
		i++;
	while (i < ROWS && sf_choice_visit(page, &rows->items[i]))
		i++;
	assert_int_equal(page->err, SF_OK);
}

static const struct sf_choice_row *row_of(const struct rows *rows, struct sf_id id)
{
	for (size_t i = 0; i < ROWS; i++)
		if (sf_id_equal(rows->items[i].id, id))
			return &rows->items[i];
	return NULL;
}

static void test_page_ends_where_much_is_passed_and_the_next_goes_on(void **state)
{
	(void)state;
	static const size_t places[] = {
		0, 1, SF_CHOICE_PASS_MAX - 1, SF_CHOICE_PASS_MAX, SF_CHOICE_PASS_MAX + 1, ROWS - 1};
	struct rows rows;
	rows_open(&rows);
	for (size_t i = 0; i < SF_COUNT(places); i++)
		rows.items[places[i]].state = SF_TRANSITION_READY;
	struct sf_arena arena;
	sf_arena_init(&arena, 1u << 20);
	struct sf_listing listing = {rows.directory, &arena, false};
	const struct sf_listing_rows none = {.item_size = sizeof(struct sf_late)};
	struct sf_choice_page page = {.choice = {.state = SF_TRANSITION_READY},
		.count_max = 1000,
		.listing = &listing,
		.late = &none};
	size_t found = 0, pages = 0;
	const struct sf_choice_row *after = NULL;
	do {
		visit_page(&rows, after, &page);
		assert_true(page.passed <= SF_CHOICE_PASS_MAX);
		found += page.rows.count;
		after = row_of(&rows, page.next);
		assert_true(after || sf_id_is_none(page.next));
		assert_true(++pages <= 4);
	} while (after);
	assert_int_equal(pages, 3);
	/* Nothing that is passed over is folded, and each that is chosen comes once. */
	assert_int_equal(found, SF_COUNT(places));
	assert_int_equal(rows.folded, SF_COUNT(places));
	assert_false(listing.full);
	sf_arena_fini(&arena);
	rows_close(&rows);
}

/* The rows of its own time that came before it must not make a page end before it begins. */
static void test_page_that_begins_inside_one_time_goes_further(void **state)
{
	(void)state;
	struct rows rows;
	rows_open(&rows);
	for (size_t i = 0; i < ROWS; i++)
		rows.items[i].updated_ms = 7;
	struct sf_choice_page page = {.choice = {.state = SF_TRANSITION_READY}, .count_max = 1000};
	const struct sf_choice_row *after = NULL;
	for (size_t i = 1; i <= 2; i++) {
		visit_page(&rows, after, &page);
		after = row_of(&rows, page.next);
		assert_ptr_equal(after, &rows.items[i * SF_CHOICE_PASS_MAX - 1]);
	}
	visit_page(&rows, after, &page);
	assert_true(sf_id_is_none(page.next));
	assert_int_equal(page.rows.count, 0);
	rows_close(&rows);
}

static void test_page_is_full_with_its_last_row(void **state)
{
	(void)state;
	struct rows rows;
	rows_open(&rows);
	struct sf_arena arena;
	sf_arena_init(&arena, 1u << 20);
	struct sf_listing listing = {rows.directory, &arena, false};
	const struct sf_listing_rows none = {.item_size = sizeof(struct sf_late)};
	struct sf_choice_page page = {.choice = {.since_ms = rows.items[4].updated_ms},
		.count_max = 2,
		.listing = &listing,
		.late = &none};
	visit_page(&rows, NULL, &page);
	assert_int_equal(page.rows.count, 2);
	assert_true(sf_id_equal(page.next, rows.items[1].id));
	/* What was before is not looked at, and is no reason to go on. */
	page.count_max = 1000;
	visit_page(&rows, &rows.items[1], &page);
	assert_true(sf_id_is_none(page.next));
	const struct sf_transition_row *shown = page.rows.items;
	assert_true(page.rows.count >= 2 && page.rows.count < 6);
	assert_int_equal(shown[0].changed_ms, rows.items[2].updated_ms);
	/* Of no hospital that is asked for: many are folded and none is shown. */
	page.choice = (struct sf_choice){.hospital = scene_party('L')};
	visit_page(&rows, NULL, &page);
	assert_int_equal(page.rows.count, 0);
	assert_true(sf_id_equal(page.next, rows.items[SF_CHOICE_FOLD_MAX - 1].id));
	sf_arena_fini(&arena);
	rows_close(&rows);
}

static void test_totals_count_each_state_and_say_when_they_stopped(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 65536);
	struct sf_listing listing = {NULL, &arena, false};
	struct sf_choice_totals totals = {.seen = 0};
	struct sf_reply_transitions reply = {.row_count = 0};
	assert_true(sf_choice_count(&totals, SF_TRANSITION_OPEN));
	assert_true(sf_choice_count(&totals, SF_TRANSITION_CLOSED));
	assert_true(sf_choice_count(&totals, SF_TRANSITION_CLOSED));
	assert_true(sf_choice_count(&totals, SF_TRANSITION_EMPTY));
	sf_choice_tell(&listing, &totals, &reply);
	assert_int_equal(reply.total_count, 2);
	assert_int_equal(reply.totals[0].state, SF_TRANSITION_OPEN);
	assert_int_equal(reply.totals[0].count, 1);
	assert_int_equal(reply.totals[1].count, 2);
	assert_true(reply.totals_whole);
	totals.seen = SF_CHOICE_TOTAL_MAX - 1;
	assert_false(sf_choice_count(&totals, SF_TRANSITION_OPEN));
	sf_choice_tell(&listing, &totals, &reply);
	assert_false(reply.totals_whole);
	sf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parties_are_found_or_nothing_is_chosen),
		cmocka_unit_test(test_only_what_is_open_or_of_one_state),
		cmocka_unit_test(test_place_and_pathway_are_those_of_the_parties_fact),
		cmocka_unit_test(test_page_ends_where_much_is_passed_and_the_next_goes_on),
		cmocka_unit_test(test_page_that_begins_inside_one_time_goes_further),
		cmocka_unit_test(test_page_is_full_with_its_last_row),
		cmocka_unit_test(test_totals_count_each_state_and_say_when_they_stopped),
	};
	return cmocka_run_group_tests_name("audit/choice", tests, NULL, NULL);
}
