#include "wire/frame_items.h"

#include "wire/walk.h"

#define SIGNATURE_SIZE ((size_t)64)
#define PATH_SIZE_MAX (SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX)

/* Numbers of proto/frame.proto. Each message has a repeated field, number 1; agreements another. */
enum { LIST_ITEM = 1, AGREEMENTS_STATEMENT = 2 };
enum {
	RECEIPT_RECEIPT = 1,
	RECEIPT_INDEX = 2,
	RECEIPT_COUNT = 3,
	RECEIPT_PATH = 4,
	RECEIPT_SIGNATURE = 5,
};
enum {
	ITEM_POSITION = 1,
	ITEM_ENVELOPE = 2,
	ITEM_COVER = 3,
	ITEM_RECEIPT = 4,
};

static enum sf_err wrong(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "%s", what);
	return SF_ERR_FORMAT;
}

bool sf_frame_has_items(enum sf_frame_kind kind)
{
	return kind == SF_FRAME_SUBMIT || kind == SF_FRAME_STORED || kind == SF_FRAME_DELIVER ||
	       kind == SF_FRAME_AGREEMENTS;
}

/* Index and count travel as numbers of 32 bits and mean 16; a larger one must not be cut. */
static enum sf_err read_place(
	uint64_t index, uint64_t count, struct sf_signed_receipt *out, struct sf_diag *diag)
{
	if (count < 1 || count > SF_BATCH_COUNT_MAX || index >= count)
		return wrong(diag, "receipt: index or count cannot be");
	out->index = (uint16_t)index;
	out->count = (uint16_t)count;
	return SF_OK;
}

static enum sf_err read_receipt(
	struct sf_view bytes, struct sf_signed_receipt *out, struct sf_diag *diag)
{
	struct sf_reader reader = {.rest = bytes};
	uint64_t index = 0;
	uint64_t count = 0;
	while (reader.rest.size > 0) {
		struct sf_walk_field field;
		if (sf_walk_next(&reader, &field) != SF_OK)
			return wrong(diag, "a receipt is not well-formed");
		bool number = field.type == SF_WALK_VARINT;
		bool delimited = field.type == SF_WALK_DELIMITED;
		if (field.number == RECEIPT_INDEX && number)
			index = field.value;
		else if (field.number == RECEIPT_COUNT && number)
			count = field.value;
		else if (field.number == RECEIPT_RECEIPT && delimited)
			out->receipt = field.bytes;
		else if (field.number == RECEIPT_PATH && delimited)
			out->path = field.bytes;
		else if (field.number == RECEIPT_SIGNATURE && delimited)
			out->signature = field.bytes;
		else if (field.number <= RECEIPT_SIGNATURE)
			return wrong(diag, "a field of a receipt is of another type");
	}
	if (out->signature.size != SIGNATURE_SIZE || out->path.size % SF_DIGEST_SIZE != 0 ||
		out->path.size > PATH_SIZE_MAX)
		return wrong(diag, "receipt: path or signature of a wrong size");
	return read_place(index, count, out, diag);
}

static enum sf_err read_item(struct sf_view bytes, struct sf_item *out, struct sf_diag *diag)
{
	struct sf_reader reader = {.rest = bytes};
	struct sf_view receipt = {0};
	while (reader.rest.size > 0) {
		struct sf_walk_field field;
		if (sf_walk_next(&reader, &field) != SF_OK)
			return wrong(diag, "an item is not well-formed");
		bool delimited = field.type == SF_WALK_DELIMITED;
		if (field.number == ITEM_POSITION && field.type == SF_WALK_VARINT)
			out->position = field.value;
		else if (field.number == ITEM_ENVELOPE && delimited)
			out->envelope = field.bytes;
		else if (field.number == ITEM_COVER && delimited)
			out->cover = field.bytes;
		else if (field.number == ITEM_RECEIPT && delimited)
			receipt = field.bytes;
		else if (field.number <= ITEM_RECEIPT)
			return wrong(diag, "a field of an item is of another type");
	}
	if ((out->envelope.size == 0) == (out->cover.size == 0))
		return wrong(diag, "item: either an envelope or a cover");
	return read_receipt(receipt, &out->receipt, diag);
}

