#include "unit/coordinator/epochs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "sim/lost_tail.h"

static struct sf_coordinator *coordinator_of(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

struct sf_view epochs_sign_note(struct desk *desk, uint64_t size, uint64_t directory_version)
{
	const struct sf_checkpoint checkpoint = {.origin = EPOCHS_OLD,
		.size = size,
		.root = {{7}},
		.directory_version = directory_version,
		.directory_head = {{8}}};
	return desk_sign_note(desk, &checkpoint, true);
}

void epochs_say_hello(struct desk *desk, const struct sf_sim_machine *from, uint32_t epoch,
	uint64_t size, struct sf_view note)
{
	const struct sf_hello hello = {.version = 1,
		.software = "desk",
		.epoch = epoch,
		.log_size = size,
		.log_root = {{7}},
		.log_note = note};
	desk_hello_as(desk, from, &hello);
}

void epochs_show_more(struct desk *desk, uint64_t directory_version)
{
	uint64_t size = coordinator_of(desk)->log.size + EPOCHS_LOST;
	epochs_say_hello(
		desk, desk->municipality, 1, size, epochs_sign_note(desk, size, directory_version));
	assert_true(sf_coordinator_is_behind(coordinator_of(desk)));
}

struct sf_reply epochs_ask(struct desk *desk, struct sf_view record)
{
	const struct sf_request request = {.kind = SF_REQUEST_EPOCH, .epoch = {.record = record}};
	return desk_ask(desk, &request);
}

struct sf_reply epochs_ask_for_record(struct desk *desk)
{
	struct sf_reply reply = epochs_ask(desk, sf_view_of(NULL, 0));
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.kind, SF_REPLY_EPOCH);
	return reply;
}

struct sf_view epochs_sign(struct desk *desk, void (*edit)(struct sf_epoch *epoch))
{
	struct sf_reply reply = epochs_ask_for_record(desk);
	struct sf_epoch epoch;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_EPOCH_SIZE_MAX);
	assert_int_equal(sf_epoch_decode(reply.epoch.record, &epoch, NULL), SF_OK);
	if (edit)
		edit(&epoch);
	assert_int_equal(sf_epoch_encode(&epoch, &bytes), SF_OK);
	struct sf_view record = sf_sim_sign_epoch(&desk->world, sf_buf_view(&bytes), &desk->arena);
	sf_buf_fini(&bytes);
	return record;
}

void epochs_begin(struct desk *desk)
{
	struct sf_reply reply = epochs_ask(desk, epochs_sign(desk, NULL));
	assert_int_equal(reply.err, SF_OK);
	assert_true(reply.epoch.begun);
	assert_int_equal(reply.epoch.epoch, 2);
}
