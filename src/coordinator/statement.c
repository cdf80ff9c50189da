/* What the coordinator says under its own identity: how it is written, and operational statements.
 */
#include "coordinator/state.h"

enum sf_err sf_coordinator_write_header(struct sf_coordinator *coordinator,
	const struct sf_message *message, struct sf_view *ret_header, struct sf_id envelope_id)
{
	struct sf_buf bytes, header_bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&header_bytes, SF_HEADER_SIZE_MAX);
	enum sf_err err = sf_message_encode(message, &bytes);
	const struct sf_header header = {
		.message_bytes = sf_buf_view(&bytes),
		.envelope_id = envelope_id,
		.sent_ms = coordinator->recorded_ms,
		.seen_epoch = coordinator->log.epoch,
		.directory_version = sf_directory_version(coordinator->directory),
		.directory_head = *sf_directory_head(coordinator->directory),
	};
	if (!err)
		err = sf_header_encode(&header, &header_bytes);
	if (!err) {
		*ret_header = sf_arena_copy(&coordinator->arena, sf_buf_view(&header_bytes));
		err = ret_header->data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&header_bytes);
	sf_buf_fini(&bytes);
	return err;
}

struct sf_id sf_coordinator_new_id(struct sf_coordinator *coordinator)
{
	uint8_t chance[10];
	const struct sf_env *env = &coordinator->ports.env;
	env->random(env->self, chance, sizeof(chance));
	return sf_id_timed(coordinator->recorded_ms, chance);
}

enum sf_err sf_coordinator_state_fact(struct sf_coordinator *coordinator,
	const struct sf_fact *fact, struct sf_recording **ret_recording)
{
	const struct sf_message message = {
		.format = 1,
		.id = sf_coordinator_new_id(coordinator),
		.author = coordinator->options.party,
		.author_sequence = (uint64_t)++coordinator->derived_count,
		.fact = *fact,
		.occurred_ms = coordinator->recorded_ms,
		.created_ms = coordinator->recorded_ms,
	};
	const struct sf_row_event row = {
		.kind_class = SF_CLASS_STATEMENT,
		.kind = (int64_t)fact->kind,
		.author = message.author,
		.author_role = SF_ROLE_COORDINATOR,
		.message_id = message.id,
		.envelope_id = sf_coordinator_new_id(coordinator),
		.outcome = SF_OUTCOME_APPLIED,
	};
	struct sf_view header;
	enum sf_err err =
		sf_coordinator_write_header(coordinator, &message, &header, row.envelope_id);
	if (!err)
		err = sf_coordinator_append(coordinator, 0, &row, NULL, ret_recording);
	if (!err)
		(*ret_recording)->header = header;
	return err;
}
