/* Rows, chunks and keys of attachments, and what erasing leaves of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/node/attaching.h"

static void test_names_are_of_files_and_nothing_else(void **state)
{
	(void)state;
	static const char *const good[] = {"plan.pdf", "Blodprøve 3.jpg", "a"};
	static const char *const bad[] = {"", ".", "..", ".x", "a/b", "a\\b", "a\tb", "a\x7f",
		"a\xc2\x9b"
		"b",
		"annual_\xe2\x80\xae"
		"fdp.exe",
		"a\xff"};
	for (size_t i = 0; i < SF_COUNT(good); i++)
		assert_true(sf_node_is_attachment_name(good[i]));
	for (size_t i = 0; i < SF_COUNT(bad); i++)
		assert_false(sf_node_is_attachment_name(bad[i]));
	char name[258];
	memset(name, 'x', sizeof(name));
	name[255] = '\0';
	assert_true(sf_node_is_attachment_name(name));
	name[255] = 'x';
	name[256] = '\0';
	assert_false(sf_node_is_attachment_name(name));
	assert_true(sf_node_is_attachment_type("application/pdf; version=2"));
	assert_false(sf_node_is_attachment_type("text/plain\r\n"));
}

static void test_erasing_takes_attachments_with_their_chunks(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = attaching_letter(region);
	region_run(region, SF_MINUTE_MS);
	struct sf_sim_machine *machines[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		assert_int_equal(attaching_chunks(machines[i], &sf_node_table_chunk), 3);
		const struct sf_request request = {.kind = SF_REQUEST_ERASE,
			.erase = {.transition = sent.transition, .ground = SF_GROUND_MISTAKE}};
		struct sf_reply reply = region_get(region, machines[i], request, SF_REPLY_ERASED);
		bool told = false;
		for (size_t row = 0; row < reply.erased.row_count; row++)
			told |= strcmp(reply.erased.rows[row].what, "attachments") == 0 &&
				reply.erased.rows[row].count == 1;
		assert_true(told);
		assert_int_equal(attaching_chunks(machines[i], &sf_node_table_chunk), 0);
		assert_int_equal(attaching_chunks(machines[i], &sf_node_table_attachment), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_of_files_and_nothing_else),
		cmocka_unit_test_setup_teardown(test_erasing_takes_attachments_with_their_chunks,
			region_open, region_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
