/* Whose password is hashed next, and who has to come again. */
#include "http/hash_line.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "turn/aside.h"

#define MANY 1000
#define WAIT_MS 10000 /* then the test has failed */

struct fixture {
	struct sf_hash_line line;
	struct sf_job job; /* that was started; run NULL: none */
	bool done;
	uint64_t gone; /* a call whose client hung up */
	size_t hashes;
};

static void start(void *self, const struct sf_job *job)
{
	struct fixture *fixture = self;
	assert_null(fixture->job.run);
	fixture->job = *job;
}

static bool ended(void *self)
{
	struct fixture *fixture = self;
	bool done = fixture->done;
	fixture->done = false;
	return done;
}

static void wait_for_it(void *self)
{
	struct fixture *fixture = self;
	fixture->job.run(fixture->job.context);
	fixture->job.run = NULL;
	fixture->done = true;
}

/* Its first byte is the password's, the second the salt's: whose it is can be seen. */
static enum sf_err hash(void *self, struct sf_view password,
	const uint8_t salt[SF_PASSWORD_SALT_SIZE], uint32_t passes, uint32_t memory_kib,
	struct sf_digest *ret_hash)
{
	struct fixture *fixture = self;
	fixture->hashes++;
	if (passes == 0)
		return SF_ERR_USAGE;
	*ret_hash = (struct sf_digest){
		{password.data[0], salt[0], (uint8_t)passes, (uint8_t)memory_kib}};
	return SF_OK;
}

static bool waits(void *self, uint64_t call)
{
	const struct fixture *fixture = self;
	return call != fixture->gone;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	const struct sf_crypto crypto = {.self = fixture, .password_hash = hash};
	const struct sf_aside aside = {fixture, 7, start, ended, wait_for_it};
	sf_hash_line_open(&crypto, &aside, waits, fixture, &fixture->line);
	assert_int_equal(sf_hash_line_descriptor(&fixture->line), 7);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_hash_line_close(&fixture->line);
	for (size_t i = 0; i < SF_HASH_LINE_MAX; i++)
		assert_int_equal(fixture->line.places[i].password[0], 0);
	free(fixture);
	return 0;
}

static bool join(struct fixture *fixture, uint64_t call, uint8_t network, const char *name,
	uint64_t *ret_out)
{
	const struct sf_digest origin = {{network}};
	const struct sf_password_asked asked = {
		.name = name, .password = "p", .salt = {network}, .passes = 2, .memory_kib = 8};
	return sf_hash_line_join(&fixture->line, call, &origin, name, &asked, ret_out);
}

/* A name of its own for each call. */
static bool come(struct fixture *fixture, uint64_t call, uint8_t network, uint64_t *ret_out)
{
	char name[SF_USER_NAME_MAX + 1];
	snprintf(name, sizeof(name), "u%u", (unsigned)call);
	return join(fixture, call, network, name, ret_out);
}

/* What is on its way ends; whose it was. 0: nothing is on its way. */
static uint64_t end_one(struct fixture *fixture)
{
	uint64_t call = 0;
	struct sf_digest made;
	enum sf_err err;
	assert_false(sf_hash_line_take(&fixture->line, &call, &made, &err));
	if (!fixture->job.run)
		return 0;
	wait_for_it(fixture);
	assert_true(sf_hash_line_take(&fixture->line, &call, &made, &err));
	assert_int_equal(err, SF_OK);
	assert_int_equal(made.bytes[0], 'p');
	assert_int_equal(made.bytes[2], 2);
	assert_int_equal(made.bytes[3], 8);
	return call;
}

static void test_passwords_of_one_network_are_hashed_in_order(void **state)
{
	struct fixture *fixture = *state;
	uint64_t out;
	for (uint64_t call = 1; call <= 4; call++)
		assert_true(come(fixture, call, 1, &out));
	for (uint64_t call = 1; call <= 4; call++)
		assert_int_equal(end_one(fixture), call);
	assert_int_equal(end_one(fixture), 0);
}

static void test_who_comes_from_elsewhere_goes_before_the_second_of_who_is_here(void **state)
{
	struct fixture *fixture = *state;
	uint64_t out;
	for (uint64_t call = 1; call <= 10; call++)
		assert_true(come(fixture, call, 1, &out));
	assert_int_equal(end_one(fixture), 1);
	assert_true(come(fixture, 11, 2, &out));
	assert_true(come(fixture, 12, 3, &out));
	/* The second was begun before they came. */
	assert_int_equal(end_one(fixture), 2);
	assert_int_equal(end_one(fixture), 11);
	assert_int_equal(end_one(fixture), 12);
	assert_int_equal(end_one(fixture), 3);
	/* And again, however often it comes back. */
	assert_true(come(fixture, 13, 2, &out));
	assert_int_equal(end_one(fixture), 4);
	assert_int_equal(end_one(fixture), 13);
}

