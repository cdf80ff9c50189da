#include "wire/envelope.h"

#include <string.h>

static const uint8_t magic[4] = {'S', 'T', 'F', '1'};

#define KEY_ID_AND_HEADER_SIZE_MIN (SF_ID_SIZE + 1) /* HL > 16 */
#define CIPHERTEXT_SIZE_MIN ((uint32_t)4112)        /* least padding and the tag, when n > 0 */
#define SLOT_SEQUENCE_END ((uint32_t)65536)
#define NODE_SIZE ((size_t)32)

/* What envelope and cover begin with. */
struct head {
	uint8_t suite;
	uint8_t flags;
	struct sf_view through_header;
	struct sf_id author_key_id;
	struct sf_view header;
};

/* What envelope and cover end with. */
struct proof {
	uint8_t depth;
	uint16_t leaf_index;
	uint16_t leaf_count;
	struct sf_view path;
	struct sf_view signature;
	struct sf_view from_depth;
};

static enum sf_err fault(struct sf_diag *diag, const char *part)
{
	sf_diag_set(diag, "envelope framing: %s", part);
	return SF_ERR_FORMAT;
}

/* From a place inside the parsed bytes up to where the reader stands. */
static struct sf_view since(const uint8_t *start, const struct sf_reader *reader)
{
	return sf_view_of(start, (size_t)(reader->rest.data - start));
}

/* WIRE 1, magic to header. Layout through header is the same in every suite. */
static enum sf_err read_head(struct sf_reader *reader, struct head *ret_head, struct sf_diag *diag)
{
	const uint8_t *start = reader->rest.data;
	struct head head;
	struct sf_view word;
	if (sf_reader_bytes(reader, sizeof magic, &word) != SF_OK ||
		memcmp(word.data, magic, sizeof magic) != 0)
		return fault(diag, "it does not begin with STF1");
	if (sf_reader_u8(reader, &head.suite) != SF_OK || head.suite != SF_SUITE_1)
		return fault(diag, "the suite is not known");
	if (sf_reader_u8(reader, &head.flags) != SF_OK ||
		(head.flags & ~(SF_FLAG_PSK | SF_FLAG_ATTACHMENTS)) != 0)
		return fault(diag, "unknown flags");
	uint16_t size;
	if (sf_reader_u16(reader, &size) != SF_OK || size < KEY_ID_AND_HEADER_SIZE_MIN ||
		size > SF_HEADER_SIZE_MAX)
		return fault(diag, "the header length is not 17 to 4096");
	if (sf_reader_bytes(reader, SF_ID_SIZE, &word) != SF_OK)
		return fault(diag, "cut off in the author key id");
	memcpy(head.author_key_id.bytes, word.data, SF_ID_SIZE);
	if (sf_reader_bytes(reader, (size_t)size - SF_ID_SIZE, &head.header) != SF_OK)
		return fault(diag, "cut off in the header");
	head.through_header = since(start, reader);
	*ret_head = head;
	return SF_OK;
}

/* WIRE 1, depth to the end; bytes behind the signature are refused. */
static enum sf_err read_proof(
	struct sf_reader *reader, struct proof *ret_proof, struct sf_diag *diag)
{
	struct proof proof;
	proof.from_depth = reader->rest;
	if (sf_reader_u8(reader, &proof.depth) != SF_OK || proof.depth > SF_BATCH_DEPTH_MAX)
		return fault(diag, "the depth is not 0 to 12");
	if (sf_reader_u16(reader, &proof.leaf_index) != SF_OK ||
		sf_reader_u16(reader, &proof.leaf_count) != SF_OK)
		return fault(diag, "cut off in the leaf index or count");
	if (proof.leaf_count > SF_BATCH_COUNT_MAX || proof.leaf_index >= proof.leaf_count)
		return fault(diag, "the leaf index or count is out of range");
	if ((proof.depth == 0) != (proof.leaf_count == 1))
		return fault(diag, "depth and leaf count do not fit");
	if (sf_reader_bytes(reader, NODE_SIZE * proof.depth, &proof.path) != SF_OK)
		return fault(diag, "cut off in the path");
	if (sf_reader_bytes(reader, SF_SIGNATURE_SIZE, &proof.signature) != SF_OK)
		return fault(diag, "cut off in the signature");
	if (reader->rest.size != 0)
		return fault(diag, "bytes behind the signature");
	*ret_proof = proof;
	return SF_OK;
}

