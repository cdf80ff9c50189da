#include "unit/node/counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/tables.h"

static enum sf_err receive(void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct counter *counter = self;
	size_t count = 0;
	bool more = true;
	while (more && count < counter->arrival_count && count < count_max)
		more = visitor(context, &counter->arrivals[count++]);
	counter->arrival_count -= count;
	memmove(counter->arrivals, counter->arrivals + count,
		counter->arrival_count * sizeof(counter->arrivals[0]));
	return SF_OK;
}

static enum sf_err send_frame(void *self, uint64_t route, struct sf_view bytes)
{
	struct counter *counter = self;
	assert_int_equal(route, 0);
	assert_true(counter->heard_count < COUNTER_FRAMES_MAX);
	struct sf_arena *arena = &counter->desk->arena;
	assert_int_equal(sf_frame_decode(sf_arena_copy(arena, bytes), arena,
				 &counter->heard[counter->heard_count++], NULL),
		SF_OK);
	return SF_OK;
}

static void hold_link(struct counter *counter)
{
	counter->node = counter->side->node;
	counter->side->turn.link = (struct sf_link){counter, receive, send_frame};
}

int counter_open_silent(void **state)
{
	void *desk = NULL;
	struct counter *counter = calloc(1, sizeof(*counter));
	if (!counter || desk_open(&desk))
		return -1;
	counter->desk = desk;
	counter->side = counter->desk->municipality;
	hold_link(counter);
	*state = counter;
	return 0;
}

int counter_open(void **state)
{
	if (counter_open_silent(state))
		return -1;
	struct counter *counter = *state;
	counter_say_up(counter);
	struct sf_frame frame = counter_hello(counter);
	counter_say(counter, &frame);
	frame = counter_directory(counter, 1, frame.hello.directory_version);
	counter_say(counter, &frame);
	counter_turn(counter);
	assert_true(counter->node->greeted);
	return 0;
}

int counter_close(void **state)
{
	struct counter *counter = *state;
	void *desk = counter->desk;
	for (size_t i = 0; i < counter->arrival_count; i++)
		sf_buf_fini(&counter->arrivals[i].frame);
	free(counter);
	return desk_close(&desk);
}

void counter_restart(struct counter *counter)
{
	sf_sim_power_off(counter->side);
	sf_sim_power_on(counter->side);
	hold_link(counter);
}

static struct sf_arrival *add_arrival(struct counter *counter, enum sf_arrival_kind kind)
{
	assert_true(counter->arrival_count < COUNTER_FRAMES_MAX);
	struct sf_arrival *arrival = &counter->arrivals[counter->arrival_count++];
	*arrival = (struct sf_arrival){.kind = kind};
	sf_buf_init(&arrival->frame, SF_FRAME_SIZE_MAX);
	return arrival;
}

void counter_say(struct counter *counter, const struct sf_frame *frame)
{
	assert_int_equal(
		sf_frame_encode(frame, &add_arrival(counter, SF_ARRIVAL_FRAME)->frame), SF_OK);
}

void counter_say_up(struct counter *counter)
{
	add_arrival(counter, SF_ARRIVAL_UP);
}

void counter_turn(struct counter *counter)
{
	struct sf_diag diag = {{0}};
	bool busy;
	counter->desk->world.now_ms++;
	counter->heard_count = 0;
	assert_int_equal(sf_turn_run(&counter->side->turn, NULL, 0, &busy, &diag), SF_OK);
}

const struct sf_frame *counter_heard(
	const struct counter *counter, enum sf_frame_kind kind, size_t index)
{
	for (size_t i = 0; i < counter->heard_count; i++)
		if (counter->heard[i].kind == kind && index-- == 0)
			return &counter->heard[i];
	return NULL;
}

static const struct sf_directory *whole_directory(const struct counter *counter)
{
	return sf_coordinator_directory(counter->desk->coordinator->coordinator);
}

struct sf_frame counter_hello(const struct counter *counter)
{
	return (struct sf_frame){.kind = SF_FRAME_HELLO,
		.hello = {.version = 1,
			.software = "counter",
			.origin = "coordinator.example/log/sim/1",
			.epoch = 1,
			.coordinator = counter->desk->coordinator->party,
			.directory_version = sf_directory_version(whole_directory(counter)),
			.directory_head = *sf_directory_head(whole_directory(counter)),
			.now_ms = counter->desk->world.now_ms}};
}

struct sf_frame counter_directory(struct counter *counter, uint64_t first, uint64_t last)
{
	const struct sf_store *store = sf_memory_port(counter->desk->coordinator->memory);
	struct sf_arena *arena = &counter->desk->arena;
	size_t count = (size_t)(last + 1 - first);
	struct sf_view *records = sf_arena_take_many(arena, count, sizeof(*records));
	assert_non_null(records);
	for (size_t i = 0; i < count; i++) {
		struct sf_row_entry row = {.version = (int64_t)(first + i)};
		assert_int_equal(store->get(store->self, &sf_table_entry, 0, &row, NULL), SF_OK);
		records[i] = sf_arena_copy(arena, row.record);
	}
	return (struct sf_frame){.kind = SF_FRAME_DIRECTORY,
		.count = count,
		.records = records,
		.directory_from = first,
		.directory_version = sf_directory_version(whole_directory(counter)),
		.directory_head = *sf_directory_head(whole_directory(counter))};
}

