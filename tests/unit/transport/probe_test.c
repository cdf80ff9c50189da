/* The self-test against servers that are open by mistake, in the ways libzmq 4.3.4 makes easy. */
#include "transport/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <zmq.h>

#include <cmocka.h>

#include "unit/transport/world.h"

#define OPTION_ZAP_ENFORCE_DOMAIN 93

struct server {
	struct sf_context *context;
	void *socket;
	struct keys keys;
	char endpoint[256];
};

static void server_open(struct server *server, const char *domain, int enforce)
{
	server->keys = keys_make();
	assert_int_equal(sf_context_open(&server->context, NULL), SF_OK);
	server->socket = zmq_socket(sf_context_zmq(server->context), ZMQ_ROUTER);
	assert_non_null(server->socket);
	assert_int_equal(sf_curve_serve(server->socket, server->keys.secret_key, NULL), SF_OK);
	if (domain)
		zmq_setsockopt(server->socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain));
	if (enforce)
		zmq_setsockopt(
			server->socket, OPTION_ZAP_ENFORCE_DOMAIN, &enforce, sizeof(enforce));
	assert_int_equal(zmq_bind(server->socket, "tcp://127.0.0.1:*"), 0);
	size_t size = sizeof(server->endpoint);
	zmq_getsockopt(server->socket, ZMQ_LAST_ENDPOINT, server->endpoint, &size);
}

static void server_close(struct server *server)
{
	zmq_close(server->socket);
	sf_context_close(&server->context);
}

static enum sf_err probe(struct server *server, struct sf_diag *diag)
{
	return sf_probe_refused(
		server->context, server->endpoint, server->keys.public_key, NULL, diag);
}

static void test_server_without_domain_is_found_open(void **state)
{
	(void)state;
	struct server server;
	struct sf_diag diag = {""};
	server_open(&server, NULL, 0);
	assert_int_equal(probe(&server, &diag), SF_ERR_AUTH);
	assert_non_null(strstr(diag.text, "random key"));
	server_close(&server);
}

static void test_domain_that_is_not_enforced_is_found_open(void **state)
{
	(void)state;
	struct server server;
	server_open(&server, "stafet", 0);
	assert_int_equal(probe(&server, NULL), SF_ERR_AUTH);
	server_close(&server);
}

static void test_enforced_domain_without_handler_refuses(void **state)
{
	(void)state;
	struct server server;
	server_open(&server, "stafet", 1);
	assert_int_equal(probe(&server, NULL), SF_OK);
	server_close(&server);
}

static void test_nobody_at_the_endpoint_is_an_error(void **state)
{
	(void)state;
	struct server server;
	struct sf_diag diag = {""};
	server_open(&server, "stafet", 1);
	assert_int_equal(zmq_unbind(server.socket, server.endpoint), 0);
	assert_int_equal(probe(&server, &diag), SF_ERR_IO);
	server_close(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server_without_domain_is_found_open),
		cmocka_unit_test(test_domain_that_is_not_enforced_is_found_open),
		cmocka_unit_test(test_enforced_domain_without_handler_refuses),
		cmocka_unit_test(test_nobody_at_the_endpoint_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
