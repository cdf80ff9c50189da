#include <string.h>

#include "wire/agreement_pathway.h"
#include "wire/field.h"
#include "wire/allocator.h"
#include "wire/record.h"
#include "wire/strict.h"

/* Unpacked or packed by protobuf-c, for a moment: many small structs beside the texts. */
#define WORK_SIZE_MAX (8 * SF_AGREEMENT_SIZE_MAX)
#define DAY_MAX 2932896u /* 9999-12-31 */
#define MINUTES_A_DAY 1440u

static const char danish_calendar[] = "denmark";

static enum sf_err wrong(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "%s", what);
	return SF_ERR_FORMAT;
}

static enum sf_err read_suspended(
	const Stafet__V1__Calendar *in, struct sf_calendar *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(
		in->n_suspended, 0, SF_SUSPENDED_MAX, "number of suspended periods", diag);
	for (size_t i = 0; !err && i < in->n_suspended; i++) {
		const Stafet__V1__Period *period = in->suspended[i];
		err = sf_field_range(period->to_day, 0, DAY_MAX, "suspended to_day", diag);
		if (!err && period->from_day > period->to_day)
			err = wrong(diag, "suspended ends before it begins");
		if (err)
			break;
		out->suspended[i].from_day = (int32_t)period->from_day;
		out->suspended[i].to_day = (int32_t)period->to_day;
		out->suspended_count = i + 1;
	}
	return err;
}

static enum sf_err read_calendar(
	const Stafet__V1__Calendar *in, struct sf_agreement *out, struct sf_diag *diag)
{
	if (!in)
		return SF_OK;
	enum sf_err err = sf_field_text(
		in->name, "calendar", out->calendar_name, sizeof(out->calendar_name), diag);
	out->calendar.danish = strcmp(in->name, danish_calendar) == 0;
	if (!err && !out->calendar.danish && in->name[0] != '\0')
		err = wrong(diag, "calendar is not known");
	if (!err)
		err = read_suspended(in, &out->calendar, diag);
	if (!err)
		err = sf_field_range(
			in->reading_to_minute, 0, MINUTES_A_DAY, "reading_to_minute", diag);
	bool whole_day = in->reading_from_minute == 0 && in->reading_to_minute == 0;
	if (!err && !whole_day && in->reading_from_minute >= in->reading_to_minute)
		err = wrong(diag, "reading hours end before they begin");
	if (err)
		return err;
	out->calendar.reading_from_minute = (int32_t)in->reading_from_minute;
	out->calendar.reading_to_minute = (int32_t)in->reading_to_minute;
	out->calendar.reading_daily = in->reading_daily;
	return SF_OK;
}

static enum sf_err read_pathways(
	const Stafet__V1__Agreement *in, struct sf_agreement *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(
		in->n_pathways, 1, SF_AGREEMENT_PATHWAYS_MAX, "number of pathways", diag);
	for (size_t i = 0; !err && i < in->n_pathways; i++) {
		err = sf_pathway_read(in->pathways[i], &out->pathways[i], diag);
		for (size_t j = 0; !err && j < i; j++) {
			if (out->pathways[i].pathway == out->pathways[j].pathway)
				err = wrong(diag, "stands twice");
		}
		out->pathway_count = i + 1;
		if (err)
			sf_diag_prefix(diag, "pathway %zu", i + 1);
	}
	return err;
}

static enum sf_err read_agreement(
	const Stafet__V1__Agreement *in, struct sf_agreement *out, struct sf_diag *diag)
{
	enum sf_err err =
		sf_agreement_text_read(in->name, "name", out->name, sizeof(out->name), diag);
	if (!err && out->name[0] == '\0')
		err = wrong(diag, "name is missing");
	if (!err)
		err = sf_field_range(in->version, 1, UINT32_MAX, "version", diag);
	if (!err)
		err = sf_field_range(in->valid_from_day, 0, DAY_MAX, "valid_from_day", diag);
	if (!err)
		err = sf_agreement_text_read(
			in->time_zone, "time_zone", out->time_zone, sizeof(out->time_zone), diag);
	if (!err)
		err = read_calendar(in->calendar, out, diag);
	if (!err)
		err = sf_field_range(in->cut_off, 0, MINUTES_A_DAY, "cut_off", diag);
	if (err)
		return err;
	out->version = in->version;
	out->valid_from_day = (int32_t)in->valid_from_day;
	out->cut_off_minute = (int32_t)in->cut_off - 1;
	return read_pathways(in, out, diag);
}

