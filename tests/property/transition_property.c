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
		/* Only death and closing annul what can be open again. */
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

static bool was_told(
	const struct trial *trial, const struct sf_message *message, struct sf_id party)
{
	return sf_transition_acknowledged(
		       trial->story.transition, message->fact.derived.subject, party) == SF_ACK_OK;
}

/* A clause moves on what its window's holder, or the hospital, has: never what another accepted. */
static bool was_of_clause(const struct trial *trial, const struct sf_message *message,
	struct sf_id old, struct sf_id hospital)
{
	size_t count;
	const struct sf_window *windows = sf_transition_windows(trial->story.transition, &count);
	for (size_t i = 0; i < count; i++)
		if (windows[i].clause == message->fact.derived.clause &&
			sf_id_equal(windows[i].subject, message->fact.derived.subject))
			return sf_id_equal(windows[i].holder, old);
	return message->fact.kind == SF_KIND_PASSED && sf_id_equal(old, hospital);
}

/* Nobody held it: now who had it at the end does, or the hospital what rested. */
static bool is_given_back(const struct before *before, enum sf_domain domain, struct sf_id now)
{
	struct sf_id last = before->hospital;
	for (size_t i = 0; i < before->line_count; i++)
		if (before->lines[i].domain == domain)
			last = before->lines[i].holder;
	return sf_id_is_none(before->holders[domain]) &&
	       (sf_id_equal(now, last) || sf_id_equal(now, before->hospital));
}

/* May the holder of the domain change from old to now by this message? */
static bool may_move(const struct trial *trial, const struct sf_message *message,
	const struct before *before, enum sf_domain domain)
{
	struct sf_id old = before->holders[domain];
	struct sf_id now = sf_transition_holder(trial->story.transition, domain);
	struct sf_id hospital = sf_transition_hospital(trial->story.transition);
	bool by_hospital = sf_id_equal(message->author, hospital);
	switch (message->fact.kind) {
	case SF_KIND_ACCEPT:
		return sf_id_equal(now, message->author) &&
		       (message->fact.accept.domains & SF_DOMAIN_BIT(domain)) &&
		       was_open_to(before, message, domain);
	case SF_KIND_WINDOW_ENDED:
	case SF_KIND_PASSED:
		return !sf_id_is_none(now) && was_told(trial, message, now) &&
		       was_of_clause(trial, message, old, hospital);
	case SF_KIND_CLOSE:
	case SF_KIND_CLOSED:
		return sf_id_is_none(now);
	case SF_KIND_LINKED:
		return message->fact.derived.link == SF_LINK_UNDONE
			       ? is_given_back(before, domain, now)
			       : sf_id_is_none(now);
	case SF_KIND_REOPEN:
		return sf_id_is_none(old);
	case SF_KIND_PLAN_ANSWER: /* no case: what the hospital held, nobody need hold */
		return message->fact.plan_answer.code == SF_PLAN_ANSWER_NO_CASE &&
		       sf_id_equal(old, hospital) && sf_id_is_none(now);
	case SF_KIND_LETTER: /* by which something is owed again */
		return by_hospital && is_given_back(before, domain, now);
	case SF_KIND_PLAN:
	case SF_KIND_OFFER: /* what rested is active again */
		return by_hospital && sf_id_is_none(old) && sf_id_equal(now, hospital);
	case SF_KIND_STAY:
	case SF_KIND_PARTIES:
		/* Away from another than the hospital: only to the hospital, or at the end. */
		return by_hospital &&
		       (sf_id_is_none(old) || sf_id_is_none(now) || sf_id_equal(now, hospital));
	default:
		return false;
	}
}

static void check_holders(
	const struct trial *trial, const struct sf_message *message, const struct before *before)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		struct sf_id now =
			sf_transition_holder(trial->story.transition, (enum sf_domain)domain);
		CHECK(sf_id_equal(before->holders[domain], now) ||
			may_move(trial, message, before, (enum sf_domain)domain));
	}
}

