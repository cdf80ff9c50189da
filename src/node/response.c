#include "node/response.h"

#include <string.h>

#include "audit/outcome.h"
#include "node/service.h"

/* "." and "..", also as %2e: what stands behind the allowed prefix must not lead out of it. */
static bool is_dots(const char *step, size_t size)
{
	size_t dots = 0;
	for (size_t at = 0; at < size; dots++) {
		if (step[at] == '.')
			at++;
		else if (size - at >= 3 && strncmp(step + at, "%2", 2) == 0 &&
			 (step[at + 2] == 'e' || step[at + 2] == 'E'))
			at += 3;
		else
			return false;
	}
	return dots == 1 || dots == 2;
}

static bool has_dots(const char *url)
{
	for (const char *step = url; *step && *step != '?';) {
		size_t size = strcspn(step, "/?");
		if (is_dots(step, size))
			return true;
		step += size;
		step += *step == '/';
	}
	return false;
}

/* To some servers %2f and %5c are slashes like any, and what stands between them are steps. */
static bool hides_slash(const char *url)
{
	for (const char *at = url; *at && *at != '?'; at++)
		if (*at == '%' && ((at[1] == '2' && (at[2] == 'f' || at[2] == 'F')) ||
					  (at[1] == '5' && (at[2] == 'c' || at[2] == 'C'))))
			return true;
	return false;
}

/* 0: it does not. */
static size_t begins_with(const char *url, const char *prefix)
{
	size_t size = strlen(prefix);
	if (size == 0 || strncmp(url, prefix, size) != 0)
		return 0;
	bool whole = prefix[size - 1] == '/' || strchr("/?", url[size]) != NULL;
	return whole ? size : 0;
}

bool sf_node_response_allows(
	struct sf_node *node, const char *url, const struct sf_node_channel **ret_brings)
{
	size_t most = 0;
	if (sf_node_url_fault(url) || has_dots(url) || hides_slash(url))
		return false;
	for (size_t i = 0; i < SF_NODE_CHANNELS_MAX; i++) {
		const struct sf_node_channel *channel = &node->channels->items[i];
		size_t size = channel->name[0] && channel->kind == SF_CHANNEL_RESPONSE
				      ? begins_with(url, channel->url)
				      : 0;
		if (size > most) {
			most = size;
			*ret_brings = channel;
		}
	}
	return most > 0;
}

enum sf_err sf_node_response_want(
	struct sf_node *node, const struct sf_node_row_response *wanted, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_response, wanted, diag);
}

/* SF_ERR_NOT_FOUND: nobody wants it. The row lives in the turn's arena. */
static enum sf_err find_wanted(struct sf_node *node, struct sf_id message,
	struct sf_node_row_response *ret_row, struct sf_diag *diag)
{
	struct sf_node_row_response row = {.message_id = message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_response, 0, &row, diag);
	if (err)
		return err;
	row.channel = sf_arena_copy(&node->arena, row.channel);
	row.url = sf_arena_copy(&node->arena, row.url);
	row.content_type = sf_arena_copy(&node->arena, row.content_type);
	row.heading = sf_arena_copy(&node->arena, row.heading);
	*ret_row = row;
	bool whole = row.channel.data && row.url.data && row.content_type.data && row.heading.data;
	return whole ? SF_OK : SF_ERR_LIMIT;
}

bool sf_node_response_is_of(struct sf_node *node, const struct sf_node_channel *channel,
	const struct sf_node_row_feed *row)
{
	struct sf_node_row_response wanted;
	if (row->what != SF_FEED_RESPONSE)
		return false;
	enum sf_err err = find_wanted(node, row->message, &wanted, NULL);
	/* Why it cannot be read is said when it is loaded. */
	return err ? err != SF_ERR_NOT_FOUND
		   : sf_view_equal(wanted.channel, sf_view_text(channel->name));
}

static enum sf_ack ack_of(const struct sf_node_row_delivery *delivery)
{
	if (delivery->state == SF_DELIVERY_OK)
		return SF_ACK_OK;
	if (delivery->state == SF_DELIVERY_FATAL_ERROR)
		return SF_ACK_FATAL_ERROR;
	return delivery->state == SF_DELIVERY_ASK_PERSON ? SF_ACK_TRANSIENT_ERROR : SF_ACK_NONE;
}

static bool is_final(int64_t ack)
{
	return ack == SF_ACK_OK || ack == SF_ACK_FATAL_ERROR;
}

static void tell(struct sf_node *node, const struct sf_node_row_response *wanted,
	const struct sf_node_row_delivery *delivery, enum sf_ack ack)
{
	const struct sf_feed_row row = {.at_ms = node->now_ms,
		.what = SF_FEED_RESPONSE,
		.message = wanted->message_id,
		.transition = wanted->transition,
		.party = delivery->recipient,
		.peer = node->options.party,
		.ack = ack,
		.code = (uint32_t)delivery->code};
	sf_feed_add(node->feed, &row);
}

