#include "unit/store/conformance.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/store/adapter.h"
#include "unit/store/tables.h"

static struct sf_id id_of(uint8_t value)
{
	struct sf_id id = {{0}};
	id.bytes[0] = 0xA0;
	id.bytes[SF_ID_SIZE - 1] = value;
	return id;
}

static struct sf_digest digest_of(int64_t value)
{
	struct sf_digest digest = {{0}};
	sf_put_u64(digest.bytes, (uint64_t)value);
	return digest;
}

static struct letter letter_of(uint8_t party, int64_t number)
{
	return (struct letter){
		.party = id_of(party),
		.number = number,
		.transition = id_of((uint8_t)number),
		.digest = digest_of(party * 1000000 + number),
		.body = sf_view_text("body"),
	};
}

static enum sf_err insert(const struct sf_store *store, const struct letter *letter)
{
	return store->insert(store->self, &letter_table, letter, NULL);
}

static enum sf_err get(const struct sf_store *store, size_t index, struct letter *letter)
{
	return store->get(store->self, &letter_table, index, letter, NULL);
}

/* The numbers that a scan of letters visits, in order. */
struct seen {
	size_t count, stop_at;
	int64_t numbers[64];
};

static bool see(void *context, const void *row)
{
	struct seen *seen = context;
	assert_true(seen->count < SF_COUNT(seen->numbers));
	seen->numbers[seen->count++] = ((const struct letter *)row)->number;
	return seen->count != seen->stop_at;
}

static void assert_seen(const struct sf_store *store, struct sf_scan scan, const char *expected)
{
	struct seen seen = {0};
	char text[512] = "";
	scan.table = &letter_table;
	assert_int_equal(store->scan(store->self, &scan, see, &seen, NULL), SF_OK);
	for (size_t i = 0; i < seen.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%lld",
			i > 0 ? " " : "", (long long)seen.numbers[i]);
	assert_string_equal(text, expected);
}

static void test_insert_then_get_returns_every_column(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter letter = letter_of(1, -5), found = {.party = id_of(1), .number = -5};
	letter.state = INT64_MIN;
	letter.due_ms = INT64_MAX;
	must_begin(store);
	must_insert(store, &letter_table, &letter);
	must_commit(store);
	assert_int_equal(get(store, LETTER_PRIMARY, &found), SF_OK);
	assert_memory_equal(&found.transition, &letter.transition, sizeof(letter.transition));
	assert_memory_equal(&found.digest, &letter.digest, sizeof(letter.digest));
	assert_true(found.state == INT64_MIN && found.due_ms == INT64_MAX);
	assert_true(sf_view_equal(found.body, letter.body));
}

static void test_get_of_missing_row_leaves_it_untouched(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter asked = letter_of(1, 1), before = asked;
	assert_int_equal(get(store, LETTER_PRIMARY, &asked), SF_ERR_NOT_FOUND);
	assert_memory_equal(&asked, &before, sizeof(asked));
}

static void test_get_by_unique_index_finds_row(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter letter = letter_of(3, 7), found = {.digest = letter.digest};
	must_begin(store);
	must_insert(store, &letter_table, &letter);
	assert_int_equal(get(store, LETTER_BY_DIGEST, &found), SF_OK);
	assert_int_equal(found.number, 7);
	assert_int_equal(get(store, LETTER_BY_TRANSITION, &found), SF_ERR_USAGE);
	assert_int_equal(get(store, 9, &found), SF_ERR_USAGE);
	must_commit(store);
}

static void test_partial_unique_index_sees_open_rows_only(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter one = letter_of(1, 1), two = letter_of(1, 2), found;
	two.transition = one.transition;
	must_begin(store);
	must_insert(store, &letter_table, &one);
	must_insert(store, &letter_table, &two);
	found = one;
	assert_int_equal(get(store, LETTER_OPEN_ONCE, &found), SF_ERR_NOT_FOUND);
	one.state = 4;
	must_replace(store, &letter_table, &one);
	found.state = 4;
	assert_int_equal(get(store, LETTER_OPEN_ONCE, &found), SF_OK);
	assert_int_equal(found.number, 1);
	two.state = 4;
	enum sf_err err = store->replace(store->self, &letter_table, &two, NULL);
	assert_int_equal(err, SF_ERR_EXISTS);
	must_commit(store);
}

