#include "core/refusal.h"

const char *sf_refusal_code(uint16_t refusal)
{
	switch (refusal) {
#define X(name, value, code, text)                                                                 \
	case name:                                                                                 \
		return code;
		SF_REFUSAL_LIST(X)
		SF_DEVIATION_LIST(X)
#undef X
	default:
		return "unknown";
	}
}

const char *sf_refusal_text(uint16_t refusal)
{
	switch (refusal) {
#define X(name, value, code, text)                                                                 \
	case name:                                                                                 \
		return text;
		SF_REFUSAL_LIST(X)
		SF_DEVIATION_LIST(X)
#undef X
	default:
		return "a reason this version does not know";
	}
}
