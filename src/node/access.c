#include "node/access.h"

#include "audit/access.h"
#include "audit/listing.h"

static enum sf_err keep(struct sf_node *node, const struct sf_request *request,
	const struct sf_access *access, struct sf_diag *diag)
{
	if (node->options.read_only)
		return SF_OK;
	const char *account = request->asker.account ? request->asker.account : "";
	const struct sf_node_row_access row = {
		.position = sf_node_next(node, SF_NODE_COUNTER_ACCESS),
		.at_ms = node->now_ms,
		.account = sf_view_text(account),
		.role = (int64_t)sf_access_role(&request->asker),
		.purpose = (int64_t)sf_access_purpose(&request->asker),
		.what = (int64_t)request->kind,
		.transition = access->transition,
		.message = access->message,
	};
	const struct sf_store *store = sf_node_store(node);
	return store->insert(store->self, &sf_node_table_access, &row, diag);
}

enum sf_err sf_node_keep_access(struct sf_node *node, const struct sf_request *request,
	const struct sf_reply *reply, struct sf_diag *diag)
{
	const struct sf_access access = sf_access_of(request, reply);
	if (!access.kept || sf_access_goes_on(&node->followers, request, node->now_ms))
		return SF_OK;
	return keep(node, request, &access, diag);
}

enum sf_err sf_node_keep_disclosure(struct sf_node *node, const struct sf_request *request,
	struct sf_id transition, struct sf_diag *diag)
{
	const struct sf_access access = {.kept = true, .transition = transition};
	return keep(node, request, &access, diag);
}

static bool visit(void *context, const void *row)
{
	const struct sf_node_row_access *access = row;
	const struct sf_access_row listed = {
		.cursor = (uint64_t)access->position,
		.at_ms = access->at_ms,
		.role = (enum sf_reader_role)access->role,
		.purpose = (enum sf_purpose)access->purpose,
		.transition = access->transition,
		.message = access->message,
	};
	return sf_access_list_row(context, &listed, access->account, access->what);
}

enum sf_err sf_node_serve_access_log(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_access_log *asked = &request->access_log;
	struct sf_access_listing listing = sf_access_list(node->directory, arena, asked);
	bool one = !sf_id_is_none(asked->transition);
	const struct sf_node_row_access key = {.transition = asked->transition,
		.position = asked->after >= INT64_MAX ? INT64_MAX : (int64_t)asked->after + 1};
	const struct sf_scan scan = {.table = &sf_node_table_access,
		.index = one ? SF_NODE_ACCESS_BY_TRANSITION : 0,
		.equal_count = one ? 1 : 0,
		.from = &key,
		.bounded = true};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit, &listing, diag);
	return err ? err : sf_access_list_end(&listing, ret_reply);
}
