/* The ZAP handler alone, asked as libzmq asks it (RFC 27/ZAP). */
#include "transport/zap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include <cmocka.h>

struct asked {
	struct sf_context *context;
	struct sf_zap *zap;
	void *socket;
	char code[8];
	char user_id[256];
};

static int open_zap(void **state)
{
	struct asked *asked = calloc(1, sizeof(*asked));
	assert_non_null(asked);
	assert_int_equal(sf_context_open(&asked->context, NULL), SF_OK);
	assert_int_equal(sf_zap_open(asked->context, &asked->zap, NULL), SF_OK);
	asked->socket = zmq_socket(sf_context_zmq(asked->context), ZMQ_REQ);
	int wait_ms = 20000;
	int linger_ms = 0;
	zmq_setsockopt(asked->socket, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
	zmq_setsockopt(asked->socket, ZMQ_LINGER, &linger_ms, sizeof(linger_ms));
	assert_int_equal(zmq_connect(asked->socket, "inproc://zeromq.zap.01"), 0);
	*state = asked;
	return 0;
}

static int close_zap(void **state)
{
	struct asked *asked = *state;
	zmq_close(asked->socket);
	sf_zap_close(&asked->zap);
	sf_context_close(&asked->context);
	free(asked);
	return 0;
}

struct request {
	const char *version;
	const char *domain;
	const char *mechanism;
	const uint8_t *key;
	size_t key_size;
	size_t more; /* frames after the key */
};

static size_t receive_part(void *socket, char *place, size_t size)
{
	int got = zmq_recv(socket, place, size - 1, 0);
	assert_true(got >= 0);
	place[got] = '\0';
	return (size_t)got;
}

static void ask(struct asked *asked, const struct request *request)
{
	void *socket = asked->socket;
	zmq_send(socket, request->version, strlen(request->version), ZMQ_SNDMORE);
	zmq_send(socket, "77", 2, ZMQ_SNDMORE);
	zmq_send(socket, request->domain, strlen(request->domain), ZMQ_SNDMORE);
	zmq_send(socket, "127.0.0.1", 9, ZMQ_SNDMORE);
	zmq_send(socket, "", 0, ZMQ_SNDMORE);
	zmq_send(socket, request->mechanism, strlen(request->mechanism), ZMQ_SNDMORE);
	zmq_send(socket, request->key, request->key_size, request->more > 0 ? ZMQ_SNDMORE : 0);
	for (size_t i = 0; i < request->more; i++)
		zmq_send(socket, "x", 1, i + 1 < request->more ? ZMQ_SNDMORE : 0);
	char part[64];
	receive_part(socket, part, sizeof(part));
	assert_string_equal(part, "1.0");
	receive_part(socket, part, sizeof(part));
	assert_string_equal(part, "77");
	receive_part(socket, asked->code, sizeof(asked->code));
	receive_part(socket, part, sizeof(part));
	receive_part(socket, asked->user_id, sizeof(asked->user_id));
	receive_part(socket, part, sizeof(part));
	int more = 1;
	size_t more_size = sizeof(more);
	assert_int_equal(zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &more_size), 0);
	assert_int_equal(more, 0);
}

static struct sf_allow_entry entry_of(uint8_t key, uint8_t party)
{
	struct sf_allow_entry entry;
	memset(entry.key, key, sizeof(entry.key));
	memset(entry.party.bytes, party, sizeof(entry.party.bytes));
	return entry;
}

static struct request request_of(const struct sf_allow_entry *entry)
{
	return (struct request){"1.0", SF_ZAP_DOMAIN, "CURVE", entry->key, SF_CURVE_KEY_SIZE, 0};
}

static void test_allowed_key_gets_200_and_its_user_id(void **state)
{
	struct asked *asked = *state;
	struct sf_allow_entry entries[] = {entry_of(1, 7), entry_of(2, 8)};
	assert_int_equal(sf_zap_allow(asked->zap, entries, 2), SF_OK);
	struct request request = request_of(&entries[1]);
	ask(asked, &request);
	assert_string_equal(asked->code, "200");
	struct sf_allow_entry back;
	assert_int_equal(sf_user_id_parse(asked->user_id, &back), SF_OK);
	assert_memory_equal(&back, &entries[1], sizeof(back));
}