static void test_taken_key_is_refused_and_changes_nothing(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter one = letter_of(1, 1), two = letter_of(1, 2);
	must_begin(store);
	must_insert(store, &letter_table, &one);
	two.digest = one.digest;
	assert_int_equal(insert(store, &one), SF_ERR_EXISTS);
	assert_int_equal(insert(store, &two), SF_ERR_EXISTS);
	enum sf_err err = store->replace(store->self, &letter_table, &two, NULL);
	assert_int_equal(err, SF_ERR_EXISTS);
	must_commit(store);
	assert_seen(store, (struct sf_scan){0}, "1");
	assert_seen(store, (struct sf_scan){.index = LETTER_BY_TRANSITION}, "1");
}

static void test_replace_moves_row_in_every_index(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter letter = letter_of(1, 1);
	letter.state = 1;
	must_begin(store);
	must_replace(store, &letter_table, &letter);
	letter.state = 0;
	letter.digest = digest_of(99);
	must_replace(store, &letter_table, &letter);
	must_commit(store);
	assert_seen(store, (struct sf_scan){.index = LETTER_OPEN_BY_DUE}, "");
	assert_seen(store, (struct sf_scan){.index = LETTER_BY_DIGEST}, "1");
	struct letter found = letter_of(1, 1);
	assert_int_equal(get(store, LETTER_BY_DIGEST, &found), SF_ERR_NOT_FOUND);
}

static void test_remove_takes_row_out_of_every_index(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter letter = letter_of(1, 1);
	letter.state = 1;
	must_begin(store);
	must_insert(store, &letter_table, &letter);
	assert_int_equal(store->remove(store->self, &letter_table, &letter, NULL), SF_OK);
	enum sf_err err = store->remove(store->self, &letter_table, &letter, NULL);
	assert_int_equal(err, SF_ERR_NOT_FOUND);
	for (size_t i = 0; i < letter_table.index_count; i++)
		assert_seen(store, (struct sf_scan){.index = i}, "");
	must_insert(store, &letter_table, &letter);
	must_commit(store);
}

/* Letters 1 to 9: states 1, 2, 0, 1, ... and due 90, 80, ... 10, in transitions 1 and 2. */
static void fill(const struct sf_store *store)
{
	must_begin(store);
	for (int64_t i = 1; i <= 9; i++) {
		struct letter letter = letter_of((uint8_t)(1 + i % 2), i);
		letter.state = i % 3 == 0 ? 0 : i;
		letter.due_ms = 100 - i * 10;
		letter.transition = id_of((uint8_t)(i <= 5 ? 1 : 2));
		must_insert(store, &letter_table, &letter);
	}
	must_commit(store);
}

static void test_scan_visits_in_index_order(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	fill(store);
	assert_seen(store, (struct sf_scan){0}, "2 4 6 8 1 3 5 7 9");
	assert_seen(store, (struct sf_scan){.descending = true}, "9 7 5 3 1 8 6 4 2");
	assert_seen(store, (struct sf_scan){.index = LETTER_BY_TRANSITION}, "5 4 3 2 1 9 8 7 6");
	assert_seen(store, (struct sf_scan){.index = LETTER_OPEN_BY_DUE}, "1 2 4 5 7 8");
	assert_seen(store, (struct sf_scan){.index = LETTER_OPEN_BY_DUE, .descending = true},
		"8 7 5 4 2 1");
}

