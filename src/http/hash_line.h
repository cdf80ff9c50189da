/*
 * Passwords of people who sign in, waiting to be hashed: one after the other beside the loop
 * (port/aside.h), so that neither a turn nor another request waits for them.
 *
 * Who guesses must not keep others out. Whoever comes from another network goes before the second
 * password that one network has here (fair queueing by rounds: a password is of the round behind
 * that of the last one of its network, and the lowest round goes first); in a line that is full the
 * newest of the highest round makes room. Of one name no more wait than would be looked at if all
 * were wrong (door/attempt.h).
 *
 * Used by face.c alone. One thread.
 */
#ifndef SF_HTTP_HASH_LINE_H
#define SF_HTTP_HASH_LINE_H

#include "http/route.h"
#include "port/aside.h"
#include "port/crypto.h"
#include "wire/local_people.h"

#define SF_HASH_LINE_MAX ((size_t)32) /* under a second, at 25 ms each */
#define SF_HASH_LINE_OF_NAME_MAX ((size_t)5)

struct sf_hash_place {
	uint64_t call;   /* 0: free */
	uint64_t number; /* in the order of coming */
	uint64_t round;
	struct sf_digest origin;
	char name[SF_USER_NAME_MAX + 1];
	char password[SF_PASSWORD_SIZE_MAX + 1];
	uint8_t salt[SF_PASSWORD_SALT_SIZE];
	uint32_t passes, memory_kib;
	struct sf_digest hash; /* when it was computed */
	enum sf_err err;       /* of that */
};

struct sf_hash_line {
	struct sf_crypto crypto;
	struct sf_aside aside; /* start NULL: in place */
	/* Whose client is gone is not computed; borrowed. */
	bool (*waits)(void *self, uint64_t call);
	void *self;
	uint64_t numbers; /* given so far */
	uint64_t round;   /* of what was started last */
	bool running, ended;
	struct sf_hash_place now; /* the aside's while it runs */
	struct sf_hash_place places[SF_HASH_LINE_MAX];
};

void sf_hash_line_open(const struct sf_crypto *crypto, const struct sf_aside *aside,
	bool (*waits)(void *self, uint64_t call), void *self, struct sf_hash_line *ret_line);
/* Waits for what is being computed; nothing is kept. */
void sf_hash_line_close(struct sf_hash_line *line);

/*
 * What the call asks to be hashed is copied. False: there is no place for it. *ret_out: the call
 * that had to make room for it; 0: none.
 */
bool sf_hash_line_join(struct sf_hash_line *line, uint64_t call, const struct sf_digest *origin,
	const char *name, const struct sf_password_asked *asked, uint64_t *ret_out);
/*
 * The next call that does not wait any more, with its hash. An error: SF_ERR_AGAIN when its client
 * is gone, or that of the computation. Begins what comes next.
 */
bool sf_hash_line_take(struct sf_hash_line *line, uint64_t *ret_call, struct sf_digest *ret_hash,
	enum sf_err *ret_err);
/* -1 without an aside. */
int sf_hash_line_descriptor(const struct sf_hash_line *line);

#endif
