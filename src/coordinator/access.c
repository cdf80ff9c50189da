/* The access log (issue: an auditor's reading is itself logged): statement, table and listing. */
#include "audit/access.h"
#include "coordinator/service.h"

enum sf_err sf_coordinator_keep_access(struct sf_coordinator *coordinator,
	const struct sf_request *request, const struct sf_reply *reply, struct sf_diag *diag)
{
	const struct sf_access access = sf_access_of(request, reply);
	if (!access.kept || coordinator->options.read_only)
		return SF_OK;
	if (sf_coordinator_is_behind(coordinator))
		return SF_ERR_STATE;
	if (sf_access_goes_on(&coordinator->followers, request, coordinator->recorded_ms))
		return SF_OK;
	struct sf_fact fact = {.kind = SF_KIND_ACCESS,
		.statement = {.subject = access.transition,
			/* By chance each time: the log alone does not even say that two readers are
			 * one; the table here does. */
			.reader = sf_coordinator_new_id(coordinator),
			.role = sf_access_role(&request->asker),
			.purpose = sf_access_purpose(&request->asker),
			.request = (uint32_t)request->kind}};
	struct sf_recording *recording;
	enum sf_err err = sf_coordinator_state_fact(coordinator, &fact, &recording);
	if (err)
		return err;
	const char *account = request->asker.account ? request->asker.account : "";
	const struct sf_row_access row = {
		.leaf_index = recording->row.leaf_index,
		.at_ms = recording->row.recorded_ms,
		.account = sf_view_text(account),
		.reader = fact.statement.reader,
		.role = (int64_t)fact.statement.role,
		.purpose = (int64_t)fact.statement.purpose,
		.what = (int64_t)request->kind,
		.transition = access.transition,
	};
	const struct sf_store *store = &coordinator->ports.store;
	return store->insert(store->self, &sf_table_access, &row, diag);
}

static bool visit(void *context, const void *row)
{
	const struct sf_row_access *access = row;
	const struct sf_access_row listed = {
		.cursor = (uint64_t)access->leaf_index + 1,
		.at_ms = access->at_ms,
		.role = (enum sf_reader_role)access->role,
		.purpose = (enum sf_purpose)access->purpose,
		.transition = access->transition,
		.reader = access->reader,
	};
	return sf_access_list_row(context, &listed, access->account, access->what);
}

enum sf_err sf_coordinator_serve_access_log(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_access_log *asked = &request->access_log;
	struct sf_access_listing listing = sf_access_list(coordinator->directory, arena, asked);
	bool one = !sf_id_is_none(asked->transition);
	const struct sf_row_access key = {.transition = asked->transition,
		.leaf_index = asked->after > INT64_MAX ? INT64_MAX : (int64_t)asked->after};
	const struct sf_scan scan = {.table = &sf_table_access,
		.index = one ? SF_ACCESS_BY_TRANSITION : 0,
		.equal_count = one ? 1 : 0,
		.from = &key,
		.bounded = true};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit, &listing, diag);
	return err ? err : sf_access_list_end(&listing, ret_reply);
}
