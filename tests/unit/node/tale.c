#include "unit/node/tale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/time.h"

#define ROOM ((size_t)1048576)

int tale_open(void **state)
{
	struct tale *tale = calloc(1, sizeof(*tale));
	assert_non_null(tale);
	sf_arena_init(&tale->arena, ROOM);
	assert_int_equal(sf_visit_init(&tale->arena, &tale->visit), SF_OK);
	tale->department.bytes[0] = 7;
	*state = tale;
	return 0;
}

int tale_close(void **state)
{
	struct tale *tale = *state;
	sf_arena_fini(&tale->arena);
	free(tale);
	return 0;
}

void tale_restart(struct tale *tale)
{
	sf_arena_clear(&tale->arena);
	assert_int_equal(sf_visit_init(&tale->arena, &tale->visit), SF_OK);
}

struct sf_id tale_id(size_t number)
{
	struct sf_id id = {{0x80}};
	sf_put_u64(id.bytes + 8, number);
	return id;
}

static enum sf_stay_class class_of(enum sf_activity activity)
{
	return activity == EMERGENCY ? SF_STAY_CLASS_EMERGENCY : SF_STAY_CLASS_INPATIENT;
}

struct sf_node_row_hl7 tale_letter(
	const struct tale *tale, enum sf_activity activity, enum sf_mode mode, int64_t minute)
{
	const struct sf_visit *visit = &tale->visit;
	size_t count = visit->letter_count;
	const struct sf_node_row_hl7 *top = sf_visit_top(visit);
	struct sf_node_row_hl7 row = {.position = (int64_t)count + 1,
		.transition = tale_id(1000),
		.letter = tale_id(count + 1),
		.receiver = tale_id(2000 + count),
		.activity = activity,
		.mode = mode,
		.current = activity,
		.stay_class = top ? top->stay_class : class_of(activity),
		.event_ms = TALE_BEGIN_MS + minute * SF_MINUTE_MS,
		.recorded_ms = TALE_BEGIN_MS + (int64_t)count * SF_MINUTE_MS,
		.admitted_ms = TALE_BEGIN_MS,
		.department = tale->department};
	if (sf_activity_is_admission(activity))
		row.stay_class = class_of(activity);
	if (mode == SF_MODE_NEW && visit->standing_count > 0)
		row.predecessor = visit->letters[count - 1].letter;
	if (mode != SF_MODE_NEW && top)
		row.predecessor = top->letter;
	return row;
}

void tale_follow(struct tale *tale, const struct sf_node_row_hl7 *row)
{
	assert_int_equal(sf_visit_follow(&tale->visit, row), SF_OK);
	assert_int_equal(sf_visit_settle(&tale->visit), SF_OK);
}

void tale_told(struct tale *tale, enum sf_activity activity, enum sf_mode mode, int64_t minute)
{
	struct sf_node_row_hl7 row = tale_letter(tale, activity, mode, minute);
	tale_follow(tale, &row);
}

void tale_begun(struct tale *tale, enum sf_activity admission)
{
	tale_restart(tale);
	tale_told(tale, admission, SF_MODE_NEW, 0);
}
