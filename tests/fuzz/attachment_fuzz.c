/*
 * A recipient's node and the chunks that somebody between it and the author gives it: true ones in
 * any order, repeated, of another place or object, changed, cut, longer, of an author that signed
 * another digest or size; between power cuts. The first byte says what the author signed, four
 * bytes each what comes. Nothing is released, and the letter not answered ok, before every
 * attachment is here whole and equal; true chunks alone break nothing, and in order end it, unless
 * it was said that one of them never comes.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "unit/node/attaching.h"
#include "wire/header.h"

#define OBJECTS ((size_t)2) /* attachments of the letter */
#define CHUNKS ((size_t)3)  /* of each */
#define STEP_SIZE ((size_t)4)
#define STEPS_MAX ((size_t)48)
#define ARRIVALS_MAX ((size_t)64)
#define MEMORY_MAX ((size_t)64 * 1024 * 1024)

enum signed_as {
	SIGNED_TRUE,
	SIGNED_DIGEST,  /* another one */
	SIGNED_SHORTER, /* a byte less, which pads to as much */
	SIGNED_ONE,     /* so much that the first chunk has the size of the last */
	SIGNED_COUNT,
};

struct bench {
	struct region *region;
	struct sf_sim_machine *side; /* the recipient */
	struct sf_id author, message;
	struct sf_memory *before; /* the letter is here, and nothing that goes with it */
	struct sf_sim_chance chance;
	int64_t now_ms;
	struct sf_view chunks[OBJECTS][CHUNKS];
	/* Of one input: */
	enum signed_as as;
	bool tampered, lost, answered; /* lost: said to be broken, gone or answered */
	struct sf_arena arena;
	size_t arrival_count;
	struct sf_arrival arrivals[ARRIVALS_MAX];
};

/* --- The world, once ------------------------------------------------------------------------- */

struct copy {
	const struct sf_store *to;
	const struct sf_table *table;
};

static bool copy_row(void *context, const void *row)
{
	const struct copy *copy = context;
	SF_ASSERT(!copy->to->insert(copy->to->self, copy->table, row, NULL));
	return true;
}

static struct sf_memory *copy_of(struct sf_memory *memory)
{
	struct sf_memory *other = NULL;
	SF_ASSERT(!sf_memory_open(sf_node_tables, sf_node_table_count, &other, NULL));
	const struct sf_store *from = sf_memory_port(memory), *to = sf_memory_port(other);
	SF_ASSERT(!to->begin(to->self, NULL));
	for (size_t i = 0; i < sf_node_table_count; i++) {
		struct copy copy = {to, sf_node_tables[i]};
		const struct sf_scan all = {.table = copy.table};
		SF_ASSERT(!from->scan(from->self, &all, copy_row, &copy, NULL));
	}
	SF_ASSERT(!to->commit(to->self, NULL));
	return other;
}

static struct sf_node_row_attachment row_of(
	const struct bench *bench, const struct sf_sim_machine *machine, size_t number)
{
	struct sf_node_row_attachment row = {
		.author = bench->author, .message_id = bench->message, .number = (int64_t)number};
	const struct sf_store *store = sf_memory_port(machine->memory);
	SF_ASSERT(!store->get(store->self, &sf_node_table_attachment, 0, &row, NULL));
	return row;
}

static void keep_chunks(struct bench *bench)
{
	const struct sf_store *store = sf_memory_port(bench->region->hospital->memory);
	for (size_t i = 0; i < OBJECTS * CHUNKS; i++) {
		struct sf_node_row_chunk row = {
			.object = row_of(bench, bench->region->hospital, i / CHUNKS).object,
			.number = (int64_t)(i % CHUNKS)};
		SF_ASSERT(!store->get(store->self, &sf_node_table_chunk, 0, &row, NULL));
		struct sf_view *kept = &bench->chunks[i / CHUNKS][i % CHUNKS];
		*kept = sf_arena_copy(&bench->region->arena, row.bytes);
		SF_ASSERT(kept->data);
	}
}

