/* Envelopes that were verified and could not be read: kept for a person to look at. */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"

struct quarantine_walk {
	const struct sf_node *node;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	size_t count_max;
};

/* How logs name the envelope; nothing when it can no longer be verified. */
static void name_envelope(
	const struct sf_node *node, struct sf_view bytes, struct sf_quarantine_row *row)
{
	struct sf_envelope envelope;
	struct sf_header header;
	if (sf_envelope_parse(bytes, &envelope, NULL))
		return;
	if (!sf_header_decode(envelope.header, &header, NULL))
		row->transition = header.message.transition;
	const struct sf_directory_key *key = sf_directory_key(
		node->directory, envelope.author_key_id, SF_KEY_USE_IDENTITY, NULL);
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_envelope_names names;
	if (key && !crypto->verify(crypto->self, &envelope, key->public_key, &names))
		row->digest = names.digest;
}

static bool visit_quarantine(void *context, const void *row)
{
	struct quarantine_walk *walk = context;
	const struct sf_node_row_quarantine *kept = row;
	struct sf_quarantine_row *place = sf_listing_add(&walk->listing, &walk->rows);
	if (!place)
		return false;
	*place = (struct sf_quarantine_row){
		.cursor = (uint64_t)kept->position,
		.message = kept->message_id,
		.author = kept->author,
		.author_name = sf_listing_name(&walk->listing, kept->author),
		.code = (uint32_t)kept->code,
		.received_ms = kept->received_ms,
		.size = kept->envelope.size,
	};
	name_envelope(walk->node, kept->envelope, place);
	return walk->rows.count < walk->count_max;
}

enum sf_err sf_node_serve_quarantine(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_quarantine *asked = &request->quarantine;
	struct quarantine_walk walk = {
		.node = node,
		.listing = {node->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_quarantine_row)},
		.count_max = sf_listing_count(asked->count_max),
	};
	const struct sf_node_row_quarantine key = {
		.position = asked->after > INT64_MAX ? INT64_MAX : (int64_t)asked->after};
	const struct sf_scan scan = {.table = &sf_node_table_quarantine,
		.from = &key,
		.bounded = true,
		.exclusive = true};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_quarantine, &walk, diag);
	if (err || walk.listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_QUARANTINE,
		.text = "",
		.quarantine = {walk.rows.count, walk.rows.items}};
	return SF_OK;
}
