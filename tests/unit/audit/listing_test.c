#include "audit/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct scene {
	struct sf_directory *directory;
	struct sf_arena arena;
	struct sf_listing listing;
};

static void add_party(struct scene *scene, uint8_t id, const char *name, const char *sor)
{
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	assert_non_null(entry);
	entry->party.bytes[0] = id;
	entry->role = SF_ROLE_GP;
	entry->version = 1;
	entry->digest.bytes[0] = id;
	memcpy(entry->name, name, strlen(name) + 1);
	memcpy(entry->sor, sor, strlen(sor) + 1);
	assert_int_equal(sf_directory_add(scene->directory, entry, NULL), SF_OK);
	free(entry);
}

static int open_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	if (!scene || sf_directory_open(&scene->directory))
		return -1;
	sf_arena_init(&scene->arena, 65536);
	scene->listing = (struct sf_listing){scene->directory, &scene->arena, false};
	add_party(scene, 1, "Lægehuset", "9900741000016004");
	add_party(scene, 2, "Praksis", "9901741000016009");
	add_party(scene, 3, "Praksis", "9902741000016000");
	*state = scene;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *scene = *state;
	sf_directory_close(&scene->directory);
	sf_arena_fini(&scene->arena);
	free(scene);
	return 0;
}

static uint8_t party_of(const struct scene *scene, const char *reference)
{
	const struct sf_directory_entry *entry = sf_listing_party(scene->directory, reference);
	return entry ? entry->party.bytes[0] : 0;
}

static void test_party_is_found_by_id_uuid_code_and_name(void **state)
{
	const struct scene *scene = *state;
	assert_int_equal(party_of(scene, "01000000000000000000000000000000"), 1);
	assert_int_equal(party_of(scene, "02000000-0000-0000-0000-000000000000"), 2);
	assert_int_equal(party_of(scene, "9902741000016000"), 3);
	assert_int_equal(party_of(scene, "Lægehuset"), 1);
}

static void test_party_is_not_guessed(void **state)
{
	const struct scene *scene = *state;
	assert_int_equal(party_of(scene, NULL), 0);
	assert_int_equal(party_of(scene, ""), 0);
	assert_int_equal(party_of(scene, "Læge"), 0);
	assert_int_equal(party_of(scene, "lægehuset"), 0);
	assert_int_equal(party_of(scene, "Praksis"), 0); /* two have that name */
	assert_int_equal(party_of(scene, "04000000000000000000000000000000"), 0);
}

static void test_rows_grow_and_keep_what_they_hold(void **state)
{
	struct scene *scene = *state;
	struct sf_listing_rows rows = {.item_size = sizeof(uint32_t)};
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t *place = sf_listing_add(&scene->listing, &rows);
		assert_non_null(place);
		assert_int_equal(*place, 0);
		*place = i;
	}
	assert_int_equal(rows.count, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(((uint32_t *)rows.items)[i], i);
	assert_false(scene->listing.full);
}

static void test_full_arena_is_remembered(void **state)
{
	struct scene *scene = *state;
	struct sf_listing_rows rows = {.item_size = 4096};
	size_t count = 0;
	while (sf_listing_add(&scene->listing, &rows))
		count++;
	assert_int_equal(rows.count, count);
	assert_true(scene->listing.full);
}

static void test_count_is_what_was_asked_within_the_limit(void **state)
{
	(void)state;
	assert_int_equal(sf_listing_count(0), SF_LOCAL_ROWS_MAX);
	assert_int_equal(sf_listing_count(1), 1);
	assert_int_equal(sf_listing_count(SF_LOCAL_ROWS_MAX + 1), SF_LOCAL_ROWS_MAX);
}

static void test_delivery_is_late_after_thirty_minutes_or_at_once_when_stuck(void **state)
{
	(void)state;
	const int64_t sent_ms = 1000;
	const enum sf_delivery_state waiting[] = {
		SF_DELIVERY_QUEUED, SF_DELIVERY_SENT, SF_DELIVERY_STORED, SF_DELIVERY_TAKEN};
	for (size_t i = 0; i < SF_COUNT(waiting); i++) {
		assert_false(sf_delivery_is_late(waiting[i], sent_ms, sent_ms + SF_LATE_MS - 1));
		assert_true(sf_delivery_is_late(waiting[i], sent_ms, sent_ms + SF_LATE_MS));
	}
	const enum sf_delivery_state stuck[] = {SF_DELIVERY_WAITING, SF_DELIVERY_ASK_PERSON,
		SF_DELIVERY_FATAL_ERROR, SF_DELIVERY_UNDELIVERABLE, SF_DELIVERY_REFUSED};
	for (size_t i = 0; i < SF_COUNT(stuck); i++)
		assert_true(sf_delivery_is_late(stuck[i], sent_ms, sent_ms));
	assert_false(sf_delivery_is_late(SF_DELIVERY_OK, sent_ms, sent_ms + SF_DAY_MS));
}

