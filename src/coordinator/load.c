#include "coordinator/attachment.h"

struct entries {
	struct sf_coordinator *coordinator;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool follow_entry(void *context, const void *row)
{
	struct entries *entries = context;
	const struct sf_row_entry *entry = row;
	struct sf_coordinator *coordinator = entries->coordinator;
	entries->err = sf_registry_add(coordinator->directory, &coordinator->ports.crypto,
		&coordinator->options.registrars, entry->record, 0, NULL, entries->diag);
	if (entries->err)
		sf_diag_prefix(entries->diag, "directory entry %lld of the store",
			(long long)entry->version);
	return !entries->err;
}

static enum sf_err load_counter(struct sf_coordinator *coordinator,
	enum sf_coordinator_counter name, int64_t *ret_value, struct sf_diag *diag)
{
	struct sf_row_counter row = {.name = name};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_counter, 0, &row, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	*ret_value = err ? 0 : row.value;
	return SF_OK;
}

/* Everything that memory holds besides caches, as the store says. Also after a lost turn. */
enum sf_err sf_coordinator_load(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	sf_directory_close(&coordinator->directory);
	enum sf_err err = sf_directory_open(&coordinator->directory);
	if (!err)
		err = load_counter(coordinator, SF_COUNTER_LEAF, &coordinator->leaf_count, diag);
	if (!err)
		err = load_counter(
			coordinator, SF_COUNTER_RECORDED, &coordinator->recorded_ms, diag);
	if (!err)
		err = load_counter(
			coordinator, SF_COUNTER_DERIVED, &coordinator->derived_count, diag);
	if (!err)
		err = sf_coordinator_next_timer(coordinator, diag);
	if (!err)
		err = sf_coordinator_load_attachments(coordinator, diag);
	if (err)
		return err;
	struct entries entries = {coordinator, SF_OK, diag};
	const struct sf_scan scan = {.table = &sf_table_entry};
	const struct sf_store *store = &coordinator->ports.store;
	err = store->scan(store->self, &scan, follow_entry, &entries, diag);
	if (!err)
		err = entries.err;
	return err ? err : sf_coordinator_load_log(coordinator, diag);
}
