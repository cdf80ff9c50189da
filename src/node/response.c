#include "node/response.h"

#include <string.h>

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
	if (sf_node_url_fault(url) || has_dots(url))
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
	*ret_row = row;
	return row.channel.data && row.url.data && row.content_type.data ? SF_OK : SF_ERR_LIMIT;
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
	const struct sf_feed_row row = {.at_ms = node->now_ms,
		.what = SF_FEED_RESPONSE,
		.message = delivery->message_id,
		.transition = wanted.transition,
		.party = delivery->recipient,
		.peer = node->options.party,
		.ack = ack,
		.code = (uint32_t)delivery->code};
	sf_feed_add(node->feed, &row);
	wanted.answered = is_final(ack);
	return wanted.answered ? sf_node_response_want(node, &wanted, diag) : SF_OK;
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
	/* An operator may have taken back what was allowed when it was wanted. */
	if (!sf_node_response_allows(node, url, &brings) || brings != channel)
		return SF_OK;
	handout->url = url;
	handout->content_type = type;
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
