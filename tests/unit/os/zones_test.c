#include "os/zones.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/calendar.h"
#include "os/files.h"

static struct sf_zones *machine;
static struct sf_diag diag;

static int open_machine(void **state)
{
	(void)state;
	return sf_zones_open(SF_ZONE_FOLDER, &machine, NULL);
}

static int close_machine(void **state)
{
	(void)state;
	sf_zones_close(&machine);
	return machine == NULL ? 0 : 1;
}

static void test_copenhagen_has_days_of_23_and_25_hours(void **state)
{
	(void)state;
	const struct sf_zone *zone = NULL;
	assert_int_equal(sf_zones_find(machine, "Europe/Copenhagen", &zone, &diag), SF_OK);
	assert_string_equal(zone->name, "Europe/Copenhagen");
	assert_int_equal(sf_zone_offset_s(zone, 1774746000000 - 1), 3600);
	assert_int_equal(sf_zone_offset_s(zone, 1774746000000), 7200);
	int32_t last_autumn = sf_day_from_date(2100, 10, 31);
	assert_int_equal(
		sf_zone_instant(zone, last_autumn + 1, 0) - sf_zone_instant(zone, last_autumn, 0),
		25 * 3600 * 1000);
}

static void test_zone_is_read_once(void **state)
{
	(void)state;
	const struct sf_zone *first = NULL, *other = NULL, *again = NULL;
	assert_int_equal(sf_zones_find(machine, "Europe/Copenhagen", &first, &diag), SF_OK);
	assert_int_equal(sf_zones_find(machine, "America/New_York", &other, &diag), SF_OK);
	assert_int_equal(sf_zones_find(machine, "Europe/Copenhagen", &again, &diag), SF_OK);
	assert_ptr_equal(first, again);
	assert_ptr_not_equal(first, other);
}

static void test_names_that_leave_the_folder_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "/etc/passwd", "../../../etc/passwd",
		"Europe/../Europe/Copenhagen", "Europe//Copenhagen", "Europe/",
		"Europe/Copen hagen", "Europe\\Copenhagen", "tzdata.zi", "zone.tab", "Aar\xc3\xa5s",
		"a_name_that_is_longer_than_any_name_in_the_database_of_time_zones_is"};
	const struct sf_zone *zone = NULL;
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_false(sf_zone_name_is_valid(wrong[i]));
		assert_int_equal(sf_zones_find(machine, wrong[i], &zone, &diag), SF_ERR_USAGE);
	}
	assert_true(sf_zone_name_is_valid("Etc/GMT+5"));
	assert_true(sf_zone_name_is_valid("America/Argentina/Buenos_Aires"));
	assert_null(zone);
}

static void test_missing_zone_says_what_to_do(void **state)
{
	(void)state;
	const struct sf_zone *zone = NULL;
	assert_int_equal(sf_zones_find(machine, "Europe/Nowhere", &zone, &diag), SF_ERR_NOT_FOUND);
	assert_string_equal(diag.text, "time zone Europe/Nowhere: no "
				       "/usr/share/zoneinfo/Europe/Nowhere; install tzdata or "
				       "write another zone");
	assert_int_equal(sf_zones_find(machine, "Europe", &zone, &diag), SF_ERR_IO);
	assert_null(zone);
}

static void test_damaged_file_is_refused_and_read_anew(void **state)
{
	(void)state;
	char folder[] = "/tmp/stafet-zones-XXXXXX", path[64];
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/Damaged", folder);
	struct sf_zones *zones = NULL;
	const struct sf_zone *zone = NULL;
	assert_int_equal(sf_zones_open(folder, &zones, &diag), SF_OK);
	assert_int_equal(sf_file_write(path, sf_view_text("TZif2"), 0600, NULL), SF_OK);
	assert_int_equal(sf_zones_find(zones, "Damaged", &zone, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "time zone Damaged: "));
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_file_read(SF_ZONE_FOLDER "/Europe/Copenhagen", &buf, NULL), SF_OK);
	assert_int_equal(sf_file_write(path, sf_buf_view(&buf), 0600, NULL), SF_OK);
	assert_int_equal(sf_zones_find(zones, "Damaged", &zone, &diag), SF_OK);
	/* Read once: the zone stays when the file is gone. */
	unlink(path);
	assert_int_equal(sf_zones_find(zones, "Damaged", &zone, &diag), SF_OK);
	sf_buf_fini(&buf);
	sf_zones_close(&zones);
	assert_int_equal(rmdir(folder), 0);
}

static void test_folder_with_a_long_name_is_a_limit(void **state)
{
	(void)state;
	char folder[1000] = "";
	memset(folder, 'x', sizeof(folder) - 1);
	struct sf_zones *zones = NULL;
	assert_int_equal(sf_zones_open(folder, &zones, &diag), SF_ERR_LIMIT);
	assert_null(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copenhagen_has_days_of_23_and_25_hours),
		cmocka_unit_test(test_zone_is_read_once),
		cmocka_unit_test(test_names_that_leave_the_folder_are_refused),
		cmocka_unit_test(test_missing_zone_says_what_to_do),
		cmocka_unit_test(test_damaged_file_is_refused_and_read_anew),
		cmocka_unit_test(test_folder_with_a_long_name_is_a_limit),
	};
	return cmocka_run_group_tests(tests, open_machine, close_machine);
}
