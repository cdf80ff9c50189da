#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/book.h"
#include "base/time.h"
#include "crypto/port.h"
#include "wire/record.h"

#define NOW INT64_C(1795000000000)

struct shelf {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_env env;
	struct sf_zone zone;
	struct sf_book *book;
};

/* One zone, two hours ahead of UTC. */
static const struct sf_zone *find_zone(void *self, const char *name)
{
	struct shelf *shelf = self;
	return strcmp(name, shelf->zone.name) == 0 ? &shelf->zone : NULL;
}

static int open_shelf(void **state)
{
	static struct shelf shelf;
	shelf = (struct shelf){.zone = {.name = "Europe/Copenhagen", .first_offset_s = 7200}};
	shelf.env = (struct sf_env){.self = &shelf, .zone = find_zone};
	*state = &shelf;
	if (sf_keyring_open(&shelf.keyring))
		return -1;
	sf_crypto_port(shelf.keyring, &shelf.crypto);
	return sf_book_open(&shelf.book) ? -1 : 0;
}

static int close_shelf(void **state)
{
	struct shelf *shelf = *state;
	sf_book_close(&shelf->book);
	sf_keyring_close(&shelf->keyring);
	return 0;
}

struct text {
	const char *name;
	uint32_t version;
	const char *zone;
	int32_t valid_from_day;
	enum sf_pathway pathway; /* two texts of one version differ in it */
};

static enum sf_err add(struct shelf *shelf, const struct text *text, struct sf_digest *ret_digest)
{
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	assert_non_null(agreement);
	snprintf(agreement->name, sizeof(agreement->name), "%s", text->name);
	snprintf(agreement->time_zone, sizeof(agreement->time_zone), "%s",
		text->zone ? text->zone : "Europe/Copenhagen");
	agreement->version = text->version;
	agreement->valid_from_day = text->valid_from_day;
	agreement->cut_off_minute = -1;
	agreement->pathway_count = 1;
	agreement->pathways[0].pathway = text->pathway ? text->pathway : SF_PATHWAY_SOMATIC;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	assert_int_equal(sf_agreement_encode(agreement, &bytes), SF_OK);
	free(agreement);
	struct sf_diag diag;
	enum sf_err err = sf_book_add(
		shelf->book, &shelf->crypto, &shelf->env, sf_buf_view(&bytes), ret_digest, &diag);
	sf_buf_fini(&bytes);
	return err;
}

static struct sf_id party(uint8_t number)
{
	return (struct sf_id){{number}};
}

static struct sf_message statement(
	uint32_t kind, const struct sf_digest *agreement, struct sf_id author)
{
	return (struct sf_message){
		.author = author, .fact = {.kind = kind, .agreement = {.agreement = *agreement}}};
}

/* So that it counts from counts_ms on. */
static void say(struct shelf *shelf, uint32_t kind, const struct sf_digest *agreement,
	struct sf_id author, int64_t counts_ms)
{
	const struct sf_message message = statement(kind, agreement, author);
	assert_int_equal(sf_book_follow(shelf->book, &message, counts_ms - 1), SF_OK);
}

static bool accepted(const struct shelf *shelf, const struct sf_digest *agreement, struct sf_id who,
	int64_t at_ms)
{
	return sf_agreement_accepted(sf_book_view(shelf->book), agreement, who, at_ms);
}

static void test_a_text_is_found_by_its_digest_and_has_its_zone(void **state)
{
	struct shelf *shelf = *state;
	struct sf_digest digest, again;
	const struct text text = {.name = "West", .version = 3};
	assert_int_equal(add(shelf, &text, &digest), SF_OK);
	const struct sf_agreement *agreement =
		sf_agreement_find(sf_book_view(shelf->book), &digest);
	assert_non_null(agreement);
	assert_ptr_equal(agreement->calendar.zone, &shelf->zone);
	assert_true(sf_digest_equal(&agreement->digest, &digest));
	assert_int_equal(add(shelf, &text, &again), SF_ERR_EXISTS);
	assert_true(sf_digest_equal(&again, &digest));
	assert_int_equal(sf_book_view(shelf->book)->count, 1);
}

static void test_texts_that_cannot_be_used_are_refused(void **state)
{
	struct shelf *shelf = *state;
	struct sf_digest digest;
	const struct text elsewhere = {.name = "West", .version = 1, .zone = "Mars/Base"};
	assert_int_equal(add(shelf, &elsewhere, &digest), SF_ERR_UNSUPPORTED);
	struct sf_diag diag;
	assert_int_equal(sf_book_add(shelf->book, &shelf->crypto, &shelf->env,
				 sf_view_text("no agreement"), &digest, &diag),
		SF_ERR_FORMAT);
	for (uint32_t i = 1; i <= SF_BOOK_AGREEMENTS_MAX; i++) {
		const struct text text = {.name = "West", .version = i};
		assert_int_equal(add(shelf, &text, &digest), SF_OK);
	}
	const struct text more = {.name = "West", .version = 999};
	assert_int_equal(add(shelf, &more, &digest), SF_ERR_LIMIT);
}

