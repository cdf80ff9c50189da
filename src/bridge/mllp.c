#include "bridge/mllp.h"

#define START ((uint8_t)0x0b)
#define END ((uint8_t)0x1c)
#define LAST ((uint8_t)0x0d)

void sf_mllp_init(struct sf_mllp *mllp, size_t message_size_max)
{
	*mllp = (struct sf_mllp){.state = SF_MLLP_OUTSIDE};
	sf_buf_init(&mllp->message, message_size_max);
}

void sf_mllp_fini(struct sf_mllp *mllp)
{
	sf_buf_fini(&mllp->message);
}

bool sf_mllp_is_half(const struct sf_mllp *mllp)
{
	return mllp->state != SF_MLLP_OUTSIDE;
}

static void begin(struct sf_mllp *mllp)
{
	sf_buf_clear(&mllp->message);
	mllp->state = SF_MLLP_INSIDE;
	mllp->too_large = false;
	mllp->garbage = false;
}

/* Many senders end a frame, or begin a line, with more line ends than there should be. */
static bool is_padding(uint8_t byte)
{
	return byte == '\r' || byte == '\n';
}

static enum sf_mllp_event feed_outside(struct sf_mllp *mllp, uint8_t byte)
{
	if (byte == START) {
		begin(mllp);
		return SF_MLLP_MORE;
	}
	if (mllp->garbage || is_padding(byte))
		return SF_MLLP_MORE;
	mllp->garbage = true;
	return SF_MLLP_GARBAGE;
}

/* What is neither START nor END, as many as there are: one append. */
static size_t plain_size(struct sf_view bytes)
{
	size_t size = 0;
	while (size < bytes.size && bytes.data[size] != START && bytes.data[size] != END)
		size++;
	return size;
}

static void append(struct sf_mllp *mllp, struct sf_view bytes)
{
	if (mllp->too_large || sf_buf_append(&mllp->message, bytes) == SF_OK)
		return;
	mllp->too_large = true;
	sf_buf_clear(&mllp->message);
}

/* Neither START nor END may stand in a message of the character sets that are read here. */
static enum sf_mllp_event feed_mark(struct sf_mllp *mllp, uint8_t byte)
{
	if (byte == END) {
		mllp->state = SF_MLLP_ENDING;
		return SF_MLLP_MORE;
	}
	begin(mllp);
	return SF_MLLP_BROKEN;
}

static enum sf_mllp_event feed_ending(struct sf_mllp *mllp, uint8_t byte)
{
	mllp->state = SF_MLLP_OUTSIDE;
	if (byte == LAST && mllp->too_large)
		return SF_MLLP_TOO_LARGE;
	if (byte == LAST) {
		mllp->whole = true;
		return SF_MLLP_MESSAGE;
	}
	if (byte == START)
		begin(mllp);
	else
		mllp->garbage = true;
	return SF_MLLP_BROKEN;
}

enum sf_mllp_event sf_mllp_feed(struct sf_mllp *mllp, struct sf_view bytes, size_t *ret_used)
{
	enum sf_mllp_event event = SF_MLLP_MORE;
	size_t at = 0;
	if (mllp->whole)
		sf_buf_clear(&mllp->message);
	mllp->whole = false;
	while (at < bytes.size && event == SF_MLLP_MORE) {
		struct sf_view rest = sf_view_of(bytes.data + at, bytes.size - at);
		size_t plain = mllp->state == SF_MLLP_INSIDE ? plain_size(rest) : 0;
		if (plain > 0) {
			append(mllp, sf_view_of(rest.data, plain));
			at += plain;
			continue;
		}
		at++;
		if (mllp->state == SF_MLLP_OUTSIDE)
			event = feed_outside(mllp, rest.data[0]);
		else if (mllp->state == SF_MLLP_INSIDE)
			event = feed_mark(mllp, rest.data[0]);
		else
			event = feed_ending(mllp, rest.data[0]);
	}
	*ret_used = at;
	return event;
}

enum sf_err sf_mllp_frame(struct sf_view message, struct sf_buf *buf)
{
	enum sf_err err = sf_buf_reserve(buf, message.size + 3);
	if (!err)
		err = sf_buf_append_u8(buf, START);
	if (!err)
		err = sf_buf_append(buf, message);
	if (!err)
		err = sf_buf_append_u8(buf, END);
	return err ? err : sf_buf_append_u8(buf, LAST);
}
