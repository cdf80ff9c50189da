#include "bench/stage.h"

#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "core/message.h"
#include "os/env.h"
#include "wire/body.h"
#include "wire/frame.h"
#include "wire/header.h"

#define BODY_SIZE ((size_t)2048)
#define ENVELOPE_SIZE ((size_t)4600)
#define ARENA_SIZE_MAX ((size_t)64 * 1024 * 1024)

/* One message in every form that it takes. */
struct forms {
	struct sf_message message;
	struct sf_header header;
	struct sf_body body;
	struct sf_frame frame;
	struct sf_view envelopes[SF_BENCH_BATCH_MAX];
	struct sf_buf message_bytes, header_bytes, body_bytes, frame_bytes, place; /* owned */
	struct sf_arena arena;
	uint8_t content[BODY_SIZE];
	uint8_t envelope[ENVELOPE_SIZE];
};

static void message_pack(void *context, size_t count)
{
	struct forms *forms = context;
	for (size_t i = 0; i < count; i++) {
		sf_buf_clear(&forms->place);
		SF_ASSERT(!sf_message_encode(&forms->message, &forms->place));
	}
}

static void message_unpack(void *context, size_t count)
{
	struct forms *forms = context;
	struct sf_message message;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!sf_message_decode(sf_buf_view(&forms->message_bytes), &message, NULL));
}

static void header_pack(void *context, size_t count)
{
	struct forms *forms = context;
	for (size_t i = 0; i < count; i++) {
		sf_buf_clear(&forms->place);
		SF_ASSERT(!sf_header_encode(&forms->header, &forms->place));
	}
}

static void header_unpack(void *context, size_t count)
{
	struct forms *forms = context;
	struct sf_header header;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!sf_header_decode(sf_buf_view(&forms->header_bytes), &header, NULL));
}

static void body_pack(void *context, size_t count)
{
	struct forms *forms = context;
	for (size_t i = 0; i < count; i++) {
		sf_buf_clear(&forms->place);
		SF_ASSERT(!sf_body_encode(&forms->body, &forms->place));
	}
}

static void body_unpack(void *context, size_t count)
{
	struct forms *forms = context;
	struct sf_body body;
	for (size_t i = 0; i < count; i++) {
		SF_ASSERT(!sf_body_decode(
			sf_buf_view(&forms->body_bytes), &forms->arena, &body, NULL));
		sf_arena_clear(&forms->arena);
	}
}

static void frame_pack(void *context, size_t count)
{
	struct forms *forms = context;
	forms->frame.count = count;
	sf_buf_clear(&forms->place);
	SF_ASSERT(!sf_frame_encode(&forms->frame, &forms->place));
}

static void frame_unpack(void *context, size_t count)
{
	struct forms *forms = context;
	struct sf_frame frame;
	(void)count;
	SF_ASSERT(!sf_frame_decode(sf_buf_view(&forms->frame_bytes), &forms->arena, &frame, NULL));
	sf_arena_clear(&forms->arena);
}

static struct sf_id id_of(uint8_t kind)
{
	return (struct sf_id){{kind, 1, 2, 3, 4, 5, 6, 7, 8}};
}

static void fill(struct forms *forms)
{
	struct sf_digest digest = {{1, 2, 3}};
	forms->message = (struct sf_message){
		.format = 1,
		.id = id_of(1),
		.transition = id_of(2),
		.author = id_of(3),
		.recipient_count = 1,
		.recipients = {id_of(4)},
		.author_sequence = 77,
		.fact = {.kind = SF_KIND_STAY,
			.stay = {.activity = SF_ACTIVITY_LEAVE_START,
				.mode = SF_MODE_NEW,
				.stay_class = SF_STAY_CLASS_INPATIENT,
				.event_ms = INT64_C(1795000000000)}},
		.occurred_ms = INT64_C(1795000000000),
		.created_ms = INT64_C(1795000000000),
		.body_commitment = digest,
		.seen_sequence = 3,
		.seen_head = digest,
	};
	SF_ASSERT(!sf_message_encode(&forms->message, &forms->message_bytes));
	forms->header = (struct sf_header){
		.message_bytes = sf_buf_view(&forms->message_bytes),
		.envelope_id = id_of(5),
		.sent_ms = INT64_C(1795000000000),
		.expires_ms = INT64_C(1796000000000),
		.directory_version = 3,
		.directory_head = digest,
	};
	SF_ASSERT(!sf_header_encode(&forms->header, &forms->header_bytes));
	memset(forms->content, 'x', sizeof(forms->content));
	forms->body = (struct sf_body){.author = id_of(3),
		.recipient_count = 1,
		.recipients = {id_of(4)},
		.transition = id_of(2),
		.message_id = id_of(1),
		.cpr = "",
		.patient_name = "",
		.contact_name = "",
		.contact_telephone = "",
		.content_type = "text/plain",
		.content = sf_view_of(forms->content, sizeof(forms->content))};
	SF_ASSERT(!sf_body_encode(&forms->body, &forms->body_bytes));
	for (size_t i = 0; i < SF_BENCH_BATCH_MAX; i++)
		forms->envelopes[i] = sf_view_of(forms->envelope, sizeof(forms->envelope));
	forms->frame = (struct sf_frame){.kind = SF_FRAME_SUBMIT, .envelopes = forms->envelopes};
}

static double cost(struct forms *forms, void (*round)(void *, size_t), size_t count)
{
	const struct sf_bench_work work = {.context = forms, .round = round};
	return sf_bench_cost_us(&work, count);
}

struct sf_bench_wire_costs sf_bench_wire_costs(size_t batch)
{
	struct forms *forms = calloc(1, sizeof(*forms));
	SF_ASSERT(forms);
	struct sf_buf *bufs[] = {&forms->message_bytes, &forms->header_bytes, &forms->body_bytes,
		&forms->frame_bytes, &forms->place};
	for (size_t i = 0; i < SF_COUNT(bufs); i++)
		sf_buf_init(bufs[i], SF_FRAME_SIZE_MAX);
	sf_arena_init(&forms->arena, ARENA_SIZE_MAX);
	fill(forms);
	/* A frame holds 1 MiB. */
	if (batch > SF_FRAME_ITEMS_SIZE_MAX / ENVELOPE_SIZE)
		batch = SF_FRAME_ITEMS_SIZE_MAX / ENVELOPE_SIZE;
	forms->frame.count = batch;
	SF_ASSERT(!sf_frame_encode(&forms->frame, &forms->frame_bytes));
	const struct sf_bench_wire_costs costs = {
		.message_pack = cost(forms, message_pack, 64),
		.message_unpack = cost(forms, message_unpack, 64),
		.header_pack = cost(forms, header_pack, 64),
		.header_unpack = cost(forms, header_unpack, 64),
		.body_pack = cost(forms, body_pack, 64),
		.body_unpack = cost(forms, body_unpack, 64),
		.frame_pack = cost(forms, frame_pack, batch),
		.frame_unpack = cost(forms, frame_unpack, batch),
	};
	for (size_t i = 0; i < SF_COUNT(bufs); i++)
		sf_buf_fini(bufs[i]);
	free(forms);
	return costs;
}
