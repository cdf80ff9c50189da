#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "log/checkpoint.h"
#include "unit/log/golden.h"

#define HASH "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="

static void test_checkpoint_of_another_writer_in_both_directions(void **state)
{
	struct golden *golden = *state;
	struct sf_checkpoint checkpoint;
	assert_int_equal(
		sf_checkpoint_parse(golden_read(golden, "checkpoint.txt"), &checkpoint, NULL),
		SF_OK);
	assert_string_equal(checkpoint.origin, GOLDEN_ORIGIN);
	assert_int_equal(checkpoint.size, 11);
	assert_int_equal(checkpoint.directory_version, 7);
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++)
		assert_int_equal(checkpoint.directory_head.bytes[i], 7);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_CHECKPOINT_TEXT_SIZE - 1);
	assert_int_equal(sf_checkpoint_format(&checkpoint, &buf), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_buf_view(&golden->text)));
	sf_buf_fini(&buf);
}

static void test_bad_forms_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"a\n1\n" HASH "\n",
		"a\n1\n" HASH "\ndirectory 7 " HASH,
		"a\n1\n" HASH "\ndirectory 7 " HASH "\n\n",
		"a\n1\n" HASH "\ndirectory 7 " HASH "\nmore\n",
		"\n1\n" HASH "\ndirectory 7 " HASH "\n",
		"A\n1\n" HASH "\ndirectory 7 " HASH "\n",
		"a\n01\n" HASH "\ndirectory 7 " HASH "\n",
		"a\n-1\n" HASH "\ndirectory 7 " HASH "\n",
		"a\n\n" HASH "\ndirectory 7 " HASH "\n",
		"a\n9223372036854775808\n" HASH "\ndirectory 7 " HASH "\n",
		"a\n1\nBwcH\ndirectory 7 " HASH "\n",
		"a\n1\n\ndirectory 7 " HASH "\n",
		"a\n1\n" HASH "\ndirectory 07 " HASH "\n",
		"a\n1\n" HASH "\ndirectory 9223372036854775808 " HASH "\n",
		"a\n1\n" HASH "\ndirectory  7 " HASH "\n",
		"a\n1\n" HASH "\ndirectory 7  " HASH "\n",
		"a\n1\n" HASH "\ndirectory 7\n",
		"a\n1\n" HASH "\ndirectory 7 BwcH\n",
		"a\n1\n" HASH "\nDirectory 7 " HASH "\n",
		"a\r\n1\n" HASH "\ndirectory 7 " HASH "\n",
	};
	struct sf_checkpoint checkpoint;
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_diag diag = {{0}};
		if (sf_checkpoint_parse(sf_view_text(wrong[i]), &checkpoint, &diag) !=
			SF_ERR_FORMAT)
			fail_msg("form %zu is taken", i);
		assert_true(strlen(diag.text) > 0);
	}
	assert_int_equal(sf_checkpoint_parse(sf_view_text("a\n9223372036854775807\n" HASH
							  "\ndirectory 0 " HASH "\n"),
				 &checkpoint, NULL),
		SF_OK);
	assert_true(checkpoint.size == INT64_MAX);
}

static void test_what_nobody_could_read_is_not_written(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, SF_CHECKPOINT_TEXT_SIZE);
	struct sf_checkpoint checkpoint = {.origin = "a b"};
	assert_int_equal(sf_checkpoint_format(&checkpoint, &buf), SF_ERR_FORMAT);
	checkpoint = (struct sf_checkpoint){.origin = "a", .size = (uint64_t)INT64_MAX + 1};
	assert_int_equal(sf_checkpoint_format(&checkpoint, &buf), SF_ERR_FORMAT);
	checkpoint =
		(struct sf_checkpoint){.origin = "a", .directory_version = (uint64_t)INT64_MAX + 1};
	assert_int_equal(sf_checkpoint_format(&checkpoint, &buf), SF_ERR_FORMAT);
	assert_int_equal(buf.size, 0);
	struct sf_buf small;
	sf_buf_init(&small, 80);
	checkpoint = (struct sf_checkpoint){.origin = "a"};
	assert_int_equal(sf_checkpoint_format(&checkpoint, &small), SF_ERR_LIMIT);
	assert_int_equal(small.size, 0);
	sf_buf_fini(&small);
	sf_buf_fini(&buf);
}

static void test_longest_checkpoint_fits_its_size(void **state)
{
	(void)state;
	struct sf_checkpoint checkpoint = {.size = INT64_MAX, .directory_version = INT64_MAX};
	memset(checkpoint.origin, 'z', SF_NOTE_NAME_SIZE - 1);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_CHECKPOINT_TEXT_SIZE - 1);
	assert_int_equal(sf_checkpoint_format(&checkpoint, &buf), SF_OK);
	sf_buf_fini(&buf);
}

