#include "core/fact.h"

#include <string.h>

/* One switch per list: a number of a later version is "unknown", never a crash. */
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;

const char *sf_role_text(enum sf_role role)
{
	switch ((uint32_t)role) {
		SF_ROLE_LIST(X)
	}
	return "unknown";
}

const char *sf_domain_text(enum sf_domain domain)
{
	switch ((uint32_t)domain) {
		SF_DOMAIN_LIST(X)
	}
	return "unknown";
}

const char *sf_kind_text(uint32_t kind)
{
	switch (kind) {
		SF_KIND_LIST(X)
	}
	return "unknown";
}

const char *sf_activity_text(enum sf_activity activity)
{
	switch ((uint32_t)activity) {
		SF_ACTIVITY_LIST(X)
	}
	return "unknown";
}

const char *sf_mode_text(enum sf_mode mode)
{
	switch ((uint32_t)mode) {
		SF_MODE_LIST(X)
	}
	return "unknown";
}

const char *sf_stay_class_text(enum sf_stay_class stay_class)
{
	switch ((uint32_t)stay_class) {
		SF_STAY_CLASS_LIST(X)
	}
	return "unknown";
}

const char *sf_ack_text(enum sf_ack ack)
{
	switch ((uint32_t)ack) {
		SF_ACK_LIST(X)
	}
	return "unknown";
}

const char *sf_pathway_text(enum sf_pathway pathway)
{
	switch ((uint32_t)pathway) {
		SF_PATHWAY_LIST(X)
	}
	return "unknown";
}

const char *sf_ack_code_text(uint32_t code)
{
	switch (code) {
		SF_ACK_CODE_LIST(X)
	}
	return "unknown";
}
#undef X

enum sf_role sf_role_from_text(const char *text)
{
#define X(name, value, word)                                                                       \
	if (strcmp(text, word) == 0)                                                               \
		return name;
	SF_ROLE_LIST(X)
#undef X
	return SF_ROLE_NONE;
}

enum sf_domain sf_domain_from_text(const char *text)
{
#define X(name, value, word)                                                                       \
	if (strcmp(text, word) == 0)                                                               \
		return name;
	SF_DOMAIN_LIST(X)
#undef X
	return SF_DOMAIN_COUNT;
}

bool sf_kind_is_read(uint32_t kind)
{
	switch (kind) {
	case SF_KIND_PARTIES:
	case SF_KIND_STAY:
	case SF_KIND_OFFER:
	case SF_KIND_ACCEPT:
	case SF_KIND_REFUSE:
	case SF_KIND_WITHDRAW:
	case SF_KIND_ACKNOWLEDGEMENT:
		return true;
	default:
		return false;
	}
}