enum sf_err sf_node_response_want_now(
	struct sf_node *node, const struct sf_node_row_response *wanted, struct sf_diag *diag)
{
	struct sf_node_row_response row = *wanted;
	row.answered = 1;
	const struct sf_node_row_delivery nobody = {.recipient = node->options.party};
	tell(node, &row, &nobody, SF_ACK_OK);
	return sf_node_response_want(node, &row, diag);
}

/* The letter keeps the acknowledgement of who answered finally first: that one is brought. */
enum sf_err sf_node_response_answered(
	struct sf_node *node, const struct sf_node_row_delivery *delivery, struct sf_diag *diag)
{
	enum sf_ack ack = ack_of(delivery);
	if (ack == SF_ACK_NONE)
		return SF_OK;
	struct sf_node_row_response wanted;
	enum sf_err err = find_wanted(node, delivery->message_id, &wanted, diag);
	if (err || wanted.answered)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	tell(node, &wanted, delivery, ack);
	wanted.answered = is_final(ack);
	return wanted.answered ? sf_node_response_want(node, &wanted, diag) : SF_OK;
}

/* Which of AA, AE and AR it is, the table of outcomes says. */
static const struct sf_outcome_tongue *tongue_of(enum sf_ack ack, const struct sf_issues *issues)
{
	struct sf_issue_row rows[SF_ISSUE_MAX];
	for (size_t i = 0; i < issues->count; i++)
		rows[i] = (struct sf_issue_row){.fatal = issues->items[i].fatal,
			.code = issues->items[i].code,
			.expression = "",
			.text = ""};
	const struct sf_reply fatal = {.kind = SF_REPLY_SENT,
		.sent = {.answer = SF_SEND_FATAL, .issue_count = issues->count, .issues = rows}};
	if (ack == SF_ACK_FATAL_ERROR)
		return sf_outcome_tongue(sf_handin_outcome_of(&fatal));
	return sf_outcome_tongue(ack == SF_ACK_OK ? SF_HANDIN_ACKNOWLEDGED : SF_HANDIN_TEMPORARY);
}

/* Its time is that of the answer, so that it is the same bytes each time. */
static enum sf_err write_hl7(struct sf_node *node, const struct sf_node_row_response *wanted,
	struct sf_arena *arena, struct sf_view *ret_content, struct sf_diag *diag)
{
	struct sf_node_answer given = {.ack = SF_ACK_OK, .at_ms = wanted->created_ms};
	enum sf_err err = sf_node_letter_answer(
		node, wanted->message_id, wanted->transition, arena, &given, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	const struct sf_outcome_tongue *tongue = tongue_of(given.ack, &given.issues);
	const struct sf_hl7_answer answer = {.message = wanted->heading,
		.original = tongue->hl7_original,
		.enhanced = tongue->hl7_enhanced,
		.issues = &given.issues,
		.at_ms = given.at_ms,
		.later = true};
	const struct sf_format *format = &node->ports.format;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_CLINICAL_SIZE_MAX);
	err = format->write_hl7_answer(format->self, &answer, &bytes, diag);
	if (!err && sf_buf_view(&bytes).size > 0) {
		*ret_content = sf_arena_copy(arena, sf_buf_view(&bytes));
		err = ret_content->data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&bytes);
	return err;
}

enum sf_err sf_node_response_load(struct sf_node *node, const struct sf_node_channel *channel,
	const struct sf_node_row_feed *row, struct sf_arena *arena,
	struct sf_reply_handout *handout, struct sf_diag *diag)
{
	struct sf_node_row_response wanted;
	const struct sf_node_channel *brings = NULL;
	enum sf_err err = find_wanted(node, row->message, &wanted, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	const char *url = sf_arena_text(arena, wanted.url);
	const char *type = sf_arena_text(arena, wanted.content_type);
	if (!url || !type)
		return SF_ERR_LIMIT;
	handout->content_type = type;
	if (wanted.way == SF_NODE_RESPONSE_MLLP)
		return write_hl7(node, &wanted, arena, &handout->content, diag);
	/* An operator may have taken back what was allowed when it was wanted. */
	if (!sf_node_response_allows(node, url, &brings) || brings != channel)
		return SF_OK;
	handout->url = url;
	return sf_node_letter_acknowledgement(
		node, row->message, type, arena, &handout->content, diag);
}

enum sf_err sf_node_response_done(
	struct sf_node *node, const struct sf_node_row_feed *row, struct sf_diag *diag)
{
	if (!is_final(row->ack))
		return SF_OK;
	const struct sf_node_row_response key = {.message_id = row->message};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->remove(store->self, &sf_node_table_response, &key, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}
