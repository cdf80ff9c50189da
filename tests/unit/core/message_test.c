#include "core/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_message_is_to_its_recipients_alone(void **state)
{
	(void)state;
	struct sf_message message = {.author = {{9}}, .recipient_count = 2};
	message.recipients[0] = (struct sf_id){{1}};
	message.recipients[1] = (struct sf_id){{2}};
	message.recipients[2] = (struct sf_id){{3}};
	assert_true(sf_message_is_to(&message, (struct sf_id){{1}}));
	assert_true(sf_message_is_to(&message, (struct sf_id){{2}}));
	/* Behind the count nothing counts; and the author is no recipient. */
	assert_false(sf_message_is_to(&message, (struct sf_id){{3}}));
	assert_false(sf_message_is_to(&message, message.author));
	assert_false(sf_message_is_to(&message, (struct sf_id){{0}}));
}

static void test_full_message_is_read_to_its_last_recipient(void **state)
{
	(void)state;
	struct sf_message message = {.recipient_count = SF_RECIPIENT_COUNT_MAX};
	for (size_t i = 0; i < SF_RECIPIENT_COUNT_MAX; i++)
		message.recipients[i].bytes[15] = (uint8_t)(i + 1);
	struct sf_id last = {{[15] = SF_RECIPIENT_COUNT_MAX}};
	assert_true(sf_message_is_to(&message, last));
	last.bytes[15]++;
	assert_false(sf_message_is_to(&message, last));
}

static void test_message_to_nobody_is_to_nobody(void **state)
{
	(void)state;
	const struct sf_message message = {.recipient_count = 0};
	assert_false(sf_message_is_to(&message, (struct sf_id){{0}}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message_is_to_its_recipients_alone),
		cmocka_unit_test(test_full_message_is_read_to_its_last_recipient),
		cmocka_unit_test(test_message_to_nobody_is_to_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
