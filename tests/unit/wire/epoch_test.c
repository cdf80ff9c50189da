#include "wire/epoch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static struct sf_epoch sample(void)
{
	struct sf_epoch epoch = {
		.old_origin = sf_view_text("stafet.example/log/test/1"),
		.old_note = sf_view_text("as it was signed"),
		.common_size = 17,
		.origin = sf_view_text("stafet.example/log/test/2"),
		.directory_version = 4,
		.directory_head = raw_digest(5),
		.made_ms = 1795000000000,
	};
	memset(epoch.log_key, 6, sizeof(epoch.log_key));
	return epoch;
}

static struct sf_buf encoded(const struct sf_epoch *epoch)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_EPOCH_SIZE_MAX);
	assert_int_equal(sf_epoch_encode(epoch, &buf), SF_OK);
	return buf;
}

static enum sf_err decode(struct sf_view bytes, struct sf_epoch *ret_epoch)
{
	struct sf_view exact = raw_exact(bytes);
	struct sf_diag diag = {.text = ""};
	struct sf_epoch epoch;
	enum sf_err err = sf_epoch_decode(exact, &epoch, &diag);
	assert_int_equal(err != SF_OK, diag.text[0] != '\0');
	if (!err && ret_epoch)
		*ret_epoch = epoch;
	raw_free(exact);
	return err;
}

static void test_record_is_read_as_it_was_written(void **state)
{
	(void)state;
	const struct sf_epoch epoch = sample();
	struct sf_buf buf = encoded(&epoch);
	struct sf_epoch back;
	assert_int_equal(sf_epoch_decode(sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_true(sf_view_equal(back.old_origin, epoch.old_origin));
	assert_true(sf_view_equal(back.old_note, epoch.old_note));
	assert_true(back.old_note.data > buf.data && back.old_note.data < buf.data + buf.size);
	assert_true(sf_view_equal(back.origin, epoch.origin));
	assert_memory_equal(back.log_key, epoch.log_key, sizeof(back.log_key));
	assert_int_equal(back.common_size, 17);
	assert_int_equal(back.directory_version, 4);
	assert_true(sf_digest_equal(&back.directory_head, &epoch.directory_head));
	assert_int_equal(back.made_ms, epoch.made_ms);
	sf_buf_fini(&buf);
}

/* Each of them says something; a record that leaves one out says nothing that can be signed. */
static void test_record_that_lacks_something_is_refused(void **state)
{
	(void)state;
	const struct sf_epoch whole = sample();
	const struct sf_view none = sf_view_of(NULL, 0);
	struct sf_epoch records[6];
	for (size_t i = 0; i < SF_COUNT(records); i++)
		records[i] = whole;
	records[0].old_origin = none;
	records[1].old_note = none;
	records[2].common_size = 0;
	records[3].origin = none;
	records[4].directory_version = 0;
	records[5].made_ms = 0;
	for (size_t i = 0; i < SF_COUNT(records); i++) {
		struct sf_buf buf = encoded(&records[i]);
		assert_int_equal(decode(sf_buf_view(&buf), NULL), SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
}

static void test_key_and_head_have_32_bytes(void **state)
{
	(void)state;
	for (uint32_t field = 5; field <= 7; field += 2) {
		for (size_t size = 31; size <= 33; size += 2) {
			struct sf_buf buf;
			sf_buf_init(&buf, SF_EPOCH_SIZE_MAX);
			raw_text(&buf, 1, "a/1");
			raw_text(&buf, 2, "note");
			raw_number(&buf, 3, 1);
			raw_text(&buf, 4, "a/2");
			raw_fill(&buf, 5, 1, field == 5 ? size : 32);
			raw_number(&buf, 6, 1);
			raw_fill(&buf, 7, 1, field == 7 ? size : 32);
			raw_number(&buf, 8, 1);
			assert_int_equal(decode(sf_buf_view(&buf), NULL), SF_ERR_FORMAT);
			sf_buf_fini(&buf);
		}
	}
}

static void test_record_that_is_not_strict_is_refused(void **state)
{
	(void)state;
	const struct sf_epoch epoch = sample();
	struct sf_buf buf = encoded(&epoch);
	size_t size = buf.size;
	/* A second value of a field that stands there, and a field that nobody knows. */
	raw_number(&buf, 3, 18);
	assert_int_equal(decode(sf_buf_view(&buf), NULL), SF_ERR_FORMAT);
	buf.size = size;
	raw_number(&buf, 9, 1);
	assert_int_equal(decode(sf_buf_view(&buf), NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_every_shorter_record_is_refused(void **state)
{
	(void)state;
	const struct sf_epoch epoch = sample();
	struct sf_buf buf = encoded(&epoch);
	assert_int_equal(decode(sf_buf_view(&buf), NULL), SF_OK);
	for (size_t size = 0; size < buf.size; size++)
		assert_int_equal(decode(sf_view_of(buf.data, size), NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_larger_record_than_the_limit_is_refused(void **state)
{
	(void)state;
	static uint8_t note[SF_EPOCH_SIZE_MAX];
	memset(note, 'n', sizeof(note));
	struct sf_epoch epoch = sample();
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_EPOCH_SIZE_MAX);
	epoch.old_note = sf_view_of(note, sizeof(note));
	assert_int_equal(sf_epoch_encode(&epoch, &buf), SF_ERR_LIMIT);
	epoch = sample();
	epoch.origin = sf_view_of(note, 256);
	assert_int_equal(sf_epoch_encode(&epoch, &buf), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 0);
	raw_fill(&buf, 2, 'n', SF_EPOCH_SIZE_MAX);
	assert_int_equal(decode(sf_buf_view(&buf), NULL), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record_is_read_as_it_was_written),
		cmocka_unit_test(test_record_that_lacks_something_is_refused),
		cmocka_unit_test(test_key_and_head_have_32_bytes),
		cmocka_unit_test(test_record_that_is_not_strict_is_refused),
		cmocka_unit_test(test_every_shorter_record_is_refused),
		cmocka_unit_test(test_larger_record_than_the_limit_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