static bool is_without_effect(const struct sf_event *event,
	const struct sf_transition_result *result, const struct before *before)
{
	const struct sf_message *message = event->message;
	bool forged = scene_role((char)message->author.bytes[15]) != event->author_role;
	bool hospital_only =
		message->fact.kind == SF_KIND_STAY || message->fact.kind == SF_KIND_PARTIES;
	bool founding = sf_id_is_none(before->hospital);
	if (result->outcome == SF_OUTCOME_REFUSED || event->kind_class == SF_CLASS_RESEND)
		return true;
	if (event->kind_class != SF_CLASS_FACT)
		return false;
	return (!before->member && !founding) ||
	       (hospital_only && !founding && !sf_id_equal(message->author, before->hospital)) ||
	       (hospital_only && forged && event->author_role != SF_ROLE_HOSPITAL);
}

/* R1: from opening to the end, each active domain; and nothing else. */
static void check_held(const struct sf_transition *transition)
{
	enum sf_stay_state stay = sf_transition_stay(transition)->state;
	bool ended = sf_transition_course(transition)->closed || stay == SF_STAY_DEAD ||
		     stay == SF_STAY_ANNULLED;
	size_t lines;
	sf_transition_lines(transition, &lines);
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		bool held =
			!sf_id_is_none(sf_transition_holder(transition, (enum sf_domain)domain));
		bool active = sf_transition_active(transition) & SF_DOMAIN_BIT(domain);
		CHECK(!held || (active && !ended));
		CHECK(held || !active || ended || lines == 0);
	}
}

/* What is told by the clock is told once, at its time, and the timer knows when. */
static void check_timer(const struct trial *trial)
{
	const struct sf_transition *transition = trial->story.transition;
	enum sf_urgency urgency;
	struct sf_fact fact;
	int64_t now_ms = trial->story.now_ms;
	int64_t due_ms = sf_transition_next_due_ms(transition, &urgency);
	CHECK(sf_transition_derive(transition, now_ms, &fact) == (due_ms <= now_ms));
	if (due_ms == SF_NEVER_MS || due_ms <= now_ms)
		return;
	CHECK(sf_transition_derive(transition, due_ms, &fact));
	CHECK(!sf_transition_derive(transition, due_ms - 1, &fact));
}

static void check_step(const struct trial *trial, const struct before *before, bool told)
{
	const struct sf_transition *transition = trial->story.transition;
	const struct sf_event *event = &trial->story.events[trial->story.count - 1];
	const struct sf_transition_result *result = &trial->story.results[trial->story.count - 1];
	const struct sf_message *message = event->message;
	CHECK(!sf_transition_frozen(transition));
	CHECK(sf_transition_invariant_broken(transition) == NULL);
	CHECK(sf_transition_sequence(transition) == event->sequence);
	if (told)
		CHECK(result->outcome != SF_OUTCOME_REFUSED);
	else if (sf_kind_is_derived(message->fact.kind) && message->fact.kind != SF_KIND_LINKED &&
		 before->digest != digest(transition))
		/* Only by chance, or by repeating it, does somebody guess what time gives. */
		CHECK(event->author_role == SF_ROLE_COORDINATOR);
	if (is_without_effect(event, result, before))
		CHECK(digest(transition) == before->digest);
	check_held(transition);
	check_holders(trial, message, before);
	check_history(trial, before);
	check_timer(trial);
}

/* Facts by which the hospital itself takes domains, opening or again. */
static bool takes_by_word(uint32_t kind)
{
	return kind == SF_KIND_STAY || kind == SF_KIND_PARTIES || kind == SF_KIND_PLAN ||
	       kind == SF_KIND_OFFER || kind == SF_KIND_LETTER;
}

