#include "base/err.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const enum sf_err errors[] = {
#define X(name, value, text) name,
	SF_ERR_LIST(X)
#undef X
};

static void test_every_error_has_its_own_text_and_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_COUNT(errors); i++) {
		assert_true(errors[i] < 0);
		assert_string_not_equal(sf_err_text(errors[i]), "unknown error");
		assert_string_not_equal(sf_err_code(errors[i]), "unknown");
		for (size_t other = 0; other < i; other++) {
			assert_int_not_equal(errors[i], errors[other]);
			assert_string_not_equal(sf_err_code(errors[i]), sf_err_code(errors[other]));
		}
	}
	assert_string_equal(sf_err_code(SF_OK), "ok");
	assert_string_equal(sf_err_code(SF_ERR_DISK_FULL), "disk-full");
	assert_string_equal(sf_err_text((enum sf_err) - 9999), "unknown error");
}

static void test_layers_prefix_what_they_know(void **state)
{
	(void)state;
	struct sf_diag diag;
	sf_diag_set(&diag, "line %d: unknown key", 3);
	sf_diag_prefix(&diag, "node.conf");
	sf_diag_prefix(&diag, "starting %s", "node");
	assert_string_equal(diag.text, "starting node: node.conf: line 3: unknown key");
	sf_diag_set(NULL, "%d", 1);
	sf_diag_prefix(NULL, "%d", 1);
}

static void test_long_texts_are_cut_and_terminated(void **state)
{
	(void)state;
	char text[2 * SF_DIAG_SIZE];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	struct sf_diag diag;
	sf_diag_set(&diag, "%s", text);
	assert_int_equal(strlen(diag.text), SF_DIAG_SIZE - 1);
	sf_diag_prefix(&diag, "file");
	assert_int_equal(strlen(diag.text), SF_DIAG_SIZE - 1);
	assert_memory_equal(diag.text, "file: aaa", 9);
	sf_diag_prefix(&diag, "%s", text);
	assert_int_equal(strlen(diag.text), SF_DIAG_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_error_has_its_own_text_and_code),
		cmocka_unit_test(test_layers_prefix_what_they_know),
		cmocka_unit_test(test_long_texts_are_cut_and_terminated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