static void test_acceptance_stands_from_and_until_recorded_times(void **state)
{
	struct shelf *shelf = *state;
	struct sf_digest digest;
	const struct text text = {.name = "West", .version = 1};
	assert_int_equal(add(shelf, &text, &digest), SF_OK);
	say(shelf, SF_KIND_AGREEMENT_PROPOSE, &digest, party(1), NOW);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &digest, party(2), NOW + 10);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &digest, party(2), NOW + 20); /* says nothing new */
	say(shelf, SF_KIND_AGREEMENT_END, &digest, party(2), NOW + 30);
	say(shelf, SF_KIND_AGREEMENT_END, &digest, party(3), NOW + 30); /* never accepted */
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &digest, party(2), NOW + 50);
	assert_int_equal(sf_book_view(shelf->book)->acceptance_count, 3);
	assert_true(accepted(shelf, &digest, party(1), NOW));
	assert_false(accepted(shelf, &digest, party(1), NOW - 1));
	assert_false(accepted(shelf, &digest, party(2), NOW + 9));
	assert_true(accepted(shelf, &digest, party(2), NOW + 29));
	assert_false(accepted(shelf, &digest, party(2), NOW + 30));
	assert_false(accepted(shelf, &digest, party(2), NOW + 49));
	assert_true(accepted(shelf, &digest, party(2), NOW + 50));
	assert_false(accepted(shelf, &digest, party(3), NOW + 60));
}

static void test_who_is_represented_accepts_and_ends_with_its_author(void **state)
{
	struct shelf *shelf = *state;
	struct sf_digest digest;
	const struct text text = {.name = "West", .version = 1};
	assert_int_equal(add(shelf, &text, &digest), SF_OK);
	struct sf_message message = statement(SF_KIND_AGREEMENT_ACCEPT, &digest, party(1));
	message.fact.agreement.on_behalf_count = 2;
	message.fact.agreement.on_behalf[0] = party(9);
	message.fact.agreement.on_behalf[1] = party(8);
	assert_int_equal(sf_book_follow(shelf->book, &message, NOW - 1), SF_OK);
	assert_false(accepted(shelf, &digest, party(8), NOW - 1));
	assert_true(accepted(shelf, &digest, party(8), NOW));
	assert_true(accepted(shelf, &digest, party(9), NOW));
	message.fact.kind = SF_KIND_AGREEMENT_END;
	message.fact.agreement.on_behalf_count = 1;
	assert_int_equal(sf_book_follow(shelf->book, &message, NOW), SF_OK);
	assert_false(accepted(shelf, &digest, party(1), NOW + 1));
	assert_false(accepted(shelf, &digest, party(9), NOW + 1));
	assert_true(accepted(shelf, &digest, party(8), NOW + 1));
	message.fact.kind = SF_KIND_STAY;
	assert_int_equal(sf_book_follow(shelf->book, &message, NOW + 2), SF_ERR_USAGE);
}

/* In whatever order parties sign, the binary search finds each; the view stays where it is. */
static void test_many_acceptances_are_found(void **state)
{
	struct shelf *shelf = *state;
	const struct sf_agreement_book *view = sf_book_view(shelf->book);
	struct sf_digest unknown[2] = {{{7}}, {{3}}}; /* texts that have not come yet */
	for (int i = 0; i < 500; i++) {
		struct sf_id who = {{(uint8_t)(i * 37 % 256), (uint8_t)(i * 91 % 251)}};
		say(shelf, SF_KIND_AGREEMENT_ACCEPT, &unknown[i % 2], who, NOW + i);
		assert_true(accepted(shelf, &unknown[i % 2], who, NOW + i));
		assert_false(accepted(shelf, &unknown[1 - i % 2], who, NOW + i));
	}
	assert_ptr_equal(sf_book_view(shelf->book), view);
	assert_int_equal(view->acceptance_count, 500);
	sf_book_clear(shelf->book);
	assert_int_equal(view->acceptance_count, 0);
	assert_int_equal(view->count, 0);
}

