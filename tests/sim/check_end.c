#include <stdlib.h>
#include <string.h>

#include "coordinator/tables.h"
#include "node/tables.h"
#include "sim/attached.h"
#include "sim/story.h"

#define REPLY_SIZE_MAX ((size_t)64 * 1024 * 1024)

/* The reply of a request that must work once everything has healed. */
static bool ask(struct sf_sim_machine *machine, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply)
{
	*ret_reply = (struct sf_reply){.err = SF_OK};
	return !sf_sim_call(machine, request, arena, ret_reply) && !ret_reply->err;
}

/* R.BR1 of MedCom's notifications: who said that it has no case has nothing of them any more. */
static bool was_dropped(struct sf_sim_machine *municipality, struct sf_view content,
	const struct sf_sim_promise *promise, struct sf_arena *arena)
{
	struct sf_reply reply;
	const struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.transition = promise->transition, .known_by = ""}};
	if (content.size > 0 || !ask(municipality, &request, arena, &reply))
		return false;
	for (size_t i = 0; i < reply.transition.event_count; i++) {
		const struct sf_event_row *event = &reply.transition.events[i];
		if (event->kind == SF_KIND_PLAN_ANSWER && event->detail == SF_PLAN_ANSWER_NO_CASE &&
			sf_id_equal(event->author, municipality->party))
			return true;
	}
	return false;
}

/* What was promised arrived once, unchanged, and its sender knows. */
static const char *check_promise(
	struct sf_sim_world *world, const struct sf_sim_promise *promise, struct sf_arena *arena)
{
	struct sf_sim_machine *municipality = &world->machines[promise->municipality];
	struct sf_sim_machine *hospital = &world->machines[promise->hospital];
	struct sf_reply reply;
	struct sf_request request = {
		.kind = SF_REQUEST_MESSAGE, .message = {.message = promise->message}};
	if (!ask(municipality, &request, arena, &reply))
		return "a stored letter never reached its recipient";
	struct sf_view content = reply.message.content;
	struct sf_id transition = reply.message.row.transition;
	if (promise->attached && content.size > 0 &&
		!sf_sim_attached_holds(municipality, promise->message, promise->mark))
		return "an attachment is not whole and equal at its recipient";
	if (!sf_view_equal(content, sf_buf_view(&promise->content)) &&
		!was_dropped(municipality, content, promise, arena))
		return "a letter arrived with other bytes than were handed in";
	if (!sf_id_equal(transition, promise->transition))
		return "a letter arrived under another transition";
	request = (struct sf_request){.kind = SF_REQUEST_OUTBOX,
		.outbox = {.message = promise->message, .count_max = 10}};
	if (!ask(hospital, &request, arena, &reply) || reply.outbox.row_count != 1)
		return "a sender does not know its letter";
	if (reply.outbox.rows[0].state != SF_DELIVERY_OK)
		return "a letter that arrived is not acknowledged at its sender";
	return NULL;
}

/* The same letter handed in again is answered with the recipient's acknowledgement, byte for byte.
 */
static const char *check_again(
	struct sf_sim_world *world, const struct sf_sim_promise *promise, struct sf_arena *arena)
{
	struct sf_sim_machine *hospital = &world->machines[promise->hospital];
	struct sf_reply reply, again;
	struct sf_request request = {.kind = SF_REQUEST_ACKNOWLEDGEMENT,
		.acknowledgement = {.message = promise->message, .recipient = ""}};
	if (!ask(hospital, &request, arena, &reply) || reply.acknowledgement.content.size == 0)
		return "an acknowledged letter has no acknowledgement to show";
	request = (struct sf_request){.kind = SF_REQUEST_SEND,
		.send = {.content_type = SF_CONTENT_FHIR_JSON,
			.content = sf_buf_view(&promise->content),
			.gp = "",
			.municipality = ""}};
	if (!ask(hospital, &request, arena, &again) || again.sent.answer != SF_SEND_DUPLICATE)
		return "a letter that was stored is not known as a duplicate";
	if (!sf_view_equal(again.sent.acknowledgement, reply.acknowledgement.content))
		return "a duplicate is answered with other bytes than the letter was";
	return NULL;
}

struct tally {
	const struct sf_sim_promise *promise;
	size_t count;
};

static bool count_inbox(void *context, const void *row)
{
	struct tally *tally = context;
	const struct sf_node_row_inbox *inbox = row;
	tally->count += sf_id_equal(inbox->message_id, tally->promise->message) &&
			inbox->state == SF_NODE_INBOX_OK;
	return true;
}

static const char *check_once(struct sf_sim_world *world, const struct sf_sim_promise *promise)
{
	struct tally tally = {promise, 0};
	const struct sf_scan scan = {.table = &sf_node_table_inbox};
	const struct sf_store *store =
		sf_memory_port(world->machines[promise->municipality].memory);
	if (store->scan(store->self, &scan, count_inbox, &tally, NULL))
		return "an inbox cannot be read";
	return tally.count == 1 ? NULL : "a letter stands in the inbox more than once";
}

static bool same_holders(const struct sf_transition *a, const struct sf_transition *b)
{
	for (enum sf_domain domain = SF_DOMAIN_MEDICAL; domain < SF_DOMAIN_COUNT; domain++)
		if (!sf_id_equal(sf_transition_holder(a, domain), sf_transition_holder(b, domain)))
			return false;
	return sf_transition_sequence(a) == sf_transition_sequence(b) &&
	       sf_transition_stay(a)->state == sf_transition_stay(b)->state;
}

