#include "node/rest.h"

#include <string.h>

#define NAME_SIZE_MAX ((size_t)64)

/* "inbox" || message id: what the seal is bound to beside the transition. */
static struct sf_view name_of(const struct sf_node_rest *rest, uint8_t place[NAME_SIZE_MAX])
{
	size_t size = strlen(rest->value);
	SF_ASSERT(size + SF_ID_SIZE <= NAME_SIZE_MAX);
	memcpy(place, rest->value, size);
	memcpy(place + size, rest->message.bytes, SF_ID_SIZE);
	return sf_view_of(place, size + SF_ID_SIZE);
}

static enum sf_err make_key(struct sf_node *node, struct sf_id transition,
	uint8_t ret_sealed[SF_CONTENT_KEY_SIZE], struct sf_diag *diag)
{
	const struct sf_crypto *crypto = &node->ports.crypto;
	uint8_t chance[SF_CONTENT_KEY_CHANCE];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	enum sf_err err = crypto->content_key_make(crypto->self, transition, chance, ret_sealed);
	memset(chance, 0, sizeof(chance));
	if (err)
		return err;
	const struct sf_node_row_content_key row = {.transition = transition,
		.sealed = sf_view_of(ret_sealed, SF_CONTENT_KEY_SIZE),
		.made_ms = node->now_ms};
	const struct sf_store *store = sf_node_store(node);
	return store->insert(store->self, &sf_node_table_content_key, &row, diag);
}

/* SF_ERR_NOT_FOUND without one. */
static enum sf_err get_key(struct sf_node *node, struct sf_id transition,
	uint8_t ret_sealed[SF_CONTENT_KEY_SIZE], struct sf_diag *diag)
{
	struct sf_node_row_content_key row = {.transition = transition};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_content_key, 0, &row, diag);
	if (!err && row.sealed.size != SF_CONTENT_KEY_SIZE)
		return SF_ERR_CORRUPT;
	if (!err)
		memcpy(ret_sealed, row.sealed.data, SF_CONTENT_KEY_SIZE);
	return err;
}

enum sf_err sf_node_seal_content(struct sf_node *node, const struct sf_node_rest *rest,
	struct sf_view content, struct sf_view *ret_sealed, struct sf_diag *diag)
{
	*ret_sealed = content;
	if (content.size == 0 || sf_id_is_none(rest->transition))
		return SF_OK;
	uint8_t key[SF_CONTENT_KEY_SIZE], nonce[SF_NONCE_SIZE], name[NAME_SIZE_MAX];
	enum sf_err err = get_key(node, rest->transition, key, diag);
	if (err == SF_ERR_NOT_FOUND)
		err = make_key(node, rest->transition, key, diag);
	if (err)
		return err == SF_ERR_KEY_UNKNOWN ? SF_OK : err;
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_buf sealed;
	sf_buf_init(&sealed, SF_ENVELOPE_SIZE_MAX);
	node->ports.env.random(node->ports.env.self, nonce, sizeof(nonce));
	err = crypto->content_seal(crypto->self, sf_view_of(key, sizeof(key)), rest->transition,
		name_of(rest, name), nonce, content, &sealed);
	if (!err) {
		*ret_sealed = sf_arena_copy(&node->arena, sf_buf_view(&sealed));
		err = ret_sealed->data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&sealed);
	return err;
}

enum sf_err sf_node_open_content(struct sf_node *node, const struct sf_node_rest *rest,
	struct sf_view kept, struct sf_arena *arena, struct sf_view *ret_content,
	struct sf_diag *diag)
{
	*ret_content = sf_view_of(NULL, 0);
	if (kept.size == 0)
		return SF_OK;
	struct sf_view copy = sf_arena_copy(arena, kept);
	if (!copy.data)
		return SF_ERR_LIMIT;
	uint8_t key[SF_CONTENT_KEY_SIZE], name[NAME_SIZE_MAX];
	enum sf_err found = get_key(node, rest->transition, key, diag);
	if (found && found != SF_ERR_NOT_FOUND)
		return found;
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_buf opened;
	sf_buf_init(&opened, SF_ENVELOPE_SIZE_MAX);
	enum sf_err err =
		crypto->content_open(crypto->self, sf_view_of(key, found ? 0 : sizeof(key)),
			rest->transition, name_of(rest, name), copy, &opened);
	if (!err) {
		*ret_content = sf_arena_copy(arena, sf_buf_view(&opened));
		err = ret_content->data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&opened);
	if (err != SF_ERR_INTEGRITY)
		return err;
	/* Its key is gone: that is what erasing means. With a key it is a damaged store. */
	sf_diag_set(diag, "content in the store is not what was sealed");
	return found == SF_ERR_NOT_FOUND ? SF_OK : SF_ERR_CORRUPT;
}
