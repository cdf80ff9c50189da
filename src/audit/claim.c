#include "audit/claim.h"

#include "base/time.h"
#include "core/deadline.h"

#define SUMMARY_SIZE_MAX ((size_t)1048576)

/* BLAKE2b-256("stafet/v1/summary\0" || sf_transition_summary). SF_ERR_MEMORY, SF_ERR_LIMIT. */
static enum sf_err summarize(const struct sf_crypto *crypto, const struct sf_transition *transition,
	struct sf_digest *ret_summary)
{
	static const char label[] = "stafet/v1/summary";
	struct sf_buf bytes;
	sf_buf_init(&bytes, SUMMARY_SIZE_MAX);
	enum sf_err err = sf_transition_summary(transition, &bytes);
	if (!err) {
		const struct sf_view parts[] = {
			sf_view_of(label, sizeof(label)), sf_buf_view(&bytes)};
		crypto->hash(
			crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_summary);
	}
	sf_buf_fini(&bytes);
	return err;
}

/* Nobody took the domain over at the moment the line ended. */
static bool ends_the_domain(const struct sf_ledger_line *lines, size_t count, size_t index)
{
	const struct sf_ledger_line *line = &lines[index];
	if (line->until_ms == SF_LEDGER_OPEN)
		return false;
	for (size_t i = index + 1; i < count; i++)
		if (lines[i].domain == line->domain)
			return lines[i].from_ms != line->until_ms;
	return true;
}

static enum sf_err list_holders(
	const struct sf_transition *transition, struct sf_arena *arena, struct sf_claim *claim)
{
	size_t count = 0, used = 0;
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &count);
	struct sf_claim_holder *holders = sf_arena_take_many(arena, 2 * count, sizeof(*holders));
	if (!holders)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++) {
		const struct sf_ledger_line *line = &lines[i];
		holders[used++] = (struct sf_claim_holder){
			line->domain, line->holder, line->from_ms, line->basis_message};
		if (ends_the_domain(lines, count, i))
			holders[used++] = (struct sf_claim_holder){
				line->domain, {{0}}, line->until_ms, {{0}}};
	}
	claim->holders = holders;
	claim->holder_count = used;
	return SF_OK;
}

static enum sf_err list_duties(
	const struct sf_transition *transition, struct sf_arena *arena, struct sf_claim *claim)
{
	size_t count = 0;
	const struct sf_obligation *obligations = sf_transition_obligations(transition, &count);
	struct sf_claim_duty *duties = sf_arena_take_many(arena, count, sizeof(*duties));
	if (!duties)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++) {
		const struct sf_obligation *obligation = &obligations[i];
		duties[i] = (struct sf_claim_duty){
			.subject = obligation->subject,
			.clause = obligation->clause,
			.duty = (uint32_t)obligation->duty,
			.state = (uint32_t)sf_obligation_shown(obligation),
			.owner = obligation->owner,
			.due_ms = obligation->due_ms == SF_NEVER_MS ? 0 : obligation->due_ms,
		};
	}
	claim->duties = duties;
	claim->duty_count = count;
	return SF_OK;
}

enum sf_err sf_claim_make(const struct sf_crypto *crypto, const struct sf_transition *transition,
	const struct sf_digest *head, struct sf_arena *arena, struct sf_claim *ret_claim)
{
	bool begun = sf_transition_sequence(transition) > 0;
	struct sf_claim claim = {
		.transition = sf_transition_id(transition),
		.sequence = sf_transition_sequence(transition),
		.at_ms = begun ? sf_transition_recorded_ms(transition) : 0,
		.head = *head,
		.state = (uint32_t)sf_transition_state(transition),
	};
	/* Events that were numbers only leave no recorded time. */
	if (claim.at_ms < 0)
		claim.at_ms = 0;
	enum sf_err err = summarize(crypto, transition, &claim.summary);
	if (!err)
		err = list_holders(transition, arena, &claim);
	if (!err)
		err = list_duties(transition, arena, &claim);
	if (!err)
		*ret_claim = claim;
	return err;
}

enum sf_err sf_claim_file_digest(const struct sf_crypto *crypto, const struct sf_evidence *evidence,
	struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/evidence";
	struct sf_evidence bare = *evidence;
	bare.claim = sf_view_of(NULL, 0);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_EVIDENCE_SIZE_MAX);
	enum sf_err err = sf_evidence_encode(&bare, &bytes);
	if (!err) {
		const struct sf_view parts[] = {
			sf_view_of(label, sizeof(label)), sf_buf_view(&bytes)};
		crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
	}
	sf_buf_fini(&bytes);
	return err;
}

enum sf_err sf_claim_seal(const struct sf_crypto *crypto, struct sf_id key_id,
	struct sf_claim *claim, struct sf_evidence *evidence, struct sf_arena *arena)
{
	enum sf_err err = sf_claim_file_digest(crypto, evidence, &claim->file);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLAIM_SIZE_MAX);
	if (!err)
		err = sf_claim_encode(claim, &bytes);
	if (!err) {
		evidence->claim = sf_arena_copy(arena, sf_buf_view(&bytes));
		err = evidence->claim.data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&bytes);
	evidence->claim_key_id = key_id;
	return err ? err
		   : crypto->sign_record(crypto->self, key_id, "claim", evidence->claim,
			     evidence->claim_signature);
}
