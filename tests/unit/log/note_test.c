#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "log/note.h"
#include "unit/log/golden.h"

#define DASH "\xe2\x80\x94 "

/* 26 KB of signatures: not for the stack. */
static struct sf_note note;

static struct sf_note *parse(struct sf_view text)
{
	struct sf_diag diag = {{0}};
	if (sf_note_parse(text, &note, &diag))
		fail_msg("%s", diag.text);
	return &note;
}

static void test_note_of_another_writer_is_read_and_checked(void **state)
{
	struct golden *golden = *state;
	parse(golden_read(golden, "checkpoint.note"));
	assert_int_equal(note.signature_count, 4);
	uint64_t time_s = 99;
	assert_int_equal(sf_note_check(&golden->crypto, &note, &golden->log, &time_s), SF_OK);
	assert_int_equal(time_s, 0);
	for (size_t i = 0; i < GOLDEN_WITNESSES; i++) {
		bool cosigned = i == 0 || i == 1 || i == 3;
		time_s = 99;
		enum sf_err err =
			sf_note_check(&golden->crypto, &note, &golden->witnesses[i], &time_s);
		assert_int_equal(err, cosigned ? SF_OK : SF_ERR_NOT_FOUND);
		assert_int_equal(time_s, cosigned ? GOLDEN_TIME_S + i : 99);
	}
	assert_int_equal(sf_note_check(&golden->crypto, &note, &golden->log, NULL), SF_OK);
}

/* The same lines from the same keys: Ed25519 has one signature for each message. */
static void test_signing_writes_the_same_bytes_as_the_other_writer(void **state)
{
	struct golden *golden = *state;
	parse(golden_read(golden, "checkpoint.note"));
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_buf_append(&buf, note.text), SF_OK);
	assert_int_equal(sf_buf_append_text(&buf, "\n"), SF_OK);
	assert_int_equal(
		sf_note_sign(&golden->crypto, golden->log_id, &golden->log, note.text, 0, &buf),
		SF_OK);
	static const size_t cosigners[] = {0, 1, 3};
	for (size_t i = 0; i < SF_COUNT(cosigners); i++) {
		size_t who = cosigners[i];
		assert_int_equal(
			sf_note_sign(&golden->crypto, golden->witness_ids[who],
				&golden->witnesses[who], note.text, GOLDEN_TIME_S + who, &buf),
			SF_OK);
	}
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_buf_view(&golden->text)));
	sf_buf_fini(&buf);
}

static void test_signing_fails_without_a_trace(void **state)
{
	struct golden *golden = *state;
	struct sf_buf buf;
	sf_buf_init(&buf, 60);
	struct sf_view text = sf_view_text("text\n");
	assert_int_equal(sf_note_sign(&golden->crypto, golden->log_id, &golden->log, text, 0, &buf),
		SF_ERR_LIMIT);
	assert_int_equal(
		sf_note_sign(&golden->crypto, (struct sf_id){{9}}, &golden->log, text, 0, &buf),
		SF_ERR_KEY_UNKNOWN);
	assert_int_equal(sf_note_sign(&golden->crypto, golden->log_id, &golden->log,
				 sf_view_text("text"), 0, &buf),
		SF_ERR_USAGE);
	assert_int_equal(sf_note_sign(&golden->crypto, golden->witness_ids[0],
				 &golden->witnesses[0], text, UINT64_MAX, &buf),
		SF_ERR_USAGE);
	assert_int_equal(buf.size, 0);
	sf_buf_fini(&buf);
}

