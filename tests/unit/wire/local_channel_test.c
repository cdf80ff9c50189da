/* Words of channels, and of what a hook may tell. */
#include "wire/local_channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static uint64_t bit_of(const char *word)
{
	return sf_hook_event_bit(sf_view_text(word));
}

static void test_hook_may_tell_of_what_is_kept_alone(void **state)
{
	(void)state;
	assert_true(bit_of("received") == (uint64_t)1 << SF_FEED_RECEIVED);
	assert_true(bit_of("late") == (uint64_t)1 << SF_FEED_LATE);
	assert_true(bit_of("expired") == (uint64_t)1 << SF_FEED_EXPIRED);
	assert_true(bit_of("epoch") == (uint64_t)1 << SF_FEED_EPOCH);
	for (uint32_t what = 1; what < 64; what++) {
		const char *word = sf_feed_text((enum sf_feed_what)what);
		bool kept = sf_feed_is_kept((enum sf_feed_what)what);
		assert_true(bit_of(word) == (kept ? (uint64_t)1 << what : 0));
	}
}

static void test_other_words_are_no_events(void **state)
{
	(void)state;
	static const char *const none[] = {
		"", "unknown", "recorded", "connected", "receive", "received ", "Received"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_true(bit_of(none[i]) == 0);
	assert_false(sf_feed_is_kept(SF_FEED_NONE));
}

static void test_words_of_channels(void **state)
{
	(void)state;
	assert_string_equal(sf_channel_kind_text(SF_CHANNEL_HOOK), "hook");
	assert_string_equal(sf_channel_kind_text(SF_CHANNEL_NONE), "");
	assert_string_equal(sf_channel_kind_text((enum sf_channel_kind)99), "unknown");
	assert_string_equal(sf_channel_fault_text(SF_CHANNEL_FAULT_UNTRUSTED), "untrusted");
	assert_string_equal(sf_channel_fault_text(SF_CHANNEL_FAULT_NONE), "");
	assert_string_equal(sf_channel_fault_text((enum sf_channel_fault)99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hook_may_tell_of_what_is_kept_alone),
		cmocka_unit_test(test_other_words_are_no_events),
		cmocka_unit_test(test_words_of_channels),
	};
	return cmocka_run_group_tests_name("wire/local_channel", tests, NULL, NULL);
}
