#include "node/visit.h"

#include <stdlib.h>
#include <string.h>

#include "node/bodies.h"

struct loading {
	struct sf_visit *visit;
	enum sf_err err;
};

static int64_t leave_start_of(const struct sf_visit *visit)
{
	for (size_t i = visit->standing_count; i > 0; i--) {
		const struct sf_node_row_hl7 *row = &visit->letters[visit->standing[i - 1]];
		if (row->activity == SF_ACTIVITY_LEAVE_START)
			return row->event_ms;
	}
	return 0;
}

/*
 * As core/stay.c: a correction takes the place of what it corrects, a cancellation takes it away. A
 * first letter that corrects one of another network is taken at its word.
 */
static void stand(struct sf_visit *visit, size_t place)
{
	const struct sf_node_row_hl7 *row = &visit->letters[place];
	bool any = visit->standing_count > 0;
	bool begins = row->mode == SF_MODE_NEW || (row->mode == SF_MODE_REVISE && place == 0 &&
							  !sf_id_is_none(row->predecessor));
	if (begins)
		visit->standing[visit->standing_count++] = place;
	else if (row->mode == SF_MODE_REVISE && any)
		visit->standing[visit->standing_count - 1] = place;
	else if (row->mode == SF_MODE_CANCEL && any)
		visit->standing_count--;
	visit->leave_start_ms = leave_start_of(visit);
	if (row->admitted_ms != 0)
		visit->admitted_ms = row->admitted_ms;
	visit->receiver = row->receiver;
}

enum sf_err sf_visit_init(struct sf_arena *arena, struct sf_visit *ret_visit)
{
	*ret_visit = (struct sf_visit){
		.letters = sf_arena_take_many(
			arena, SF_VISIT_LETTERS_MAX, sizeof(*ret_visit->letters)),
		.standing = sf_arena_take_many(
			arena, SF_VISIT_LETTERS_MAX, sizeof(*ret_visit->standing)),
	};
	return ret_visit->letters && ret_visit->standing ? SF_OK : SF_ERR_LIMIT;
}

enum sf_err sf_visit_follow(struct sf_visit *visit, const struct sf_node_row_hl7 *row)
{
	visit->position = row->position;
	if (!sf_id_is_none(row->transition))
		visit->transition = row->transition;
	if (sf_id_is_none(row->letter))
		return SF_OK;
	if (visit->letter_count == SF_VISIT_LETTERS_MAX)
		return SF_ERR_REFUSED;
	struct sf_node_row_hl7 *kept = &visit->letters[visit->letter_count];
	*kept = *row;
	kept->content = kept->acknowledgement = sf_view_of(NULL, 0);
	stand(visit, visit->letter_count++);
	return SF_OK;
}

static struct sf_stay_entry entry_of(const struct sf_node_row_hl7 *row, size_t place)
{
	bool new = row->mode == SF_MODE_NEW;
	struct sf_id none = {{0}};
	return (struct sf_stay_entry){
		.message_id = row->letter,
		.in_reply_to = new ? row->predecessor : none,
		.supersedes = new ? none : row->predecessor,
		.created_ms = row->recorded_ms,
		.author_sequence = place,
		.fact = {.activity = (enum sf_activity)row->activity,
			.mode = (enum sf_mode)row->mode,
			.stay_class = (enum sf_stay_class)row->stay_class,
			.event_ms = row->event_ms},
	};
}

enum sf_err sf_visit_settle(struct sf_visit *visit)
{
	size_t count = visit->letter_count;
	if (count == 0)
		return SF_OK;
	struct sf_stay_entry *entries = calloc(count, sizeof(*entries));
	enum sf_stay_mark *marks = calloc(count, sizeof(*marks));
	enum sf_err err = entries && marks ? SF_OK : SF_ERR_MEMORY;
	for (size_t i = 0; i < count && !err; i++)
		entries[i] = entry_of(&visit->letters[i], i);
	if (!err)
		err = sf_stay_fold(entries, count, &visit->stay, marks);
	free(entries);
	free(marks);
	return err;
}

static bool keep_row(void *context, const void *row)
{
	struct loading *loading = context;
	loading->err = sf_visit_follow(loading->visit, row);
	return !loading->err;
}

struct sf_id sf_visit_uuid(const struct sf_digest *name)
{
	struct sf_id id;
	memcpy(id.bytes, name->bytes, SF_ID_SIZE);
	id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x80);
	id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
	return id;
}

enum sf_err sf_visit_department(
	const struct sf_node *node, const char *department, struct sf_digest *ret_name)
{
	static const char label[] = "stafet/v1/hl7-department";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_view_text(department)};
	return sf_node_local_name(node, parts, SF_COUNT(parts), ret_name);
}

/*
 * The citizen is part of the name, so that what is told of one can never be taken for another's: a
 * wrong number is cancelled and told anew (S.BR20).
 */
static enum sf_err name_visit(
	const struct sf_node *node, const struct sf_adt *adt, struct sf_id *ret_id)
{
	static const char label[] = "stafet/v1/hl7-visit";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_view_text(adt->visit),
		sf_view_of("", 1), sf_view_text(adt->cpr)};
	struct sf_digest name;
	enum sf_err err = sf_node_local_name(node, parts, SF_COUNT(parts), &name);
	if (!err)
		*ret_id = sf_visit_uuid(&name);
	return err;
}

enum sf_err sf_visit_load(struct sf_node *node, const struct sf_adt *adt, struct sf_arena *arena,
	struct sf_visit *ret_visit, struct sf_diag *diag)
{
	*ret_visit = (struct sf_visit){.position = 0};
	if (adt->visit[0] == '\0')
		return SF_OK;
	struct sf_id id;
	enum sf_err err = name_visit(node, adt, &id);
	return err ? err : sf_visit_load_known(node, id, arena, ret_visit, diag);
}

enum sf_err sf_visit_load_known(struct sf_node *node, struct sf_id id, struct sf_arena *arena,
	struct sf_visit *ret_visit, struct sf_diag *diag)
{
	enum sf_err err = sf_visit_init(arena, ret_visit);
	ret_visit->id = id;
	struct loading loading = {ret_visit, SF_OK};
	const struct sf_node_row_hl7 key = {.visit = id};
	const struct sf_scan scan = {.table = &sf_node_table_hl7,
		.index = SF_NODE_HL7_BY_VISIT,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->scan(store->self, &scan, keep_row, &loading, diag);
	if (!err)
		err = loading.err;
	return err ? err : sf_visit_settle(ret_visit);
}

const struct sf_node_row_hl7 *sf_visit_top(const struct sf_visit *visit)
{
	size_t standing = visit->standing_count;
	return standing > 0 ? &visit->letters[visit->standing[standing - 1]] : NULL;
}