static void test_other_key_gets_300_and_never_400(void **state)
{
	struct asked *asked = *state;
	struct sf_allow_entry entry = entry_of(1, 7);
	struct request request = request_of(&entry);
	ask(asked, &request);
	assert_string_equal(asked->code, "300");
	assert_string_equal(asked->user_id, "");
	assert_int_equal(sf_zap_allow(asked->zap, &entry, 1), SF_OK);
	ask(asked, &request);
	assert_string_equal(asked->code, "200");
	assert_int_equal(sf_zap_allow(asked->zap, NULL, 0), SF_OK);
	ask(asked, &request);
	assert_string_equal(asked->code, "300");
	struct sf_zap_counters counters;
	sf_zap_counters(asked->zap, &counters);
	assert_int_equal(counters.accepted, 1);
	assert_int_equal(counters.refused, 2);
	assert_int_equal(counters.malformed, 0);
}

static void test_requests_of_another_kind_get_300(void **state)
{
	struct asked *asked = *state;
	struct sf_allow_entry entry = entry_of(1, 7);
	assert_int_equal(sf_zap_allow(asked->zap, &entry, 1), SF_OK);
	struct request wrong[5];
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		wrong[i] = request_of(&entry);
	wrong[0].version = "2.0";
	wrong[1].domain = "";
	wrong[2].mechanism = "PLAIN";
	wrong[3].key_size = 31;
	wrong[4].more = 3;
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		ask(asked, &wrong[i]);
		assert_string_equal(asked->code, "300");
		assert_string_equal(asked->user_id, "");
	}
	struct sf_zap_counters counters;
	sf_zap_counters(asked->zap, &counters);
	assert_int_equal(counters.malformed, SF_COUNT(wrong));
	/* The handler lives on. */
	struct request right = request_of(&entry);
	ask(asked, &right);
	assert_string_equal(asked->code, "200");
}

static void test_list_that_cannot_be_used_leaves_the_old_one(void **state)
{
	struct asked *asked = *state;
	struct sf_allow_entry entry = entry_of(1, 7);
	assert_int_equal(sf_zap_allow(asked->zap, &entry, 1), SF_OK);
	struct sf_allow_entry clash[] = {entry_of(3, 1), entry_of(3, 2)};
	assert_int_equal(sf_zap_allow(asked->zap, clash, 2), SF_ERR_CONFLICT);
	struct sf_id party;
	assert_int_equal(sf_zap_find(asked->zap, entry.key, &party), SF_OK);
	assert_true(sf_id_equal(party, entry.party));
	assert_int_equal(sf_zap_find(asked->zap, clash[0].key, &party), SF_ERR_KEY_UNKNOWN);
}

/* Lists change while the handler reads them: the answer is of one of them, never a mixture. */
static void test_list_is_replaced_whole_under_questions(void **state)
{
	struct asked *asked = *state;
	struct sf_allow_entry before = entry_of(1, 7);
	struct sf_allow_entry after = entry_of(1, 8);
	struct request request = request_of(&before);
	for (int i = 0; i < 500; i++) {
		assert_int_equal(sf_zap_allow(asked->zap, i % 2 ? &after : &before, 1), SF_OK);
		ask(asked, &request);
		assert_string_equal(asked->code, "200");
		assert_int_equal(asked->user_id[1], i % 2 ? '8' : '7');
	}
}

static void test_second_handler_of_a_context_is_an_error(void **state)
{
	struct asked *asked = *state;
	struct sf_zap *second = NULL;
	struct sf_diag diag = {""};
	assert_int_equal(sf_zap_open(asked->context, &second, &diag), SF_ERR_EXISTS);
	assert_null(second);
	assert_non_null(strstr(diag.text, "zap"));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_zap, close_zap)
	const struct CMUnitTest tests[] = {
		CASE(test_allowed_key_gets_200_and_its_user_id),
		CASE(test_other_key_gets_300_and_never_400),
		CASE(test_requests_of_another_kind_get_300),
		CASE(test_list_that_cannot_be_used_leaves_the_old_one),
		CASE(test_list_is_replaced_whole_under_questions),
		CASE(test_second_handler_of_a_context_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