static void test_scan_keeps_to_prefix_and_bound(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	fill(store);
	struct letter from = {.transition = id_of(1), .due_ms = 70};
	struct sf_scan scan = {.index = LETTER_BY_TRANSITION, .equal_count = 1, .from = &from};
	assert_seen(store, scan, "5 4 3 2 1");
	scan.bounded = true;
	assert_seen(store, scan, "3 2 1");
	scan.exclusive = true;
	assert_seen(store, scan, "2 1");
	scan.descending = true;
	assert_seen(store, scan, "4 5");
	scan.exclusive = false;
	assert_seen(store, scan, "3 4 5");
	scan.count_max = 2;
	assert_seen(store, scan, "3 4");
	from.transition = id_of(7);
	assert_seen(store, scan, "");
	from.transition = id_of(0);
	assert_seen(store, scan, "");
	scan.descending = false;
	assert_seen(store, scan, "");
}

static void test_scan_of_partial_index_from_bound(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	fill(store);
	struct letter from = {.state = 4};
	struct sf_scan scan = {.index = LETTER_OPEN_BY_DUE, .bounded = true, .from = &from};
	assert_seen(store, scan, "4 5 7 8");
	scan.descending = true;
	assert_seen(store, scan, "4 2 1");
	from.state = 0;
	scan.descending = false;
	assert_seen(store, scan, "1 2 4 5 7 8");
}

static void test_scan_stops_when_visitor_says_so(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	fill(store);
	struct seen seen = {.stop_at = 3};
	struct sf_scan scan = {.table = &letter_table};
	assert_int_equal(store->scan(store->self, &scan, see, &seen, NULL), SF_OK);
	assert_int_equal(seen.count, 3);
}

static void test_scan_with_unusable_bound_is_refused(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct seen seen = {0};
	struct letter from = letter_of(1, 1);
	const struct sf_scan wrong[] = {
		{.table = &letter_table, .index = 5},
		{.table = &letter_table, .equal_count = 3, .from = &from},
		{.table = &letter_table, .equal_count = 2, .bounded = true, .from = &from},
		{.table = &letter_table, .equal_count = 1},
		{.table = &letter_table, .exclusive = true, .from = &from},
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		enum sf_err err = store->scan(store->self, &wrong[i], see, &seen, NULL);
		assert_int_equal(err, SF_ERR_USAGE);
	}
	assert_int_equal(seen.count, 0);
}

struct nested {
	const struct sf_store *store;
	size_t depth, visits;
	enum sf_err deepest;
};

static bool dive(void *context, const void *row)
{
	struct nested *nested = context;
	const struct sf_store *store = nested->store;
	const struct letter *outer = row;
	struct letter found = *outer;
	nested->visits++;
	assert_int_equal(get(store, LETTER_PRIMARY, &found), SF_OK);
	assert_true(sf_view_equal(found.body, sf_view_text("body")));
	struct leaf leaf = {.position = outer->number};
	assert_int_equal(store->replace(store->self, &leaf_table, &leaf, NULL), SF_OK);
	struct letter own = letter_of(9, 1);
	assert_int_equal(insert(store, &own), SF_ERR_STATE);
	assert_int_equal(store->begin(store->self, NULL), SF_ERR_STATE);
	assert_int_equal(store->commit(store->self, NULL), SF_ERR_STATE);
	struct sf_scan scan = {.table = &letter_table, .count_max = 1};
	nested->deepest = store->scan(store->self, &scan, dive, nested, NULL);
	assert_true(sf_view_equal(outer->body, sf_view_text("body")));
	return true;
}

static void test_visitor_reads_and_scans_and_writes_elsewhere(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	fill(store);
	struct nested nested = {.store = store};
	struct sf_scan scan = {.table = &letter_table, .count_max = 2};
	must_begin(store);
	assert_int_equal(store->scan(store->self, &scan, dive, &nested, NULL), SF_OK);
	/* Two rows, and below each of them the scans down to the deepest that is allowed. */
	assert_int_equal(nested.visits, 8);
	must_commit(store);
	struct leaf leaf = {.position = 4};
	assert_int_equal(store->get(store->self, &leaf_table, 0, &leaf, NULL), SF_OK);
}

/* Larger than anything lent before, so that the place of lent bytes moves. */
static const uint8_t large_text[200000];