static void test_every_bit_of_text_and_signatures_matters(void **state)
{
	struct golden *golden = *state;
	struct sf_view text = golden_read(golden, "checkpoint.note");
	size_t refused = 0;
	for (size_t bit = 0; bit < 8 * text.size; bit++) {
		golden->text.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		bool holds = sf_note_parse(text, &note, NULL) == SF_OK;
		holds = holds && sf_note_check(&golden->crypto, &note, &golden->log, NULL) == SF_OK;
		static const size_t cosigners[] = {0, 1, 3};
		for (size_t i = 0; i < SF_COUNT(cosigners) && holds; i++)
			holds = sf_note_check(&golden->crypto, &note,
					&golden->witnesses[cosigners[i]], NULL) == SF_OK;
		refused += !holds;
		golden->text.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(refused, 8 * text.size);
}

static void test_bad_forms_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"\n",
		"text\n",
		"text\n\n",
		"\n" DASH "a AAAAAAA=\n",
		"\n\n" DASH "a AAAAAAA=\n",
		"text\n" DASH "a AAAAAAA=\n",
		"text\n\n" DASH "a AAAAAAA=",
		"text\n\n" DASH "a AAAAAAA=\n\n",
		"text\n\n" DASH "a AAAAAAA=\nmore\n",
		"text\n\n- a AAAAAAA=\n",
		"text\n\n\xe2\x80\x94"
		"a AAAAAAA=\n",
		"text\n\n" DASH "a  AAAAAAA=\n",
		"text\n\n" DASH " AAAAAAA=\n",
		"text\n\n" DASH "a\n",
		"text\n\n" DASH "a \n",
		"text\n\n" DASH "A AAAAAAA=\n",
		"text\n\n" DASH "a+b AAAAAAA=\n",
		"text\n\n" DASH "a_b AAAAAAA=\n",
		"text\n\n" DASH "a AAAAAAB=\n",
		"text\n\n" DASH "a AAAAAAA\n",
		"text\n\n" DASH "a AAAAAA==\n",
		"text\n\n" DASH "a AAAAAAA= \n",
		"text\n\n" DASH "a AAAAAAA=\r\n",
		"te\txt\n\n" DASH "a AAAAAAA=\n",
		"te\xff\n\n" DASH "a AAAAAAA=\n",
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct sf_diag diag = {{0}};
		if (sf_note_parse(sf_view_text(wrong[i]), &note, &diag) != SF_ERR_FORMAT)
			fail_msg("form %zu is taken", i);
		assert_true(strlen(diag.text) > 0);
	}
	static const char zero[] = "te\0xt\n\n" DASH "a AAAAAAA=\n";
	assert_int_equal(
		sf_note_parse(sf_view_of(zero, sizeof(zero) - 1), &note, NULL), SF_ERR_FORMAT);
}

static void test_text_may_have_empty_lines_and_any_letters(void **state)
{
	(void)state;
	static const char text[] = "blåbær\n\nmore\n";
	static const char whole[] = "blåbær\n\nmore\n\n" DASH "a.b-c/9 AAAAAAA=\n";
	parse(sf_view_text(whole));
	assert_true(sf_view_equal(note.text, sf_view_text(text)));
	assert_true(sf_view_equal(note.signatures[0].name, sf_view_text("a.b-c/9")));
	assert_true(
		sf_view_equal(note.signatures[0].line, sf_view_text(DASH "a.b-c/9 AAAAAAA=\n")));
	/* One byte of signature: of no kind that is known here, but another's own business. */
	assert_int_equal(note.signatures[0].size, 0);
}

static void test_two_signatures_of_one_key_are_refused(void **state)
{
	struct golden *golden = *state;
	parse(golden_read(golden, "checkpoint.note"));
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_buf_append(&buf, sf_buf_view(&golden->text)), SF_OK);
	assert_int_equal(sf_buf_append(&buf, note.signatures[1].line), SF_OK);
	parse(sf_buf_view(&buf));
	assert_int_equal(
		sf_note_check(&golden->crypto, &note, &golden->witnesses[0], NULL), SF_ERR_AUTH);
	assert_int_equal(sf_note_check(&golden->crypto, &note, &golden->log, NULL), SF_OK);
	sf_buf_fini(&buf);
}

