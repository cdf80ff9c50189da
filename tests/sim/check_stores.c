/*
 * What must hold in every store once a region has healed and is quiet: nothing half done, nothing
 * missing in a sequence, nothing said that was not recorded.
 */
#include <stdio.h>
#include <stdlib.h>

#include "coordinator/fsck.h"
#include "coordinator/tables.h"
#include "node/tables.h"
#include "sim/story.h"

/* One pass over a table; the visitor says what does not hold. */
struct pass {
	const char *broken;
	struct sf_sim_machine *machine;
	const struct sf_sim_machine *hostile; /* the last of the world, or NULL */
	size_t count;
	int64_t last; /* of the sequence that is watched */
	struct sf_id transition;
	size_t row_count;
	bool *numbers; /* borrowed: author sequences seen, of 1 to row_count */
};

static const char *scan_table(struct sf_sim_machine *machine, const struct sf_table *table,
	size_t index, sf_row_visitor *visitor, struct pass *pass)
{
	const struct sf_scan scan = {.table = table, .index = index};
	const struct sf_store *store = sf_memory_port(machine->memory);
	pass->machine = machine;
	const struct sf_sim_machine *last =
		&machine->world->machines[machine->world->machine_count - 1];
	pass->hostile = last->hostile ? last : NULL;
	if (store->scan(store->self, &scan, visitor, pass, NULL))
		return "a store cannot be read";
	return pass->broken;
}

/* Everything that a node said is recorded; author numbers are 1, 2, 3 ... each once. */
static bool visit_outbox(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_node_row_outbox *outbox = row;
	/* What is about an agreement has no place in a transition. */
	bool placed = outbox->recorded_sequence != 0 || sf_id_is_none(outbox->transition);
	if (!placed || outbox->outcome == 0)
		pass->broken = "what a node said is not recorded, and nothing says why";
	uint64_t number = (uint64_t)outbox->author_sequence;
	if (number == 0)
		return !pass->broken;
	if (number > pass->row_count) {
		pass->broken = "an author number is missing";
		return false;
	}
	if (pass->numbers[number])
		pass->broken = "one author number was given twice";
	pass->numbers[number] = true;
	pass->last = (int64_t)number > pass->last ? (int64_t)number : pass->last;
	pass->count++;
	return !pass->broken;
}

static bool visit_sending(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_node_row_sending *sending = row;
	if (sending->open != 0)
		pass->broken = "an envelope has no receipt";
	return !pass->broken;
}

static bool visit_delivery(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_node_row_delivery *delivery = row;
	bool hostile = pass->hostile && sf_id_equal(pass->hostile->party, delivery->recipient);
	if (delivery->open != 0 && !hostile)
		pass->broken = "a delivery is not answered finally";
	return !pass->broken;
}

/*
 * In the order of their sequence, without a gap, each with its place in the chain of heads. Who is
 * no party (any more) keeps what it says itself and what is sent to it, without what it may not
 * see.
 */
static bool visit_event(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_node_row_event *event = row;
	const struct sf_transition *transition = sf_sim_replica(pass->machine, event->transition);
	if (!transition || !sf_transition_is_member(transition, pass->machine->party))
		return true;
	if (!sf_id_equal(event->transition, pass->transition)) {
		pass->transition = event->transition;
		pass->last = 0;
	}
	if (event->sequence != pass->last + 1)
		pass->broken = "a replica misses an event of its transition";
	if (sf_digest_is_none(&event->head))
		pass->broken = "an event was kept and never applied";
	pass->last = event->sequence;
	return !pass->broken;
}

/* A letter answered ok: once, and after those of its transition that were recorded before it. */
static bool visit_inbox(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_node_row_inbox *inbox = row;
	bool hostile = pass->hostile && sf_id_equal(pass->hostile->party, inbox->author);
	if (!hostile && inbox->state != SF_NODE_INBOX_OK)
		pass->broken = "a letter was not answered ok";
	return !pass->broken;
}

/* Letters of one transition stand in the inbox in the order they were recorded in. */
struct order {
	size_t count;
	struct {
		struct sf_id transition;
		int64_t last;
	} seen[SF_SIM_PATIENTS_MAX * 2];
	bool broken;
};

static bool visit_order(void *context, const void *row)
{
	struct order *order = context;
	const struct sf_node_row_inbox *inbox = row;
	size_t i = 0;
	while (i < order->count && !sf_id_equal(order->seen[i].transition, inbox->transition))
		i++;
	if (i == SF_COUNT(order->seen))
		return false;
	if (i == order->count) {
		order->count++;
		order->seen[i].transition = inbox->transition;
		order->seen[i].last = 0;
	}
	order->broken |= inbox->sequence < order->seen[i].last;
	order->seen[i].last = inbox->sequence;
	return !order->broken;
}

