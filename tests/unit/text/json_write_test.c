#include "text/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "text/json.h"

static void test_values_are_separated_and_escaped(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 1000);
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &buf);
	sf_json_object(&writer, NULL);
	sf_json_text(&writer, "a\"b", "\\ \" \n\r\t \x01\x1f\x7f æ");
	sf_json_array(&writer, "list");
	sf_json_int(&writer, NULL, INT64_MIN);
	sf_json_bool(&writer, NULL, false);
	sf_json_null(&writer, NULL);
	sf_json_object(&writer, NULL);
	sf_json_close(&writer);
	sf_json_close(&writer);
	sf_json_bool(&writer, "t", true);
	sf_json_close(&writer);
	assert_int_equal(sf_json_writer_end(&writer), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf),
		sf_view_text("{\"a\\\"b\":\"\\\\ \\\" \\n\\r\\t \\u0001\\u001f\\u007f æ\","
			     "\"list\":[-9223372036854775808,false,null,{}],\"t\":true}")));
	sf_buf_fini(&buf);
}

static void test_what_is_written_is_read_back(void **state)
{
	(void)state;
	char text[256];
	size_t size = 0;
	for (int byte = 2; byte < 128; byte++)
		text[size++] = (char)byte;
	struct sf_buf buf;
	sf_buf_init(&buf, 2000);
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &buf);
	sf_json_array(&writer, NULL);
	sf_json_text_view(&writer, NULL, sf_view_of(text, size));
	sf_json_close(&writer);
	assert_int_equal(sf_json_writer_end(&writer), SF_OK);
	struct sf_arena arena;
	sf_arena_init(&arena, 100000);
	const struct sf_element *root = NULL;
	assert_int_equal(sf_json_read(sf_buf_view(&buf), &arena, &root, NULL), SF_OK);
	assert_true(sf_view_equal(sf_view_text(root->first->text), sf_view_of(text, size)));
	sf_arena_fini(&arena);
	sf_buf_fini(&buf);
}

static void test_first_error_sticks(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 1000);
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &buf);
	sf_json_array(&writer, NULL);
	sf_json_text(&writer, NULL, "\xff");
	size_t size = buf.size;
	sf_json_text(&writer, NULL, "fine");
	sf_json_close(&writer);
	assert_int_equal(sf_json_writer_end(&writer), SF_ERR_FORMAT);
	assert_int_equal(buf.size, size);
	sf_buf_fini(&buf);
	sf_buf_init(&buf, 3);
	sf_json_writer_begin(&writer, &buf);
	sf_json_array(&writer, NULL);
	sf_json_text(&writer, NULL, "long");
	sf_json_close(&writer);
	assert_int_equal(sf_json_writer_end(&writer), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_separated_and_escaped),
		cmocka_unit_test(test_what_is_written_is_read_back),
		cmocka_unit_test(test_first_error_sticks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
