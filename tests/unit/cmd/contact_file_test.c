#include "cmd/contact_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "unit/cmd/folder.h"

static enum sf_err read_text(struct folder *folder, const char *text, struct sf_contact *contacts,
	size_t *ret_count, struct sf_diag *diag)
{
	folder_write(folder, "desks", text, 0600);
	return sf_contact_file_read(folder_path(folder, "desks"), contacts, ret_count, diag);
}

static void test_lines_become_desks_in_their_order(void **state)
{
	static const char text[] = "# telephone days hours what\n"
				   "\n"
				   "11111111  weekdays  07-15  Hjemmeplejen, dag   # ring først\n"
				   "\t+4522222222 weekends 07:30-15:00 Hjemmeplejen, weekend\r\n"
				   "33333333 all 15-00 aften\n"
				   "44444444 all 23-07 nat\n"
				   "55555555 all 00-24 altid";
	struct sf_contact contacts[SF_CONTACTS_MAX];
	struct sf_diag diag = {.text = ""};
	size_t count = 0;
	if (read_text(*state, text, contacts, &count, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(count, 5);
	assert_string_equal(contacts[0].telephone, "11111111");
	assert_string_equal(contacts[0].what, "Hjemmeplejen, dag");
	assert_int_equal(contacts[0].days, SF_CONTACT_WEEKDAYS);
	assert_int_equal(contacts[0].from_minute, 7 * 60);
	assert_int_equal(contacts[0].until_minute, 15 * 60);
	assert_string_equal(contacts[1].telephone, "+4522222222");
	assert_string_equal(contacts[1].what, "Hjemmeplejen, weekend");
	assert_int_equal(contacts[1].from_minute, 7 * 60 + 30);
	assert_int_equal(contacts[2].until_minute, 24 * 60);
	assert_int_equal(contacts[3].from_minute, 23 * 60);
	assert_int_equal(contacts[3].until_minute, 7 * 60);
	assert_int_equal(contacts[4].until_minute, 24 * 60);
}

static void test_no_line_is_no_desk(void **state)
{
	struct sf_contact contacts[SF_CONTACTS_MAX];
	size_t count = 9;
	assert_int_equal(read_text(*state, "", contacts, &count, NULL), SF_OK);
	assert_int_equal(count, 0);
	assert_int_equal(read_text(*state, "# nobody\n", contacts, &count, NULL), SF_OK);
	assert_int_equal(count, 0);
}

static void test_faults_are_told_with_their_line(void **state)
{
	static const char *const texts[] = {"x\n", "11111111\n", "11111111 all\n",
		"11111111 all 07-15\n", "11111111 mondays 07-15 x\n", "11111111 all 7-15 x\n",
		"11111111 all 07-25 x\n", "11111111 all 24-07 x\n", "11111111 all 07:60-15 x\n",
		"11111111 all 07-15-16 x\n", "11111111 all 0715 x\n", "12 all 07-15 x\n",
		"111111111111111111111 all 07-15 x\n",
		"11111111 all 07-15 a label that is far longer than forty bytes are\n",
		"11111111 all 07-15 \x01\n"};
	struct sf_contact contacts[SF_CONTACTS_MAX];
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		char text[256];
		struct sf_diag diag = {.text = ""};
		size_t count = 0;
		snprintf(text, sizeof(text), "22222222 all 00-24 good\n%s", texts[i]);
		assert_int_equal(read_text(*state, text, contacts, &count, &diag), SF_ERR_FORMAT);
		assert_non_null(strstr(diag.text, "desks:2: "));
	}
}

static void test_too_many_are_refused(void **state)
{
	static const char line[] = "22222222 all 00-24 good\n";
	char text[(SF_CONTACTS_MAX + 1) * (sizeof(line) - 1) + 1] = "";
	for (size_t i = 0; i <= SF_CONTACTS_MAX; i++)
		memcpy(text + i * (sizeof(line) - 1), line, sizeof(line));
	struct sf_contact contacts[SF_CONTACTS_MAX];
	struct sf_diag diag = {.text = ""};
	size_t count = 0;
	assert_int_equal(read_text(*state, text, contacts, &count, &diag), SF_ERR_LIMIT);
	assert_non_null(strstr(diag.text, "desks:13: "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines_become_desks_in_their_order),
		TEST(test_no_line_is_no_desk),
		TEST(test_faults_are_told_with_their_line),
		TEST(test_too_many_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