struct visits {
	const struct sf_store *store;
	size_t count;
};

static bool get_another(void *context, const void *row)
{
	struct visits *visits = context;
	const struct sf_store *store = visits->store;
	struct word word = {.text = sf_view_of(large_text, sizeof(large_text))};
	assert_int_equal(store->get(store->self, &word_table, 0, &word, NULL), SF_OK);
	assert_true(sf_view_equal(((const struct word *)row)->text, sf_view_text("a")));
	visits->count++;
	return true;
}

static void test_scan_from_lent_bytes_survives_get_in_visitor(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	const struct word words[] = {{sf_view_text("a"), 1}, {sf_view_text("a"), 2},
		{sf_view_text("a"), 3}, {sf_view_text("b"), 1},
		{sf_view_of(large_text, sizeof(large_text)), 0}};
	must_begin(store);
	for (size_t i = 0; i < SF_COUNT(words); i++)
		must_insert(store, &word_table, &words[i]);
	must_commit(store);
	for (int descending = 0; descending < 2; descending++) {
		struct word from = words[0];
		struct visits visits = {.store = store};
		assert_int_equal(store->get(store->self, &word_table, 0, &from, NULL), SF_OK);
		struct sf_scan scan = {.table = &word_table,
			.equal_count = 1,
			.from = &from,
			.descending = descending != 0};
		enum sf_err err = store->scan(store->self, &scan, get_another, &visits, NULL);
		assert_int_equal(err, SF_OK);
		assert_int_equal(visits.count, 3);
	}
}

static void test_lent_row_can_be_written_back_and_looked_up(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter letter = letter_of(1, 1), found = {.party = id_of(1), .number = 1};
	struct word word = {.text = sf_view_text("key")};
	must_begin(store);
	must_insert(store, &letter_table, &letter);
	must_insert(store, &word_table, &word);
	assert_int_equal(get(store, LETTER_PRIMARY, &found), SF_OK);
	found.state = 2;
	must_replace(store, &letter_table, &found);
	assert_int_equal(store->get(store->self, &word_table, 0, &word, NULL), SF_OK);
	assert_int_equal(store->get(store->self, &word_table, 0, &word, NULL), SF_OK);
	assert_int_equal(store->remove(store->self, &word_table, &word, NULL), SF_OK);
	must_commit(store);
	found = letter_of(1, 1);
	assert_int_equal(get(store, LETTER_PRIMARY, &found), SF_OK);
	assert_int_equal(found.state, 2);
	assert_true(sf_view_equal(found.body, sf_view_text("body")));
}

static void test_rollback_undoes_rows_and_indexes(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	fill(store);
	must_begin(store);
	struct letter letter = letter_of(1, 2);
	letter.state = 77;
	must_replace(store, &letter_table, &letter);
	letter = letter_of(1, 4);
	assert_int_equal(store->remove(store->self, &letter_table, &letter, NULL), SF_OK);
	letter = letter_of(1, 50);
	letter.state = 1;
	must_insert(store, &letter_table, &letter);
	assert_seen(store, (struct sf_scan){0}, "2 6 8 50 1 3 5 7 9");
	assert_seen(store, (struct sf_scan){.index = LETTER_OPEN_BY_DUE}, "50 1 5 7 8 2");
	store->rollback(store->self);
	assert_seen(store, (struct sf_scan){0}, "2 4 6 8 1 3 5 7 9");
	assert_seen(store, (struct sf_scan){.index = LETTER_OPEN_BY_DUE}, "1 2 4 5 7 8");
	assert_seen(store, (struct sf_scan){.index = LETTER_BY_TRANSITION}, "5 4 3 2 1 9 8 7 6");
	store->rollback(store->self);
}

