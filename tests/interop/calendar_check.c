/*
 * Answers every case of calendar_cases.py from the standard input and compares. A line is a letter
 * and whole numbers; the last of them is what Python says:
 *
 *   Z name                              the zone of the lines that follow
 *   O time_ms offset_s
 *   L time_ms day minute ms
 *   I day minute time_ms
 *   H day weekday is_holiday
 *   D danish suspended_count {from to} reading_from reading_to reading_daily part_count
 *     {rule amount minute if_before} base_ms discharge_ms planned_until_ms due_ms
 *
 * Prints the first lines that differ with the own answer. Exit code 1 when any does, or when the
 * input cannot be read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/deadline.h"
#include "os/zones.h"

#define NUMBERS_MAX 64
#define SHOWN_MAX 10

struct checker {
	struct sf_zones *zones;
	const struct sf_zone *zone;
	size_t count, wrong;
	char line[1024];
	int64_t numbers[NUMBERS_MAX];
	size_t number_count, at; /* at: the next one to take */
	bool overrun;
};

static int64_t take(struct checker *checker)
{
	if (checker->at < checker->number_count)
		return checker->numbers[checker->at++];
	checker->overrun = true;
	return 0;
}

static int32_t take32(struct checker *checker)
{
	return (int32_t)take(checker);
}

static void expect(struct checker *checker, int64_t own)
{
	int64_t wanted = take(checker);
	if (own == wanted && !checker->overrun)
		return;
	if (checker->wrong++ < SHOWN_MAX)
		fprintf(stderr, "%s: here %" PRId64 ", wanted %" PRId64 ": %s",
			checker->zone ? checker->zone->name : "UTC", own, wanted, checker->line);
}

static void check_deadline(struct checker *checker)
{
	struct sf_calendar calendar = {.zone = checker->zone, .danish = take(checker) != 0};
	calendar.suspended_count = (size_t)take(checker);
	for (size_t i = 0; i < calendar.suspended_count && i < SF_SUSPENDED_MAX; i++) {
		calendar.suspended[i].from_day = take32(checker);
		calendar.suspended[i].to_day = take32(checker);
	}
	calendar.reading_from_minute = take32(checker);
	calendar.reading_to_minute = take32(checker);
	calendar.reading_daily = take(checker) != 0;
	struct sf_deadline deadline = {.part_count = (size_t)take(checker)};
	for (size_t i = 0; i < deadline.part_count && i < SF_DEADLINE_PARTS_MAX; i++) {
		deadline.parts[i].rule = (enum sf_deadline_rule)take(checker);
		deadline.parts[i].amount = take32(checker);
		deadline.parts[i].minute = take32(checker);
		deadline.parts[i].if_before_minute = take32(checker);
	}
	int64_t base_ms = take(checker);
	struct sf_discharge_times discharge = {.discharge_ms = take(checker)};
	discharge.planned_until_ms = take(checker);
	expect(checker, sf_deadline_due_ms(&deadline, &calendar, base_ms, &discharge));
}

static void check_local(struct checker *checker)
{
	struct sf_local_time local = sf_zone_local(checker->zone, take(checker));
	expect(checker, local.day);
	expect(checker, local.minute);
	expect(checker, local.ms);
}

static bool check(struct checker *checker)
{
	int32_t day = 0;
	checker->count++;
	switch (checker->line[0]) {
	case 'O':
		expect(checker, sf_zone_offset_s(checker->zone, take(checker)));
		return true;
	case 'L':
		check_local(checker);
		return true;
	case 'I':
		day = take32(checker);
		expect(checker, sf_zone_instant(checker->zone, day, take32(checker)));
		return true;
	case 'H':
		day = take32(checker);
		expect(checker, sf_day_weekday(day));
		expect(checker, sf_day_is_public_holiday(day));
		return true;
	case 'D':
		check_deadline(checker);
		return true;
	default:
		return false;
	}
}

static bool change_zone(struct checker *checker)
{
	struct sf_diag diag = {{0}};
	char name[64] = "";
	if (sscanf(checker->line, "Z %63s", name) != 1)
		return false;
	if (sf_zones_find(checker->zones, name, &checker->zone, &diag) == SF_OK)
		return true;
	fprintf(stderr, "%s\n", diag.text);
	return false;
}

static bool read_line(struct checker *checker)
{
	if (checker->line[0] == 'Z')
		return change_zone(checker);
	checker->number_count = checker->at = 0;
	int used = 0;
	for (const char *at = checker->line + 1;
		checker->number_count < NUMBERS_MAX &&
		sscanf(at, "%" SCNd64 "%n", &checker->numbers[checker->number_count], &used) == 1;
		at += used)
		checker->number_count++;
	return check(checker) && checker->at == checker->number_count;
}

int main(void)
{
	struct sf_diag diag = {{0}};
	struct checker checker = {.zone = NULL};
	if (sf_zones_open(SF_ZONE_FOLDER, &checker.zones, &diag) != SF_OK)
		return 1;
	bool read = true;
	while (read && fgets(checker.line, sizeof(checker.line), stdin))
		read = read_line(&checker);
	sf_zones_close(&checker.zones);
	if (!read)
		fprintf(stderr, "not readable: %s", checker.line);
	printf("%zu cases, %zu differ\n", checker.count, checker.wrong);
	return read && checker.count > 0 && checker.wrong == 0 ? 0 : 1;
}