static enum sf_err check_blob(
	struct golden *golden, const struct sf_note_key *key, struct sf_view blob)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 1024);
	assert_int_equal(sf_buf_append_text(&buf, "text\n\n" DASH), SF_OK);
	assert_int_equal(sf_buf_append_text(&buf, key->name), SF_OK);
	assert_int_equal(sf_buf_append_text(&buf, " "), SF_OK);
	assert_int_equal(sf_base64_append(&buf, blob), SF_OK);
	assert_int_equal(sf_buf_append_text(&buf, "\n"), SF_OK);
	parse(sf_buf_view(&buf));
	enum sf_err err = sf_note_check(&golden->crypto, &note, key, NULL);
	sf_buf_fini(&buf);
	return err;
}

/* A name and hash that are the log's with a signature of another size or nothing at all in it. */
static void test_signature_of_a_known_key_that_does_not_hold_is_refused(void **state)
{
	struct golden *golden = *state;
	static const size_t sizes[] = {1, 63, 64, 65, 72};
	for (size_t i = 0; i < SF_COUNT(sizes); i++) {
		uint8_t blob[4 + 72] = {0};
		memcpy(blob, golden->log.hash, 4);
		assert_int_equal(check_blob(golden, &golden->log, sf_view_of(blob, 4 + sizes[i])),
			SF_ERR_AUTH);
	}
}

/* A good signature with eight bytes more, as if it were a cosignature. */
static void test_signature_of_a_log_with_more_behind_it_is_refused(void **state)
{
	struct golden *golden = *state;
	uint8_t blob[4 + 72] = {0};
	const struct sf_view text = sf_view_text("text\n");
	memcpy(blob, golden->log.hash, 4);
	assert_int_equal(
		golden->crypto.sign(golden->crypto.self, golden->log_id, &text, 1, blob + 4),
		SF_OK);
	assert_int_equal(check_blob(golden, &golden->log, sf_view_of(blob, 4 + 64)), SF_OK);
	assert_int_equal(check_blob(golden, &golden->log, sf_view_of(blob, 4 + 72)), SF_ERR_AUTH);
}

/* Signed well, at a time that nobody can count in milliseconds. */
static void test_cosignature_of_an_endless_time_is_refused(void **state)
{
	struct golden *golden = *state;
	const struct sf_note_key *key = &golden->witnesses[0];
	uint8_t blob[4 + 72];
	memcpy(blob, key->hash, 4);
	sf_put_u64(blob + 4, UINT64_C(9223372036854775));
	const struct sf_view last = sf_view_text("cosignature/v1\ntime 9223372036854775\ntext\n");
	assert_int_equal(golden->crypto.sign(
				 golden->crypto.self, golden->witness_ids[0], &last, 1, blob + 12),
		SF_OK);
	assert_int_equal(check_blob(golden, key, sf_view_of(blob, sizeof(blob))), SF_OK);
	sf_put_u64(blob + 4, UINT64_C(9223372036854776));
	const struct sf_view over = sf_view_text("cosignature/v1\ntime 9223372036854776\ntext\n");
	assert_int_equal(golden->crypto.sign(
				 golden->crypto.self, golden->witness_ids[0], &over, 1, blob + 12),
		SF_OK);
	assert_int_equal(check_blob(golden, key, sf_view_of(blob, sizeof(blob))), SF_ERR_AUTH);
}

/* A cosignature made by a key is no signature of a log with that key, and the other way round. */
static void test_kinds_of_signatures_are_kept_apart(void **state)
{
	struct golden *golden = *state;
	struct sf_note_key as_log;
	assert_int_equal(sf_note_key_make(&golden->crypto, golden->witnesses[0].name,
				 SF_NOTE_KEY_ED25519, golden->witnesses[0].public_key, &as_log),
		SF_OK);
	assert_memory_not_equal(as_log.hash, golden->witnesses[0].hash, 4);
	parse(golden_read(golden, "checkpoint.note"));
	assert_int_equal(sf_note_check(&golden->crypto, &note, &as_log, NULL), SF_ERR_NOT_FOUND);
}

