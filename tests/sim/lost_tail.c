#include "sim/lost_tail.h"

#include "coordinator/tables.h"
#include "crypto/record.h"
#include "node/tables.h"
#include "wire/record.h"

#define REPLY_SIZE_MAX ((size_t)8 * 1024 * 1024)

struct copy {
	struct sf_memory *to;
	const struct sf_table *table;
};

static bool copy_row(void *context, const void *row)
{
	const struct copy *copy = context;
	const struct sf_store *store = sf_memory_port(copy->to);
	SF_ASSERT(!store->insert(store->self, copy->table, row, NULL));
	return true;
}

struct sf_memory *sf_sim_back_up(const struct sf_sim_machine *machine)
{
	bool is_node = machine->kind == SF_SIM_NODE;
	const struct sf_table *const *tables = is_node ? sf_node_tables : sf_coordinator_tables;
	size_t count = is_node ? sf_node_table_count : sf_coordinator_table_count;
	struct sf_memory *memory = NULL;
	SF_ASSERT(!sf_memory_open(tables, count, &memory, NULL));
	const struct sf_store *to = sf_memory_port(memory);
	const struct sf_store *from = sf_memory_port(machine->memory);
	SF_ASSERT(!to->begin(to->self, NULL));
	for (size_t i = 0; i < count; i++) {
		struct copy copy = {memory, tables[i]};
		const struct sf_scan scan = {.table = copy.table};
		SF_ASSERT(!from->scan(from->self, &scan, copy_row, &copy, NULL));
	}
	SF_ASSERT(!to->commit(to->self, NULL));
	return memory;
}

void sf_sim_restore(struct sf_sim_machine *machine, struct sf_memory *older)
{
	sf_sim_power_off(machine);
	sf_memory_close(&machine->memory);
	machine->memory = older;
	sf_sim_power_on(machine);
}

bool sf_sim_is_behind(struct sf_sim_machine *coordinator)
{
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	const struct sf_request request = {.kind = SF_REQUEST_LOG};
	struct sf_reply reply = {.err = SF_OK};
	bool behind = !sf_sim_call(coordinator, &request, &arena, &reply) && !reply.err &&
		      reply.log.behind;
	sf_arena_fini(&arena);
	return behind;
}

static struct sf_reply call_epoch(
	struct sf_sim_machine *coordinator, struct sf_view record, struct sf_arena *arena)
{
	const struct sf_request request = {.kind = SF_REQUEST_EPOCH, .epoch = {.record = record}};
	struct sf_reply reply = {.err = SF_OK};
	enum sf_err err = sf_sim_call(coordinator, &request, arena, &reply);
	if (err)
		reply = (struct sf_reply){.err = err, .text = "the turn failed"};
	return reply;
}

struct sf_reply sf_sim_ask_epoch(struct sf_sim_machine *coordinator, struct sf_arena *arena)
{
	return call_epoch(coordinator, sf_view_of(NULL, 0), arena);
}

struct sf_reply sf_sim_begin_epoch(
	struct sf_sim_machine *coordinator, struct sf_view signed_record, struct sf_arena *arena)
{
	return call_epoch(coordinator, signed_record, arena);
}

struct sf_view sf_sim_sign_epoch(
	struct sf_sim_world *world, struct sf_view record, struct sf_arena *arena)
{
	struct sf_signed_record signed_record = {.record = record, .signature_count = 1};
	signed_record.signatures[0].key_id = world->registrar_key_id;
	SF_ASSERT(!sf_record_sign(world->registrar, world->registrar_key_id, "epoch", record,
		signed_record.signatures[0].signature));
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	SF_ASSERT(!sf_signed_record_encode(&signed_record, &bytes));
	struct sf_view kept = sf_arena_copy(arena, sf_buf_view(&bytes));
	SF_ASSERT(kept.data);
	sf_buf_fini(&bytes);
	return kept;
}

const char *sf_sim_declare_epoch(struct sf_sim_world *world)
{
	struct sf_sim_machine *coordinator = sf_sim_coordinator(world);
	struct sf_arena arena;
	sf_arena_init(&arena, REPLY_SIZE_MAX);
	const char *broken = NULL;
	struct sf_reply asked = sf_sim_ask_epoch(coordinator, &arena);
	if (asked.err) {
		broken = "a coordinator that is behind cannot say what was lost";
	} else {
		struct sf_view record = sf_sim_sign_epoch(world, asked.epoch.record, &arena);
		struct sf_reply begun = sf_sim_begin_epoch(coordinator, record, &arena);
		broken = begun.err ? "an epoch that the registrar declared does not begin" : NULL;
	}
	sf_arena_fini(&arena);
	return broken;
}
