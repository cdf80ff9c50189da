#include "bridge/mllp_server.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "port/hl7.h"
#include "wire/local.h"

#define WATCHES_MAX 64

struct host {
	struct sf_mllp_server *server;
	struct sf_face face;
	size_t troubles;
	enum sf_err refused;
	struct sf_arena arena;
};

static void tell(void *self, enum sf_mllp_trouble trouble)
{
	struct host *host = self;
	host->troubles += trouble == SF_MLLP_TROUBLE_CROWDED;
}

static enum sf_err refuse(void *self, struct sf_view message, enum sf_err err, struct sf_buf *buf)
{
	struct host *host = self;
	host->refused = err;
	enum sf_err failed = sf_buf_append_text(buf, "no:");
	return failed ? failed : sf_buf_append(buf, message);
}

static struct host host;

static enum sf_err open_at(const char *listen, struct sf_diag *diag)
{
	struct sf_mllp_options options = sf_mllp_options_default(listen);
	options.municipality = "990031000016002";
	options.connection_max = 2;
	options.terms.tell = tell;
	options.terms.self = &host;
	options.refusal = refuse;
	options.self = &host;
	return sf_mllp_server_open(&options, &host.server, diag);
}

static int open_host(void **state)
{
	(void)state;
	host = (struct host){0};
	sf_arena_init(&host.arena, 65536);
	if (open_at("127.0.0.1:0", NULL))
		return -1;
	host.face = sf_mllp_face(host.server);
	return 0;
}

static int close_host(void **state)
{
	(void)state;
	sf_mllp_server_close(&host.server);
	sf_arena_fini(&host.arena);
	return 0;
}

static int dial(void)
{
	struct sockaddr_in place = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)sf_mllp_server_port(host.server)),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int peer = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(peer >= 0);
	struct timeval wait = {.tv_sec = 10};
	assert_int_equal(setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)), 0);
	assert_int_equal(connect(peer, (struct sockaddr *)&place, sizeof(place)), 0);
	return peer;
}

/* A round of the loop in which everything is looked at. */
static void go_round(void)
{
	struct sf_watch watches[WATCHES_MAX];
	size_t count = host.face.watch(host.face.self, watches, WATCHES_MAX);
	assert_true(count <= host.face.watch_max(host.face.self));
	for (size_t i = 0; i < count; i++)
		watches[i].ready = watches[i].wants;
	host.face.handle(host.face.self, watches, count, 1);
}

static bool take(uint64_t *ret_call, struct sf_request *ret_request)
{
	for (size_t i = 0; i < 1000; i++) {
		go_round();
		if (host.face.take(host.face.self, &host.arena, ret_call, ret_request))
			return true;
	}
	return false;
}

static void assert_received(int peer, const char *expected)
{
	char text[128] = "";
	assert_int_equal(recv(peer, text, strlen(expected), MSG_WAITALL), strlen(expected));
	assert_string_equal(text, expected);
}

static void test_message_becomes_a_request_and_the_reply_its_answer(void **state)
{
	(void)state;
	int peer = dial();
	assert_int_equal(send(peer, "\x0bMSH|1\x1c\r", 8, 0), 8);
	uint64_t call;
	struct sf_request request;
	assert_true(take(&call, &request));
	assert_int_equal(request.kind, SF_REQUEST_SEND);
	assert_string_equal(request.send.content_type, SF_CONTENT_HL7);
	assert_string_equal(request.send.municipality, "990031000016002");
	assert_string_equal(request.asker.account, "channel:mllp");
	assert_true(sf_view_equal(request.send.content, sf_view_text("MSH|1")));
	assert_true(host.face.waits(host.face.self, call));
	const struct sf_reply reply = {.kind = SF_REPLY_SENT,
		.sent = {.answer = SF_SEND_STORED, .acknowledgement = sf_view_text("ACK")}};
	host.face.reply(host.face.self, call, &request, &reply);
	assert_false(host.face.waits(host.face.self, call));
	assert_received(peer, "\x0b"
			      "ACK\x1c\r");
	close(peer);
}

