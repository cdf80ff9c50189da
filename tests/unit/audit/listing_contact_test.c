/* Whom to call at an hour, from the directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/audit/terms.h"

/* Winter time all the year: the zone's own tests know of summers. */
static const struct sf_zone winter = {.name = "winter", .first_offset_s = 3600};

/* Wednesday 25 November 2026, at that hour on the wall. */
static int64_t wednesday(int32_t hour)
{
	return sf_zone_instant(&winter, sf_day_from_date(2026, 11, 25), hour * 60);
}

/* The hospital's second entry has desks: by day and by night, and nobody in the evening. */
static void add_desks(struct terms *terms)
{
	struct sf_directory_entry *entry = malloc(sizeof(*entry));
	assert_non_null(entry);
	*entry = *sf_directory_party(terms->directory, scene_party('H'));
	entry->previous = entry->digest;
	entry->version = 2;
	entry->digest.bytes[1] = 2;
	entry->contact_count = 2;
	entry->contacts[0] =
		(struct sf_contact){"11111111", "dag", SF_CONTACT_WEEKDAYS, 7 * 60, 15 * 60};
	entry->contacts[1] =
		(struct sf_contact){"22222222", "nat", SF_CONTACT_ALL, 23 * 60, 7 * 60};
	struct sf_diag diag = {.text = ""};
	if (sf_directory_add(terms->directory, entry, &diag))
		fail_msg("%s", diag.text);
	free(entry);
}

static void begin(struct terms *terms, struct scene *scene)
{
	terms_open(terms, 48 * 60);
	scene_open_by(scene, &terms->book);
	add_desks(terms);
	assert_int_equal(scene_parties(scene, "HKG", MEDICAL | CARE), 0);
	assert_int_equal(scene_stay(scene, "STIN", NULL), 0);
}

static void end(struct terms *terms, struct scene *scene)
{
	scene_close(scene);
	terms_close(terms);
}

static struct sf_contact_row medical(
	struct terms *terms, const struct scene *scene, const struct sf_zone *zone, int64_t now_ms)
{
	size_t count = 0;
	struct sf_contact_row *rows =
		sf_listing_contacts(&terms->listing, scene->transition, &count);
	sf_listing_contact_hours(&terms->listing, zone, now_ms, rows, count);
	assert_true(count > 0 && rows[0].domain == SF_DOMAIN_MEDICAL);
	return rows[0];
}

static void test_desk_of_the_hour_is_called_and_the_next_is_named(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_contact_row row = medical(&terms, &scene, &winter, wednesday(3));
	assert_int_equal(row.source, SF_CONTACT_OF_HOURS);
	assert_string_equal(row.telephone, "22222222");
	assert_string_equal(row.name, "nat");
	assert_int_equal(row.until_ms, wednesday(7));
	assert_string_equal(row.next_name, "dag");
	assert_string_equal(row.next_telephone, "11111111");
	row = medical(&terms, &scene, &winter, wednesday(8));
	assert_string_equal(row.telephone, "11111111");
	assert_int_equal(row.until_ms, wednesday(15));
	assert_string_equal(row.next_telephone, "");
	end(&terms, &scene);
}

/* Nobody answers by the hours: the support contact stands, and when somebody will. */
static void test_support_stands_while_nobody_is_there(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_contact_row row = medical(&terms, &scene, &winter, wednesday(16));
	assert_int_equal(row.source, SF_CONTACT_OF_SUPPORT);
	assert_string_equal(row.telephone, "call H");
	assert_int_equal(row.until_ms, wednesday(23));
	assert_string_equal(row.next_name, "nat");
	/* Without the zone nobody can say what hour it is there. */
	row = medical(&terms, &scene, NULL, wednesday(8));
	assert_int_equal(row.source, SF_CONTACT_OF_SUPPORT);
	assert_int_equal(row.until_ms, 0);
	end(&terms, &scene);
}

static void test_directory_lists_desks_and_marks_the_one(void **state)
{
	(void)state;
	struct terms terms;
	struct scene scene;
	begin(&terms, &scene);
	struct sf_reply_directory reply;
	assert_int_equal(
		sf_listing_directory(&terms.listing, "", &winter, wednesday(8), &reply), SF_OK);
	assert_true(reply.row_count > 1);
	for (size_t i = 0; i < reply.row_count; i++) {
		const struct sf_directory_row *row = &reply.rows[i];
		bool hospital = sf_id_equal(row->party, scene_party('H'));
		assert_int_equal(row->desk_count, hospital ? 2 : 0);
		assert_int_equal(row->desks_until_ms, hospital ? wednesday(15) : SF_NEVER_MS);
		if (!hospital)
			continue;
		assert_true(row->desks[0].now);
		assert_false(row->desks[1].now);
		assert_string_equal(row->desks[1].what, "nat");
		assert_int_equal(row->desks[1].from_minute, 23 * 60);
	}
	end(&terms, &scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_desk_of_the_hour_is_called_and_the_next_is_named),
		cmocka_unit_test(test_support_stands_while_nobody_is_there),
		cmocka_unit_test(test_directory_lists_desks_and_marks_the_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
