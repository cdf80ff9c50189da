#include "os/zone.h"

#include <string.h>

#include "base/time.h"
#include "core/calendar.h"
#include "os/zone_rule.h"

#define RESERVED_SIZE ((size_t)15)
#define TIME_SIZE_1 ((size_t)4) /* of the first block, for readers of version 1 */
#define TIME_SIZE_2 ((size_t)8)
#define TYPE_SIZE ((size_t)6)
#define FOOTER_SIZE_MAX ((size_t)256)
/* RFC 8536 section 3.2: no zone was ever further from UTC. */
#define OFFSET_MIN_S (-89999)
#define OFFSET_MAX_S 93599
#define RULE_YEAR_MIN 1970

/* RFC 8536 section 3.1, in the order of the file. */
struct header {
	uint8_t version;
	uint32_t universal_count, standard_count, leap_count, time_count, type_count, char_count;
};

/* Changes while they are gathered. */
struct gathering {
	struct sf_zone_change *changes; /* of the arena, SF_ZONE_CHANGES_MAX of them */
	size_t count;
	int32_t first_offset_s;
};

static enum sf_err wrong(struct sf_diag *diag, enum sf_err err, const char *what)
{
	sf_diag_set(diag, "%s; install or repair tzdata", what);
	return err;
}

static enum sf_err read_header(struct sf_reader *reader, struct header *ret_header)
{
	static const uint8_t magic[] = {'T', 'Z', 'i', 'f'};
	struct sf_view view;
	struct header header = {0};
	enum sf_err err = sf_reader_bytes(reader, sizeof(magic), &view);
	if (err || !sf_view_equal(view, sf_view_of(magic, sizeof(magic))))
		return SF_ERR_FORMAT;
	err = sf_reader_u8(reader, &header.version);
	if (!err)
		err = sf_reader_bytes(reader, RESERVED_SIZE, &view);
	uint32_t *const counts[] = {&header.universal_count, &header.standard_count,
		&header.leap_count, &header.time_count, &header.type_count, &header.char_count};
	for (size_t i = 0; !err && i < SF_COUNT(counts); i++)
		err = sf_reader_u32(reader, counts[i]);
	if (!err)
		*ret_header = header;
	return err;
}

/* In 64 bits, which no six counts of 32 bits fill. */
static uint64_t block_size(const struct header *header, size_t time_size)
{
	return (uint64_t)header->time_count * (time_size + 1) +
	       (uint64_t)header->type_count * TYPE_SIZE + header->char_count +
	       (uint64_t)header->leap_count * (time_size + 4) + header->standard_count +
	       header->universal_count;
}

static enum sf_err skip_block(
	struct sf_reader *reader, const struct header *header, size_t time_size)
{
	uint64_t size = block_size(header, time_size);
	struct sf_view skipped;
	return size <= reader->rest.size ? sf_reader_bytes(reader, (size_t)size, &skipped)
					 : SF_ERR_FORMAT;
}

static int64_t seconds_to_ms(int64_t time_s)
{
	if (time_s > INT64_MAX / SF_SECOND_MS)
		return INT64_MAX;
	return time_s < INT64_MIN / SF_SECOND_MS ? INT64_MIN : time_s * SF_SECOND_MS;
}

static enum sf_err offset_of(struct sf_view types, size_t type, int32_t *ret_offset_s)
{
	if (type >= types.size / TYPE_SIZE)
		return SF_ERR_FORMAT;
	uint32_t bits = sf_get_u32(types.data + type * TYPE_SIZE);
	int64_t offset_s = bits <= INT32_MAX ? (int64_t)bits : (int64_t)bits - (1LL << 32);
	if (offset_s < OFFSET_MIN_S || offset_s > OFFSET_MAX_S)
		return SF_ERR_FORMAT;
	*ret_offset_s = (int32_t)offset_s;
	return SF_OK;
}

/* RFC 8536 section 3.2, the block of 64 bits: times, their types, the types. */
static enum sf_err read_changes(
	struct sf_reader *reader, const struct header *header, struct gathering *gathering)
{
	struct sf_reader block = *reader;
	struct sf_view times = {0}, indices = {0}, types = {0};
	enum sf_err err = skip_block(reader, header, TIME_SIZE_2);
	if (!err)
		err = sf_reader_bytes(&block, header->time_count * TIME_SIZE_2, &times);
	if (!err)
		err = sf_reader_bytes(&block, header->time_count, &indices);
	if (!err)
		err = sf_reader_bytes(&block, header->type_count * TYPE_SIZE, &types);
	/* The first type holds before the first change. */
	if (!err)
		err = offset_of(types, 0, &gathering->first_offset_s);
	int64_t last_s = INT64_MIN;
	for (size_t i = 0; !err && i < header->time_count; i++) {
		int64_t time_s = 0;
		uint64_t bits = sf_get_u64(times.data + i * TIME_SIZE_2);
		memcpy(&time_s, &bits, sizeof(time_s));
		struct sf_zone_change *change = &gathering->changes[gathering->count++];
		change->at_ms = seconds_to_ms(time_s);
		err = offset_of(types, indices.data[i], &change->offset_s);
		if (i > 0 && time_s <= last_s)
			err = SF_ERR_FORMAT;
		last_s = time_s;
	}
	return err;
}

