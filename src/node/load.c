#include "node/channel.h"
#include "node/state.h"

int64_t sf_node_next(struct sf_node *node, enum sf_node_counter name)
{
	node->counters_dirty = true;
	return ++node->counter_values[name];
}

int64_t sf_node_connected_ms(const struct sf_node *node)
{
	int64_t running = node->up ? node->now_ms - node->connected_since_ms : 0;
	return node->counter_values[SF_NODE_COUNTER_CONNECTED] + running;
}

struct load {
	struct sf_node *node;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool follow_entry(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_node_row_entry *entry = row;
	load->err = sf_registry_add(load->node->directory, &load->node->ports.crypto,
		&load->node->options.registrars, entry->record, 0, NULL, load->diag);
	if (!load->err)
		load->err = sf_node_note_head(load->node);
	if (load->err)
		sf_diag_prefix(
			load->diag, "directory entry %lld of the store", (long long)entry->version);
	return !load->err;
}

static bool read_counter(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_node_row_counter *counter = row;
	if (counter->name > 0 && counter->name <= SF_NODE_COUNTER_LAST)
		load->node->counter_values[counter->name] = counter->value;
	return true;
}

/*
 * Everything that memory holds besides caches, as the store says. Also after a lost turn. The time
 * of the last turn is no floor for the next program's: a clock that once was days ahead would make
 * every letter of these days one from the future, which waits.
 */
enum sf_err sf_node_load(struct sf_node *node, struct sf_diag *diag)
{
	sf_directory_close(&node->directory);
	for (size_t i = 0; i < SF_COUNT(node->counter_values); i++)
		node->counter_values[i] = 0;
	node->counters_dirty = false;
	node->resend_due_ms = 0; /* not known: the first turn looks */
	node->late_ms = 0;
	enum sf_err err = sf_directory_open(&node->directory);
	if (!err)
		err = sf_node_note_head(node);
	struct load load = {node, SF_OK, diag};
	const struct sf_store *store = sf_node_store(node);
	const struct sf_scan counters = {.table = &sf_node_table_counter};
	const struct sf_scan entries = {.table = &sf_node_table_entry};
	if (!err)
		err = store->scan(store->self, &counters, read_counter, &load, diag);
	if (!err)
		err = store->scan(store->self, &entries, follow_entry, &load, diag);
	if (!err)
		err = load.err;
	if (!err)
		err = sf_node_load_log(node, diag);
	if (!err)
		err = sf_node_feed_load(node, diag);
	if (!err)
		err = sf_node_channels_load(node, diag);
	return err ? err : sf_node_load_agreements(node, diag);
}
