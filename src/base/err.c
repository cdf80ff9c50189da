#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *sf_err_text(enum sf_err err)
{
	switch (err) {
	case SF_OK:
		return "ok";
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_ERR_LIST(X)
#undef X
	}
	return "unknown error";
}

const char *sf_err_code(enum sf_err err)
{
	switch (err) {
	case SF_OK:
		return "ok";
	case SF_ERR_MEMORY:
		return "memory";
	case SF_ERR_LIMIT:
		return "limit";
	case SF_ERR_FORMAT:
		return "format";
	case SF_ERR_UNSUPPORTED:
		return "unsupported";
	case SF_ERR_NOT_FOUND:
		return "not-found";
	case SF_ERR_EXISTS:
		return "exists";
	case SF_ERR_CONFLICT:
		return "conflict";
	case SF_ERR_AUTH:
		return "auth";
	case SF_ERR_KEY_UNKNOWN:
		return "key-unknown";
	case SF_ERR_AGAIN:
		return "again";
	case SF_ERR_UNREACHABLE:
		return "unreachable";
	case SF_ERR_IO:
		return "io";
	case SF_ERR_DISK_FULL:
		return "disk-full";
	case SF_ERR_CORRUPT:
		return "corrupt";
	case SF_ERR_CONFIG:
		return "config";
	case SF_ERR_STATE:
		return "state";
	case SF_ERR_REFUSED:
		return "refused";
	case SF_ERR_INTEGRITY:
		return "integrity";
	case SF_ERR_USAGE:
		return "usage";
	}
	return "unknown";
}

void sf_diag_set(struct sf_diag *diag, const char *format, ...)
{
	if (!diag)
		return;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(diag->text, sizeof(diag->text), format, arguments);
	va_end(arguments);
}

void sf_diag_prefix(struct sf_diag *diag, const char *format, ...)
{
	if (!diag)
		return;
	char whole[2 * SF_DIAG_SIZE];
	va_list arguments;
	va_start(arguments, format);
	int size = vsnprintf(whole, SF_DIAG_SIZE, format, arguments);
	va_end(arguments);
	if (size < 0)
		return;
	size_t used = strlen(whole);
	snprintf(whole + used, sizeof(whole) - used, ": %s", diag->text);
	memcpy(diag->text, whole, sizeof(diag->text) - 1);
	diag->text[sizeof(diag->text) - 1] = '\0';
}