/* WIRE 1, n to ciphertext. */
static enum sf_err read_sealed(
	struct sf_reader *reader, struct sf_envelope *envelope, struct sf_diag *diag)
{
	const uint8_t *start = reader->rest.data;
	uint8_t count;
	if (sf_reader_u8(reader, &count) != SF_OK || count > SF_RECIPIENT_COUNT_MAX)
		return fault(diag, "the number of slots is not 0 to 32");
	envelope->slot_count = count;
	if (sf_reader_bytes(reader, SF_SLOT_SIZE * count, &envelope->slots) != SF_OK)
		return fault(diag, "cut off in the slots");
	if (sf_reader_bytes(reader, SF_DIGEST_SIZE, &envelope->commit) != SF_OK)
		return fault(diag, "cut off in the commit");
	if (sf_reader_bytes(reader, SF_NONCE_SIZE, &envelope->nonce) != SF_OK)
		return fault(diag, "cut off in the nonce");
	uint32_t size;
	if (sf_reader_u32(reader, &size) != SF_OK || size > SF_CIPHERTEXT_SIZE_MAX)
		return fault(diag, "the ciphertext length is over 1048576");
	envelope->slots_through_length = since(start, reader);
	if (sf_reader_bytes(reader, size, &envelope->ciphertext) != SF_OK)
		return fault(diag, "cut off in the ciphertext");
	envelope->slots_through_ciphertext = since(start, reader);
	return SF_OK;
}

enum sf_err sf_envelope_parse(
	struct sf_view bytes, struct sf_envelope *ret_envelope, struct sf_diag *diag)
{
	if (bytes.size == 0 || bytes.size > SF_ENVELOPE_SIZE_MAX)
		return fault(diag, "empty or too long");
	struct sf_reader reader = {.rest = bytes};
	struct sf_envelope envelope = {.whole = bytes};
	struct head head;
	struct proof proof;
	enum sf_err err = read_head(&reader, &head, diag);
	if (err == SF_OK)
		err = read_sealed(&reader, &envelope, diag);
	if (err == SF_OK)
		err = read_proof(&reader, &proof, diag);
	if (err != SF_OK)
		return err;
	envelope.suite = head.suite;
	envelope.flags = head.flags;
	envelope.through_header = head.through_header;
	envelope.author_key_id = head.author_key_id;
	envelope.header = head.header;
	envelope.depth = proof.depth;
	envelope.leaf_index = proof.leaf_index;
	envelope.leaf_count = proof.leaf_count;
	envelope.path = proof.path;
	envelope.signature = proof.signature;
	envelope.from_depth = proof.from_depth;
	*ret_envelope = envelope;
	return SF_OK;
}

static bool all_zero(struct sf_view bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.data[i] != 0)
			return false;
	return true;
}

static enum sf_layout_fault slots_layout(const struct sf_envelope *envelope)
{
	for (size_t i = 0; i < envelope->slot_count; i++) {
		struct sf_slot slot = sf_envelope_slot(envelope, i);
		if (slot.sequence >= SLOT_SEQUENCE_END)
			return SF_LAYOUT_SLOT_SEQUENCE;
		for (size_t j = 0; j < i; j++)
			if (sf_id_equal(slot.key_id, sf_envelope_slot(envelope, j).key_id))
				return SF_LAYOUT_DUPLICATE_KEY;
	}
	return SF_LAYOUT_GOOD;
}

enum sf_layout_fault sf_envelope_layout(const struct sf_envelope *envelope)
{
	if (envelope->slot_count == 0) {
		bool bodiless = envelope->flags == 0 && all_zero(envelope->commit) &&
				all_zero(envelope->nonce) && envelope->ciphertext.size == 0;
		return bodiless ? SF_LAYOUT_GOOD : SF_LAYOUT_BODILESS;
	}
	if (envelope->ciphertext.size < CIPHERTEXT_SIZE_MIN)
		return SF_LAYOUT_CIPHERTEXT_SHORT;
	return slots_layout(envelope);
}

struct sf_slot sf_envelope_slot(const struct sf_envelope *envelope, size_t index)
{
	SF_ASSERT(index < envelope->slot_count);
	const uint8_t *place = envelope->slots.data + SF_SLOT_SIZE * index;
	struct sf_slot slot = {
		.enc = sf_view_of(place + 16, 32),
		.sequence = sf_get_u32(place + 48),
		.wrap = sf_view_of(place + 52, 48),
	};
	memcpy(slot.key_id.bytes, place, SF_ID_SIZE);
	return slot;
}