static void test_opening_wants_the_log_s_own_signature(void **state)
{
	struct golden *golden = *state;
	struct sf_view bytes = golden_read(golden, "checkpoint.note");
	struct sf_checkpoint checkpoint = {.origin = ""};
	assert_int_equal(
		sf_checkpoint_open(&golden->crypto, bytes, &golden->log, &checkpoint, NULL), SF_OK);
	assert_int_equal(checkpoint.size, 11);
	/* Of the right name with another key, and of another name. */
	struct sf_note_key other;
	assert_int_equal(sf_note_key_make(&golden->crypto, GOLDEN_ORIGIN, SF_NOTE_KEY_ED25519,
				 golden->witnesses[0].public_key, &other),
		SF_OK);
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_checkpoint_open(&golden->crypto, bytes, &other, &checkpoint, &diag),
		SF_ERR_AUTH);
	assert_non_null(strstr(diag.text, "is missing"));
	assert_int_equal(sf_note_key_make(&golden->crypto, "stafet.example/log/north/2",
				 SF_NOTE_KEY_ED25519, golden->log.public_key, &other),
		SF_OK);
	assert_int_equal(sf_checkpoint_open(&golden->crypto, bytes, &other, &checkpoint, &diag),
		SF_ERR_AUTH);
	assert_non_null(strstr(diag.text, "another log's"));
	struct sf_buf forged;
	sf_buf_init(&forged, 65536);
	golden_replace(&forged, bytes, "\n11\n", "\n12\n");
	assert_int_equal(sf_checkpoint_open(&golden->crypto, sf_buf_view(&forged), &golden->log,
				 &checkpoint, &diag),
		SF_ERR_AUTH);
	assert_non_null(strstr(diag.text, "does not hold"));
	sf_buf_clear(&forged);
	golden_replace(&forged, bytes, "\n11\n", "\n011\n");
	assert_int_equal(sf_checkpoint_open(&golden->crypto, sf_buf_view(&forged), &golden->log,
				 &checkpoint, &diag),
		SF_ERR_FORMAT);
	sf_buf_fini(&forged);
}

/* Opening does not look at cosignatures, good or bad: that is the policy's. */
static void test_opening_leaves_cosignatures_to_the_policy(void **state)
{
	struct golden *golden = *state;
	struct sf_view bytes = golden_read(golden, "checkpoint.note");
	struct sf_buf forged;
	sf_buf_init(&forged, 65536);
	golden_replace(&forged, bytes, "AAAABq/YbA", "AAAABq/YbB");
	struct sf_checkpoint checkpoint;
	assert_int_equal(sf_checkpoint_open(&golden->crypto, sf_buf_view(&forged), &golden->log,
				 &checkpoint, NULL),
		SF_OK);
	sf_buf_fini(&forged);
}

static void test_origin_is_a_log_and_its_epoch(void **state)
{
	(void)state;
	char origin[SF_NOTE_NAME_SIZE], log[SF_NOTE_NAME_SIZE];
	uint32_t epoch = 0;
	assert_int_equal(sf_origin_format("stafet.example/log/north", 4294967295u, origin), SF_OK);
	assert_string_equal(origin, "stafet.example/log/north/4294967295");
	assert_int_equal(sf_origin_parse(origin, log, &epoch), SF_OK);
	assert_string_equal(log, "stafet.example/log/north");
	assert_int_equal(epoch, 4294967295u);
	static const char *const wrong[] = {"", "1", "/1", "a/", "a/0", "a/01", "a/-1", "a/+1",
		"a/4294967296", "a/1 ", "A/1", "a b/1", "a/1/"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(sf_origin_parse(wrong[i], log, &epoch), SF_ERR_FORMAT);
	assert_int_equal(sf_origin_format("a", 0, origin), SF_ERR_FORMAT);
	assert_int_equal(sf_origin_format("", 1, origin), SF_ERR_FORMAT);
	assert_int_equal(sf_origin_format("A", 1, origin), SF_ERR_FORMAT);
	char name[SF_ORIGIN_NAME_SIZE_MAX + 2] = {0};
	memset(name, 'a', SF_ORIGIN_NAME_SIZE_MAX + 1);
	assert_int_equal(sf_origin_format(name, 1, origin), SF_ERR_FORMAT);
	name[SF_ORIGIN_NAME_SIZE_MAX] = '\0';
	assert_int_equal(sf_origin_format(name, 4294967295u, origin), SF_OK);
	assert_int_equal(sf_origin_parse(origin, log, &epoch), SF_OK);
	assert_string_equal(log, name);
}

static void test_witness_is_named_after_its_party(void **state)
{
	(void)state;
	struct sf_id party, read;
	for (size_t i = 0; i < SF_ID_SIZE; i++)
		party.bytes[i] = (uint8_t)(i * 17);
	char name[SF_WITNESS_NAME_SIZE];
	sf_witness_name(party, name);
	assert_string_equal(name, "stafet/witness/00112233445566778899aabbccddeeff");
	assert_int_equal(sf_witness_party(sf_view_text(name), &read), SF_OK);
	assert_true(sf_id_equal(party, read));
	static const char *const wrong[] = {"", "stafet/witness/",
		"stafet/witness/00112233445566778899AABBCCDDEEFF",
		"stafet/witness/00112233445566778899aabbccddeef",
		"stafet/witness/00112233445566778899aabbccddeeff0",
		"stafet/Witness/00112233445566778899aabbccddeeff",
		"stafet/witness/00112233445566778899aabbccddeefg",
		"stafet/witness/00112233-4455-6677-8899-aabbccddeeff"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(sf_witness_party(sf_view_text(wrong[i]), &read), SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_checkpoint_of_another_writer_in_both_directions),
		GOLDEN_TEST(test_bad_forms_are_refused),
		GOLDEN_TEST(test_what_nobody_could_read_is_not_written),
		GOLDEN_TEST(test_longest_checkpoint_fits_its_size),
		GOLDEN_TEST(test_opening_wants_the_log_s_own_signature),
		GOLDEN_TEST(test_opening_leaves_cosignatures_to_the_policy),
		GOLDEN_TEST(test_origin_is_a_log_and_its_epoch),
		GOLDEN_TEST(test_witness_is_named_after_its_party),
	};
	return cmocka_run_group_tests_name("log/checkpoint", tests, NULL, NULL);
}
