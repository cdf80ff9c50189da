/* A folder of its own for each test, removed with all in it; and a clock and chance on a string. */
#ifndef SF_TESTS_CMD_FOLDER_H
#define SF_TESTS_CMD_FOLDER_H

#include "base/bytes.h"
#include "port/env.h"

#define FOLDER_NOW_MS ((int64_t)1795000000000)

struct folder {
	char path[64];
	char place[256]; /* what folder_path answered last */
	int64_t now_ms;
	uint8_t chance; /* of the next byte */
	struct sf_env env;
};

/* For cmocka: *state is a struct folder. */
int folder_setup(void **state);
int folder_teardown(void **state);
/* path/name; valid until the next call. */
const char *folder_path(struct folder *folder, const char *name);
void folder_write(struct folder *folder, const char *name, const char *text, unsigned mode);
/* The caller fini's the result. */
struct sf_buf folder_read(struct folder *folder, const char *name);
unsigned folder_mode(struct folder *folder, const char *name);

#endif
