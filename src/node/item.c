#include "node/attachment.h"

#include <string.h>

#include "wire/chunk.h"

#define DOCUMENT_SIZE_MAX ((size_t)64 * 1024 * 1024) /* a parsed letter, with its tree */

static bool read_parts(struct sf_node_item *ret_item)
{
	const struct sf_item *item = ret_item->item;
	ret_item->whole = item->envelope.size > 0;
	enum sf_err err = ret_item->whole
				  ? sf_envelope_parse(item->envelope, &ret_item->envelope, NULL)
				  : sf_cover_parse(item->cover, &ret_item->cover, NULL);
	if (!err)
		err = sf_header_decode(
			ret_item->whole ? ret_item->envelope.header : ret_item->cover.header,
			&ret_item->header, NULL);
	if (!err)
		err = sf_receipt_decode(item->receipt.receipt, &ret_item->receipt, NULL);
	return !err && item->receipt.signature.size == SF_SIGNATURE_SIZE;
}

void sf_node_item_read(
	struct sf_node *node, const struct sf_item *item, struct sf_node_item *ret_item)
{
	ret_item->node = node;
	ret_item->item = item;
	sf_arena_init(&ret_item->arena, DOCUMENT_SIZE_MAX);
	sf_buf_init(&ret_item->opened.salted_body, SF_SALTED_BODY_SIZE_MAX);
	ret_item->readable = read_parts(ret_item);
	if (!ret_item->readable)
		return;
	const struct sf_directory_entry *owner = NULL;
	ret_item->key = sf_directory_key(node->directory,
		ret_item->whole ? ret_item->envelope.author_key_id : ret_item->cover.author_key_id,
		SF_KEY_USE_IDENTITY, &owner);
	if (ret_item->key) {
		ret_item->key_owner = owner->party;
		ret_item->author_role = owner->role;
	}
	ret_item->addressed = ret_item->whole && ret_item->envelope.slot_count > 0 &&
			      sf_message_is_to(&ret_item->header.message, node->options.party);
}

void sf_node_item_fini(struct sf_node_item *item)
{
	sf_arena_fini(&item->arena);
	sf_buf_fini(&item->opened.salted_body);
}

void sf_node_item_check_again(struct sf_node *node, struct sf_node_item *item)
{
	const struct sf_item *source = item->item;
	sf_node_item_fini(item);
	*item = (struct sf_node_item){.item = NULL};
	sf_node_item_read(node, source, item);
	sf_node_item_check(item);
}

enum sf_err sf_node_item_cover(const struct sf_node_item *item, struct sf_buf *buf)
{
	return item->whole ? sf_cover_write(&item->envelope, &item->names.sealed, buf)
			   : sf_buf_append(buf, item->item->cover);
}

static void answer(struct sf_node_item *item, enum sf_ack ack, enum sf_ack_code code)
{
	item->ack = ack;
	item->ack_code = code;
}

static enum sf_ack_code code_of_stage(enum sf_open_stage stage)
{
	switch (stage) {
	case SF_OPEN_GOOD:
		return SF_ACK_CODE_NONE;
	case SF_OPEN_NO_KEY:
		return SF_ACK_CODE_KEY_UNKNOWN;
	case SF_OPEN_LAYOUT:
		return SF_ACK_CODE_LAYOUT;
	case SF_OPEN_WRAP:
		return SF_ACK_CODE_WRAP;
	case SF_OPEN_COMMIT:
		return SF_ACK_CODE_COMMIT;
	case SF_OPEN_AEAD:
		return SF_ACK_CODE_AEAD;
	case SF_OPEN_PADDING:
		return SF_ACK_CODE_PADDING;
	case SF_OPEN_COMMITMENT:
		return SF_ACK_CODE_COMMITMENT;
	}
	return SF_ACK_CODE_LAYOUT;
}

