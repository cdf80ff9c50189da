/*
 * Requests and replies of the local socket (src/wire/local.h). The first byte says which of the two
 * the rest is: a daemon reads requests of any program that may connect, and the command line and
 * libstafet read replies.
 */
#include "fuzz/fuzz.h"

#include "wire/local.h"

#define ARENA_SIZE ((size_t)16777216)

static void read_request(struct sf_view bytes, struct sf_arena *arena, struct sf_buf *buf)
{
	struct sf_request request;
	if (sf_local_request_decode(bytes, arena, &request, NULL) == SF_OK)
		SF_ASSERT(sf_local_request_encode(&request, buf) == SF_OK);
}

static void read_reply(struct sf_view bytes, struct sf_arena *arena, struct sf_buf *buf)
{
	struct sf_reply reply;
	if (sf_local_reply_decode(bytes, arena, &reply, NULL) == SF_OK)
		SF_ASSERT(sf_local_reply_encode(&reply, buf) == SF_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	void (*read)(struct sf_view, struct sf_arena *, struct sf_buf *) =
		bytes[0] == 0 ? read_request : read_reply;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_buf first, second;
	sf_buf_init(&first, SF_LOCAL_SIZE_MAX);
	sf_buf_init(&second, SF_LOCAL_SIZE_MAX);
	read(sf_view_of(bytes + 1, size - 1), &arena, &first);
	/* What was written is read, and written the same again. */
	if (first.size > 0)
		read(sf_buf_view(&first), &arena, &second);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	sf_buf_fini(&first);
	sf_buf_fini(&second);
	sf_arena_fini(&arena);
	return 0;
}
