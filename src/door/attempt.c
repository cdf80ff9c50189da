#include "door/attempt.h"

#include "base/time.h"
#include "door/secret.h"

#define FORGOTTEN_MS SF_DAY_MS
#define SWEEP_MAX ((size_t)16) /* forgotten with each new one: more than come */

static enum sf_err find(const struct sf_door *door, const char *user,
	struct sf_door_row_attempt *ret_row, struct sf_diag *diag)
{
	struct sf_door_row_attempt row = {.name = sf_door_digest(door, "attempt", user)};
	const struct sf_digest name = row.name;
	enum sf_err err =
		door->store->get(door->store->self, &sf_door_table_attempt, 0, &row, diag);
	bool old = !err && door->now_ms - row.last_ms >= FORGOTTEN_MS;
	if (err == SF_ERR_NOT_FOUND || old) {
		*ret_row = (struct sf_door_row_attempt){.name = name};
		return SF_OK;
	}
	if (!err)
		*ret_row = row;
	return err;
}

static int64_t wait_after(int64_t failures)
{
	int64_t wait_ms = SF_SECOND_MS;
	if (failures < SF_ATTEMPT_FREE)
		return 0;
	for (int64_t i = SF_ATTEMPT_FREE; i < failures && wait_ms < SF_ATTEMPT_WAIT_MS_MAX; i++)
		wait_ms *= 2;
	return wait_ms < SF_ATTEMPT_WAIT_MS_MAX ? wait_ms : SF_ATTEMPT_WAIT_MS_MAX;
}

enum sf_err sf_attempt_wait(
	const struct sf_door *door, const char *user, int64_t *ret_wait_ms, struct sf_diag *diag)
{
	struct sf_door_row_attempt row;
	enum sf_err err = find(door, user, &row, diag);
	if (err)
		return err;
	int64_t left_ms = row.last_ms + wait_after(row.failures) - door->now_ms;
	/* A clock that was set back keeps nobody out for longer than the wait itself. */
	int64_t wait_ms = wait_after(row.failures);
	*ret_wait_ms = left_ms < 0 ? 0 : left_ms < wait_ms ? left_ms : wait_ms;
	return SF_OK;
}

struct sweep {
	size_t count;
	struct sf_digest names[SWEEP_MAX];
};

static bool visit(void *context, const void *row)
{
	struct sweep *sweep = context;
	const struct sf_door_row_attempt *attempt = row;
	sweep->names[sweep->count++] = attempt->name;
	return sweep->count < SWEEP_MAX;
}

/* Names that nobody has tried for a day. */
static enum sf_err sweep_old(const struct sf_door *door, struct sf_diag *diag)
{
	struct sweep sweep = {.count = 0};
	const struct sf_door_row_attempt from = {.last_ms = door->now_ms - FORGOTTEN_MS};
	const struct sf_scan scan = {.table = &sf_door_table_attempt,
		.index = SF_DOOR_ATTEMPT_BY_LAST,
		.from = &from,
		.bounded = true,
		.descending = true,
		.count_max = SWEEP_MAX};
	enum sf_err err = door->store->scan(door->store->self, &scan, visit, &sweep, diag);
	for (size_t i = 0; i < sweep.count && !err; i++) {
		const struct sf_door_row_attempt key = {.name = sweep.names[i]};
		err = door->store->remove(door->store->self, &sf_door_table_attempt, &key, diag);
	}
	return err;
}

enum sf_err sf_attempt_failed(const struct sf_door *door, const char *user, struct sf_diag *diag)
{
	struct sf_door_row_attempt row;
	enum sf_err err = find(door, user, &row, diag);
	if (!err)
		err = sweep_old(door, diag);
	if (err)
		return err;
	row.failures++;
	row.last_ms = door->now_ms;
	return door->store->replace(door->store->self, &sf_door_table_attempt, &row, diag);
}

enum sf_err sf_attempt_forget(const struct sf_door *door, const char *user, struct sf_diag *diag)
{
	const struct sf_door_row_attempt key = {.name = sf_door_digest(door, "attempt", user)};
	enum sf_err err =
		door->store->remove(door->store->self, &sf_door_table_attempt, &key, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}