static void test_line_alone_is_checked_like_in_its_note(void **state)
{
	struct golden *golden = *state;
	parse(golden_read(golden, "checkpoint.note"));
	struct sf_view line = note.signatures[1].line;
	uint64_t time_s = 0;
	assert_int_equal(sf_note_line_check(
				 &golden->crypto, note.text, line, &golden->witnesses[0], &time_s),
		SF_OK);
	assert_int_equal(time_s, GOLDEN_TIME_S);
	assert_int_equal(sf_note_line_check(
				 &golden->crypto, note.text, line, &golden->witnesses[1], &time_s),
		SF_ERR_NOT_FOUND);
	struct sf_view cut = sf_view_of(line.data, line.size - 1);
	assert_int_equal(
		sf_note_line_check(&golden->crypto, note.text, cut, &golden->witnesses[0], &time_s),
		SF_ERR_FORMAT);
	struct sf_view two = sf_view_of(line.data, line.size + note.signatures[2].line.size);
	assert_int_equal(
		sf_note_line_check(&golden->crypto, note.text, two, &golden->witnesses[0], &time_s),
		SF_ERR_FORMAT);
	assert_int_equal(sf_note_line_check(&golden->crypto, sf_view_text("other\n"), line,
				 &golden->witnesses[0], &time_s),
		SF_ERR_AUTH);
}

static void test_longest_line_fits_its_size(void **state)
{
	struct golden *golden = *state;
	struct sf_note_key key = golden->witnesses[0];
	memset(key.name, 'a', SF_NOTE_NAME_SIZE - 1);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_NOTE_LINE_SIZE - 1);
	assert_int_equal(sf_note_sign(&golden->crypto, golden->witness_ids[0], &key,
				 sf_view_text("text\n"), GOLDEN_TIME_S, &buf),
		SF_OK);
	sf_buf_fini(&buf);
}

static void test_more_signatures_or_bytes_than_allowed_are_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_NOTE_SIZE_MAX);
	assert_int_equal(sf_buf_append_text(&buf, "text\n\n"), SF_OK);
	for (size_t i = 0; i < SF_NOTE_SIGNATURES_MAX; i++)
		assert_int_equal(sf_buf_append_text(&buf, DASH "a AAAAAAA=\n"), SF_OK);
	assert_int_equal(sf_note_parse(sf_buf_view(&buf), &note, NULL), SF_OK);
	assert_int_equal(note.signature_count, SF_NOTE_SIGNATURES_MAX);
	assert_int_equal(sf_buf_append_text(&buf, DASH "a AAAAAAA=\n"), SF_OK);
	assert_int_equal(sf_note_parse(sf_buf_view(&buf), &note, NULL), SF_ERR_LIMIT);
	uint8_t *place;
	assert_int_equal(sf_buf_extend(&buf, SF_NOTE_SIZE_MAX, &place), SF_OK);
	assert_int_equal(sf_note_parse(sf_buf_view(&buf), &note, NULL), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_note_of_another_writer_is_read_and_checked),
		GOLDEN_TEST(test_signing_writes_the_same_bytes_as_the_other_writer),
		GOLDEN_TEST(test_signing_fails_without_a_trace),
		GOLDEN_TEST(test_every_bit_of_text_and_signatures_matters),
		GOLDEN_TEST(test_bad_forms_are_refused),
		GOLDEN_TEST(test_text_may_have_empty_lines_and_any_letters),
		GOLDEN_TEST(test_two_signatures_of_one_key_are_refused),
		GOLDEN_TEST(test_signature_of_a_known_key_that_does_not_hold_is_refused),
		GOLDEN_TEST(test_signature_of_a_log_with_more_behind_it_is_refused),
		GOLDEN_TEST(test_cosignature_of_an_endless_time_is_refused),
		GOLDEN_TEST(test_kinds_of_signatures_are_kept_apart),
		GOLDEN_TEST(test_line_alone_is_checked_like_in_its_note),
		GOLDEN_TEST(test_longest_line_fits_its_size),
		GOLDEN_TEST(test_more_signatures_or_bytes_than_allowed_are_refused),
	};
	return cmocka_run_group_tests_name("log/note", tests, NULL, NULL);
}
