#include "os/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

/* Invented zones, written as RFC 8536 section 3 says. */
struct file {
	char version;
	uint32_t leap_count;
	size_t time_count;
	int64_t times[4];
	uint8_t types[4];
	size_t type_count;
	int32_t offsets[3];
	const char *footer; /* with its line ends */
};

static const struct file sound = {.version = '2',
	.time_count = 3,
	.times = {-1000000000, 1743296400, 1761440400}, /* 1938, March and October 2025 */
	.types = {1, 2, 1},
	.type_count = 3,
	.offsets = {3020, 3600, 7200},
	.footer = "\nCET-1CEST,M3.5.0,M10.5.0/3\n"};

static struct sf_arena arena;
static struct sf_zone zone;
static struct sf_diag diag;

static int setup(void **state)
{
	(void)state;
	sf_arena_init(&arena, 2 * SF_ZONE_CHANGES_MAX * sizeof(struct sf_zone_change));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sf_arena_fini(&arena);
	return 0;
}

static void put_header(struct sf_buf *buf, const struct file *file, bool second)
{
	const uint32_t counts[] = {0, 0, second ? file->leap_count : 0,
		second ? (uint32_t)file->time_count : 0, second ? (uint32_t)file->type_count : 1,
		second ? 4 : 1};
	assert_int_equal(sf_buf_append_text(buf, "TZif"), SF_OK);
	assert_int_equal(sf_buf_append_u8(buf, (uint8_t)file->version), SF_OK);
	uint8_t *reserved = NULL;
	assert_int_equal(sf_buf_extend(buf, 15, &reserved), SF_OK);
	for (size_t i = 0; i < SF_COUNT(counts); i++)
		assert_int_equal(sf_buf_append_u32(buf, counts[i]), SF_OK);
}

static void put_file(struct sf_buf *buf, const struct file *file)
{
	put_header(buf, file, false);
	uint8_t *first_block = NULL; /* one type and one character */
	assert_int_equal(sf_buf_extend(buf, 7, &first_block), SF_OK);
	put_header(buf, file, true);
	for (size_t i = 0; i < file->time_count; i++)
		assert_int_equal(sf_buf_append_u64(buf, (uint64_t)file->times[i]), SF_OK);
	assert_int_equal(sf_buf_append(buf, sf_view_of(file->types, file->time_count)), SF_OK);
	for (size_t i = 0; i < file->type_count; i++) {
		assert_int_equal(sf_buf_append_u32(buf, (uint32_t)file->offsets[i]), SF_OK);
		assert_int_equal(sf_buf_append_u16(buf, 0), SF_OK);
	}
	uint8_t *rest = NULL; /* names, leap seconds */
	assert_int_equal(sf_buf_extend(buf, 4 + 12 * (size_t)file->leap_count, &rest), SF_OK);
	assert_int_equal(sf_buf_append_text(buf, file->footer), SF_OK);
}

static enum sf_err parse(const struct file *file)
{
	struct sf_buf buf;
	sf_buf_init(&buf, SF_ZONE_FILE_SIZE_MAX);
	put_file(&buf, file);
	sf_arena_clear(&arena);
	memset(&diag, 0, sizeof(diag));
	enum sf_err err = sf_zone_parse("Test/Zone", sf_buf_view(&buf), &arena, &zone, &diag);
	sf_buf_fini(&buf);
	assert_true(err == SF_OK || diag.text[0] != '\0');
	return err;
}

static int32_t offset_at(const char *time)
{
	int64_t time_ms = 0;
	assert_int_equal(sf_time_parse(sf_view_text(time), &time_ms), SF_OK);
	return sf_zone_offset_s(&zone, time_ms);
}

static void test_changes_of_the_file_come_first(void **state)
{
	(void)state;
	assert_int_equal(parse(&sound), SF_OK);
	assert_string_equal(zone.name, "Test/Zone");
	assert_int_equal(zone.first_offset_s, 3020);
	assert_int_equal(offset_at("1938-04-24T22:13:19Z"), 3020);
	assert_int_equal(offset_at("1938-04-24T22:13:20Z"), 3600);
	assert_int_equal(offset_at("2025-07-01T00:00:00Z"), 7200);
	assert_int_equal(zone.changes[0].at_ms, -1000000000000);
}

static void test_rule_of_the_footer_goes_on_to_2100(void **state)
{
	(void)state;
	assert_int_equal(parse(&sound), SF_OK);
	assert_int_equal(zone.change_count, 3 + 2 * (2100 - 2025));
	assert_int_equal(offset_at("2026-03-29T00:59:59Z"), 3600);
	assert_int_equal(offset_at("2026-03-29T01:00:00Z"), 7200);
	assert_int_equal(offset_at("2100-07-01T00:00:00Z"), 7200);
	assert_int_equal(offset_at("2100-12-31T00:00:00Z"), 3600);
	for (size_t i = 1; i < zone.change_count; i++)
		assert_true(zone.changes[i - 1].at_ms < zone.changes[i].at_ms);
}

static void test_file_without_changes_follows_its_rule_from_1970(void **state)
{
	(void)state;
	struct file file = sound;
	file.time_count = 0;
	assert_int_equal(parse(&file), SF_OK);
	assert_int_equal(zone.change_count, 2 * (2100 - 1970 + 1));
	assert_int_equal(offset_at("1970-07-01T00:00:00Z"), 7200);
}

