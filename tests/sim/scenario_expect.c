#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/refusal.h"
#include "sim/scenario.h"
#include "sim/story.h"

#define ROWS_MAX 100

/* The machines that a line speaks of: one, or "all" that know the transition. */
struct observers {
	struct sf_sim_scenario *scenario;
	const char *name;
	size_t next;
	size_t seen;
};

static const struct sf_transition *next_observer(
	struct observers *observers, struct sf_sim_machine **ret_machine)
{
	struct sf_sim_world *world = &observers->scenario->world;
	while (observers->next < world->machine_count) {
		struct sf_sim_machine *machine = &world->machines[observers->next++];
		bool meant = strcmp(observers->name, "all") == 0 ||
			     strcmp(observers->name, machine->name) == 0;
		const struct sf_transition *transition =
			meant ? sf_sim_replica(machine, observers->scenario->now->transition)
			      : NULL;
		if (!transition)
			continue;
		observers->seen++;
		*ret_machine = machine;
		return transition;
	}
	return NULL;
}

static const char *name_of(const struct sf_sim_world *world, struct sf_id party)
{
	for (size_t i = 0; i < world->machine_count; i++)
		if (sf_id_equal(world->machines[i].party, party))
			return world->machines[i].name;
	return "nobody";
}

static bool same(struct sf_sim_scenario *scenario, const char *where, const char *expected,
	const char *found)
{
	return strcmp(expected, found) == 0 ||
	       sf_sim_wrong(scenario, "%s: expected %s, found %s", where, expected, found);
}

static bool same_count(struct sf_sim_scenario *scenario, const char *expected, size_t found)
{
	char text[24];
	snprintf(text, sizeof(text), "%zu", found);
	return same(scenario, "count", expected, text);
}

/* holder DOMAIN is NAME at NAME|all */
static bool expect_holder(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	enum sf_domain domain = sf_domain_from_text(line->words[1]);
	if (domain >= SF_DOMAIN_COUNT)
		return sf_sim_wrong(scenario, "no domain is called \"%s\"", line->words[1]);
	struct observers observers = {scenario, line->words[5], 0, 0};
	struct sf_sim_machine *machine;
	for (const struct sf_transition *transition;
		(transition = next_observer(&observers, &machine));)
		if (!same(scenario, machine->name, line->words[3],
			    name_of(&scenario->world, sf_transition_holder(transition, domain))))
			return false;
	return observers.seen > 0 || sf_sim_wrong(scenario, "nobody knows the transition");
}

/* stay STATE at NAME|all */
static bool expect_stay(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct observers observers = {scenario, line->words[3], 0, 0};
	struct sf_sim_machine *machine;
	for (const struct sf_transition *transition;
		(transition = next_observer(&observers, &machine));)
		if (!same(scenario, machine->name, line->words[1],
			    sf_stay_state_text(sf_transition_stay(transition)->state)))
			return false;
	return observers.seen > 0 || sf_sim_wrong(scenario, "nobody knows the transition");
}

static bool list_inbox(struct sf_sim_scenario *scenario, const char *name)
{
	struct sf_sim_machine *machine;
	if (!sf_sim_named(scenario, name, &machine))
		return false;
	const struct sf_request request = {
		.kind = SF_REQUEST_INBOX, .inbox = {.count_max = ROWS_MAX}};
	sf_sim_request(scenario, machine, &request);
	return !scenario->err || sf_sim_wrong(scenario, "%s does not answer", name);
}

/* inbox NAME COUNT */
static bool expect_inbox(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	return list_inbox(scenario, line->words[1]) &&
	       same_count(scenario, line->words[2], scenario->reply.inbox.row_count);
}

/* letters NAME [cancel:|revise:]ACTIVITY ...: its inbox, oldest first */
static bool expect_letters(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	if (!list_inbox(scenario, line->words[1]))
		return false;
	const struct sf_reply_inbox *inbox = &scenario->reply.inbox;
	for (size_t i = 0; i < inbox->row_count && i + 2 < line->count; i++) {
		const struct sf_inbox_row *row = &inbox->rows[i];
		char found[64];
		snprintf(found, sizeof(found), "%s%s%s",
			row->mode == SF_MODE_NEW ? "" : sf_mode_text(row->mode),
			row->mode == SF_MODE_NEW ? "" : ":", sf_activity_text(row->activity));
		if (!same(scenario, line->words[1], line->words[i + 2], found))
			return false;
	}
	char count[24];
	snprintf(count, sizeof(count), "%zu", line->count - 2);
	return same_count(scenario, count, inbox->row_count);
}

