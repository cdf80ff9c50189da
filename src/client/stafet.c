#include "stafet/stafet.h"

#include <string.h>

#include "base/id.h"

/* The public numbers are the house's own: one list, held together here. */
#define SAME(suffix)                                                                               \
	_Static_assert((int)STAFET_ERR_##suffix == (int)SF_ERR_##suffix, "errors " #suffix)
SAME(MEMORY);
SAME(LIMIT);
SAME(FORMAT);
SAME(UNSUPPORTED);
SAME(NOT_FOUND);
SAME(EXISTS);
SAME(CONFLICT);
SAME(AUTH);
SAME(KEY_UNKNOWN);
SAME(AGAIN);
SAME(UNREACHABLE);
SAME(IO);
SAME(DISK_FULL);
SAME(CORRUPT);
SAME(CONFIG);
SAME(STATE);
SAME(REFUSED);
SAME(INTEGRITY);
SAME(USAGE);
_Static_assert(sizeof(struct stafet_id) == sizeof(struct sf_id), "ids");

const char *stafet_version(void)
{
	return SF_CLIENT_VERSION;
}

static struct sf_id inner(const struct stafet_id *id)
{
	struct sf_id own;
	memcpy(own.bytes, id->bytes, sizeof(own.bytes));
	return own;
}

int stafet_id_is_none(const struct stafet_id *id)
{
	return sf_id_is_none(inner(id));
}

void stafet_id_format(const struct stafet_id *id, char text[STAFET_ID_TEXT_SIZE])
{
	sf_id_format(inner(id), text);
}

int stafet_id_parse(const char *text, struct stafet_id *ret_id)
{
	struct sf_id id;
	enum sf_err err = sf_id_parse(text, &id);
	if (!err)
		memcpy(ret_id->bytes, id.bytes, sizeof(id.bytes));
	return err;
}

const char *stafet_error_text(int error)
{
	return sf_err_text((enum sf_err)error);
}

const char *stafet_error_code(int error)
{
	return sf_err_code((enum sf_err)error);
}