static void test_calls_out_of_order_are_refused(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct letter letter = letter_of(1, 1);
	assert_int_equal(insert(store, &letter), SF_ERR_STATE);
	assert_int_equal(store->remove(store->self, &letter_table, &letter, NULL), SF_ERR_STATE);
	assert_int_equal(store->commit(store->self, NULL), SF_ERR_STATE);
	must_begin(store);
	assert_int_equal(store->begin(store->self, NULL), SF_ERR_STATE);
	must_insert(store, &letter_table, &letter);
	must_commit(store);
	assert_seen(store, (struct sf_scan){0}, "1");
}

static void test_undeclared_table_is_refused(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	struct sf_table other = letter_table;
	struct letter letter = letter_of(1, 1);
	must_begin(store);
	enum sf_err err = store->insert(store->self, &other, &letter, NULL);
	assert_int_equal(err, SF_ERR_USAGE);
	must_insert(store, &letter_table, &letter);
	must_commit(store);
}

static void test_empty_and_large_bytes_return_as_they_were(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	size_t size = 1048576;
	uint8_t *large = malloc(size);
	assert_non_null(large);
	for (size_t i = 0; i < size; i++)
		large[i] = (uint8_t)(i * 31 >> 3);
	struct letter empty = letter_of(1, 1), big = letter_of(1, 2);
	empty.body = sf_view_of(NULL, 0);
	big.body = sf_view_of(large, size);
	struct word none = {.text = sf_view_of(NULL, 0)};
	must_begin(store);
	must_insert(store, &letter_table, &empty);
	must_insert(store, &letter_table, &big);
	must_insert(store, &word_table, &none);
	must_commit(store);
	assert_int_equal(get(store, LETTER_PRIMARY, &empty), SF_OK);
	assert_int_equal(empty.body.size, 0);
	big.body = sf_view_of(NULL, 0);
	assert_int_equal(get(store, LETTER_PRIMARY, &big), SF_OK);
	assert_true(sf_view_equal(big.body, sf_view_of(large, size)));
	assert_int_equal(store->get(store->self, &word_table, 0, &none, NULL), SF_OK);
	free(large);
}

static bool see_word(void *context, const void *row)
{
	char *text = context;
	struct sf_view word = ((const struct word *)row)->text;
	for (size_t i = 0; i < word.size; i++)
		snprintf(text + strlen(text), 256 - strlen(text), "%02x", word.data[i]);
	snprintf(text + strlen(text), 256 - strlen(text), ".");
	return true;
}

static void test_bytes_are_ordered_by_value_then_size(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	static const struct {
		uint8_t bytes[3];
		size_t size;
	} words[] = {{{0xff}, 1}, {{1, 0}, 2}, {{1}, 1}, {{0}, 0}, {{0}, 1}, {{1, 0, 0}, 3},
		{{0x80}, 1}};
	char text[256] = "";
	must_begin(store);
	for (size_t i = 0; i < SF_COUNT(words); i++) {
		struct word word = {.text = sf_view_of(words[i].bytes, words[i].size)};
		must_insert(store, &word_table, &word);
	}
	must_commit(store);
	struct sf_scan scan = {.table = &word_table};
	assert_int_equal(store->scan(store->self, &scan, see_word, text, NULL), SF_OK);
	assert_string_equal(text, ".00.01.0100.010000.80.ff.");
}

static bool sum(void *context, const void *row)
{
	int64_t *last = context;
	int64_t position = ((const struct leaf *)row)->position;
	assert_true(position > *last);
	*last = position;
	return true;
}

static void test_integers_are_ordered_by_value(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	static const int64_t positions[] = {5, INT64_MAX, -1, 0, INT64_MIN + 1, 1};
	must_begin(store);
	for (size_t i = 0; i < SF_COUNT(positions); i++) {
		struct leaf leaf = {.position = positions[i], .group = 1};
		must_insert(store, &leaf_table, &leaf);
	}
	must_commit(store);
	int64_t last = INT64_MIN;
	struct sf_scan scan = {.table = &leaf_table};
	assert_int_equal(store->scan(store->self, &scan, sum, &last, NULL), SF_OK);
	assert_true(last == INT64_MAX);
	/* Equal in the index: in the order of the primary key. */
	scan.index = 1;
	last = INT64_MIN;
	assert_int_equal(store->scan(store->self, &scan, sum, &last, NULL), SF_OK);
	assert_true(last == INT64_MAX);
}

