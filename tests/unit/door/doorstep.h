/*
 * A door over a store in memory: the test turns the clock, chance counts up, and passwords cost
 * nothing, so that what takes days and thousands of guesses is over at once.
 */
#ifndef SF_TESTS_UNIT_DOOR_DOORSTEP_H
#define SF_TESTS_UNIT_DOOR_DOORSTEP_H

#include "door/ended.h"
#include "door/session.h"
#include "store/memory.h"

#define DOORSTEP_PASSWORD "en lang adgangskode"

struct doorstep {
	struct sf_memory *memory;
	struct sf_crypto crypto;
	struct sf_env env;
	struct sf_directory *directory;
	struct sf_door_ended ended;
	struct sf_door door;
	struct sf_arena arena;
	uint32_t chance; /* how often it was asked for */
	uint32_t hashes; /* passwords that were computed */
};

/* For cmocka: *state is a struct doorstep, at midnight of some day. */
int doorstep_open(void **state);
int doorstep_close(void **state);

void doorstep_wait(struct doorstep *step, int64_t for_ms);
/* One request in a transaction of its own, from this machine or over HTTP. */
struct sf_reply doorstep_ask(struct doorstep *step, struct sf_request request);
struct sf_reply doorstep_ask_over_http(struct doorstep *step, struct sf_request request);
/* Somebody with DOORSTEP_PASSWORD and the role clerk. */
void doorstep_make(struct doorstep *step, const char *name);
/* Asks how it is hashed, and again with the hash. */
struct sf_reply doorstep_sign_in(struct doorstep *step, const char *name, const char *password);
/* The same with what a browser shows already. */
struct sf_reply doorstep_sign_in_as(struct doorstep *step, const struct sf_asker *asker,
	const char *name, const char *password);
/* An asker with the session that this secret opens. */
struct sf_asker doorstep_asker(struct doorstep *step, const char *secret);
/* What an asker whose route is for clerks hears: SF_OK, SF_ERR_KEY_UNKNOWN, SF_ERR_AUTH. */
enum sf_err doorstep_admit(struct doorstep *step, struct sf_asker *asker);

#endif