/* quarantine NAME COUNT */
static bool expect_quarantine(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct sf_sim_machine *machine;
	if (!sf_sim_named(scenario, line->words[1], &machine))
		return false;
	const struct sf_request request = {
		.kind = SF_REQUEST_QUARANTINE, .quarantine = {.count_max = ROWS_MAX}};
	sf_sim_request(scenario, machine, &request);
	return same_count(scenario, line->words[2], scenario->reply.quarantine.row_count);
}

static bool has_issue(const struct sf_reply_sent *sent, const char *expression)
{
	for (size_t i = 0; i < sent->issue_count; i++)
		if (strcmp(sent->issues[i].expression, expression) == 0)
			return true;
	return false;
}

/* answer stored|duplicate|fatal [EXPRESSION]: of the letter just sent */
static bool expect_answer(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	if (scenario->err || scenario->reply.kind != SF_REPLY_SENT)
		return sf_sim_wrong(scenario, "there is no answer to a letter");
	const struct sf_reply_sent *sent = &scenario->reply.sent;
	if (!same(scenario, "answer", line->words[1], sf_send_answer_text(sent->answer)))
		return false;
	return line->count < 3 || has_issue(sent, line->words[2]) ||
	       sf_sim_wrong(scenario, "no issue names %s", line->words[2]);
}

/* refused CODE: what was just asked for */
static bool expect_refused(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	return same(scenario, "refusal", line->words[1],
		scenario->err == SF_ERR_REFUSED ? sf_refusal_code((uint16_t)scenario->reply.refusal)
						: "none");
}

/* done: what was just asked for */
static bool expect_done(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	(void)line;
	return !scenario->err || sf_sim_wrong(scenario, "%s: %s", sf_err_code(scenario->err),
					 scenario->reply.text ? scenario->reply.text : "");
}

static bool list_delivery(struct sf_sim_scenario *scenario)
{
	const struct sf_request request = {.kind = SF_REQUEST_OUTBOX,
		.outbox = {.message = scenario->now->message, .count_max = ROWS_MAX}};
	sf_sim_request(scenario, scenario->now->sender, &request);
	return (!scenario->err && scenario->reply.outbox.row_count == 1) ||
	       sf_sim_wrong(scenario, "the sender does not know its letter");
}

/* delivery STATE: of the last letter, at its sender */
static bool expect_delivery(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	return list_delivery(scenario) &&
	       same(scenario, "delivery", line->words[1],
		       sf_delivery_text(scenario->reply.outbox.rows[0].state));
}

/* sendings COUNT: of the last letter */
static bool expect_sendings(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	return list_delivery(scenario) &&
	       same_count(scenario, line->words[1], scenario->reply.outbox.rows[0].attempts);
}

static bool read_acknowledgement(struct sf_sim_scenario *scenario)
{
	const struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = scenario->now->message, .recipient = ""}};
	sf_sim_request(scenario, scenario->now->sender, &request);
	return !scenario->err || sf_sim_wrong(scenario, "no acknowledgement can be asked for");
}

/* acknowledged ok|transient-error|fatal-error|nothing: the last letter, at its sender */
static bool expect_acknowledged(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	if (!read_acknowledgement(scenario))
		return false;
	const struct sf_reply_acknowledgement *found = &scenario->reply.acknowledgement;
	sf_buf_clear(&scenario->acknowledgement);
	SF_ASSERT(!sf_buf_append(&scenario->acknowledgement, found->content));
	return same(scenario, "acknowledged", line->words[1],
		found->ack == SF_ACK_NONE ? "nothing" : sf_ack_text(found->ack));
}

/* same-acknowledgement: byte for byte, after the letter was repeated */
static bool expect_same(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	(void)line;
	struct sf_view found = sf_view_of(NULL, 0);
	if (!scenario->err && scenario->reply.kind == SF_REPLY_SENT)
		found = scenario->reply.sent.acknowledgement;
	bool equal =
		found.size > 0 && sf_view_equal(found, sf_buf_view(&scenario->acknowledgement));
	return equal || sf_sim_wrong(scenario, "the acknowledgement is another one");
}

