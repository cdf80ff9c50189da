#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "unit/crypto/vectors.h"

json_t *vectors_load(const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/vectors/%s", SF_TESTS_DIR, name);
	json_error_t error;
	json_t *file = json_load_file(path, 0, &error);
	if (!file)
		fail_msg("%s: %s", path, error.text);
	return file;
}

struct hex hex_field(const json_t *object, const char *name)
{
	struct hex hex = {.size = 0};
	const json_t *field = json_object_get(object, name);
	if (!field)
		return hex;
	const char *text = json_string_value(field);
	assert_non_null(text);
	hex.size = strlen(text) / 2;
	assert_true(hex.size <= sizeof(hex.bytes));
	assert_int_equal(sf_hex_decode(text, hex.bytes, hex.size), SF_OK);
	return hex;
}

struct sf_view hex_view(const struct hex *hex)
{
	return sf_view_of(hex->bytes, hex->size);
}

void wycheproof_each(const char *name, size_t count_expected,
	void (*run)(const json_t *group, const json_t *vector, const char *result))
{
	char path[256];
	snprintf(path, sizeof(path), "wycheproof/%s", name);
	json_t *file = vectors_load(path);
	size_t count = 0;
	size_t group_index;
	json_t *group;
	json_array_foreach(json_object_get(file, "testGroups"), group_index, group)
	{
		size_t index;
		json_t *vector;
		json_array_foreach(json_object_get(group, "tests"), index, vector)
		{
			const char *result = json_string_value(json_object_get(vector, "result"));
			assert_non_null(result);
			run(group, vector, result);
			count++;
		}
	}
	json_int_t announced = json_integer_value(json_object_get(file, "numberOfTests"));
	json_decref(file);
	print_message("%s: %zu cases\n", name, count);
	assert_int_equal(count, announced);
	assert_int_equal(count, count_expected);
}
