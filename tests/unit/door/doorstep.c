#include "unit/door/doorstep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "crypto/record.h"
#include "door/secret.h"
#include "door/tables.h"

static const struct sf_table *const tables[] = {&sf_door_table_token, &sf_door_table_user,
	&sf_door_table_session, &sf_door_table_link, &sf_door_table_attempt};

static void give_chance(void *self, void *place, size_t size)
{
	struct doorstep *step = self;
	memset(place, 0, size);
	step->chance++;
	memcpy(place, &step->chance, sizeof(step->chance));
}

static void digest(void *self, const char *name, struct sf_view bytes, struct sf_digest *ret_digest)
{
	(void)self;
	sf_record_digest(name, bytes, ret_digest);
}

/* Of all that it is given, as the real one; at once, as the real one is not. */
static enum sf_err hash(void *self, struct sf_view password,
	const uint8_t salt[SF_PASSWORD_SALT_SIZE], uint32_t passes, uint32_t memory_kib,
	struct sf_digest *ret_hash)
{
	struct doorstep *step = self;
	uint8_t bytes[SF_PASSWORD_SALT_SIZE + 8 + SF_PASSWORD_SIZE_MAX] = {0};
	assert_true(password.size <= SF_PASSWORD_SIZE_MAX);
	memcpy(bytes, salt, SF_PASSWORD_SALT_SIZE);
	memcpy(bytes + SF_PASSWORD_SALT_SIZE, &passes, 4);
	memcpy(bytes + SF_PASSWORD_SALT_SIZE + 4, &memory_kib, 4);
	memcpy(bytes + SF_PASSWORD_SALT_SIZE + 8, password.data, password.size);
	step->hashes++;
	sf_record_digest("password", sf_view_of(bytes, sizeof(bytes)), ret_hash);
	return SF_OK;
}

int doorstep_open(void **state)
{
	struct sf_diag diag = {""};
	struct doorstep *step = calloc(1, sizeof(*step));
	assert_non_null(step);
	assert_int_equal(sf_memory_open(tables, SF_COUNT(tables), &step->memory, &diag), SF_OK);
	assert_int_equal(sf_directory_open(&step->directory), SF_OK);
	sf_arena_init(&step->arena, (size_t)64 * 1024 * 1024);
	step->crypto =
		(struct sf_crypto){.self = step, .record_digest = digest, .password_hash = hash};
	step->env = (struct sf_env){.self = step, .random = give_chance};
	step->door = (struct sf_door){.store = sf_memory_port(step->memory),
		.crypto = &step->crypto,
		.env = &step->env,
		.directory = step->directory,
		.ended = &step->ended,
		.program = "node",
		.now_ms = 20000 * SF_DAY_MS};
	*state = step;
	return 0;
}

int doorstep_close(void **state)
{
	struct doorstep *step = *state;
	sf_arena_fini(&step->arena);
	sf_directory_close(&step->directory);
	sf_memory_close(&step->memory);
	free(step);
	return 0;
}

void doorstep_wait(struct doorstep *step, int64_t for_ms)
{
	step->door.now_ms += for_ms;
}

struct sf_reply doorstep_ask(struct doorstep *step, struct sf_request request)
{
	struct sf_diag diag = {""};
	struct sf_reply reply = {0};
	bool served = false;
	const struct sf_store *store = step->door.store;
	assert_int_equal(store->begin(store->self, &diag), SF_OK);
	assert_int_equal(
		sf_door_serve(&step->door, &request, &step->arena, &reply, &served, &diag), SF_OK);
	assert_int_equal(store->commit(store->self, &diag), SF_OK);
	assert_true(served);
	return reply;
}

struct sf_reply doorstep_ask_over_http(struct doorstep *step, struct sf_request request)
{
	request.asker.over_http = true;
	request.asker.by_password = true;
	return doorstep_ask(step, request);
}

void doorstep_make(struct doorstep *step, const char *name)
{
	const struct sf_request request = {.kind = SF_REQUEST_USER_CREATE,
		.user_create = {
			name, "Anna Hansen", DOORSTEP_PASSWORD, SF_API_ROLE_BIT(SF_API_CLERK)}};
	assert_int_equal(doorstep_ask(step, request).err, SF_OK);
}

struct sf_reply doorstep_sign_in_as(
	struct doorstep *step, const struct sf_asker *asker, const char *name, const char *password)
{
	struct sf_request request = {.asker = *asker,
		.kind = SF_REQUEST_SIGN_IN,
		.sign_in = {.user = name, .password = password, .code = ""}};
	struct sf_reply reply = doorstep_ask_over_http(step, request);
	if (reply.err)
		return reply;
	assert_int_equal(reply.kind, SF_REPLY_PASSWORD);
	assert_int_equal(reply.password.salt.size, SF_PASSWORD_SALT_SIZE);
	assert_int_equal(
		hash(step, sf_view_text(password), reply.password.salt.data, reply.password.passes,
			reply.password.memory_kib, &request.sign_in.hash),
		SF_OK);
	return doorstep_ask_over_http(step, request);
}

struct sf_reply doorstep_sign_in(struct doorstep *step, const char *name, const char *password)
{
	const struct sf_asker somebody = {.account = ""};
	return doorstep_sign_in_as(step, &somebody, name, password);
}

struct sf_asker doorstep_asker(struct doorstep *step, const char *secret)
{
	return (struct sf_asker){.over_http = true,
		.allowed_roles = SF_API_ROLE_BIT(SF_API_CLERK),
		.session = sf_door_digest(&step->door, "session", secret)};
}

enum sf_err doorstep_admit(struct doorstep *step, struct sf_asker *asker)
{
	struct sf_diag diag = {""};
	struct sf_reply reply = {0};
	bool answered = false;
	const struct sf_store *store = step->door.store;
	assert_int_equal(store->begin(store->self, &diag), SF_OK);
	assert_int_equal(
		sf_door_admit(&step->door, asker, &step->arena, &reply, &answered, &diag), SF_OK);
	assert_int_equal(store->commit(store->self, &diag), SF_OK);
	return answered ? reply.err : SF_OK;
}