static void test_committed_rows_survive_reopen_and_open_ones_do_not(void **state)
{
	struct adapter *adapter = *state;
	fill(adapter->store);
	must_begin(adapter->store);
	struct letter letter = letter_of(1, 50);
	must_insert(adapter->store, &letter_table, &letter);
	adapter_reopen(adapter);
	assert_seen(adapter->store, (struct sf_scan){0}, "2 4 6 8 1 3 5 7 9");
}

static void test_many_rows_are_found(void **state)
{
	const struct sf_store *store = ((struct adapter *)*state)->store;
	enum { COUNT = 5000 };
	must_begin(store);
	for (int64_t i = 0; i < COUNT; i++) {
		struct leaf leaf = {.position = i * 7919 % COUNT, .group = i % 10};
		must_insert(store, &leaf_table, &leaf);
	}
	must_commit(store);
	for (int64_t i = 0; i < COUNT; i += 17) {
		struct leaf leaf = {.position = i};
		assert_int_equal(store->get(store->self, &leaf_table, 0, &leaf, NULL), SF_OK);
	}
	int64_t last = -1;
	struct sf_scan scan = {.table = &leaf_table};
	assert_int_equal(store->scan(store->self, &scan, sum, &last, NULL), SF_OK);
	assert_int_equal(last, COUNT - 1);
}

int conformance_run(const char *name, CMFixtureFunction open, CMFixtureFunction close)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_insert_then_get_returns_every_column, open, close),
		cmocka_unit_test_setup_teardown(
			test_get_of_missing_row_leaves_it_untouched, open, close),
		cmocka_unit_test_setup_teardown(test_get_by_unique_index_finds_row, open, close),
		cmocka_unit_test_setup_teardown(
			test_partial_unique_index_sees_open_rows_only, open, close),
		cmocka_unit_test_setup_teardown(
			test_taken_key_is_refused_and_changes_nothing, open, close),
		cmocka_unit_test_setup_teardown(test_replace_moves_row_in_every_index, open, close),
		cmocka_unit_test_setup_teardown(
			test_remove_takes_row_out_of_every_index, open, close),
		cmocka_unit_test_setup_teardown(test_scan_visits_in_index_order, open, close),
		cmocka_unit_test_setup_teardown(test_scan_keeps_to_prefix_and_bound, open, close),
		cmocka_unit_test_setup_teardown(test_scan_of_partial_index_from_bound, open, close),
		cmocka_unit_test_setup_teardown(test_scan_stops_when_visitor_says_so, open, close),
		cmocka_unit_test_setup_teardown(
			test_scan_with_unusable_bound_is_refused, open, close),
		cmocka_unit_test_setup_teardown(
			test_visitor_reads_and_scans_and_writes_elsewhere, open, close),
		cmocka_unit_test_setup_teardown(
			test_scan_from_lent_bytes_survives_get_in_visitor, open, close),
		cmocka_unit_test_setup_teardown(
			test_lent_row_can_be_written_back_and_looked_up, open, close),
		cmocka_unit_test_setup_teardown(test_rollback_undoes_rows_and_indexes, open, close),
		cmocka_unit_test_setup_teardown(test_calls_out_of_order_are_refused, open, close),
		cmocka_unit_test_setup_teardown(test_undeclared_table_is_refused, open, close),
		cmocka_unit_test_setup_teardown(
			test_empty_and_large_bytes_return_as_they_were, open, close),
		cmocka_unit_test_setup_teardown(
			test_bytes_are_ordered_by_value_then_size, open, close),
		cmocka_unit_test_setup_teardown(test_integers_are_ordered_by_value, open, close),
		cmocka_unit_test_setup_teardown(
			test_committed_rows_survive_reopen_and_open_ones_do_not, open, close),
		cmocka_unit_test_setup_teardown(test_many_rows_are_found, open, close),
	};
	return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}
