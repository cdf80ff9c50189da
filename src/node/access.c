#include "node/access.h"

#include "audit/access.h"
#include "audit/listing.h"

enum sf_err sf_node_keep_access(struct sf_node *node, const struct sf_request *request,
	const struct sf_reply *reply, struct sf_diag *diag)
{
	const struct sf_access access = sf_access_of(request, reply);
	if (!access.kept || sf_access_goes_on(&node->followers, request, node->now_ms))
		return SF_OK;
	const char *account = request->asker.account ? request->asker.account : "";
	const struct sf_node_row_access row = {
		.position = sf_node_next(node, SF_NODE_COUNTER_ACCESS),
		.at_ms = node->now_ms,
		.account = sf_view_text(account),
		.role = (int64_t)sf_access_role(&request->asker),
		.purpose = (int64_t)sf_access_purpose(&request->asker),
		.what = (int64_t)request->kind,
		.transition = access.transition,
		.message = access.message,
	};
	const struct sf_store *store = sf_node_store(node);
	return store->insert(store->self, &sf_node_table_access, &row, diag);
}

struct walk {
	struct sf_listing listing;
	struct sf_listing_rows rows;
	size_t count_max;
	struct sf_arena *arena;
};

static bool visit(void *context, const void *row)
{
	struct walk *walk = context;
	const struct sf_node_row_access *access = row;
	if (walk->rows.count == walk->count_max)
		return false;
	struct sf_access_row *place = sf_listing_add(&walk->listing, &walk->rows);
	if (!place)
		return false;
	const char *account = sf_arena_text(walk->arena, access->account);
	*place = (struct sf_access_row){
		.cursor = (uint64_t)access->position,
		.at_ms = access->at_ms,
		.account = account ? account : "",
		.role = (enum sf_reader_role)access->role,
		.purpose = (enum sf_purpose)access->purpose,
		.what = sf_request_text((enum sf_request_kind)access->what),
		.transition = access->transition,
		.message = access->message,
	};
	walk->listing.full |= !account;
	return !walk->listing.full;
}

enum sf_err sf_node_serve_access_log(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_access_log *asked = &request->access_log;
	struct walk walk = {
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_access_row)},
		.count_max = sf_listing_count(asked->count_max),
		.arena = arena,
	};
	bool one = !sf_id_is_none(asked->transition);
	const struct sf_node_row_access key = {.transition = asked->transition,
		.position = asked->after >= INT64_MAX ? INT64_MAX : (int64_t)asked->after + 1};
	const struct sf_scan scan = {.table = &sf_node_table_access,
		.index = one ? SF_NODE_ACCESS_BY_TRANSITION : 0,
		.equal_count = one ? 1 : 0,
		.from = &key,
		.bounded = true};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit, &walk, diag);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ACCESS_LOG,
		.text = "",
		.access_log = {walk.rows.count, walk.rows.items}};
	return SF_OK;
}