static struct bench *open_bench(void)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	void *region = NULL;
	SF_ASSERT(bench && !region_open(&region));
	bench->region = region;
	bench->side = bench->region->municipality;
	bench->author = bench->region->hospital->party;
	/* A frame takes its time, so that the letter is here before what goes with it. */
	bench->region->world.faults.delay_ms_max = 10;
	struct sf_id uploads[OBJECTS];
	for (size_t i = 0; i < OBJECTS; i++)
		SF_ASSERT(sf_sim_attach(
			bench->region->hospital, (uint8_t)(ATTACHING_MARK + i), &uploads[i]));
	struct sf_reply reply = attaching_send(
		bench->region, sf_view_of((const uint8_t *)uploads, sizeof(uploads)));
	SF_ASSERT(!reply.err && reply.sent.answer == SF_SEND_STORED);
	bench->message = reply.sent.message;
	while (attaching_chunks(bench->side, &sf_node_table_attachment) == 0)
		region_run(bench->region, 1);
	for (size_t i = 0; i < OBJECTS; i++)
		SF_ASSERT(row_of(bench, bench->side, i).have == 0);
	keep_chunks(bench);
	bench->before = copy_of(bench->side->memory);
	bench->chance = bench->region->world.chance;
	bench->now_ms = bench->region->world.now_ms;
	return bench;
}

/* --- Its link -------------------------------------------------------------------------------- */

static enum sf_err receive(void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct bench *bench = self;
	size_t count = 0;
	bool more = true;
	while (more && count < bench->arrival_count && count < count_max)
		more = visitor(context, &bench->arrivals[count++]);
	bench->arrival_count -= count;
	memmove(bench->arrivals, bench->arrivals + count,
		bench->arrival_count * sizeof(bench->arrivals[0]));
	return SF_OK;
}

/* An ok to the letter says that all of it is here. */
static void hear_answer(struct bench *bench, struct sf_view bytes)
{
	struct sf_envelope envelope;
	struct sf_header header;
	SF_ASSERT(!sf_envelope_parse(bytes, &envelope, NULL));
	SF_ASSERT(!sf_header_decode(envelope.header, &header, NULL));
	const struct sf_acknowledgement *said = &header.message.fact.acknowledgement;
	if (header.message.fact.kind != SF_KIND_ACKNOWLEDGEMENT || said->ack != SF_ACK_OK ||
		!sf_id_equal(said->message_id, bench->message))
		return;
	SF_ASSERT(bench->as == SIGNED_TRUE);
	for (size_t i = 0; i < OBJECTS; i++)
		SF_ASSERT(row_of(bench, bench->side, i).state == SF_NODE_ATTACHMENT_WHOLE);
	bench->answered = true;
}

static enum sf_err send_frame(void *self, uint64_t route, struct sf_view bytes)
{
	struct bench *bench = self;
	struct sf_frame frame;
	SF_ASSERT(route == 0);
	SF_ASSERT(!sf_frame_decode(bytes, &bench->arena, &frame, NULL));
	for (size_t i = 0; frame.kind == SF_FRAME_SUBMIT && i < frame.count; i++)
		hear_answer(bench, frame.envelopes[i]);
	return SF_OK;
}

/* A new process on the same disk, which its coordinator has greeted. */
static void start(struct bench *bench)
{
	sf_sim_power_on(bench->side);
	SF_ASSERT(bench->side->on);
	bench->side->turn.link = (struct sf_link){bench, receive, send_frame};
	bench->side->node->up = bench->side->node->greeted = true;
	bench->side->node->more_to_submit = true;
}

static void forget_arrivals(struct bench *bench)
{
	for (size_t i = 0; i < bench->arrival_count; i++)
		sf_buf_fini(&bench->arrivals[i].frame);
	bench->arrival_count = 0;
}

static void sign_as(struct bench *bench)
{
	struct sf_node_row_attachment row = row_of(bench, bench->side, 0);
	const struct sf_store *store = sf_memory_port(bench->side->memory);
	if (bench->as == SIGNED_DIGEST)
		row.digest.bytes[31] ^= 1;
	else if (bench->as == SIGNED_SHORTER)
		row.size--;
	else if (bench->as == SIGNED_ONE)
		row.size = 65000;
	SF_ASSERT(!store->begin(store->self, NULL));
	SF_ASSERT(!store->replace(store->self, &sf_node_table_attachment, &row, NULL));
	SF_ASSERT(!store->commit(store->self, NULL));
}