static const char *check_order(struct sf_sim_machine *machine)
{
	struct order order = {.count = 0};
	const struct sf_scan scan = {
		.table = &sf_node_table_inbox, .index = SF_NODE_INBOX_BY_POSITION};
	const struct sf_store *store = sf_memory_port(machine->memory);
	if (store->scan(store->self, &scan, visit_order, &order, NULL))
		return "an inbox cannot be read";
	return order.broken ? "letters of one transition arrived in another order" : NULL;
}

static bool visit_open_delivery(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_row_delivery *delivery = row;
	if (delivery->open != 0)
		pass->broken = "the coordinator waits for an answer that was given";
	return !pass->broken;
}

static bool visit_leaf(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_row_event *event = row;
	if (event->leaf_index != (int64_t)pass->count)
		pass->broken = "the log has a hole";
	if (event->recorded_ms < pass->last)
		pass->broken = "recorded time went back";
	pass->last = event->recorded_ms;
	pass->count++;
	return !pass->broken;
}

static const char *check_said(struct sf_sim_machine *machine)
{
	struct pass pass = {.row_count = sf_memory_count(machine->memory, &sf_node_table_outbox)};
	pass.numbers = calloc(pass.row_count + 1, sizeof(bool));
	SF_ASSERT(pass.numbers);
	const char *broken = scan_table(machine, &sf_node_table_outbox, 0, visit_outbox, &pass);
	free(pass.numbers);
	if (!broken && pass.last != (int64_t)pass.count)
		broken = "an author number is missing";
	return broken;
}

static const char *check_node(struct sf_sim_machine *machine)
{
	static const struct {
		const struct sf_table *table;
		sf_row_visitor *visitor;
	} passes[] = {
		{&sf_node_table_sending, visit_sending},
		{&sf_node_table_delivery, visit_delivery},
		{&sf_node_table_event, visit_event},
		{&sf_node_table_inbox, visit_inbox},
	};
	const char *broken = check_said(machine);
	for (size_t i = 0; i < SF_COUNT(passes) && !broken; i++) {
		struct pass pass = {.count = 0};
		broken = scan_table(machine, passes[i].table, 0, passes[i].visitor, &pass);
	}
	if (!broken && machine->world->keeps_order)
		broken = check_order(machine);
	if (!broken && machine->world->quiet && sf_node_counters(machine->node).alarms > 0)
		broken = "a node was alarmed where nothing was wrong";
	return broken;
}

static void keep_fault(void *context, const struct sf_fsck_fault *fault)
{
	const char **first = context;
	fprintf(stderr, "%s: %s: %s (%s)\n", fault->where, sf_fsck_word(fault->kind),
		sf_fsck_what(fault->kind), fault->detail);
	if (!*first)
		*first = sf_fsck_what(fault->kind);
}

/* Whatever happened, the coordinator's store holds against itself. */
static const char *check_coordinator(struct sf_sim_machine *coordinator)
{
	const char *first = NULL;
	struct sf_fsck_options options = {.env = coordinator->turn.env,
		.store = sf_memory_port(coordinator->memory),
		.found = keep_fault,
		.context = &first};
	struct sf_fsck_report report;
	sf_crypto_port(coordinator->keyring, &options.crypto);
	enum sf_err err = sf_fsck_run(&options, &report, NULL);
	sf_fsck_report_fini(&report);
	return err ? "the store of the coordinator cannot be checked" : first;
}

const char *sf_sim_check_stores(struct sf_sim_world *world)
{
	struct sf_sim_machine *coordinator = sf_sim_coordinator(world);
	struct pass log = {.count = 0};
	const char *broken = scan_table(coordinator, &sf_table_event, 0, visit_leaf, &log);
	if (!broken)
		broken = check_coordinator(coordinator);
	bool hostile = false;
	for (size_t i = 1; i < world->machine_count && !broken; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		hostile |= machine->hostile;
		if (machine->has_node && !machine->hostile)
			broken = check_node(machine);
	}
	/* A hostile party takes nothing and answers nothing: its queue and letters stay. */
	if (broken || hostile)
		return broken;
	struct pass deliveries = {.count = 0};
	broken = scan_table(coordinator, &sf_table_delivery, 0, visit_open_delivery, &deliveries);
	if (!broken && sf_memory_count(coordinator->memory, &sf_table_queue) > 0)
		broken = "a queue of the coordinator is not empty";
	if (!broken && sf_memory_count(coordinator->memory, &sf_table_sealed) > 0)
		broken = "sealed bytes stay although everybody has answered";
	return broken;
}