void sf_slot_write(const struct sf_slot *slot, uint8_t place[100])
{
	SF_ASSERT(slot->enc.size == 32 && slot->wrap.size == 48);
	memcpy(place, slot->key_id.bytes, SF_ID_SIZE);
	memcpy(place + 16, slot->enc.data, 32);
	sf_put_u32(place + 48, slot->sequence);
	memcpy(place + 52, slot->wrap.data, 48);
}

enum sf_err sf_cover_parse(struct sf_view bytes, struct sf_cover *ret_cover, struct sf_diag *diag)
{
	if (bytes.size == 0 || bytes.size > SF_COVER_SIZE_MAX)
		return fault(diag, "empty or too long");
	struct sf_reader reader = {.rest = bytes};
	struct head head;
	enum sf_err err = read_head(&reader, &head, diag);
	if (err != SF_OK)
		return err;
	struct sf_view sealed;
	if (sf_reader_bytes(&reader, SF_DIGEST_SIZE, &sealed) != SF_OK)
		return fault(diag, "cut off in the sealed digest");
	struct proof proof;
	err = read_proof(&reader, &proof, diag);
	if (err != SF_OK)
		return err;
	*ret_cover = (struct sf_cover){
		.whole = bytes,
		.through_header = head.through_header,
		.author_key_id = head.author_key_id,
		.header = head.header,
		.depth = proof.depth,
		.leaf_index = proof.leaf_index,
		.leaf_count = proof.leaf_count,
		.path = proof.path,
		.signature = proof.signature,
		.from_depth = proof.from_depth,
	};
	memcpy(ret_cover->sealed.bytes, sealed.data, SF_DIGEST_SIZE);
	return SF_OK;
}

enum sf_err sf_cover_write(
	const struct sf_envelope *envelope, const struct sf_digest *sealed, struct sf_buf *buf)
{
	enum sf_err err = sf_buf_reserve(
		buf, envelope->through_header.size + SF_DIGEST_SIZE + envelope->from_depth.size);
	if (err == SF_OK)
		err = sf_buf_append(buf, envelope->through_header);
	if (err == SF_OK)
		err = sf_buf_append(buf, sf_digest_view(sealed));
	if (err == SF_OK)
		err = sf_buf_append(buf, envelope->from_depth);
	return err;
}

enum sf_err sf_envelope_write_header(
	struct sf_id author_key_id, uint8_t flags, struct sf_view header, struct sf_buf *buf)
{
	if (header.size == 0)
		return SF_ERR_USAGE;
	if (header.size > SF_HEADER_SIZE_MAX - SF_ID_SIZE)
		return SF_ERR_LIMIT;
	uint8_t *place;
	enum sf_err err = sf_buf_extend(buf, 8 + SF_ID_SIZE + header.size, &place);
	if (err != SF_OK)
		return err;
	memcpy(place, magic, sizeof magic);
	place[4] = SF_SUITE_1;
	place[5] = flags;
	sf_put_u16(place + 6, (uint16_t)(SF_ID_SIZE + header.size));
	memcpy(place + 8, author_key_id.bytes, SF_ID_SIZE);
	memcpy(place + 8 + SF_ID_SIZE, header.data, header.size);
	return SF_OK;
}

enum sf_err sf_envelope_write_proof(uint8_t depth, uint16_t leaf_index, uint16_t leaf_count,
	struct sf_view path, struct sf_view signature, struct sf_buf *buf)
{
	if (depth > SF_BATCH_DEPTH_MAX || path.size != NODE_SIZE * depth ||
		signature.size != SF_SIGNATURE_SIZE || leaf_index >= leaf_count ||
		leaf_count > SF_BATCH_COUNT_MAX || (depth == 0) != (leaf_count == 1))
		return SF_ERR_USAGE;
	uint8_t *place;
	enum sf_err err = sf_buf_extend(buf, 5 + path.size + signature.size, &place);
	if (err != SF_OK)
		return err;
	place[0] = depth;
	sf_put_u16(place + 1, leaf_index);
	sf_put_u16(place + 3, leaf_count);
	if (path.size > 0)
		memcpy(place + 5, path.data, path.size);
	memcpy(place + 5 + path.size, signature.data, signature.size);
	return SF_OK;
}