static void reset(struct bench *bench, enum signed_as as)
{
	sf_sim_power_off(bench->side);
	sf_memory_close(&bench->side->memory);
	bench->side->memory = copy_of(bench->before);
	bench->region->world.chance = bench->chance;
	bench->region->world.now_ms = bench->now_ms;
	bench->as = as;
	bench->tampered = bench->lost = bench->answered = false;
	sign_as(bench);
	start(bench);
}

/* --- What comes ------------------------------------------------------------------------------ */

static void turn(struct bench *bench)
{
	bool busy;
	bench->region->world.now_ms++;
	SF_ASSERT(!sf_turn_run(&bench->side->turn, NULL, 0, &busy, NULL));
}

static void say(struct bench *bench, const struct sf_frame *frame)
{
	if (bench->arrival_count == ARRIVALS_MAX)
		turn(bench);
	SF_ASSERT(bench->arrival_count < ARRIVALS_MAX);
	struct sf_arrival *arrival = &bench->arrivals[bench->arrival_count++];
	*arrival = (struct sf_arrival){.kind = SF_ARRIVAL_FRAME};
	sf_buf_init(&arrival->frame, SF_FRAME_SIZE_MAX);
	SF_ASSERT(!sf_frame_encode(frame, &arrival->frame));
}

static void say_chunk(
	struct bench *bench, size_t number, size_t index, struct sf_view bytes, bool foreign)
{
	struct sf_frame frame = {.kind = SF_FRAME_CHUNK,
		.chunk = {.author = bench->author,
			.message_id = bench->message,
			.number = (uint32_t)number,
			.index = (uint32_t)index,
			.bytes = bytes}};
	if (foreign)
		frame.chunk.author.bytes[0] ^= 1;
	bool known = number < OBJECTS && !foreign;
	bool is_true =
		known && index < CHUNKS && sf_view_equal(bytes, bench->chunks[number][index]);
	bench->tampered |= known && !is_true;
	say(bench, &frame);
}

/* what: object, claimed place, where it is from, foreign author, object of nobody; b: the change.
 */
static void come(struct bench *bench, uint8_t what, uint8_t change, uint8_t at)
{
	size_t index = (what >> 1) & 3, from = (what >> 3) & 3, number = what & 1;
	from = from == 0 ? index : from - 1;
	size_t object = (change & 4) ? 1 - number : number;
	struct sf_view source = bench->chunks[object][from < CHUNKS ? from : CHUNKS - 1];
	size_t size = source.size;
	if ((change & 3) == 2)
		size -= 1 + (size_t)at * 200;
	else if ((change & 3) == 3 && size + at < SF_CHUNK_SEALED_MAX)
		size += 1 + (size_t)at;
	uint8_t *bytes = sf_arena_take(&bench->arena, size);
	if (!bytes)
		return;
	memset(bytes, 0, size);
	memcpy(bytes, source.data, size < source.size ? size : source.size);
	if ((change & 3) == 1)
		bytes[(size_t)at * 257 % size] ^= (uint8_t)(1 << (change >> 5));
	say_chunk(bench, (what & 64) ? number + OBJECTS : number, index, sf_view_of(bytes, size),
		(what & 128) != 0);
}

static void cut_power(struct bench *bench)
{
	sf_sim_power_off(bench->side);
	forget_arrivals(bench);
	start(bench);
}

