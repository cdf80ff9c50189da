#include "node/attachment.h"

#include <string.h>

#include "base/printable.h"
#include "node/rest.h"

#define ENCLOSURE_SIZE_MAX ((size_t)1024)
#define NAME_SIZE_MAX ((size_t)255)

bool sf_node_is_attachment_name(const char *name)
{
	size_t size = strlen(name);
	return size > 0 && size <= NAME_SIZE_MAX && name[0] != '.' && !strpbrk(name, "/\\") &&
	       sf_printable(name);
}

bool sf_node_is_attachment_type(const char *content_type)
{
	return content_type[0] && sf_body_type_fits(content_type);
}

void sf_node_enclosure_forget(struct sf_node_enclosure *enclosure)
{
	sf_bytes_wipe(enclosure->key, sizeof(enclosure->key));
}

enum sf_err sf_node_attachment_get(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->get(store->self, &sf_node_table_attachment, 0, row, diag);
	if (err)
		return err;
	row->enclosure = sf_arena_copy(&node->arena, row->enclosure);
	return row->enclosure.data ? SF_OK : SF_ERR_LIMIT;
}

enum sf_err sf_node_attachment_put(
	struct sf_node *node, const struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_attachment, row, diag);
}

static bool keep_object(void *context, const void *row)
{
	*(int64_t *)context = ((const struct sf_node_row_attachment *)row)->object;
	return false;
}

enum sf_err sf_node_attachment_number(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	int64_t last = 0;
	const struct sf_scan scan = {.table = &sf_node_table_attachment,
		.index = SF_NODE_ATTACHMENT_BY_OBJECT,
		.descending = true,
		.count_max = 1};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, keep_object, &last, diag);
	row->object = last + 1;
	return err;
}

/* An upload has a content key of its own, until it is of a transition. */
static struct sf_node_rest rest_of(const struct sf_node_row_attachment *row)
{
	return (struct sf_node_rest){
		sf_id_is_none(row->transition) ? row->message_id : row->transition,
		SF_NODE_REST_ENCLOSURE, row->message_id};
}

/* Name and type end in a zero each; neither has one inside, being texts. */
enum sf_err sf_node_enclosure_seal(struct sf_node *node, struct sf_node_row_attachment *row,
	const struct sf_node_enclosure *enclosure, struct sf_diag *diag)
{
	uint8_t plain[ENCLOSURE_SIZE_MAX];
	size_t name_size = strlen(enclosure->name) + 1;
	size_t type_size = strlen(enclosure->content_type) + 1;
	size_t size = SF_CHUNK_KEY_SIZE + name_size + type_size;
	if (size > sizeof(plain))
		return SF_ERR_LIMIT;
	memcpy(plain, enclosure->key, SF_CHUNK_KEY_SIZE);
	memcpy(plain + SF_CHUNK_KEY_SIZE, enclosure->name, name_size);
	memcpy(plain + SF_CHUNK_KEY_SIZE + name_size, enclosure->content_type, type_size);
	const struct sf_node_rest rest = rest_of(row);
	struct sf_view copy = sf_arena_copy(&node->arena, sf_view_of(plain, size));
	sf_bytes_wipe(plain, sizeof(plain));
	return copy.data ? sf_node_seal_content(node, &rest, copy, &row->enclosure, diag)
			 : SF_ERR_LIMIT;
}

enum sf_err sf_node_enclosure_open(struct sf_node *node, const struct sf_node_row_attachment *row,
	struct sf_arena *arena, struct sf_node_enclosure *ret_enclosure, struct sf_diag *diag)
{
	const struct sf_node_rest rest = rest_of(row);
	struct sf_view plain;
	enum sf_err err = sf_node_open_content(node, &rest, row->enclosure, arena, &plain, diag);
	if (err)
		return err;
	if (plain.size == 0)
		return SF_ERR_NOT_FOUND;
	const char *name = (const char *)plain.data + SF_CHUNK_KEY_SIZE;
	size_t left = plain.size < SF_CHUNK_KEY_SIZE ? 0 : plain.size - SF_CHUNK_KEY_SIZE;
	const char *name_end = left > 0 ? memchr(name, 0, left) : NULL;
	if (!name_end || plain.data[plain.size - 1] != 0 || (size_t)(name_end - name) + 1 >= left)
		return SF_ERR_CORRUPT;
	*ret_enclosure = (struct sf_node_enclosure){.name = name, .content_type = name_end + 1};
	memcpy(ret_enclosure->key, plain.data, SF_CHUNK_KEY_SIZE);
	return SF_OK;
}

enum sf_err sf_node_chunk_add(struct sf_node *node, struct sf_node_row_attachment *row,
	struct sf_view bytes, int64_t trail, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_crypto *crypto = &node->ports.crypto;
	const struct sf_node_row_chunk chunk = {row->object, row->have, row->trail, bytes};
	enum sf_err err = store->insert(store->self, &sf_node_table_chunk, &chunk, diag);
	crypto->chunk_link(crypto->self, bytes, &row->link);
	row->trail = trail;
	row->have++;
	return err;
}

enum sf_err sf_node_chunks_remove(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (int64_t number = 0; number < row->have && !err; number++) {
		const struct sf_node_row_chunk key = {.object = row->object, .number = number};
		err = store->remove(store->self, &sf_node_table_chunk, &key, diag);
	}
	row->have = row->trail = 0;
	row->link = (struct sf_digest){{0}};
	return err;
}

enum sf_err sf_node_attachment_remove(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = sf_node_chunks_remove(node, row, diag);
	if (!err)
		err = store->remove(store->self, &sf_node_table_attachment, row, diag);
	if (err || !sf_id_is_none(row->transition))
		return err;
	const struct sf_node_row_content_key key = {.transition = row->message_id};
	err = store->remove(store->self, &sf_node_table_content_key, &key, diag);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}
