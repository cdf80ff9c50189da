/*
 * The frame of MLLP. The first byte chooses how the network cuts the stream; whatever it is, the
 * stream comes to the same events and the same messages as in one piece.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "bridge/mllp.h"

#define CEILING ((size_t)4096)

/* Everything that was heard, written down: events, and messages in frames of their own. */
static void hear(struct sf_view bytes, size_t piece, struct sf_buf *ret_heard)
{
	struct sf_mllp mllp;
	sf_mllp_init(&mllp, CEILING);
	for (size_t at = 0; at < bytes.size;) {
		size_t more = bytes.size - at < piece ? bytes.size - at : piece;
		size_t used = 0;
		enum sf_mllp_event event =
			sf_mllp_feed(&mllp, sf_view_of(bytes.data + at, more), &used);
		SF_ASSERT(used > 0 && used <= more);
		SF_ASSERT(used == more || event != SF_MLLP_MORE);
		SF_ASSERT(mllp.message.size <= CEILING);
		at += used;
		if (event == SF_MLLP_MORE)
			continue;
		SF_ASSERT(!sf_buf_append_u8(ret_heard, (uint8_t)event));
		if (event != SF_MLLP_MESSAGE)
			continue;
		struct sf_view message = sf_buf_view(&mllp.message);
		if (message.size > 0)
			SF_ASSERT(!memchr(message.data, 0x0b, message.size) &&
				  !memchr(message.data, 0x1c, message.size));
		SF_ASSERT(!sf_mllp_is_half(&mllp));
		SF_ASSERT(!sf_mllp_frame(message, ret_heard));
	}
	sf_mllp_fini(&mllp);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0 || size > 65536)
		return 0;
	struct sf_buf whole, cut;
	sf_buf_init(&whole, 16 * size + 64);
	sf_buf_init(&cut, 16 * size + 64);
	struct sf_view stream = sf_view_of(bytes + 1, size - 1);
	hear(stream, size, &whole);
	hear(stream, (size_t)bytes[0] + 1, &cut);
	SF_ASSERT(sf_view_equal(sf_buf_view(&whole), sf_buf_view(&cut)));
	sf_buf_fini(&whole);
	sf_buf_fini(&cut);
	return 0;
}
