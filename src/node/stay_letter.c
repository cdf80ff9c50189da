#include "node/stay_letter.h"

#include "node/service.h"

static struct sf_notification_step step_of(const struct sf_node_row_hl7 *row)
{
	return (struct sf_notification_step){
		.letter = row->letter,
		.predecessor = row->predecessor,
		.stay = {.activity = (enum sf_activity)row->activity,
			.mode = (enum sf_mode)row->mode,
			.stay_class = (enum sf_stay_class)row->stay_class,
			.event_ms = row->event_ms},
		.current = (enum sf_activity)row->current,
		.occurred_ms = row->occurred_ms,
		.recorded_ms = row->recorded_ms,
	};
}

bool sf_stay_letter_begins(const struct sf_visit *visit, const struct sf_node_row_hl7 *row)
{
	return sf_activity_is_admission((enum sf_activity)row->activity) &&
	       row->mode == SF_MODE_NEW && visit->standing_count == 0;
}

/* Letters that others may have written are told as they told themselves, in the newest of them. */
static enum sf_err fill_chain(const struct sf_stay_letter *letter, struct sf_arena *arena,
	struct sf_notification_request *request)
{
	const struct sf_visit *visit = letter->visit;
	const struct sf_document *newest = letter->newest;
	size_t own = newest ? 0 : visit->letter_count;
	struct sf_notification_step *steps = sf_arena_take_many(arena, own + 1, sizeof(*steps));
	if (!steps)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < own; i++)
		steps[i] = step_of(&visit->letters[i]);
	steps[own] = step_of(letter->row);
	steps[own].stay.report_requested = letter->report_requested;
	request->steps = steps;
	request->step_count = own + 1;
	if (!newest)
		return SF_OK;
	request->episode_count = newest->episode_count;
	request->episodes = newest->episode_ids;
	request->before_count = newest->provenance_count;
	request->before = newest->provenances;
	request->predecessor = letter->predecessor;
	return SF_OK;
}

static enum sf_err write_letter(struct sf_node *node, const struct sf_stay_letter *letter,
	struct sf_arena *arena, struct sf_buf *buf, struct sf_diag *diag)
{
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	if (!own)
		return SF_ERR_AGAIN;
	struct sf_organization sender = {own->sor, own->gln, own->name};
	struct sf_notification_request request = {
		.sender = &sender,
		.receiver = &letter->receiver,
		.cpr = letter->cpr,
		.family = letter->family,
		.given = letter->given,
		.department = letter->department,
		.ward = letter->ward,
		.episode = letter->visit->id,
		.admitted_ms = letter->row->admitted_ms,
		.leave_start_ms = letter->visit->leave_start_ms,
	};
	enum sf_err err = fill_chain(letter, arena, &request);
	const struct sf_format *format = &node->ports.format;
	return err ? err : format->write_notification(format->self, &request, buf, diag);
}

enum sf_err sf_stay_letter_send(struct sf_node *node, const struct sf_stay_letter *letter,
	const struct sf_asker *asker, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_buf content;
	sf_buf_init(&content, SF_CLINICAL_SIZE_MAX);
	enum sf_err err = write_letter(node, letter, arena, &content, diag);
	const struct sf_request request = {
		.asker = *asker,
		.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_buf_view(&content),
			.gp = letter->gp,
			.municipality = letter->to},
	};
	if (!err)
		err = sf_node_serve_send(node, &request, arena, ret_reply, diag);
	sf_buf_fini(&content);
	return err;
}
