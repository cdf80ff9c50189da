/* Agreements in JSON: what is signed and by whom, and what another text would have asked. */
#include "view/members.h"
#include "view/row.h"
#include "view/value.h"

static void write_row_members(struct sf_json_writer *writer, const struct sf_agreement_row *row)
{
	sf_json_text(writer, "name", row->name);
	sf_json_int(writer, "version", (int64_t)row->version);
	sf_json_digest(writer, "digest", &row->digest);
	sf_json_party(writer, "proposer", row->proposer, row->proposer_name);
	sf_json_int(writer, "accepted_count", (int64_t)row->accepted_count);
	sf_json_bool(writer, "accepted_here", row->accepted_here);
}

void sf_json_agreement_row(struct sf_json_writer *writer, const struct sf_agreement_row *row)
{
	sf_json_object(writer, NULL);
	write_row_members(writer, row);
	sf_json_close(writer);
}

void sf_json_agreement_members(struct sf_json_writer *writer, const struct sf_reply_agreement *show)
{
	write_row_members(writer, &show->row);
	sf_json_array(writer, "acceptances");
	for (size_t i = 0; i < show->acceptance_count; i++) {
		const struct sf_acceptance_row *row = &show->acceptances[i];
		sf_json_object(writer, NULL);
		sf_json_party(writer, "party", row->party, row->party_name);
		sf_json_time(writer, "from", row->from_ms);
		sf_json_time(writer, "until", row->until_ms == INT64_MAX ? 0 : row->until_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_simulated_row(struct sf_json_writer *writer, const struct sf_simulated_row *row)
{
	sf_json_object(writer, NULL);
	sf_json_id(writer, "transition", row->transition);
	sf_json_id(writer, "subject", row->subject);
	sf_json_word(writer, "clause", row->name);
	sf_json_word(writer, "owner", sf_role_text(row->owner));
	sf_json_time(writer, "due", row->due_before_ms);
	sf_json_time(writer, "would_be_due", row->due_after_ms);
	sf_json_bool(writer, "missed", row->missed_before);
	sf_json_bool(writer, "would_be_missed", row->missed_after);
	sf_json_close(writer);
}