struct counter_item counter_item(
	struct counter *counter, const struct desk_letter *letter, uint64_t sequence)
{
	struct counter_item item = {
		.envelope = desk_seal(counter->desk, letter), .signer = counter->desk->coordinator};
	struct sf_crypto crypto;
	sf_crypto_port(counter->desk->hospital->keyring, &crypto);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(item.envelope, &envelope, NULL), SF_OK);
	uint8_t author_key[SF_PUBLIC_KEY_SIZE];
	memcpy(author_key, letter->signer->identity_key, sizeof(author_key));
	struct sf_envelope_names names;
	sf_ignore(crypto.verify(crypto.self, &envelope, author_key, &names));
	bool is_ack = letter->message.fact.kind == SF_KIND_ACKNOWLEDGEMENT;
	item.receipt = (struct sf_receipt){.message_id = letter->message.id,
		.digest = names.digest,
		.epoch = 1,
		.leaf_index = ++counter->leaf,
		.recorded_ms = counter->desk->world.now_ms,
		.sequence = sequence,
		.previous_head = counter->head,
		.r = {{7}},
		.outcome = SF_OUTCOME_APPLIED,
		.kind_class = is_ack ? SF_CLASS_ACKNOWLEDGEMENT : SF_CLASS_FACT};
	const struct sf_leaf_event event = {.digest = item.receipt.digest,
		.transition = letter->message.transition,
		.recorded_ms = item.receipt.recorded_ms,
		.sequence = sequence,
		.outcome = item.receipt.outcome,
		.previous_head = counter->head,
		.kind_class = item.receipt.kind_class};
	uint8_t leaf[SF_LEAF_SIZE];
	sf_log_leaf(&crypto, &event, &item.receipt.r, leaf);
	sf_log_head(&crypto, &item.receipt.previous_head, leaf, &counter->head);
	return item;
}

struct sf_item counter_sign(struct counter *counter, const struct counter_item *item)
{
	struct sf_arena *arena = &counter->desk->arena;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	assert_int_equal(sf_receipt_encode(&item->receipt, &bytes), SF_OK);
	struct sf_view receipt = sf_arena_copy(arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	struct sf_crypto crypto;
	sf_crypto_port(item->signer->keyring, &crypto);
	uint8_t path[SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX], depth;
	uint8_t *signature = sf_arena_take(arena, SF_SIGNATURE_SIZE);
	assert_non_null(signature);
	assert_int_equal(crypto.sign_receipts(crypto.self, item->signer->identity_key_id, &receipt,
				 1, path, &depth, signature),
		SF_OK);
	struct sf_item signed_item = {.position = ++counter->position,
		.receipt = {.receipt = receipt,
			.index = 0,
			.count = 1,
			.signature = sf_view_of(signature, SF_SIGNATURE_SIZE)}};
	if (item->cover)
		signed_item.cover = desk_cover(counter->desk, item->envelope);
	else
		signed_item.envelope = item->envelope;
	return signed_item;
}

void counter_deliver_items(struct counter *counter, const struct sf_item *items, size_t count)
{
	const struct sf_frame frame = {.kind = SF_FRAME_DELIVER, .count = count, .items = items};
	counter_say(counter, &frame);
	counter_turn(counter);
}

void counter_deliver(struct counter *counter, const struct counter_item *item)
{
	const struct sf_item signed_item = counter_sign(counter, item);
	counter_deliver_items(counter, &signed_item, 1);
}

bool counter_inbox(struct counter *counter, struct sf_id author, struct sf_id message,
	struct sf_node_row_inbox *ret_row)
{
	*ret_row = (struct sf_node_row_inbox){.author = author, .message_id = message};
	const struct sf_store *store = sf_memory_port(counter->side->memory);
	enum sf_err err = store->get(store->self, &sf_node_table_inbox, 0, ret_row, NULL);
	assert_true(!err || err == SF_ERR_NOT_FOUND);
	return !err;
}

struct sf_acknowledgement counter_answer(struct counter *counter, struct sf_view *ret_envelope)
{
	const struct sf_frame *frame = counter_heard(counter, SF_FRAME_SUBMIT, 0);
	struct sf_acknowledgement none = {.ack = SF_ACK_NONE};
	for (size_t i = 0; frame && i < frame->count; i++) {
		struct sf_envelope envelope;
		struct sf_header header;
		assert_int_equal(sf_envelope_parse(frame->envelopes[i], &envelope, NULL), SF_OK);
		assert_int_equal(sf_header_decode(envelope.header, &header, NULL), SF_OK);
		if (header.message.fact.kind != SF_KIND_ACKNOWLEDGEMENT)
			continue;
		if (ret_envelope)
			*ret_envelope = frame->envelopes[i];
		return header.message.fact.acknowledgement;
	}
	return none;
}

size_t counter_taken(const struct counter *counter)
{
	size_t count = 0;
	const struct sf_frame *frame;
	for (size_t i = 0; (frame = counter_heard(counter, SF_FRAME_TAKEN, i)); i++)
		count += frame->count;
	return count;
}
