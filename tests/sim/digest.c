/* One number for everything that stands in all stores: the same seed gives the same. */
#include <string.h>

#include "coordinator/tables.h"
#include "node/tables.h"
#include "sim/world.h"

struct sum {
	const struct sf_table *table;
	uint64_t value;
};

/* FNV-1a: this finds differences, it defends against nobody. */
static void add(struct sum *sum, const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;
	for (size_t i = 0; i < size; i++)
		sum->value = (sum->value ^ byte[i]) * UINT64_C(0x100000001B3);
}

static bool add_row(void *context, const void *row)
{
	struct sum *sum = context;
	for (size_t i = 0; i < sum->table->column_count; i++) {
		const struct sf_column *column = &sum->table->columns[i];
		const void *place = (const char *)row + column->offset;
		switch (column->type) {
		case SF_COLUMN_INTEGER:
			add(sum, place, sizeof(int64_t));
			break;
		case SF_COLUMN_ID:
			add(sum, place, SF_ID_SIZE);
			break;
		case SF_COLUMN_DIGEST:
			add(sum, place, SF_DIGEST_SIZE);
			break;
		case SF_COLUMN_BYTES: {
			const struct sf_view *view = place;
			add(sum, &view->size, sizeof(view->size));
			add(sum, view->data, view->size);
			break;
		}
		}
	}
	return true;
}

uint64_t sf_sim_digest(struct sf_sim_world *world)
{
	struct sum sum = {.value = UINT64_C(0xCBF29CE484222325)};
	for (size_t i = 0; i < world->machine_count; i++) {
		if (!world->machines[i].on)
			continue; /* its disk can be read when it has power again */
		bool node = world->machines[i].kind == SF_SIM_NODE;
		const struct sf_table *const *tables =
			node ? sf_node_tables : sf_coordinator_tables;
		size_t count = node ? sf_node_table_count : sf_coordinator_table_count;
		const struct sf_store *store = sf_memory_port(world->machines[i].memory);
		for (size_t t = 0; t < count; t++) {
			sum.table = tables[t];
			const struct sf_scan scan = {.table = tables[t]};
			SF_ASSERT(!store->scan(store->self, &scan, add_row, &sum, NULL));
		}
	}
	return sum.value;
}