/* WIRE section 1: the body repeats what the header says, so that neither can be swapped. */
static bool body_repeats_header(const struct sf_body *body, const struct sf_message *message)
{
	bool same = sf_id_equal(body->author, message->author) &&
		    sf_id_equal(body->transition, message->transition) &&
		    sf_id_equal(body->message_id, message->id) &&
		    body->recipient_count == message->recipient_count;
	for (size_t i = 0; same && i < message->recipient_count; i++)
		same = sf_id_equal(body->recipients[i], message->recipients[i]);
	return same;
}

/* One enclosure for each attachment, of its size, with a name that can be shown and saved under. */
static bool body_encloses(const struct sf_body *body, const struct sf_message *message)
{
	bool fits = body->enclosure_count == message->attachment_count;
	for (size_t i = 0; fits && i < body->enclosure_count; i++) {
		const struct sf_enclosure *enclosure = &body->enclosures[i];
		fits = message->attachments[i].size == sf_chunk_sealed_size(enclosure->size) &&
		       sf_node_is_attachment_name(enclosure->name) &&
		       sf_node_is_attachment_type(enclosure->content_type);
	}
	return fits;
}

/*
 * A stay fact must come with a notification that can be read, because systems act on it. Whatever
 * people send beside it (a care plan, a PDF, a question) is kept as it came; a FHIR letter is read
 * for its names alone.
 */
static void read_content(struct sf_node_item *item)
{
	uint32_t kind = item->header.message.fact.kind;
	if (kind != SF_KIND_STAY && kind != SF_KIND_LETTER)
		return;
	const struct sf_format *format = &item->node->ports.format;
	const char *type = item->body.content_type;
	if (strcmp(type, SF_CONTENT_FHIR_JSON) != 0 && strcmp(type, SF_CONTENT_FHIR_XML) != 0)
		return;
	struct sf_issues found = {.count = 0};
	enum sf_err err = format->read(format->self, type, item->body.content, &item->arena,
		&item->document, kind == SF_KIND_STAY ? &item->issues : &found, NULL);
	item->document_read = !err;
	if (kind != SF_KIND_STAY)
		return;
	if (err == SF_ERR_MEMORY)
		answer(item, SF_ACK_TRANSIENT_ERROR, SF_ACK_CODE_TROUBLE);
	else if (err == SF_ERR_UNSUPPORTED)
		answer(item, SF_ACK_FATAL_ERROR, SF_ACK_CODE_CONTENT_TYPE);
	else if (err)
		answer(item, SF_ACK_FATAL_ERROR, SF_ACK_CODE_CONTENT);
}

static void open_and_read(struct sf_node_item *item)
{
	const struct sf_node *node = item->node;
	const struct sf_crypto *crypto = &node->ports.crypto;
	const struct sf_message *message = &item->header.message;
	answer(item, SF_ACK_OK, SF_ACK_CODE_NONE);
	enum sf_layout_fault fault = sf_envelope_layout(&item->envelope);
	bool flagged = (item->envelope.flags & SF_FLAG_ATTACHMENTS) != 0;
	if (fault || flagged != (message->attachment_count > 0)) {
		answer(item, SF_ACK_FATAL_ERROR, SF_ACK_CODE_LAYOUT);
		return;
	}
	if (item->envelope.slot_count != message->recipient_count) {
		answer(item, SF_ACK_FATAL_ERROR, SF_ACK_CODE_SLOT);
		return;
	}
	enum sf_err err = crypto->open(crypto->self, &item->envelope, node->options.party,
		message->author, &message->body_commitment, &item->opened);
	if (err) {
		answer(item, SF_ACK_TRANSIENT_ERROR, SF_ACK_CODE_TROUBLE);
		return;
	}
	if (item->opened.stage != SF_OPEN_GOOD) {
		answer(item,
			item->opened.stage == SF_OPEN_NO_KEY ? SF_ACK_TRANSIENT_ERROR
							     : SF_ACK_FATAL_ERROR,
			code_of_stage(item->opened.stage));
		return;
	}
	struct sf_view salted = sf_buf_view(&item->opened.salted_body);
	err = sf_body_decode(
		sf_view_of(salted.data + 32, salted.size - 32), &item->arena, &item->body, NULL);
	if (err || !body_repeats_header(&item->body, message) ||
		!body_encloses(&item->body, message)) {
		answer(item, SF_ACK_FATAL_ERROR, SF_ACK_CODE_BODY_NAMES);
		return;
	}
	read_content(item);
}