enum sf_err sf_agreement_decode(
	struct sf_view bytes, struct sf_agreement *ret_agreement, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = SF_EXPECTATION_MAX};
	struct sf_arena arena;
	sf_arena_init(&arena, WORK_SIZE_MAX);
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, &arena);
	void *unpacked = NULL;
	enum sf_err err = SF_OK;
	/* Straight into the caller's place: it is too large for a second one on the stack. */
	memset(ret_agreement, 0, sizeof(*ret_agreement));
	if (bytes.size > SF_AGREEMENT_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", SF_AGREEMENT_SIZE_MAX);
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_strict_check(&strict, &stafet__v1__agreement__descriptor, bytes, diag);
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__agreement__descriptor, bytes, &allocator, &unpacked, diag);
	if (!err)
		err = read_agreement(unpacked, ret_agreement, diag);
	sf_arena_fini(&arena);
	if (err) {
		memset(ret_agreement, 0, sizeof(*ret_agreement));
		sf_diag_prefix(diag, "agreement");
	}
	return err;
}

/* Left out for what a calendar says by itself: every day alike, read at any hour. */
static Stafet__V1__Calendar *write_calendar(
	const struct sf_agreement *in, struct sf_agreement_work *work)
{
	const struct sf_calendar *calendar = &in->calendar;
	if (in->calendar_name[0] == '\0' && calendar->suspended_count == 0 &&
		calendar->reading_to_minute == 0 && !calendar->reading_daily)
		return NULL;
	size_t count = calendar->suspended_count;
	Stafet__V1__Calendar *out = sf_work_take(work, 1, sizeof(*out));
	Stafet__V1__Period *periods = sf_work_take(work, count, sizeof(*periods));
	Stafet__V1__Period **pointers = sf_work_take(work, count, sizeof(*pointers));
	if (work->failed)
		return NULL;
	stafet__v1__calendar__init(out);
	for (size_t i = 0; i < count; i++) {
		stafet__v1__period__init(&periods[i]);
		periods[i].from_day = (uint32_t)calendar->suspended[i].from_day;
		periods[i].to_day = (uint32_t)calendar->suspended[i].to_day;
		pointers[i] = &periods[i];
	}
	out->name = sf_field_of_text(in->calendar_name);
	out->n_suspended = count;
	out->suspended = pointers;
	out->reading_from_minute = (uint32_t)calendar->reading_from_minute;
	out->reading_to_minute = (uint32_t)calendar->reading_to_minute;
	out->reading_daily = calendar->reading_daily;
	return out;
}

static enum sf_err write_agreement(
	const struct sf_agreement *in, struct sf_agreement_work *work, struct sf_buf *buf)
{
	Stafet__V1__Pathway *pathways[SF_AGREEMENT_PATHWAYS_MAX];
	Stafet__V1__Agreement out = STAFET__V1__AGREEMENT__INIT;
	for (size_t i = 0; !work->failed && i < in->pathway_count; i++)
		pathways[i] = sf_pathway_write(&in->pathways[i], work);
	out.name = sf_field_of_text(in->name);
	out.version = in->version;
	out.valid_from_day = (uint32_t)in->valid_from_day;
	out.time_zone = sf_field_of_text(in->time_zone);
	out.calendar = write_calendar(in, work);
	out.cut_off = (uint32_t)(in->cut_off_minute + 1);
	out.n_pathways = in->pathway_count;
	out.pathways = pathways;
	if (work->failed || protobuf_c_message_get_packed_size(&out.base) > SF_AGREEMENT_SIZE_MAX)
		return SF_ERR_LIMIT;
	return sf_proto_pack(&out.base, buf);
}

enum sf_err sf_agreement_encode(const struct sf_agreement *agreement, struct sf_buf *buf)
{
	if (agreement->pathway_count > SF_AGREEMENT_PATHWAYS_MAX ||
		agreement->calendar.suspended_count > SF_SUSPENDED_MAX)
		return SF_ERR_LIMIT;
	struct sf_agreement_work work = {.failed = false};
	sf_arena_init(&work.arena, WORK_SIZE_MAX);
	enum sf_err err = write_agreement(agreement, &work, buf);
	sf_arena_fini(&work.arena);
	return err;
}
