/*
 * A configuration as a table: where each key stands, what it may hold and where its value goes in
 * the caller's struct.
 */
#ifndef SF_OS_CONFIG_FIELD_H
#define SF_OS_CONFIG_FIELD_H

#include <stdint.h>

#include "base/bytes.h"

enum sf_config_type {
	SF_CONFIG_TYPE_TEXT = 1, /* char[limit], no control characters */
	SF_CONFIG_TYPE_NAME,     /* char[limit], [a-z0-9.-]+ (WIRE section 4) */
	SF_CONFIG_TYPE_ENDPOINT, /* char[limit], tcp://host:port */
	SF_CONFIG_TYPE_PATH,     /* char[SF_CONFIG_PATH_SIZE], shorter than limit */
	SF_CONFIG_TYPE_PATHS,    /* an array of limit of them; count_offset says where size_t is */
	SF_CONFIG_TYPE_NUMBER,   /* uint32_t, least to limit */
	SF_CONFIG_TYPE_DURATION, /* int64_t milliseconds, least to limit */
	SF_CONFIG_TYPE_MODE,     /* uint32_t, octal: nobody else than owner and group */
	SF_CONFIG_TYPE_LEVEL,    /* enum sf_log_level */
	SF_CONFIG_TYPE_LISTEN, /* char[limit], numeric address:port; count_offset: uint32_t line */
};

struct sf_config_field {
	const char *section; /* NULL: the top */
	const char *key;
	enum sf_config_type type;
	bool required; /* of SF_CONFIG_TYPE_LISTEN: when its section is there */
	size_t offset;
	int64_t least;
	int64_t limit;
	size_t count_offset;
};

#define SF_CONFIG_FIELDS_MAX ((size_t)64)

/*
 * Fills what the text says and leaves the rest of place as it is. count <= SF_CONFIG_FIELDS_MAX;
 * the fields of a section stand together, those of the top first.
 */
SF_MUST_USE enum sf_err sf_config_fields_parse(const char *path, struct sf_view text,
	const struct sf_config_field *fields, size_t count, void *place, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_config_fields_load(const char *path,
	const struct sf_config_field *fields, size_t count, void *place, struct sf_diag *diag);

#endif