enum sf_err sf_node_check_receipt(const struct sf_node *node, const struct sf_signed_receipt *proof,
	const struct sf_receipt *receipt)
{
	const struct sf_crypto *crypto = &node->ports.crypto;
	const struct sf_directory_entry *coordinator =
		sf_directory_party(node->directory, node->options.coordinator);
	enum sf_err err = SF_ERR_KEY_UNKNOWN;
	/* Newer keys stand last. */
	for (size_t i = coordinator ? coordinator->key_count : 0; i > 0 && err; i--) {
		const struct sf_directory_key *key = &coordinator->keys[i - 1];
		if (key->use == SF_KEY_USE_IDENTITY &&
			!sf_directory_key_revoked(key, receipt->recorded_ms))
			err = crypto->check_receipt(crypto->self, key->public_key, proof->receipt,
				proof->index, proof->count, proof->path, proof->signature.data);
	}
	return err;
}

/* The sealed part of an envelope with n = 0: no commit, no nonce, no ciphertext. */
static bool is_bodiless(const struct sf_node_item *item)
{
	static const char label[] = "stafet/v1/sealed";
	static const uint8_t nothing[1 + SF_DIGEST_SIZE + SF_NONCE_SIZE + 4];
	const struct sf_view parts[] = {
		sf_view_of(label, sizeof(label)), sf_view_of(nothing, sizeof(nothing))};
	const struct sf_crypto *crypto = &item->node->ports.crypto;
	struct sf_digest sealed;
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &sealed);
	return sf_digest_equal(&item->names.sealed, &sealed);
}

/*
 * WIRE section 1: derived facts and operational statements only under the coordinator identity, and
 * nothing else under it; both without a body (section 4).
 */
static bool class_fits_author(const struct sf_node_item *item)
{
	const struct sf_message *message = &item->header.message;
	enum sf_kind_class kind_class = item->receipt.kind_class;
	bool derived = kind_class == SF_CLASS_DERIVED;
	bool ours = derived || kind_class == SF_CLASS_STATEMENT;
	if (ours != sf_id_equal(item->key_owner, item->node->options.coordinator))
		return false;
	if (!derived && sf_kind_is_derived(message->fact.kind))
		return false;
	if (!ours)
		return true;
	bool right_kind = !derived || sf_kind_is_derived(message->fact.kind) ||
			  !sf_kind_is_read(message->fact.kind);
	return right_kind && message->recipient_count == 0 && is_bodiless(item);
}

static enum sf_err verify_item(struct sf_node_item *item)
{
	const struct sf_crypto *crypto = &item->node->ports.crypto;
	if (!item->key)
		return SF_ERR_KEY_UNKNOWN;
	enum sf_err err = item->whole ? crypto->verify(crypto->self, &item->envelope,
						item->key->public_key, &item->names)
				      : crypto->verify_cover(crypto->self, &item->cover,
						item->key->public_key, &item->names);
	if (!err)
		err = sf_node_check_receipt(item->node, &item->item->receipt, &item->receipt);
	if (err)
		return err;
	bool same = sf_digest_equal(&item->names.digest, &item->receipt.digest) &&
		    sf_id_equal(item->receipt.message_id, item->header.message.id);
	bool own_key =
		sf_id_equal(item->key_owner, item->header.message.author) &&
		sf_directory_key_valid(item->key, item->header.sent_ms, item->receipt.recorded_ms);
	return same && own_key && class_fits_author(item) ? SF_OK : SF_ERR_AUTH;
}

void sf_node_item_check(void *context)
{
	struct sf_node_item *item = context;
	item->verified = SF_ERR_FORMAT;
	if (!item->readable)
		return;
	item->verified = verify_item(item);
	if (!item->verified && item->addressed)
		open_and_read(item);
}
