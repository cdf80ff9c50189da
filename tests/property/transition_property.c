/*
 * Random stories (story.h) against the transition: all kinds of facts, of everybody, under random
 * agreements, with what time gives derived in between. After every step:
 * - it succeeds, the rules R1 to R9 hold and nothing froze; lines are append-only (R1, R6);
 * - a holder changed only by its own acceptance of an open offer to it, by the hospital's word, or
 *   by a clause in a derived fact to somebody who was told (R3, R4, R7, R8); facts of strangers, of
 *   forged roles and refused ones changed nothing, and an acknowledgement moved nothing;
 * - what was derived is derivable everywhere, what somebody only claims is not; a turn ends, and
 * the timer says when the next one is due;
 * - whoever holds by the coordinator's ledger, somebody knows it: over replicas that lag as they
 *   like, with what was signed and is not yet seen, no domain is without a party that acts (R2).
 * At the end the same events give the same transition, to the byte (R6), and stay and plan come out
 * the same in whatever order their facts had come.
 */
#include "property/story.h"

#include "property/digest.h"
#include "unit/core/scene.h"

#define EVENTS_MAX STORY_EVENTS_MAX
#define LETTERS STORY_LETTERS
#define LETTER_COUNT STORY_LETTER_COUNT
#define HISTORY_MAX ((size_t)4096)

struct replica {
	struct sf_transition *transition; /* owned */
	size_t seen;                      /* events stepped */
};

struct trial {
	struct chance *chance;
	struct story story;
	struct replica replicas[LETTER_COUNT];
};

struct before {
	uint64_t digest;
	bool member;
	struct sf_id hospital;
	struct sf_id holders[SF_DOMAIN_COUNT];
	struct sf_ledger_line lines[HISTORY_MAX];
	size_t line_count;
	struct sf_ledger_offer offers[HISTORY_MAX];
	size_t offer_count;
};

static void note(const struct trial *trial, const struct sf_message *message, struct before *before)
{
	const struct sf_transition *transition = trial->story.transition;
	before->digest = digest(transition);
	before->member = sf_transition_is_member(transition, message->author);
	before->hospital = sf_transition_hospital(transition);
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		before->holders[domain] = sf_transition_holder(transition, (enum sf_domain)domain);
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &before->line_count);
	CHECK(before->line_count <= SF_COUNT(before->lines));
	for (size_t i = 0; i < before->line_count; i++)
		before->lines[i] = lines[i];
	const struct sf_ledger_offer *offers =
		sf_transition_offers(transition, &before->offer_count);
	CHECK(before->offer_count <= SF_COUNT(before->offers));
	for (size_t i = 0; i < before->offer_count; i++)
		before->offers[i] = offers[i];
}

static void check_history(const struct trial *trial, const struct before *before)
{
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(trial->story.transition, &count);
	CHECK(count >= before->line_count);
	for (size_t i = 0; i < before->line_count; i++) {
		const struct sf_ledger_line *old = &before->lines[i];
		CHECK(sf_id_equal(lines[i].holder, old->holder));
		CHECK(lines[i].from_ms == old->from_ms && lines[i].basis == old->basis);
		CHECK(old->until_ms == SF_LEDGER_OPEN || lines[i].until_ms == old->until_ms);
	}
	const struct sf_ledger_offer *offers =
		sf_transition_offers(trial->story.transition, &count);
	CHECK(count >= before->offer_count);
	for (size_t i = 0; i < before->offer_count; i++) {
		/* Only death annuls what can be open again. */
		bool reopened = before->offers[i].state != SF_OFFER_OPEN &&
				offers[i].state == SF_OFFER_OPEN;
		CHECK(!reopened || before->offers[i].state == SF_OFFER_ANNULLED);
		CHECK(sf_id_equal(offers[i].id, before->offers[i].id));
	}
}

static bool was_open_to(
	const struct before *before, const struct sf_message *message, enum sf_domain domain)
{
	for (size_t i = 0; i < before->offer_count; i++)
		if (sf_id_equal(before->offers[i].id, message->in_reply_to) &&
			sf_id_equal(before->offers[i].to, message->author) &&
			(sf_ledger_offer_remaining(&before->offers[i]) & SF_DOMAIN_BIT(domain)))
			return true;
	return false;
}

static void check_holders(
	const struct trial *trial, const struct sf_message *message, const struct before *before)
{
	bool by_hospital =
		sf_id_equal(message->author, sf_transition_hospital(trial->story.transition));
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		struct sf_id old = before->holders[domain];
		struct sf_id now =
			sf_transition_holder(trial->story.transition, (enum sf_domain)domain);
		if (sf_id_equal(old, now))
			continue;
		if (message->fact.kind == SF_KIND_ACCEPT) {
			CHECK(sf_id_equal(now, message->author));
			CHECK(message->fact.accept.domains & SF_DOMAIN_BIT(domain));
			CHECK(was_open_to(before, message, (enum sf_domain)domain));
			continue;
		}
		CHECK(by_hospital);
		CHECK(message->fact.kind == SF_KIND_STAY || message->fact.kind == SF_KIND_PARTIES);
		/* Away from another than the hospital: only to the hospital, or at the end. */
		CHECK(sf_id_is_none(old) || sf_id_is_none(now) ||
			sf_id_equal(now, message->author));
	}
}

