/* The first line in which two claims differ, in words: numbers, ids and times only. */
#include "audit/claim.h"
#include "base/time.h"

#define LINE_SIZE 200

static bool differs(struct sf_diag *diag, const char *said, const char *found)
{
	sf_diag_set(diag, "the file says %s, the events give %s", said, found);
	return false;
}

static void format_holder(const struct sf_claim_holder *holder, struct sf_diag *ret_line)
{
	char party[SF_ID_TEXT_SIZE], since[SF_TIME_TEXT_SIZE], basis[SF_ID_TEXT_SIZE];
	if (!holder) {
		sf_diag_set(ret_line, "no such line");
		return;
	}
	sf_id_format(holder->party, party);
	sf_id_format(holder->basis, basis);
	sf_time_format(holder->since_ms, since);
	if (sf_id_is_none(holder->party))
		sf_diag_set(ret_line, "%s is held by nobody from %s",
			sf_domain_text(holder->domain), since);
	else
		sf_diag_set(ret_line, "%s is held by %s from %s by message %s",
			sf_domain_text(holder->domain), party, since, basis);
}

static bool same_holder(const struct sf_claim_holder *said, const struct sf_claim_holder *found)
{
	return said && found && said->domain == found->domain &&
	       sf_id_equal(said->party, found->party) && said->since_ms == found->since_ms &&
	       sf_id_equal(said->basis, found->basis);
}

static bool same_holders(
	const struct sf_claim *said, const struct sf_claim *found, struct sf_diag *diag)
{
	for (size_t i = 0; i < said->holder_count || i < found->holder_count; i++) {
		const struct sf_claim_holder *left =
			i < said->holder_count ? &said->holders[i] : NULL;
		const struct sf_claim_holder *right =
			i < found->holder_count ? &found->holders[i] : NULL;
		if (same_holder(left, right))
			continue;
		struct sf_diag says, gives;
		format_holder(left, &says);
		format_holder(right, &gives);
		sf_diag_set(diag, "ledger line %zu: the file says %.*s, the events give %.*s",
			i + 1, LINE_SIZE, says.text, LINE_SIZE, gives.text);
		return false;
	}
	return true;
}

static void format_duty(const struct sf_claim_duty *duty, struct sf_diag *ret_line)
{
	char owner[SF_ID_TEXT_SIZE], due[SF_TIME_TEXT_SIZE];
	if (!duty) {
		sf_diag_set(ret_line, "no such line");
		return;
	}
	sf_id_format(duty->owner, owner);
	sf_time_format(duty->due_ms, due);
	sf_diag_set(ret_line, "%s (clause %u) of %s is %s, due %s",
		sf_duty_text((enum sf_duty)duty->duty), (unsigned)duty->clause, owner,
		sf_task_state_text((enum sf_task_state)duty->state),
		duty->due_ms == 0 ? "at no time" : due);
}

static bool same_duty(const struct sf_claim_duty *said, const struct sf_claim_duty *found)
{
	return said && found && sf_id_equal(said->subject, found->subject) &&
	       said->clause == found->clause && said->duty == found->duty &&
	       said->state == found->state && sf_id_equal(said->owner, found->owner) &&
	       said->due_ms == found->due_ms;
}

static bool same_duties(
	const struct sf_claim *said, const struct sf_claim *found, struct sf_diag *diag)
{
	for (size_t i = 0; i < said->duty_count || i < found->duty_count; i++) {
		const struct sf_claim_duty *left = i < said->duty_count ? &said->duties[i] : NULL;
		const struct sf_claim_duty *right =
			i < found->duty_count ? &found->duties[i] : NULL;
		if (same_duty(left, right))
			continue;
		struct sf_diag says, gives;
		format_duty(left, &says);
		format_duty(right, &gives);
		sf_diag_set(diag, "obligation %zu: the file says %.*s, the events give %.*s", i + 1,
			LINE_SIZE, says.text, LINE_SIZE, gives.text);
		return false;
	}
	return true;
}

static bool same_place(
	const struct sf_claim *said, const struct sf_claim *found, struct sf_diag *diag)
{
	char says[SF_DIGEST_TEXT_SIZE], gives[SF_DIGEST_TEXT_SIZE];
	if (!sf_id_equal(said->transition, found->transition)) {
		sf_diag_set(diag, "transition: the claim is about another one");
		return false;
	}
	if (said->sequence != found->sequence || said->at_ms != found->at_ms) {
		sf_diag_set(diag,
			"last event: the file says number %llu at %lld, the events give number "
			"%llu at %lld",
			(unsigned long long)said->sequence, (long long)said->at_ms,
			(unsigned long long)found->sequence, (long long)found->at_ms);
		return false;
	}
	if (sf_digest_equal(&said->head, &found->head))
		return true;
	sf_digest_format(&said->head, says);
	sf_digest_format(&found->head, gives);
	(void)differs(diag, says, gives);
	sf_diag_prefix(diag, "head");
	return false;
}

bool sf_claim_same(const struct sf_claim *said, const struct sf_claim *found, struct sf_diag *diag)
{
	if (!same_place(said, found, diag) || !same_holders(said, found, diag) ||
		!same_duties(said, found, diag))
		return false;
	if (said->state != found->state) {
		(void)differs(diag, sf_transition_state_text((enum sf_transition_state)said->state),
			sf_transition_state_text((enum sf_transition_state)found->state));
		sf_diag_prefix(diag, "state");
		return false;
	}
	if (sf_digest_equal(&said->summary, &found->summary))
		return true;
	sf_diag_set(diag, "summary: offers, windows or what else was derived differ");
	return false;
}