/* What the party has signed that takes domains and that its replica has not seen recorded. */
static size_t find_pending(
	const struct trial *trial, size_t letter, struct sf_pending_take ret_pending[EVENTS_MAX])
{
	size_t count = 0;
	for (size_t i = trial->replicas[letter].seen; i < trial->story.count; i++) {
		const struct sf_message *message = &trial->story.messages[i];
		if (!sf_id_equal(message->author, scene_party(LETTERS[letter])))
			continue;
		if (message->fact.kind == SF_KIND_ACCEPT)
			ret_pending[count++] = (struct sf_pending_take){
				.offer = message->in_reply_to,
				.domains = message->fact.accept.domains,
			};
		if (takes_by_word(message->fact.kind))
			ret_pending[count++] = (struct sf_pending_take){.domains = SF_DOMAIN_ALL};
	}
	return count;
}

static size_t letter_of(struct sf_id party)
{
	size_t letter = 0;
	while (letter < LETTER_COUNT && !sf_id_equal(scene_party(LETTERS[letter]), party))
		letter++;
	return letter;
}

/*
 * What is given back (a cancelled death, reopening) comes to a holder that may not have heard of
 * it; a clause comes to one that may not have seen what led to it.
 */
static bool is_news(const struct trial *trial, enum sf_domain domain)
{
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(trial->story.transition, &count);
	for (size_t i = 0; i < count; i++) {
		if (lines[i].domain != domain || lines[i].until_ms != SF_LEDGER_OPEN)
			continue;
		size_t letter = letter_of(lines[i].holder);
		const struct sf_message *message = &trial->story.messages[lines[i].sequence - 1];
		return lines[i].basis == SF_BASIS_RESTORED ||
		       message->fact.kind == SF_KIND_REOPEN ||
		       (lines[i].basis == SF_BASIS_CLAUSE &&
			       trial->replicas[letter].seen + 1 < lines[i].sequence);
	}
	return false;
}

static void check_replicas(const struct trial *trial)
{
	static struct sf_pending_take pending[EVENTS_MAX];
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		if (sf_id_is_none(sf_transition_holder(
			    trial->story.transition, (enum sf_domain)domain)) ||
			is_news(trial, (enum sf_domain)domain))
			continue;
		bool somebody = false;
		for (size_t letter = 0; letter < LETTER_COUNT && !somebody; letter++) {
			size_t count = find_pending(trial, letter, pending);
			somebody = sf_transition_may_hold(trial->replicas[letter].transition,
				scene_party(LETTERS[letter]), (enum sf_domain)domain, pending,
				count);
		}
		CHECK(somebody);
	}
}

/* Two transitions of the same facts give the same bytes. */
static void check_same(const struct sf_transition *one, const struct sf_transition *other)
{
	CHECK(digest(one) == digest(other));
	struct sf_buf left, right;
	sf_buf_init(&left, SIZE_MAX);
	sf_buf_init(&right, SIZE_MAX);
	CHECK(sf_transition_summary(one, &left) == SF_OK);
	CHECK(sf_transition_summary(other, &right) == SF_OK);
	CHECK(left.size > 0 && sf_view_equal(sf_buf_view(&left), sf_buf_view(&right)));
	sf_buf_fini(&left);
	sf_buf_fini(&right);
}

static void step_again(const struct story *story, size_t index, struct sf_transition *transition)
{
	struct sf_transition_result result;
	CHECK(sf_transition_step(transition, &story->events[index], &result) == SF_OK);
	CHECK(result.code == story->results[index].code);
	CHECK(result.outcome == story->results[index].outcome);
}

static void let_replicas_see(struct trial *trial)
{
	for (size_t letter = 0; letter < LETTER_COUNT; letter++) {
		struct replica *replica = &trial->replicas[letter];
		while (replica->seen < trial->story.count && chance_percent(trial->chance, 70))
			step_again(&trial->story, replica->seen++, replica->transition);
		if (replica->seen == trial->story.count)
			check_same(replica->transition, trial->story.transition);
	}
}

static struct sf_transition *open_transition(const struct trial *trial)
{
	struct sf_transition *transition;
	CHECK(sf_transition_open(scene_id(9, 1), &trial->story.book, &transition) == SF_OK);
	return transition;
}