static void test_references_name_one_text_or_none(void **state)
{
	struct shelf *shelf = *state;
	struct sf_digest first, newest, twin;
	const struct text texts[] = {{.name = "West", .version = 3}, {.name = "West", .version = 4},
		{.name = "West", .version = 4, .pathway = SF_PATHWAY_PSYCHIATRIC}};
	assert_int_equal(add(shelf, &texts[0], &first), SF_OK);
	assert_int_equal(add(shelf, &texts[1], &newest), SF_OK);
	const struct sf_agreement *found = sf_book_find(shelf->book, "West");
	assert_non_null(found);
	assert_int_equal(found->version, 4);
	found = sf_book_find(shelf->book, "West 3");
	assert_non_null(found);
	assert_true(sf_digest_equal(&found->digest, &first));
	assert_null(sf_book_find(shelf->book, "West 5"));
	assert_null(sf_book_find(shelf->book, "West "));
	assert_null(sf_book_find(shelf->book, "east"));
	assert_null(sf_book_find(shelf->book, ""));
	/* Another text of the same name and version: the digest alone tells them apart. */
	assert_int_equal(add(shelf, &texts[2], &twin), SF_OK);
	assert_null(sf_book_find(shelf->book, "West"));
	assert_null(sf_book_find(shelf->book, "West 4"));
	assert_non_null(sf_book_find(shelf->book, "West 3"));
	char digits[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&twin, digits);
	found = sf_book_find(shelf->book, digits);
	assert_non_null(found);
	assert_true(sf_digest_equal(&found->digest, &twin));
	digits[8] = '\0';
	assert_non_null(sf_book_find(shelf->book, digits));
	digits[7] = '\0';
	assert_null(sf_book_find(shelf->book, digits));
}

static void test_the_newest_signed_and_valid_agreement_rules(void **state)
{
	struct shelf *shelf = *state;
	int32_t today = (int32_t)((NOW + 2 * SF_HOUR_MS) / SF_DAY_MS);
	struct sf_digest old, now, later, unsigned_one;
	const struct text texts[] = {{.name = "West", .version = 1},
		{.name = "West", .version = 2, .valid_from_day = today},
		{.name = "West", .version = 3, .valid_from_day = today + 1},
		{.name = "West", .version = 4}};
	assert_int_equal(add(shelf, &texts[0], &old), SF_OK);
	assert_int_equal(add(shelf, &texts[1], &now), SF_OK);
	assert_int_equal(add(shelf, &texts[2], &later), SF_OK);
	assert_int_equal(add(shelf, &texts[3], &unsigned_one), SF_OK);
	assert_null(sf_book_ruling(shelf->book, party(1), NOW));
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &later, party(1), NOW - 4);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &now, party(1), NOW - 3);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &old, party(1), NOW - 2);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &unsigned_one, party(2), NOW - 1);
	const struct sf_agreement *ruling = sf_book_ruling(shelf->book, party(1), NOW);
	assert_non_null(ruling);
	assert_int_equal(ruling->version, 2);
	/* The local day begins before the day of UTC does. */
	int64_t midnight_ms = (int64_t)(today + 1) * SF_DAY_MS - 2 * SF_HOUR_MS;
	assert_int_equal(sf_book_ruling(shelf->book, party(1), midnight_ms - 1)->version, 2);
	assert_int_equal(sf_book_ruling(shelf->book, party(1), midnight_ms)->version, 3);
	say(shelf, SF_KIND_AGREEMENT_END, &now, party(1), NOW);
	assert_int_equal(sf_book_ruling(shelf->book, party(1), NOW)->version, 1);
}

static void test_of_one_version_the_one_signed_last_rules(void **state)
{
	struct shelf *shelf = *state;
	struct sf_digest east, west;
	const struct text texts[] = {
		{.name = "East", .version = 2}, {.name = "West", .version = 2}};
	assert_int_equal(add(shelf, &texts[0], &east), SF_OK);
	assert_int_equal(add(shelf, &texts[1], &west), SF_OK);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &west, party(1), NOW - 9);
	say(shelf, SF_KIND_AGREEMENT_ACCEPT, &east, party(1), NOW - 8);
	assert_string_equal(sf_book_ruling(shelf->book, party(1), NOW)->name, "East");
	assert_string_equal(sf_book_ruling(shelf->book, party(1), NOW - 9)->name, "West");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_shelf, close_shelf)
	const struct CMUnitTest tests[] = {
		TEST(test_a_text_is_found_by_its_digest_and_has_its_zone),
		TEST(test_texts_that_cannot_be_used_are_refused),
		TEST(test_acceptance_stands_from_and_until_recorded_times),
		TEST(test_who_is_represented_accepts_and_ends_with_its_author),
		TEST(test_many_acceptances_are_found),
		TEST(test_references_name_one_text_or_none),
		TEST(test_the_newest_signed_and_valid_agreement_rules),
		TEST(test_of_one_version_the_one_signed_last_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
