#include "node/repeat.h"

#include "audit/erased.h"
#include "audit/listing.h"
#include "node/attachment.h"

#define FORGOTTEN_MAX ((size_t)8) /* at each key that is kept: fewer come than go */

/*
 * What was done and answered before. False for kinds that are done again: a hand-in, and what only
 * reads.
 */
static bool answer_again(
	const struct sf_node_row_repeat *row, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	switch ((int)row->reply) {
	case SF_REPLY_SAID:
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_SAID,
			.text = "",
			.said = {row->message, row->transition, (sf_domain_set)row->domains}};
		return true;
	case SF_REPLY_DONE:
		sf_reply_done(ret_reply);
		return true;
	case SF_REPLY_REPLAYED:
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_REPLAYED,
			.text = "",
			.replayed = {.resent = row->domains != 0}};
		return true;
	case SF_REPLY_HOOK_ADDED:
	case SF_REPLY_ERASED:
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"this was done already under this key; its answer is given once");
		return true;
	default:
		return false;
	}
}

/* What was announced may have gone since: a second one would be left over. */
static enum sf_err show_upload(struct sf_node *node, struct sf_id upload, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag)
{
	enum sf_err err = sf_node_upload_show(node, upload, arena, ret_reply, diag);
	if (!err && ret_reply->err == SF_ERR_NOT_FOUND)
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE,
			"this was done already under this key; the attachment has gone with a "
			"letter since, or was dropped");
	return err;
}

static enum sf_err find_key(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag)
{
	const struct sf_repeatable *asked = &request->repeatable;
	if (sf_digest_is_none(&asked->key))
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_repeat row = {.key = asked->key};
	enum sf_err err = store->get(store->self, &sf_node_table_repeat, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND || (!err && row.at_ms < node->now_ms - SF_REPEAT_MS))
		return SF_OK;
	if (err)
		return err;
	if (!sf_digest_equal(&row.body, &asked->body)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE,
			"this idempotency key was used for another request");
		*ret_answered = true;
	} else if (row.reply == SF_REPLY_UPLOAD) {
		*ret_answered = true;
		err = show_upload(node, row.message, arena, ret_reply, diag);
	} else {
		*ret_answered = answer_again(&row, arena, ret_reply);
	}
	return err;
}

/* Which transition the request is about; none for kinds that are about none. */
static struct sf_id subject_of(const struct sf_request *request)
{
	if (request->kind == SF_REQUEST_REFUSE)
		return request->refuse.id;
	if (request->kind == SF_REQUEST_WITHDRAW)
		return request->withdraw.message;
	return sf_request_subject(request);
}

static enum sf_err check_expected(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag)
{
	const struct sf_expected *expected = &request->expected;
	struct sf_node_row_transition row = {.id = {{0}}};
	if (!expected->said)
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = sf_node_any_transition(node, subject_of(request), &row.id, diag);
	if (!err)
		err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	/* The service says what is not known. */
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if ((uint64_t)row.sequence == expected->sequence &&
		sf_digest_equal(&row.head, &expected->head))
		return SF_OK;
	sf_reply_refuse(ret_reply, arena, SF_ERR_CONFLICT,
		"the transition has gone on since it was read; read it again");
	*ret_answered = true;
	return SF_OK;
}

enum sf_err sf_node_repeated(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag)
{
	*ret_answered = false;
	enum sf_err err = find_key(node, request, arena, ret_reply, ret_answered, diag);
	if (err || *ret_answered)
		return err;
	return check_expected(node, request, arena, ret_reply, ret_answered, diag);
}

struct forgotten {
	int64_t before_ms;
	size_t count;
	struct sf_digest keys[FORGOTTEN_MAX];
};

static bool visit_old(void *context, const void *row)
{
	struct forgotten *forgotten = context;
	const struct sf_node_row_repeat *repeat = row;
	if (repeat->at_ms >= forgotten->before_ms)
		return false;
	forgotten->keys[forgotten->count++] = repeat->key;
	return forgotten->count < FORGOTTEN_MAX;
}

static enum sf_err forget(struct sf_node *node, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct forgotten forgotten = {.before_ms = node->now_ms - SF_REPEAT_MS};
	const struct sf_scan scan = {
		.table = &sf_node_table_repeat, .index = SF_NODE_REPEAT_BY_AGE};
	enum sf_err err = store->scan(store->self, &scan, visit_old, &forgotten, diag);
	for (size_t i = 0; i < forgotten.count && !err; i++) {
		const struct sf_node_row_repeat key = {.key = forgotten.keys[i]};
		err = store->remove(store->self, &sf_node_table_repeat, &key, diag);
	}
	return err;
}

enum sf_err sf_node_keep_repeat(struct sf_node *node, const struct sf_request *request,
	const struct sf_reply *reply, struct sf_diag *diag)
{
	const struct sf_repeatable *asked = &request->repeatable;
	bool fatal = reply->kind == SF_REPLY_SENT && reply->sent.answer == SF_SEND_FATAL;
	bool looked = reply->kind == SF_REPLY_ERASED && !reply->erased.done;
	if (sf_digest_is_none(&asked->key) || reply->err || fatal || looked)
		return SF_OK;
	struct sf_node_row_repeat row = {.key = asked->key,
		.body = asked->body,
		.at_ms = node->now_ms,
		.reply = (int64_t)reply->kind};
	if (reply->kind == SF_REPLY_SAID) {
		row.message = reply->said.message;
		row.transition = reply->said.transition;
		row.domains = reply->said.domains;
	} else if (reply->kind == SF_REPLY_REPLAYED) {
		row.domains = reply->replayed.resent;
	} else if (reply->kind == SF_REPLY_UPLOAD) {
		row.message = reply->upload.upload;
	}
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->replace(store->self, &sf_node_table_repeat, &row, diag);
	return err ? err : forget(node, diag);
}