/* "Up to 256 envelopes and 1 MiB, or one larger envelope" (WIRE section 3). */
static enum sf_err check_limits(
	enum sf_frame_kind kind, size_t count, size_t size, struct sf_diag *diag)
{
	size_t count_max = kind == SF_FRAME_STORED ? SF_BATCH_COUNT_MAX : SF_FRAME_ITEM_COUNT_MAX;
	if (count > count_max) {
		sf_diag_set(diag, "more than %zu", count_max);
		return SF_ERR_LIMIT;
	}
	if (kind != SF_FRAME_STORED && count > 1 && size > SF_FRAME_ITEMS_SIZE_MAX) {
		sf_diag_set(diag, "together larger than %zu bytes", SF_FRAME_ITEMS_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	return SF_OK;
}

/* Counts before anything is taken from the arena, so that a peer decides nothing. */
static enum sf_err count_items(
	struct sf_view inner, uint32_t number, size_t *ret_count, struct sf_diag *diag)
{
	struct sf_reader reader = {.rest = inner};
	size_t count = 0;
	while (reader.rest.size > 0) {
		struct sf_walk_field field;
		if (sf_walk_next(&reader, &field) != SF_OK)
			return wrong(diag, "not well-formed");
		if (field.number == number && field.type != SF_WALK_DELIMITED)
			return wrong(diag, "an item is of another type");
		count += field.number == number;
	}
	*ret_count = count;
	return SF_OK;
}

/* The arrays of submit, stored or deliver while they are filled; one of them is used. */
struct lists {
	struct sf_view *envelopes;
	struct sf_signed_receipt *receipts;
	struct sf_item *items;
};

static bool take_list(
	enum sf_frame_kind kind, size_t count, struct sf_arena *arena, struct lists *lists)
{
	if (kind == SF_FRAME_SUBMIT)
		lists->envelopes = sf_arena_take_many(arena, count, sizeof(*lists->envelopes));
	else if (kind == SF_FRAME_STORED)
		lists->receipts = sf_arena_take_many(arena, count, sizeof(*lists->receipts));
	else
		lists->items = sf_arena_take_many(arena, count, sizeof(*lists->items));
	return lists->envelopes || lists->receipts || lists->items;
}

static enum sf_err read_list(
	struct sf_view inner, struct lists *lists, size_t *ret_size, struct sf_diag *diag)
{
	struct sf_reader reader = {.rest = inner};
	size_t size = 0;
	for (size_t i = 0; reader.rest.size > 0;) {
		struct sf_walk_field field;
		if (sf_walk_next(&reader, &field) != SF_OK)
			return wrong(diag, "not well-formed");
		if (field.number != LIST_ITEM)
			continue;
		enum sf_err err = SF_OK;
		if (lists->envelopes)
			lists->envelopes[i] = field.bytes;
		else if (lists->receipts)
			err = read_receipt(field.bytes, &lists->receipts[i], diag);
		else
			err = read_item(field.bytes, &lists->items[i], diag);
		if (err)
			return err;
		if (lists->envelopes)
			size += field.bytes.size;
		if (lists->items)
			size += lists->items[i].envelope.size + lists->items[i].cover.size;
		i++;
	}
	*ret_size = size;
	return SF_OK;
}

static enum sf_err read_agreements(struct sf_view inner, struct sf_view *records,
	struct sf_item *statements, struct sf_diag *diag)
{
	struct sf_reader reader = {.rest = inner};
	while (reader.rest.size > 0) {
		struct sf_walk_field field;
		if (sf_walk_next(&reader, &field) != SF_OK)
			return wrong(diag, "not well-formed");
		if (field.number == LIST_ITEM)
			*records++ = field.bytes;
		if (field.number != AGREEMENTS_STATEMENT)
			continue;
		enum sf_err err = read_item(field.bytes, statements, diag);
		/* Who signed is told to everybody; what they wrote to each other is not. */
		if (!err && statements->cover.size == 0)
			err = wrong(diag, "a statement is not a cover");
		if (err)
			return err;
		statements++;
	}
	return SF_OK;
}

static enum sf_err decode_agreements(struct sf_view inner, struct sf_arena *arena,
	struct sf_frame *ret_frame, struct sf_diag *diag)
{
	size_t count = 0;
	size_t statement_count = 0;
	enum sf_err err = count_items(inner, LIST_ITEM, &count, diag);
	if (!err)
		err = count_items(inner, AGREEMENTS_STATEMENT, &statement_count, diag);
	if (!err)
		err = check_limits(SF_FRAME_AGREEMENTS, count, 0, diag);
	if (!err)
		err = check_limits(SF_FRAME_AGREEMENTS, statement_count, 0, diag);
	if (err)
		return err;
	struct sf_view *records = sf_arena_take_many(arena, count, sizeof(*records));
	struct sf_item *statements =
		sf_arena_take_many(arena, statement_count, sizeof(*statements));
	if (!records || !statements) {
		sf_diag_set(diag, "needs more memory than is allowed for it");
		return SF_ERR_LIMIT;
	}
	err = read_agreements(inner, records, statements, diag);
	if (err)
		return err;
	*ret_frame = (struct sf_frame){
		.kind = SF_FRAME_AGREEMENTS,
		.count = count,
		.records = records,
		.statement_count = statement_count,
		.statements = statements,
	};
	return SF_OK;
}

enum sf_err sf_frame_items_decode(enum sf_frame_kind kind, struct sf_view inner,
	struct sf_arena *arena, struct sf_frame *ret_frame, struct sf_diag *diag)
{
	if (kind == SF_FRAME_AGREEMENTS)
		return decode_agreements(inner, arena, ret_frame, diag);
	size_t count = 0;
	size_t size = 0;
	struct lists lists = {0};
	enum sf_err err = count_items(inner, LIST_ITEM, &count, diag);
	if (!err)
		err = check_limits(kind, count, 0, diag);
	if (!err && !take_list(kind, count, arena, &lists)) {
		sf_diag_set(diag, "needs more memory than is allowed for it");
		err = SF_ERR_LIMIT;
	}
	if (!err)
		err = read_list(inner, &lists, &size, diag);
	if (!err)
		err = check_limits(kind, count, size, diag);
	if (err)
		return err;
	*ret_frame = (struct sf_frame){
		.kind = kind,
		.count = count,
		.envelopes = lists.envelopes,
		.receipts = lists.receipts,
		.items = lists.items,
	};
	return SF_OK;
}