/* RFC 8536 section 3.3: a line of its own. */
static enum sf_err read_footer(struct sf_reader *reader, struct sf_view *ret_text)
{
	struct sf_view rest = reader->rest;
	if (rest.size < 2 || rest.data[0] != '\n')
		return SF_ERR_FORMAT;
	rest = sf_view_of(rest.data + 1, rest.size - 1);
	const uint8_t *end = memchr(rest.data, '\n', rest.size);
	if (!end || (size_t)(end - rest.data) > FOOTER_SIZE_MAX)
		return SF_ERR_FORMAT;
	*ret_text = sf_view_of(rest.data, (size_t)(end - rest.data));
	return SF_OK;
}

/*
 * A rule that holds all the year ends daylight time at the instant at which it begins again: the
 * later of two changes at one time counts.
 */
static enum sf_err add_change(struct gathering *gathering, const struct sf_zone_change *change)
{
	struct sf_zone_change *last =
		gathering->count > 0 ? &gathering->changes[gathering->count - 1] : NULL;
	if (last && change->at_ms < last->at_ms)
		return SF_ERR_FORMAT;
	if (last && change->at_ms == last->at_ms) {
		last->offset_s = change->offset_s;
		return SF_OK;
	}
	if (gathering->count == SF_ZONE_CHANGES_MAX)
		return SF_ERR_LIMIT;
	gathering->changes[gathering->count++] = *change;
	return SF_OK;
}

/* Writes the rule out from the last change of the file on, which its own changes precede. */
static enum sf_err add_rule(struct gathering *gathering, const struct sf_zone_rule *rule)
{
	int64_t after_ms = INT64_MIN;
	int32_t year = RULE_YEAR_MIN;
	if (gathering->count > 0) {
		after_ms = gathering->changes[gathering->count - 1].at_ms;
		struct sf_local_time last = sf_zone_local(NULL, after_ms);
		int32_t month = 0, day_of_month = 0, last_year = 0;
		sf_day_to_date(last.day, &last_year, &month, &day_of_month);
		/* A change of the year before may fall into this one. */
		if (last_year - 1 > year)
			year = last_year - 1;
	}
	enum sf_err err = SF_OK;
	for (; !err && year <= SF_ZONE_YEAR_MAX; year++) {
		struct sf_zone_change changes[2];
		sf_zone_rule_changes(rule, year, changes);
		for (size_t i = 0; !err && i < SF_COUNT(changes); i++)
			if (changes[i].at_ms > after_ms)
				err = add_change(gathering, &changes[i]);
	}
	return err;
}

static enum sf_err read_rule(
	struct sf_reader *reader, struct gathering *gathering, struct sf_diag *diag)
{
	struct sf_view text = {0};
	struct sf_zone_rule rule = {.has_daylight = false};
	enum sf_err err = read_footer(reader, &text);
	if (!err && text.size > 0)
		err = sf_zone_rule_parse(text, &rule);
	if (err)
		return wrong(diag, err, "the rule in the footer is not readable");
	if (!rule.has_daylight)
		return SF_OK; /* the last change goes on */
	err = add_rule(gathering, &rule);
	if (err == SF_ERR_FORMAT)
		return wrong(diag, err, "the rule's periods overlap");
	return err ? wrong(diag, err, "more changes of the clock than are read") : SF_OK;
}

static enum sf_err read_blocks(
	struct sf_reader *reader, struct gathering *gathering, struct sf_diag *diag)
{
	struct header header = {0};
	enum sf_err err = read_header(reader, &header);
	if (err)
		return wrong(diag, err, "not a file of the tz database (RFC 8536)");
	if (header.version < '2')
		return wrong(diag, SF_ERR_UNSUPPORTED, "written as version 1, which ends in 2037");
	err = skip_block(reader, &header, TIME_SIZE_1);
	if (!err)
		err = read_header(reader, &header);
	if (err)
		return wrong(diag, err, "the file is cut off");
	if (header.leap_count > 0)
		return wrong(
			diag, SF_ERR_UNSUPPORTED, "counts leap seconds, take it from elsewhere");
	if (header.time_count > SF_ZONE_CHANGES_MAX)
		return wrong(diag, SF_ERR_LIMIT, "more changes of the clock than are read");
	err = read_changes(reader, &header, gathering);
	return err ? wrong(diag, err, "the changes of the clock are not readable") : SF_OK;
}

enum sf_err sf_zone_parse(const char *name, struct sf_view tzif, struct sf_arena *arena,
	struct sf_zone *ret_zone, struct sf_diag *diag)
{
	struct sf_zone zone = {.change_count = 0};
	struct gathering gathering = {.changes = sf_arena_take_many(arena, SF_ZONE_CHANGES_MAX,
					      sizeof(*gathering.changes))};
	if (!gathering.changes || strlen(name) >= sizeof(zone.name)) {
		sf_diag_set(diag, "no room for the time zone");
		return SF_ERR_LIMIT;
	}
	struct sf_reader reader = {.rest = tzif};
	enum sf_err err = read_blocks(&reader, &gathering, diag);
	if (!err)
		err = read_rule(&reader, &gathering, diag);
	if (err)
		return err;
	memcpy(zone.name, name, strlen(name));
	zone.first_offset_s = gathering.first_offset_s;
	zone.change_count = gathering.count;
	zone.changes = gathering.changes;
	*ret_zone = zone;
	return SF_OK;
}
