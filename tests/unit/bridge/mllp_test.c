#include "bridge/mllp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define CEILING 16
#define EVENTS_MAX 64

/* What a stream of bytes comes to, fed in pieces of one size. */
struct heard {
	size_t count;
	enum sf_mllp_event events[EVENTS_MAX];
	char messages[EVENTS_MAX][CEILING + 1];
};

static struct heard hear(const char *text, size_t size, size_t piece)
{
	struct heard heard = {0};
	struct sf_mllp mllp;
	sf_mllp_init(&mllp, CEILING);
	for (size_t at = 0; at < size;) {
		size_t more = size - at < piece ? size - at : piece;
		size_t used;
		enum sf_mllp_event event = sf_mllp_feed(&mllp, sf_view_of(text + at, more), &used);
		assert_true(used > 0 && used <= more);
		assert_true(used == more || event != SF_MLLP_MORE);
		at += used;
		if (event == SF_MLLP_MORE)
			continue;
		assert_true(heard.count < EVENTS_MAX);
		if (event == SF_MLLP_MESSAGE)
			memcpy(heard.messages[heard.count], mllp.message.data, mllp.message.size);
		heard.events[heard.count++] = event;
	}
	sf_mllp_fini(&mllp);
	return heard;
}

#define HEAR(text, ...)                                                                            \
	assert_heard(text, sizeof(text) - 1, (const enum sf_mllp_event[]){__VA_ARGS__},            \
		sizeof((const enum sf_mllp_event[]){__VA_ARGS__}) / sizeof(enum sf_mllp_event))

/* However the network cuts it, a stream comes to the same. */
static struct heard assert_heard(
	const char *text, size_t size, const enum sf_mllp_event *events, size_t count)
{
	struct heard whole = hear(text, size, size);
	assert_int_equal(whole.count, count);
	assert_memory_equal(whole.events, events, count * sizeof(*events));
	for (size_t piece = 1; piece < size; piece++) {
		struct heard cut = hear(text, size, piece);
		assert_memory_equal(&cut, &whole, sizeof(cut));
	}
	return whole;
}

static void test_messages_are_taken_out_of_their_frames(void **state)
{
	(void)state;
	struct heard heard = HEAR("\x0b"
				  "MSH|1\x1c\r\x0b"
				  "MSH|2\r\x1c\r\r\n\x0b\x1c\r",
		SF_MLLP_MESSAGE, SF_MLLP_MESSAGE, SF_MLLP_MESSAGE);
	assert_string_equal(heard.messages[0], "MSH|1");
	assert_string_equal(heard.messages[1], "MSH|2\r");
	assert_string_equal(heard.messages[2], "");
}

static void test_garbage_is_said_once_and_skipped(void **state)
{
	(void)state;
	struct heard heard = HEAR("hello\x1c\r"
				  "more\x0b"
				  "MSH|1\x1c\rgarbage\x0b"
				  "MSH|2\x1c\r",
		SF_MLLP_GARBAGE, SF_MLLP_MESSAGE, SF_MLLP_GARBAGE, SF_MLLP_MESSAGE);
	assert_string_equal(heard.messages[1], "MSH|1");
	assert_string_equal(heard.messages[3], "MSH|2");
}

static void test_a_new_frame_inside_one_drops_the_half(void **state)
{
	(void)state;
	struct heard heard = HEAR("\x0bMSH|half\x0bMSH|1\x1c\r", SF_MLLP_BROKEN, SF_MLLP_MESSAGE);
	assert_string_equal(heard.messages[1], "MSH|1");
	heard = HEAR("\x0bMSH|half\x1c\x0bMSH|1\x1c\r", SF_MLLP_BROKEN, SF_MLLP_MESSAGE);
	assert_string_equal(heard.messages[1], "MSH|1");
	heard = HEAR("\x0bMSH|half\x1c"
		     "x y\x0bMSH|1\x1c\r",
		SF_MLLP_BROKEN, SF_MLLP_MESSAGE);
	assert_string_equal(heard.messages[1], "MSH|1");
}

static void test_ceiling_holds(void **state)
{
	(void)state;
	struct heard heard = HEAR("\x0b"
				  "0123456789abcdef\x1c\r\x0b"
				  "0123456789abcdefg\x1c\r"
				  "\x0b"
				  "x\x1c\r",
		SF_MLLP_MESSAGE, SF_MLLP_TOO_LARGE, SF_MLLP_MESSAGE);
	assert_string_equal(heard.messages[0], "0123456789abcdef");
	assert_string_equal(heard.messages[2], "x");
}

static void test_half_is_known(void **state)
{
	(void)state;
	struct sf_mllp mllp;
	size_t used;
	sf_mllp_init(&mllp, CEILING);
	assert_false(sf_mllp_is_half(&mllp));
	assert_int_equal(sf_mllp_feed(&mllp, sf_view_text("\x0bMSH"), &used), SF_MLLP_MORE);
	assert_true(sf_mllp_is_half(&mllp));
	assert_int_equal(sf_mllp_feed(&mllp, sf_view_text("\x1c\r"), &used), SF_MLLP_MESSAGE);
	assert_false(sf_mllp_is_half(&mllp));
	sf_mllp_fini(&mllp);
}

static void test_frame_is_read_back(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	assert_int_equal(sf_mllp_frame(sf_view_text("MSH|1\r"), &buf), SF_OK);
	struct heard heard = hear((const char *)buf.data, buf.size, 1);
	assert_int_equal(heard.count, 1);
	assert_string_equal(heard.messages[0], "MSH|1\r");
	sf_buf_fini(&buf);
	sf_buf_init(&buf, 8);
	assert_int_equal(sf_mllp_frame(sf_view_text("MSH|12"), &buf), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 0);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_are_taken_out_of_their_frames),
		cmocka_unit_test(test_garbage_is_said_once_and_skipped),
		cmocka_unit_test(test_a_new_frame_inside_one_drops_the_half),
		cmocka_unit_test(test_ceiling_holds),
		cmocka_unit_test(test_half_is_known),
		cmocka_unit_test(test_frame_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