static void test_a_full_line_makes_room_for_who_comes_from_elsewhere(void **state)
{
	struct fixture *fixture = *state;
	uint64_t out;
	uint64_t call = 0;
	/* One is on its way, the others wait. */
	while (come(fixture, call + 1, 1, &out))
		call++;
	assert_int_equal(call, SF_HASH_LINE_MAX + 1);
	assert_int_equal(out, 0);
	/* The newest of the network that has most goes; one network cannot put out another. */
	assert_true(come(fixture, 100, 2, &out));
	assert_int_equal(out, SF_HASH_LINE_MAX + 1);
	assert_false(come(fixture, 101, 1, &out));
	assert_true(come(fixture, 102, 2, &out));
	assert_int_equal(out, SF_HASH_LINE_MAX);
	assert_int_equal(end_one(fixture), 1);
	assert_int_equal(end_one(fixture), 100);
}

/* However many one network asks for, another waits for two of them at most. */
static void test_who_guesses_without_end_keeps_nobody_out(void **state)
{
	struct fixture *fixture = *state;
	const uint64_t other = (uint64_t)MANY * MANY;
	uint64_t out;
	uint64_t guess = 0;
	for (uint64_t round = 1; round <= MANY; round++) {
		while (come(fixture, ++guess, 1, &out))
			;
		assert_true(come(fixture, other + round, 2, &out));
		size_t before = 0;
		while (end_one(fixture) != other + round)
			before++;
		assert_in_range(before, 0, 2);
	}
}

static void test_of_one_name_no_more_wait_than_are_looked_at(void **state)
{
	struct fixture *fixture = *state;
	uint64_t out;
	for (uint64_t call = 1; call <= SF_HASH_LINE_OF_NAME_MAX; call++)
		assert_true(join(fixture, call, (uint8_t)call, "anna", &out));
	assert_false(join(fixture, 9, 9, "anna", &out));
	assert_true(join(fixture, 10, 9, "bent", &out));
	assert_int_equal(end_one(fixture), 1);
	assert_true(join(fixture, 11, 9, "anna", &out));
}

static void test_nothing_is_computed_for_who_has_gone(void **state)
{
	struct fixture *fixture = *state;
	uint64_t out, call;
	struct sf_digest made;
	enum sf_err err;
	assert_true(come(fixture, 1, 1, &out));
	assert_true(come(fixture, 2, 1, &out));
	assert_true(come(fixture, 3, 1, &out));
	fixture->gone = 2;
	assert_int_equal(end_one(fixture), 1);
	assert_true(sf_hash_line_take(&fixture->line, &call, &made, &err));
	assert_int_equal(call, 2);
	assert_int_equal(err, SF_ERR_AGAIN);
	assert_int_equal(end_one(fixture), 3);
	assert_int_equal(fixture->hashes, 2);
}

static void test_what_cannot_be_computed_is_said(void **state)
{
	struct fixture *fixture = *state;
	const struct sf_digest origin = {{1}};
	const struct sf_password_asked asked = {.name = "anna", .password = "p"};
	uint64_t out, call;
	struct sf_digest made;
	enum sf_err err;
	assert_true(sf_hash_line_join(&fixture->line, 1, &origin, "anna", &asked, &out));
	wait_for_it(fixture);
	assert_true(sf_hash_line_take(&fixture->line, &call, &made, &err));
	assert_int_equal(err, SF_ERR_USAGE);
}

/* With the thread that daemons have: each password is hashed once, whoever asks meanwhile. */
static void test_a_thread_hashes_what_waits(void **state)
{
	struct fixture *fixture = *state;
	struct sf_aside_thread *thread = NULL;
	struct sf_hash_line *line = &fixture->line;
	struct sf_diag diag;
	uint64_t out, call, joined = 0, taken = 0;
	assert_int_equal(sf_aside_thread_open(&thread, &diag), SF_OK);
	line->aside = sf_aside_thread_port(thread);
	while (taken < MANY) {
		if (joined < MANY && come(fixture, joined + 1, (uint8_t)(joined % 7), &out))
			joined++;
		struct pollfd fd = {.fd = sf_hash_line_descriptor(line), .events = POLLIN};
		assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
		struct sf_digest made;
		enum sf_err err;
		while (sf_hash_line_take(line, &call, &made, &err)) {
			assert_int_equal(err, SF_OK);
			assert_int_equal(made.bytes[1], (call - 1) % 7);
			taken++;
		}
	}
	assert_int_equal(fixture->hashes, MANY);
	/* It may end in the middle of one. */
	assert_true(come(fixture, 1, 1, &out));
	sf_hash_line_close(line);
	sf_aside_thread_close(&thread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_passwords_of_one_network_are_hashed_in_order),
		TEST(test_who_comes_from_elsewhere_goes_before_the_second_of_who_is_here),
		TEST(test_a_full_line_makes_room_for_who_comes_from_elsewhere),
		TEST(test_who_guesses_without_end_keeps_nobody_out),
		TEST(test_of_one_name_no_more_wait_than_are_looked_at),
		TEST(test_nothing_is_computed_for_who_has_gone),
		TEST(test_what_cannot_be_computed_is_said),
		TEST(test_a_thread_hashes_what_waits),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
