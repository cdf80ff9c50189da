#include <stdarg.h>
#include <stdio.h>

#include "cmd/commands.h"

int sf_exit_code(enum sf_err err)
{
	switch (err) {
	case SF_OK:
		return SF_EXIT_OK;
	case SF_ERR_USAGE:
		return SF_EXIT_USAGE;
	case SF_ERR_NOT_FOUND:
		return SF_EXIT_NOT_FOUND;
	case SF_ERR_REFUSED:
	case SF_ERR_AUTH:
		return SF_EXIT_REFUSED;
	case SF_ERR_CONFLICT:
	case SF_ERR_EXISTS:
	case SF_ERR_STATE:
		return SF_EXIT_CONFLICT;
	case SF_ERR_UNREACHABLE:
	case SF_ERR_AGAIN:
		return SF_EXIT_UNREACHABLE;
	case SF_ERR_INTEGRITY:
	case SF_ERR_CORRUPT:
		return SF_EXIT_INTEGRITY;
	case SF_ERR_MEMORY:
	case SF_ERR_LIMIT:
	case SF_ERR_FORMAT:
	case SF_ERR_UNSUPPORTED:
	case SF_ERR_KEY_UNKNOWN:
	case SF_ERR_IO:
	case SF_ERR_DISK_FULL:
	case SF_ERR_CONFIG:
		return SF_EXIT_FAILED;
	}
	return SF_EXIT_FAILED;
}

int sf_exit_failed(enum sf_err err, const struct sf_diag *diag)
{
	fprintf(stderr, "stafet: %s\n", diag && diag->text[0] ? diag->text : sf_err_text(err));
	return sf_exit_code(err);
}

int sf_exit_usage(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fputs("stafet: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	va_end(list);
	return SF_EXIT_USAGE;
}