static void test_late_deliveries_are_counted_by_transition(void **state)
{
	struct scene *scene = *state;
	struct sf_listing_rows lates = {.item_size = sizeof(struct sf_late)};
	const struct sf_id one = {{1}}, other = {{2}};
	assert_int_equal(sf_listing_late_count(&lates, one), 0);
	for (int i = 0; i < 3; i++)
		sf_listing_late(&scene->listing, &lates, one);
	sf_listing_late(&scene->listing, &lates, other);
	assert_int_equal(lates.count, 2);
	assert_int_equal(sf_listing_late_count(&lates, one), 3);
	assert_int_equal(sf_listing_late_count(&lates, other), 1);
	assert_int_equal(sf_listing_late_count(&lates, (struct sf_id){{3}}), 0);
}

/* Who has ended its signature is shown with its end, and is not counted any more. */
static void test_agreement_counts_signatures_that_stand(void **state)
{
	struct scene *scene = *state;
	const struct sf_agreement agreement = {
		.digest = {{7}}, .name = "midt", .version = 4, .cut_off_minute = -1};
	const struct sf_acceptance acceptances[] = {
		{{{7}}, {{1}}, 1000, INT64_MAX}, {{{7}}, {{2}}, 1000, 2000},
		{{{8}}, {{1}}, 1000, INT64_MAX}, /* another agreement */
	};
	const struct sf_agreement_book book = {NULL, 0, acceptances, SF_COUNT(acceptances)};
	struct sf_agreement_row row;
	sf_listing_agreement(&scene->listing, &book, &agreement, (struct sf_id){{1}}, &row);
	assert_string_equal(row.name, "midt");
	assert_string_equal(row.proposer_name, "Lægehuset");
	assert_int_equal(row.accepted_count, 1);
	struct sf_reply_agreement shown = {.acceptance_count = 9};
	sf_listing_acceptances(&scene->listing, &book, &agreement.digest, &shown);
	assert_int_equal(shown.acceptance_count, 2);
	assert_string_equal(shown.acceptances[0].party_name, "Lægehuset");
	assert_true(shown.acceptances[1].until_ms == 2000);
}

static void test_refusal_carries_rule_and_sentence(void **state)
{
	struct scene *scene = *state;
	struct sf_reply reply;
	sf_reply_refused(&reply, SF_REFUSAL_OFFER_CLOSED);
	assert_int_equal(reply.err, SF_ERR_REFUSED);
	assert_int_equal(reply.refusal, SF_REFUSAL_OFFER_CLOSED);
	assert_string_equal(reply.text, sf_refusal_text(SF_REFUSAL_OFFER_CLOSED));
	char text[] = "no such thing";
	sf_reply_refuse(&reply, &scene->arena, SF_ERR_NOT_FOUND, text);
	text[0] = 'x';
	assert_string_equal(reply.text, "no such thing");
	assert_int_equal(reply.refusal, 0);
	sf_reply_refuse(&reply, &scene->arena, SF_ERR_NOT_FOUND, "");
	assert_string_equal(reply.text, sf_err_text(SF_ERR_NOT_FOUND));
	sf_reply_done(&reply);
	assert_int_equal(reply.err, SF_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_party_is_found_by_id_uuid_code_and_name),
		TEST(test_party_is_not_guessed),
		TEST(test_rows_grow_and_keep_what_they_hold),
		TEST(test_full_arena_is_remembered),
		TEST(test_count_is_what_was_asked_within_the_limit),
		TEST(test_delivery_is_late_after_thirty_minutes_or_at_once_when_stuck),
		TEST(test_late_deliveries_are_counted_by_transition),
		TEST(test_agreement_counts_signatures_that_stand),
		TEST(test_refusal_carries_rule_and_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