static void test_turn_that_could_not_be_is_refused_in_the_senders_tongue(void **state)
{
	(void)state;
	int peer = dial();
	assert_int_equal(send(peer, "\x0bMSH|1\x1c\r", 8, 0), 8);
	uint64_t call;
	struct sf_request request;
	assert_true(take(&call, &request));
	const struct sf_reply reply = {.err = SF_ERR_DISK_FULL, .text = "the disk is full"};
	host.face.reply(host.face.self, call, &request, &reply);
	assert_int_equal(host.refused, SF_ERR_DISK_FULL);
	assert_received(peer, "\x0b"
			      "no:MSH|1\x1c\r");
	close(peer);
}

/* More than are on the way at a time, in one packet: no descriptor tells of those behind. */
static void test_what_waits_behind_a_full_connection_is_not_forgotten(void **state)
{
	(void)state;
	static const struct sf_reply reply = {.kind = SF_REPLY_SENT,
		.sent = {.answer = SF_SEND_STORED, .acknowledgement = {(const uint8_t *)"A", 1}}};
	uint64_t calls[SF_MLLP_IN_FLIGHT_MAX];
	struct sf_request requests[SF_MLLP_IN_FLIGHT_MAX];
	char packet[8 * (SF_MLLP_IN_FLIGHT_MAX + 1)];
	for (size_t i = 0; i <= SF_MLLP_IN_FLIGHT_MAX; i++)
		memcpy(packet + 8 * i, "\x0bMSH|1\x1c\r", 8);
	int peer = dial();
	assert_int_equal(send(peer, packet, sizeof(packet), 0), sizeof(packet));
	assert_true(take(&calls[0], &requests[0]));
	for (size_t i = 1; i < SF_MLLP_IN_FLIGHT_MAX; i++)
		assert_true(host.face.take(host.face.self, &host.arena, &calls[i], &requests[i]));
	assert_int_equal(host.face.wake_ms(host.face.self), INT64_MAX);
	for (size_t i = 0; i < SF_MLLP_IN_FLIGHT_MAX; i++)
		host.face.reply(host.face.self, calls[i], &requests[i], &reply);
	assert_int_equal(host.face.wake_ms(host.face.self), 0);
	go_round();
	assert_true(host.face.take(host.face.self, &host.arena, &calls[0], &requests[0]));
	host.face.reply(host.face.self, calls[0], &requests[0], &reply);
	close(peer);
}

static void test_one_sender_too_many_is_sent_away(void **state)
{
	(void)state;
	int peers[] = {dial(), dial(), dial()};
	uint64_t call;
	struct sf_request request;
	assert_int_equal(send(peers[0], "\x0bMSH|1\x1c\r", 8, 0), 8);
	assert_true(take(&call, &request));
	assert_int_equal(host.troubles, 1);
	char byte;
	assert_int_equal(recv(peers[2], &byte, 1, 0), 0);
	const struct sf_reply reply = {.kind = SF_REPLY_SENT};
	host.face.reply(host.face.self, call, &request, &reply);
	for (size_t i = 0; i < 3; i++)
		close(peers[i]);
}

static void test_content_in_clear_stays_on_the_machine(void **state)
{
	(void)state;
	struct sf_diag diag = {{0}};
	sf_mllp_server_close(&host.server);
	assert_int_equal(open_at("0.0.0.0:0", &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "certificate"));
	assert_null(host.server);
	struct sf_mllp_options options = sf_mllp_options_default("127.0.0.1:0");
	options.certificate = "/nonexistent.pem";
	assert_int_equal(sf_mllp_server_open(&options, &host.server, &diag), SF_ERR_CONFIG);
	options.key = "/nonexistent.key";
	options.client_authority = "/nonexistent.pem";
	assert_int_equal(sf_mllp_server_open(&options, &host.server, &diag), SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "/nonexistent.pem"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_host, close_host)
	const struct CMUnitTest tests[] = {
		TEST(test_message_becomes_a_request_and_the_reply_its_answer),
		TEST(test_turn_that_could_not_be_is_refused_in_the_senders_tongue),
		TEST(test_what_waits_behind_a_full_connection_is_not_forgotten),
		TEST(test_one_sender_too_many_is_sent_away),
		TEST(test_content_in_clear_stays_on_the_machine),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
