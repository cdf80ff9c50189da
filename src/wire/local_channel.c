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