static void test_file_without_daylight_keeps_its_last_offset(void **state)
{
	(void)state;
	struct file file = sound;
	file.footer = "\nCET-1\n";
	assert_int_equal(parse(&file), SF_OK);
	assert_int_equal(zone.change_count, 3);
	file.footer = "\n\n";
	assert_int_equal(parse(&file), SF_OK);
	assert_int_equal(offset_at("2099-07-01T00:00:00Z"), 3600);
}

/* RFC 8536 section 3.3.1, example of a year that is daylight time throughout. */
static void test_rule_for_the_whole_year_is_one_offset(void **state)
{
	(void)state;
	struct file file = sound;
	file.time_count = 0;
	file.offsets[0] = -10800;
	file.footer = "\nEST3EDT4,0/0,J365/23\n";
	assert_int_equal(parse(&file), SF_OK);
	assert_int_equal(offset_at("2026-01-01T04:00:00Z"), -14400);
	assert_int_equal(offset_at("2026-12-31T23:00:00Z"), -14400);
	assert_int_equal(offset_at("2028-01-01T03:00:00Z"), -14400);
}

static void test_times_before_the_big_bang_saturate(void **state)
{
	(void)state;
	struct file file = sound;
	file.times[0] = INT64_MIN;
	assert_int_equal(parse(&file), SF_OK);
	assert_int_equal(zone.changes[0].at_ms, INT64_MIN);
	file.times[2] = INT64_MAX;
	assert_int_equal(parse(&file), SF_OK);
	assert_int_equal(zone.changes[2].at_ms, INT64_MAX);
}

static void test_other_files_are_refused(void **state)
{
	(void)state;
	struct file file = sound;
	file.version = '\0';
	assert_int_equal(parse(&file), SF_ERR_UNSUPPORTED);
	file = sound;
	file.leap_count = 1;
	assert_int_equal(parse(&file), SF_ERR_UNSUPPORTED);
	assert_non_null(strstr(diag.text, "leap"));
}

static void test_contradictions_are_refused(void **state)
{
	(void)state;
	struct file file = sound;
	file.times[1] = file.times[2];
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
	file = sound;
	file.types[2] = 3;
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
	file = sound;
	file.type_count = 0;
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
	file = sound;
	file.offsets[1] = 93600;
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
	file.offsets[1] = -90000;
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
	file.offsets[1] = INT32_MIN;
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
}

static void test_bad_footers_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "\n", "\nCET-1", "CET-1\n", "\nCET-1CEST\n",
		"\nnonsense\n", "\nAAA0BBB,300/0,10/0\nx"};
	struct file file = sound;
	for (size_t i = 0; i < SF_COUNT(wrong) - 1; i++) {
		file.footer = wrong[i];
		assert_int_equal(parse(&file), SF_ERR_FORMAT);
	}
	/* What stands behind the footer is another version's business. */
	file.footer = wrong[SF_COUNT(wrong) - 1];
	assert_int_equal(parse(&file), SF_OK);
}

static void test_rule_whose_years_overlap_is_refused(void **state)
{
	(void)state;
	struct file file = sound;
	file.footer = "\nAAA0BBB,0/-167,365/167\n";
	assert_int_equal(parse(&file), SF_ERR_FORMAT);
}

static void test_every_cut_is_refused(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, SF_ZONE_FILE_SIZE_MAX);
	put_file(&buf, &sound);
	for (size_t size = 0; size < buf.size; size++) {
		sf_arena_clear(&arena);
		struct sf_view cut = sf_view_of(buf.data, size);
		assert_int_equal(
			sf_zone_parse("Test/Zone", cut, &arena, &zone, &diag), SF_ERR_FORMAT);
	}
	/* Counts that no file can hold. */
	memset(buf.data + 20, 0xff, 24);
	sf_arena_clear(&arena);
	assert_int_equal(
		sf_zone_parse("Test/Zone", sf_buf_view(&buf), &arena, &zone, &diag), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_small_arena_and_long_name_are_limits(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, SF_ZONE_FILE_SIZE_MAX);
	put_file(&buf, &sound);
	struct sf_arena small;
	sf_arena_init(&small, 1000);
	assert_int_equal(
		sf_zone_parse("Test/Zone", sf_buf_view(&buf), &small, &zone, &diag), SF_ERR_LIMIT);
	sf_arena_fini(&small);
	assert_int_equal(sf_zone_parse("a_name_that_is_longer_than_any_name_in_the_database_of_"
				       "time_zones_could_be",
				 sf_buf_view(&buf), &arena, &zone, &diag),
		SF_ERR_LIMIT);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes_of_the_file_come_first),
		cmocka_unit_test(test_rule_of_the_footer_goes_on_to_2100),
		cmocka_unit_test(test_file_without_changes_follows_its_rule_from_1970),
		cmocka_unit_test(test_file_without_daylight_keeps_its_last_offset),
		cmocka_unit_test(test_rule_for_the_whole_year_is_one_offset),
		cmocka_unit_test(test_times_before_the_big_bang_saturate),
		cmocka_unit_test(test_other_files_are_refused),
		cmocka_unit_test(test_contradictions_are_refused),
		cmocka_unit_test(test_bad_footers_are_refused),
		cmocka_unit_test(test_rule_whose_years_overlap_is_refused),
		cmocka_unit_test(test_every_cut_is_refused),
		cmocka_unit_test(test_small_arena_and_long_name_are_limits),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