static bool read_transition(void *context, const void *row)
{
	struct sf_row_transition *found = context;
	*found = *(const struct sf_row_transition *)row;
	return false;
}

/* Every member's replica is where the coordinator's record is, with the same head. */
static const char *check_replicas(struct sf_sim_world *world, const struct sf_sim_stay *stay)
{
	struct sf_row_transition recorded = {.id = stay->transition};
	const struct sf_scan scan = {.table = &sf_table_transition,
		.equal_count = 1,
		.from = &(struct sf_row_transition){.id = stay->transition}};
	const struct sf_store *store = sf_memory_port(sf_sim_coordinator(world)->memory);
	if (store->scan(store->self, &scan, read_transition, &recorded, NULL))
		return "the coordinator's transitions cannot be read";
	const struct sf_transition *own =
		sf_sim_replica(&world->machines[stay->hospital], stay->transition);
	if (!own)
		return "a hospital does not know its own transition";
	if (sf_transition_sequence(own) != (uint64_t)recorded.sequence)
		return "a hospital's replica is not up to the record";
	size_t count;
	const struct sf_member *members = sf_transition_members(own, &count);
	for (size_t i = 1; i < world->machine_count; i++)
		for (size_t m = 0; m < count; m++) {
			if (!sf_id_equal(members[m].party, world->machines[i].party) ||
				world->machines[i].hostile)
				continue;
			const struct sf_transition *other =
				sf_sim_replica(&world->machines[i], stay->transition);
			if (!other || !same_holders(own, other))
				return "replicas of one transition differ";
			const struct sf_transition *told = sf_sim_recorded(world, stay->transition);
			if (!told || !sf_sim_same_view(told, other))
				return "a party has another view than the coordinator";
			struct sf_node_row_transition row = {.id = stay->transition};
			const struct sf_store *node_store =
				sf_memory_port(world->machines[i].memory);
			if (node_store->get(
				    node_store->self, &sf_node_table_transition, 0, &row, NULL) ||
				!sf_digest_equal(&row.head, &recorded.head))
				return "a head differs: the log has two histories";
		}
	return NULL;
}

struct canary {
	const struct sf_table *table;
	const char *text;
	bool found;
};

static bool contains(struct sf_view bytes, const char *text)
{
	size_t size = strlen(text);
	for (size_t at = 0; at + size <= bytes.size; at++)
		if (memcmp(bytes.data + at, text, size) == 0)
			return true;
	return false;
}

static bool scan_row(void *context, const void *row)
{
	struct canary *canary = context;
	for (size_t c = 0; c < canary->table->column_count; c++) {
		const struct sf_column *column = &canary->table->columns[c];
		if (column->type != SF_COLUMN_BYTES)
			continue;
		const struct sf_view *bytes =
			(const struct sf_view *)(const void *)((const char *)row + column->offset);
		canary->found |= contains(*bytes, canary->text);
	}
	return !canary->found;
}

static bool stands_in(const struct sf_store *store, const struct sf_table *const *tables,
	size_t table_count, const char *text)
{
	struct canary canary = {.text = text};
	for (size_t t = 0; t < table_count && !canary.found; t++) {
		canary.table = tables[t];
		const struct sf_scan scan = {.table = tables[t]};
		if (store->scan(store->self, &scan, scan_row, &canary, NULL))
			return true;
	}
	return canary.found;
}

/* Plaintext at the coordinator; the hospital's own store is the positive control. */
static const char *check_blind(struct sf_sim_world *world, const struct sf_sim_stay *stay)
{
	const struct sf_store *blind = sf_memory_port(sf_sim_coordinator(world)->memory);
	const struct sf_store *own = sf_memory_port(world->machines[stay->hospital].memory);
	const char *const words[] = {stay->patient.cpr, stay->patient.family};
	for (size_t i = 0; i < SF_COUNT(words); i++) {
		if (stands_in(blind, sf_coordinator_tables, sf_coordinator_table_count, words[i]))
			return "the coordinator holds a person's number or name";
		if (!stands_in(own, sf_node_tables, sf_node_table_count, words[i]))
			return "the search for names finds none where they must stand";
	}
	return NULL;
}

const char *sf_sim_check_end(struct sf_sim_story *story)
{
	struct sf_sim_world *world = story->world;
	const char *broken = sf_sim_check_now(story);
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	for (size_t i = 0; i < story->promise_count && !broken; i++) {
		broken = check_promise(world, &story->promises[i], &arena);
		if (!broken)
			broken = check_once(world, &story->promises[i]);
		if (!broken)
			broken = check_again(world, &story->promises[i], &arena);
		sf_arena_clear(&arena);
	}
	sf_arena_fini(&arena);
	if (!broken)
		broken = sf_sim_check_stores(world);
	if (!broken)
		broken = sf_sim_check_log(world);
	if (!broken)
		broken = sf_sim_check_derived(world, &story->derived);
	for (size_t i = 0; i < story->stay_count && !broken; i++) {
		broken = check_replicas(world, &story->stays[i]);
		if (!broken)
			broken = check_blind(world, &story->stays[i]);
		if (!broken)
			broken = sf_sim_check_due(world, story->stays[i].transition);
	}
	return broken;
}