/* party NAME in|out at NAME|all: does NAME take part in the transition? */
static bool expect_party(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct observers observers = {scenario, line->words[4], 0, 0};
	struct sf_sim_machine *machine, *party;
	if (!sf_sim_named(scenario, line->words[1], &party))
		return false;
	for (const struct sf_transition *transition;
		(transition = next_observer(&observers, &machine));)
		if (!same(scenario, machine->name, line->words[2],
			    sf_transition_is_member(transition, party->party) ? "in" : "out"))
			return false;
	return observers.seen > 0 || sf_sim_wrong(scenario, "nobody knows the transition");
}

/* one-timeline NAME|all: nobody misses a part of it */
static bool expect_level(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct observers observers = {scenario, line->words[1], 0, 0};
	struct sf_sim_machine *machine;
	uint64_t first = 0;
	for (const struct sf_transition *transition;
		(transition = next_observer(&observers, &machine));) {
		if (first == 0)
			first = sf_transition_sequence(transition);
		if (sf_transition_sequence(transition) != first)
			return sf_sim_wrong(scenario, "%s has seen another part of the timeline",
				machine->name);
	}
	return observers.seen > 1 || sf_sim_wrong(scenario, "fewer than two know the transition");
}

/*
 * log level|behind at NAME|all: has it checked and cosigned the coordinator's newest checkpoint,
 * with a proof of every receipt?
 */
static bool expect_log(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct sf_sim_world *world = &scenario->world;
	bool all = strcmp(line->words[3], "all") == 0;
	struct sf_sim_machine *named = NULL;
	if (!all && !sf_sim_named(scenario, line->words[3], &named))
		return false;
	for (size_t i = 1; i < world->machine_count; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		if (!machine->has_node || (named && machine != named))
			continue;
		const char *lacks = sf_sim_check_witness(machine);
		if (!same(scenario, lacks ? lacks : machine->name, line->words[1],
			    lacks ? "behind" : "level"))
			return false;
	}
	return true;
}

static const struct {
	const char *word;
	size_t count_min, count_max; /* words, with this one */
	bool (*expect)(struct sf_sim_scenario *scenario, const struct sf_sim_line *line);
	const char *says;
} expectations[] = {
	{"holder", 6, 6, expect_holder, "holder DOMAIN is NAME at NAME|all"},
	{"stay", 4, 4, expect_stay, "stay STATE at NAME|all"},
	{"inbox", 3, 3, expect_inbox, "inbox NAME COUNT"},
	{"letters", 3, SF_SIM_WORDS_MAX, expect_letters, "letters NAME ACTIVITY ..."},
	{"quarantine", 3, 3, expect_quarantine, "quarantine NAME COUNT"},
	{"answer", 2, 3, expect_answer, "answer stored|duplicate|fatal [ELEMENT]"},
	{"refused", 2, 2, expect_refused, "refused CODE"},
	{"done", 1, 1, expect_done, "done"},
	{"delivery", 2, 2, expect_delivery, "delivery STATE"},
	{"sendings", 2, 2, expect_sendings, "sendings COUNT"},
	{"acknowledged", 2, 2, expect_acknowledged, "acknowledged ok|nothing|..."},
	{"same-acknowledgement", 1, 1, expect_same, "same-acknowledgement"},
	{"party", 5, 5, expect_party, "party NAME in|out at NAME|all"},
	{"one-timeline", 2, 2, expect_level, "one-timeline all"},
	{"log", 4, 4, expect_log, "log level|behind at NAME|all"},
};

bool sf_sim_expect(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	for (size_t i = 0; line->count > 0 && i < SF_COUNT(expectations); i++) {
		if (strcmp(line->words[0], expectations[i].word) != 0)
			continue;
		if (line->count < expectations[i].count_min ||
			line->count > expectations[i].count_max)
			return sf_sim_wrong(scenario, "say: expect %s", expectations[i].says);
		if (!scenario->now)
			return sf_sim_wrong(scenario, "nothing has happened yet");
		return expectations[i].expect(scenario, line);
	}
	bool known = false;
	if (line->count > 1 && scenario->now && !sf_sim_expect_course(scenario, line, &known))
		return false;
	return known || sf_sim_wrong(scenario, "\"%s\" is nothing that can be expected",
				line->count > 0 ? line->words[0] : "");
}
