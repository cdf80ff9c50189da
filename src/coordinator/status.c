/* How the coordinator is doing: its log, who is connected, what waits. */
#include "coordinator/service.h"

struct open_count {
	const struct sf_coordinator *coordinator;
	uint64_t open, late;
};

static bool visit_open(void *context, const void *row)
{
	struct open_count *count = context;
	const struct sf_row_delivery *delivery = row;
	count->open++;
	count->late += sf_delivery_is_late((enum sf_delivery_state)delivery->state, delivery->open,
		count->coordinator->recorded_ms);
	return true;
}

/* Deliveries at most SF_LISTING_WALK_MAX: beyond it the exact number helps nobody. */
static enum sf_err count_all(struct sf_coordinator *coordinator, struct sf_arena *arena,
	struct sf_reply_status *status, struct sf_diag *diag)
{
	struct open_count count = {.coordinator = coordinator};
	const struct sf_scan scan = {.table = &sf_table_delivery,
		.index = SF_DELIVERY_OPEN,
		.count_max = SF_LISTING_WALK_MAX};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_open, &count, diag);
	if (err)
		return err;
	uint64_t on_the_way = 0;
	for (size_t i = 0; i < coordinator->parties.slot_count; i++) {
		const struct sf_party_state *party = coordinator->parties.slots[i];
		on_the_way += party ? party->on_the_way : 0;
	}
	const struct sf_coordinator_counters *counters = &coordinator->counters;
	int64_t ahead_ms = sf_coordinator_clock_ahead_ms(coordinator);
	const struct sf_counter_row rows[] = {
		{"queue-not-answered", count.open},
		{"queue-late", count.late},
		{"queue-on-the-way", on_the_way},
		{"transitions-cached", coordinator->cache.count},
		{"clock-apart-ms", (uint64_t)(ahead_ms < 0 ? -ahead_ms : ahead_ms)},
		{"recorded", counters->recorded},
		{"refused", counters->refused},
		{"resent", counters->resent},
		{"repeated", counters->repeated},
		{"dropped", counters->dropped},
		{"forged", counters->forged},
		{"delivered", counters->delivered},
		{"taken", counters->taken},
		{"derived", counters->derived},
		{"linked", counters->linked},
		{"differences", counters->differences},
		{"checkpoints", counters->signed_notes},
		{"cosignatures", counters->cosigned},
	};
	return sf_listing_counters(arena, rows, SF_COUNT(rows), status);
}

static const char *link_word(const struct sf_coordinator *coordinator)
{
	if (sf_coordinator_is_behind(coordinator))
		return "behind";
	return coordinator->log.inconsistent ? "log-inconsistent" : "listening";
}

static uint32_t count_connected(const struct sf_coordinator *coordinator)
{
	uint32_t count = 0;
	for (size_t i = 0; i < coordinator->parties.slot_count; i++) {
		const struct sf_party_state *party = coordinator->parties.slots[i];
		count += party && party->route != 0;
	}
	return count;
}

enum sf_err sf_coordinator_serve_status(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_reply_status status = {
		.program = "coordinator",
		.software = sf_listing_text(&listing, coordinator->options.software),
		.party = coordinator->options.party,
		.name = sf_listing_name(&listing, coordinator->options.party),
		.role = SF_ROLE_COORDINATOR,
		.link = link_word(coordinator),
		.peer_count = count_connected(coordinator),
		.origin = sf_listing_text(&listing, coordinator->log.origin),
		.epoch = coordinator->log.epoch,
		.log_size = (uint64_t)coordinator->leaf_count,
		.directory_version = sf_directory_version(coordinator->directory),
		.directory_head = *sf_directory_head(coordinator->directory),
		.now_ms = coordinator->recorded_ms,
		.started_ms = coordinator->started_ms,
	};
	enum sf_err err =
		request->status.counters ? count_all(coordinator, arena, &status, diag) : SF_OK;
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_STATUS, .text = "", .status = status};
	return SF_OK;
}