/* What a local program is given is all of it, and what the author signed. */
static void read_one(struct bench *bench, size_t number)
{
	const struct sf_request request = {.kind = SF_REQUEST_ATTACHMENT,
		.attachment = {.message = bench->message, .number = (uint32_t)number}};
	struct sf_reply reply = {.err = SF_OK};
	struct sf_arena arena;
	sf_arena_init(&arena, MEMORY_MAX);
	struct sf_call call = {.request = &request, .arena = &arena, .reply = &reply};
	bool busy;
	SF_ASSERT(!sf_turn_run(&bench->side->turn, &call, 1, &busy, NULL) && call.answered);
	bool whole = row_of(bench, bench->side, number).state == SF_NODE_ATTACHMENT_WHOLE;
	if (!reply.err) {
		SF_ASSERT(whole && (number > 0 || bench->as == SIGNED_TRUE));
		uint8_t *expected = sf_arena_take(&arena, SF_SIM_ATTACHED_SIZE);
		SF_ASSERT(expected);
		sf_sim_attached_bytes(
			(uint8_t)(ATTACHING_MARK + number), 0, expected, SF_SIM_ATTACHED_SIZE);
		SF_ASSERT(sf_view_equal(
			reply.attachment.content, sf_view_of(expected, SF_SIM_ATTACHED_SIZE)));
	} else {
		SF_ASSERT(reply.attachment.content.size == 0);
	}
	sf_arena_fini(&arena);
}

static bool is_broken(const struct bench *bench)
{
	bool broken = false;
	for (size_t i = 0; i < OBJECTS; i++)
		broken |= row_of(bench, bench->side, i).state == SF_NODE_ATTACHMENT_BROKEN;
	return broken;
}

static void step(struct bench *bench, const uint8_t *bytes)
{
	const struct sf_frame told = {.kind = SF_FRAME_CHUNKS,
		.chunk = {.author = bench->author,
			.message_id = bench->message,
			.number = bytes[1] & 1,
			.index = bytes[2],
			.code = (enum sf_chunk_code)(bytes[3] % (SF_CHUNK_ANSWERED + 1))}};
	switch (bytes[0] & 7) {
	case 0:
		turn(bench);
		break;
	case 1:
		cut_power(bench);
		break;
	case 2:
		bench->lost |= told.chunk.code >= SF_CHUNK_BROKEN;
		say(bench, &told);
		break;
	case 3:
		turn(bench);
		read_one(bench, bytes[1] & 1);
		break;
	case 4:
		turn(bench);
		bench->region->world.now_ms += (int64_t)bytes[1] * 1000;
		break;
	default:
		come(bench, bytes[1], bytes[2], bytes[3]);
	}
}

/* True chunks of what is missing end it, unless it cannot be what was signed. */
static void go_on(struct bench *bench)
{
	turn(bench);
	bool harmed = bench->tampered || bench->lost;
	SF_ASSERT(harmed || bench->as != SIGNED_TRUE || !is_broken(bench));
	bool good = bench->as == SIGNED_TRUE && !is_broken(bench);
	for (size_t i = 0; i < OBJECTS * CHUNKS; i++)
		say_chunk(bench, i / CHUNKS, i % CHUNKS, bench->chunks[i / CHUNKS][i % CHUNKS],
			false);
	for (size_t i = 0; i < 3; i++)
		turn(bench);
	SF_ASSERT(good == (bench->as == SIGNED_TRUE && !is_broken(bench)));
	SF_ASSERT(good == bench->answered);
	/* What is whole stays beside what never comes, and of that nothing does. */
	size_t whole = 0;
	for (size_t i = 0; i < OBJECTS; i++)
		whole += row_of(bench, bench->side, i).state == SF_NODE_ATTACHMENT_WHOLE;
	SF_ASSERT(good == (whole == OBJECTS));
	SF_ASSERT(attaching_chunks(bench->side, &sf_node_table_chunk) == whole * CHUNKS);
	for (size_t i = 0; i < OBJECTS; i++)
		read_one(bench, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct bench *bench;
	if (size == 0 || size > 1 + STEPS_MAX * STEP_SIZE)
		return 0;
	if (!bench)
		bench = open_bench();
	sf_arena_init(&bench->arena, MEMORY_MAX);
	reset(bench, (enum signed_as)(bytes[0] % SIGNED_COUNT));
	for (size_t i = 1; i + STEP_SIZE <= size; i += STEP_SIZE)
		step(bench, bytes + i);
	go_on(bench);
	forget_arrivals(bench);
	sf_arena_fini(&bench->arena);
	return 0;
}
