/* What can be judged of a message before its transition is asked: repeats, conflicts, equivocation.
 */
#include "coordinator/state.h"

void sf_coordinator_content_id(const struct sf_coordinator *coordinator,
	const struct sf_header *header, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/content";
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), header->message_bytes};
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
}

static bool recipients_known(
	const struct sf_coordinator *coordinator, const struct sf_message *message)
{
	for (size_t i = 0; i < message->recipient_count; i++)
		if (!sf_directory_party(coordinator->directory, message->recipients[i]))
			return false;
	return true;
}

static bool number_taken(void *context, const void *row)
{
	const struct sf_row_message *message = row;
	struct sf_id *other = context;
	*other = message->message_id;
	return false;
}

/* Two message ids on one author number (WIRE section 1). */
static enum sf_err find_equivocation(struct sf_coordinator *coordinator,
	const struct sf_message *message, bool *ret_equivocates, struct sf_diag *diag)
{
	*ret_equivocates = false;
	if (message->author_sequence == 0)
		return SF_OK;
	const struct sf_row_message key = {
		.author = message->author, .numbered = (int64_t)message->author_sequence};
	const struct sf_scan scan = {.table = &sf_table_message,
		.index = SF_MESSAGE_BY_NUMBER,
		.equal_count = 2,
		.from = &key,
		.count_max = 1};
	struct sf_id other = {0};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, number_taken, &other, diag);
	*ret_equivocates = !sf_id_is_none(other) && !sf_id_equal(other, message->id);
	return err;
}

enum sf_err sf_coordinator_judge(struct sf_coordinator *coordinator,
	const struct sf_message *message, const struct sf_row_message *known,
	const struct sf_digest *content, bool envelope_reused, struct sf_verdict *ret_verdict,
	struct sf_diag *diag)
{
	struct sf_verdict verdict = {.kind_class = SF_CLASS_FACT, .outcome = SF_OUTCOME_APPLIED};
	if (message->fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		verdict.kind_class = SF_CLASS_ACKNOWLEDGEMENT;
	bool conflict = known && !sf_digest_equal(&known->content_id, content);
	bool decided = known && known->outcome != SF_OUTCOME_REFUSED;
	enum sf_refusal refusal = envelope_reused ? SF_REFUSAL_ENVELOPE_REUSED
				  : conflict      ? SF_REFUSAL_CONTENT_CONFLICT
				  : !recipients_known(coordinator, message)
					  ? SF_REFUSAL_RECIPIENT_UNKNOWN
					  : SF_REFUSAL_NONE;
	if (refusal) {
		verdict.outcome = SF_OUTCOME_REFUSED;
		verdict.code = (uint16_t)refusal;
	} else if (decided) {
		verdict.kind_class = SF_CLASS_RESEND;
		verdict.outcome = (enum sf_outcome)known->outcome;
		verdict.code = (uint16_t)known->code;
	}
	verdict.deliver = !refusal;
	verdict.first = !refusal && !decided;
	if (verdict.first)
		verdict.code = (uint16_t)sf_coordinator_judge_agreement(coordinator, message);
	if (verdict.first && verdict.code)
		verdict.outcome = SF_OUTCOME_REFUSED;
	*ret_verdict = verdict;
	if (!verdict.first)
		return SF_OK;
	return find_equivocation(coordinator, message, &ret_verdict->equivocates, diag);
}