static void check_step(const struct trial *trial, const struct sf_event *event,
	const struct sf_transition_result *result, const struct before *before)
{
	const struct sf_transition *transition = trial->story.transition;
	const struct sf_message *message = event->message;
	CHECK(!sf_transition_frozen(transition));
	CHECK(sf_transition_invariant_broken(transition) == NULL);
	CHECK(sf_transition_sequence(transition) == event->sequence);
	bool forged = scene_role((char)message->author.bytes[15]) != event->author_role;
	bool hospital_only =
		message->fact.kind == SF_KIND_STAY || message->fact.kind == SF_KIND_PARTIES;
	bool founding = sf_id_is_none(before->hospital);
	bool without_effect =
		result->outcome == SF_OUTCOME_REFUSED || event->kind_class == SF_CLASS_RESEND ||
		message->fact.kind == SF_KIND_ACKNOWLEDGEMENT || (!before->member && !founding) ||
		(hospital_only && !founding && !sf_id_equal(message->author, before->hospital)) ||
		(hospital_only && forged && event->author_role != SF_ROLE_HOSPITAL);
	if (without_effect)
		CHECK(digest(transition) == before->digest);
	bool ends = sf_transition_state(transition) == SF_TRANSITION_CLOSED;
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		bool held =
			!sf_id_is_none(sf_transition_holder(transition, (enum sf_domain)domain));
		bool active = sf_transition_active(transition) & SF_DOMAIN_BIT(domain);
		CHECK(!held || (active && !ends));
		size_t lines;
		sf_transition_lines(transition, &lines);
		CHECK(held || !active || ends || lines == 0);
	}
	check_holders(trial, message, before);
	check_history(trial, before);
}

/* What the party has signed that takes domains and that its replica has not seen recorded. */
static size_t find_pending(
	const struct trial *trial, size_t letter, struct sf_pending_take ret_pending[EVENTS_MAX])
{
	size_t count = 0;
	for (size_t i = trial->replicas[letter].seen; i < trial->count; i++) {
		const struct sf_message *message = &trial->messages[i];
		if (!sf_id_equal(message->author, scene_party(LETTERS[letter])))
			continue;
		if (message->fact.kind == SF_KIND_ACCEPT)
			ret_pending[count++] =
				(struct sf_pending_take){.offer = message->in_reply_to,
					.domains = message->fact.accept.domains};
		if (message->fact.kind == SF_KIND_STAY || message->fact.kind == SF_KIND_PARTIES)
			ret_pending[count++] = (struct sf_pending_take){.domains = SF_DOMAIN_ALL};
	}
	return count;
}

/* A cancelled death gives a domain back to a holder that may not have heard of it yet. */
static bool was_restored(const struct trial *trial, enum sf_domain domain)
{
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(trial->story.transition, &count);
	for (size_t i = 0; i < count; i++)
		if (lines[i].domain == domain && lines[i].until_ms == SF_LEDGER_OPEN)
			return lines[i].basis == SF_BASIS_RESTORED;
	return false;
}

static void check_replicas(const struct trial *trial)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		if (sf_id_is_none(sf_transition_holder(
			    trial->story.transition, (enum sf_domain)domain)) ||
			was_restored(trial, (enum sf_domain)domain))
			continue;
		bool somebody = false;
		for (size_t letter = 0; letter < LETTER_COUNT && !somebody; letter++) {
			struct sf_pending_take pending[EVENTS_MAX];
			size_t count = find_pending(trial, letter, pending);
			somebody = sf_transition_may_hold(trial->replicas[letter].transition,
				scene_party(LETTERS[letter]), (enum sf_domain)domain, pending,
				count);
		}
		CHECK(somebody);
	}
}

static void let_replicas_see(struct trial *trial)
{
	for (size_t letter = 0; letter < LETTER_COUNT; letter++) {
		struct replica *replica = &trial->replicas[letter];
		while (replica->seen < trial->count && chance_percent(trial->chance, 70)) {
			struct sf_transition_result result;
			CHECK(sf_transition_step(replica->transition, &trial->events[replica->seen],
				      &result) == SF_OK);
			CHECK(result.code == trial->results[replica->seen].code);
			replica->seen++;
		}
		if (replica->seen == trial->count)
			CHECK(digest(replica->transition) == digest(trial->story.transition));
	}
}

static struct sf_transition *open_transition(void)
{
	struct sf_transition *transition;
	CHECK(sf_transition_open(scene_id(9, 1), scene_book(), &transition) == SF_OK);
	return transition;
}

static void check_replay(const struct trial *trial)
{
	struct sf_transition *again = open_transition();
	for (size_t i = 0; i < trial->count; i++) {
		struct sf_transition_result result;
		CHECK(sf_transition_step(again, &trial->events[i], &result) == SF_OK);
		CHECK(result.code == trial->results[i].code);
		CHECK(result.outcome == trial->results[i].outcome);
	}
	CHECK(digest(again) == digest(trial->story.transition));
	sf_transition_close(&again);
}

static void every_step_keeps_the_rules(struct chance *chance)
{
	static struct trial trial;
	static struct before before;
	trial = (struct trial){.chance = chance, .version = 1};
	trial.coordinator = open_transition();
	bool with_replicas = chance_percent(chance, 25);
	for (size_t letter = 0; with_replicas && letter < LETTER_COUNT; letter++)
		trial.replicas[letter].transition = open_transition();
	size_t count = 1 + chance_below(chance, EVENTS_MAX);
	while (trial.count < count) {
		make_event(&trial);
		const struct sf_event *event = &trial.events[trial.count];
		note(&trial, event->message, &before);
		struct sf_transition_result *result = &trial.results[trial.count];
		CHECK(sf_transition_step(trial.coordinator, event, result) == SF_OK);
		trial.count++;
		check_step(&trial, event, result, &before);
		if (with_replicas) {
			check_replicas(&trial);
			let_replicas_see(&trial);
			check_replicas(&trial);
		}
	}
	check_replay(&trial);
	sf_transition_close(&trial.coordinator);
	for (size_t letter = 0; letter < LETTER_COUNT; letter++)
		sf_transition_close(&trial.replicas[letter].transition);
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "transition", every_step_keeps_the_rules);
}
