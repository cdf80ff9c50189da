#include "wire/local_channel.h"

const char *sf_channel_kind_text(enum sf_channel_kind kind)
{
	switch (kind) {
#define X(symbol, number, text)                                                                    \
	case symbol:                                                                               \
		return text;
		SF_CHANNEL_KIND_LIST(X)
#undef X
	case SF_CHANNEL_NONE:
		return "";
	}
	return "unknown";
}

const char *sf_channel_fault_text(enum sf_channel_fault fault)
{
	switch (fault) {
#define X(symbol, number, text)                                                                    \
	case symbol:                                                                               \
		return text;
		SF_CHANNEL_FAULT_LIST(X)
#undef X
	case SF_CHANNEL_FAULT_NONE:
		return "";
	}
	return "unknown";
}

bool sf_channel_is_hook(enum sf_channel_kind kind)
{
	return kind == SF_CHANNEL_HOOK || kind == SF_CHANNEL_RESPONSE;
}

/* A hospital's system asks what became of a letter, not by which frames it travelled. */
bool sf_feed_is_kept(enum sf_feed_what what)
{
	switch (what) {
	case SF_FEED_RECEIVED:
	case SF_FEED_ACKNOWLEDGED:
	case SF_FEED_RESENT:
	case SF_FEED_QUARANTINED:
	case SF_FEED_LATE:
	case SF_FEED_OFFERED:
	case SF_FEED_MOVED:
	case SF_FEED_HANDLED:
	case SF_FEED_TROUBLE:
	case SF_FEED_EXPIRED:
	case SF_FEED_ALARM:
	case SF_FEED_WINDOW:
	case SF_FEED_CLOSED:
	case SF_FEED_AGREEMENT:
	case SF_FEED_ERASED:
	case SF_FEED_CONTRADICTION:
	case SF_FEED_REPLAYED:
	case SF_FEED_EPOCH:
	case SF_FEED_RESPONSE:
	case SF_FEED_DELETED:
	case SF_FEED_ATTACHED:
		return true;
	case SF_FEED_NONE:
	case SF_FEED_STARTED:
	case SF_FEED_CONNECTED:
	case SF_FEED_DISCONNECTED:
	case SF_FEED_ACCEPTED:
	case SF_FEED_SENT:
	case SF_FEED_RECORDED:
	case SF_FEED_TAKEN:
	case SF_FEED_DUPLICATE:
	case SF_FEED_DROPPED:
	case SF_FEED_DIRECTORY:
		break;
	}
	return false;
}

uint64_t sf_hook_event_bit(struct sf_view word)
{
	for (uint32_t what = 1; what < 64; what++)
		if (sf_feed_is_kept((enum sf_feed_what)what) &&
			sf_view_equal(word, sf_view_text(sf_feed_text((enum sf_feed_what)what))))
			return (uint64_t)1 << what;
	return 0;
}