static void check_replay(const struct trial *trial)
{
	struct sf_transition *again = open_transition(trial);
	for (size_t i = 0; i < trial->story.count; i++)
		step_again(&trial->story, i, again);
	check_same(again, trial->story.transition);
	sf_transition_close(&again);
}

static bool is_of_the_set(const struct sf_event *event)
{
	uint32_t kind = event->message->fact.kind;
	return (kind == SF_KIND_STAY || kind == SF_KIND_PLAN) &&
	       sf_id_equal(event->message->author, scene_party('H'));
}

/* The facts of stay and plan alone, recorded in the order given. */
static struct sf_transition *record_set(
	const struct trial *trial, const size_t *order, size_t count)
{
	struct sf_transition *transition = open_transition(trial);
	for (size_t i = 0; i < count; i++) {
		struct sf_event event = trial->story.events[order[i]];
		event.kind_class = SF_CLASS_FACT;
		event.author_role = SF_ROLE_HOSPITAL;
		event.sequence = i + 1;
		struct sf_transition_result result;
		CHECK(sf_transition_step(transition, &event, &result) == SF_OK);
	}
	return transition;
}

/* Stay and plan are a function of the set of their facts (DOMAIN.md section 2). */
static void check_convergence(const struct trial *trial)
{
	static size_t order[EVENTS_MAX], places[EVENTS_MAX], shuffled[EVENTS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < trial->story.count; i++)
		if (is_of_the_set(&trial->story.events[i]))
			order[count++] = i;
	chance_shuffle(trial->chance, places, count);
	for (size_t i = 0; i < count; i++)
		shuffled[i] = order[places[i]];
	struct sf_transition *one = record_set(trial, order, count);
	struct sf_transition *other = record_set(trial, shuffled, count);
	const struct sf_stay *left = sf_transition_stay(one), *right = sf_transition_stay(other);
	CHECK(left->state == right->state && left->stay_class == right->stay_class);
	CHECK(left->since_ms == right->since_ms && left->discharged_ms == right->discharged_ms);
	CHECK(left->segment_count == right->segment_count);
	CHECK(sf_id_equal(left->latest, right->latest));
	CHECK(sf_id_equal(left->discharge, right->discharge));
	const struct sf_course *plan = sf_transition_course(one);
	CHECK(sf_id_equal(plan->plan_message, sf_transition_course(other)->plan_message));
	CHECK(plan->plan.version == sf_transition_course(other)->plan.version);
	sf_transition_close(&one);
	sf_transition_close(&other);
}

static void every_step_keeps_the_rules(struct chance *chance)
{
	static struct trial trial;
	static struct before before;
	trial.chance = chance;
	story_begin(&trial.story, chance);
	bool with_replicas = chance_percent(chance, 25);
	for (size_t letter = 0; letter < LETTER_COUNT; letter++)
		trial.replicas[letter] =
			(struct replica){with_replicas ? open_transition(&trial) : NULL, 0};
	size_t count = 1 + chance_below(chance, with_replicas ? 80 : EVENTS_MAX);
	size_t told_in_a_row = 0;
	while (trial.story.count < count) {
		size_t told_count = trial.story.told_count;
		CHECK(story_next(&trial.story));
		bool told = trial.story.told_count > told_count;
		told_in_a_row = told ? told_in_a_row + 1 : 0;
		CHECK(told_in_a_row < 200); /* a turn ends */
		note(&trial, &trial.story.messages[trial.story.count], &before);
		CHECK(story_record(&trial.story) == SF_OK);
		check_step(&trial, &before, told);
		if (with_replicas) {
			check_replicas(&trial);
			let_replicas_see(&trial);
			check_replicas(&trial);
		}
	}
	check_replay(&trial);
	check_convergence(&trial);
	story_end(&trial.story);
	for (size_t letter = 0; letter < LETTER_COUNT; letter++)
		sf_transition_close(&trial.replicas[letter].transition);
}

int main(int argc, char **argv)
{
	return chance_main(argc, argv, "transition", every_step_keeps_the_rules);
}
