#include "wire/allocator.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory.pb-c.h"
#include "unit/wire/raw.h"

static struct sf_buf sample(void)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 4096);
	raw_fill(&buf, 1, 1, 16);
	raw_text(&buf, 2, "name");
	return buf;
}

static void test_what_is_unpacked_stays_in_its_place(void **state)
{
	(void)state;
	struct sf_buf buf = sample();
	alignas(max_align_t) uint8_t place[1024];
	struct sf_allocator allocator;
	sf_allocator_init_fixed(&allocator, place, sizeof(place));
	void *message = NULL;
	assert_int_equal(sf_proto_unpack(&stafet__v1__entry__descriptor, sf_buf_view(&buf),
				 &allocator, &message, NULL),
		SF_OK);
	const Stafet__V1__Entry *entry = message;
	assert_true((uint8_t *)message >= place && (uint8_t *)message < place + sizeof(place));
	assert_true(
		(uint8_t *)entry->name > place && (uint8_t *)entry->name < place + sizeof(place));
	assert_string_equal(entry->name, "name");
	/* What is absent is an empty text, never NULL. */
	assert_string_equal(entry->support, "");
	sf_buf_fini(&buf);
}

static void test_a_full_place_is_a_limit_and_bad_bytes_are_not(void **state)
{
	(void)state;
	struct sf_buf buf = sample();
	alignas(max_align_t) uint8_t place[1024];
	struct sf_allocator allocator;
	void *message = NULL;
	for (size_t size = 0; size < sizeof(Stafet__V1__Entry) + 16; size += 16) {
		sf_allocator_init_fixed(&allocator, place, size);
		assert_int_equal(sf_proto_unpack(&stafet__v1__entry__descriptor, sf_buf_view(&buf),
					 &allocator, &message, NULL),
			SF_ERR_LIMIT);
	}
	struct sf_arena arena;
	sf_arena_init(&arena, 64);
	sf_allocator_init(&allocator, &arena);
	assert_int_equal(sf_proto_unpack(&stafet__v1__entry__descriptor, sf_buf_view(&buf),
				 &allocator, &message, NULL),
		SF_ERR_LIMIT);
	sf_arena_fini(&arena);
	sf_allocator_init_fixed(&allocator, place, sizeof(place));
	struct sf_diag diag;
	assert_int_equal(sf_proto_unpack(&stafet__v1__entry__descriptor, sf_view_text("\x0a\x09"),
				 &allocator, &message, &diag),
		SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "Entry"));
	assert_null(message);
	sf_buf_fini(&buf);
}

static void test_packing_ends_at_the_ceiling_of_the_buffer(void **state)
{
	(void)state;
	Stafet__V1__Entry entry = STAFET__V1__ENTRY__INIT;
	char name[] = "a name";
	entry.name = name;
	struct sf_buf buf;
	sf_buf_init(&buf, 7);
	assert_int_equal(sf_proto_pack(&entry.base, &buf), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 0);
	sf_buf_fini(&buf);
	sf_buf_init(&buf, 8);
	assert_int_equal(sf_proto_pack(&entry.base, &buf), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_of("\x12\x06"
								"a name",
							     8)));
	Stafet__V1__Entry nothing = STAFET__V1__ENTRY__INIT;
	assert_int_equal(sf_proto_pack(&nothing.base, &buf), SF_OK);
	assert_int_equal(buf.size, 8);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_unpacked_stays_in_its_place),
		cmocka_unit_test(test_a_full_place_is_a_limit_and_bad_bytes_are_not),
		cmocka_unit_test(test_packing_ends_at_the_ceiling_of_the_buffer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
