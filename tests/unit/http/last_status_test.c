#include "http/last_status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_an_answer_is_good_for_a_second(void **state)
{
	(void)state;
	struct sf_last_status last = {.known = false};
	struct sf_reply back;
	assert_false(sf_last_status_read(&last, 0, &back));
	char link[] = "connected";
	const struct sf_reply reply = {.kind = SF_REPLY_STATUS,
		.text = "",
		.status = {.program = "node", .software = "stafet-node", .link = link}};
	sf_last_status_keep(&last, &reply, 5000);
	/* What it was made of is gone by then. */
	memset(link, 'x', sizeof(link) - 1);
	assert_true(sf_last_status_read(&last, 5999, &back));
	assert_int_equal(back.err, SF_OK);
	assert_int_equal(back.kind, SF_REPLY_STATUS);
	assert_string_equal(back.status.program, "node");
	assert_string_equal(back.status.software, "stafet-node");
	assert_string_equal(back.status.link, "connected");
	assert_false(sf_last_status_read(&last, 6000, &back));
}

static void test_trouble_is_an_answer_too(void **state)
{
	(void)state;
	struct sf_last_status last = {.known = false};
	struct sf_reply back;
	const struct sf_reply full = {.err = SF_ERR_DISK_FULL, .text = "the disk is full"};
	sf_last_status_keep(&last, &full, 1);
	assert_true(sf_last_status_read(&last, 1, &back));
	assert_int_equal(back.err, SF_ERR_DISK_FULL);
	assert_string_equal(back.text, "the disk is full");
	/* And nothing of it is left in what comes next; a text that is NULL is "". */
	const struct sf_reply good = {
		.kind = SF_REPLY_STATUS, .text = "", .status = {.program = "node"}};
	sf_last_status_keep(&last, &good, 2);
	assert_true(sf_last_status_read(&last, 2, &back));
	assert_int_equal(back.err, SF_OK);
	assert_string_equal(back.text, "");
	assert_string_equal(back.status.link, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_answer_is_good_for_a_second),
		cmocka_unit_test(test_trouble_is_an_answer_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
