#include "os/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"

#define TOP                                                                                        \
	"keys = keys\nstore = node.db\nsocket = node.sock\nregistrars = {a.pub}\n" /* 4 lines      \
										    */
#define LINK "coordinator {\nendpoint = \"tcp://127.0.0.1:7400\"\npublic = c.pub\n}\n"

static enum sf_err parse_node(const char *text, struct sf_node_config *config, struct sf_diag *diag)
{
	return sf_node_config_parse("etc/node.conf", sf_view_text(text), config, diag);
}

static void test_least_node_config_has_defaults(void **state)
{
	(void)state;
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
	if (parse_node(TOP LINK, &config, &diag))
		fail_msg("%s", diag.text);
	assert_string_equal(config.keys, "etc/keys");
	assert_string_equal(config.registrars.files[0], "etc/a.pub");
	assert_int_equal(config.registrars.count, 1);
	assert_int_equal(config.registrars.threshold, 1);
	assert_string_equal(config.coordinator_endpoint, "tcp://127.0.0.1:7400");
	assert_string_equal(config.coordinator_public, "etc/c.pub");
	assert_int_equal(config.socket_mode, 0660);
	assert_int_equal(config.worker_threads, 2);
	assert_int_equal(config.log.level, SF_LOG_INFO);
	assert_string_equal(config.log.file, "");
	assert_string_equal(config.pseudonym_key, "");
	assert_int_equal(config.expires_ms, 0);
	assert_int_equal(config.retention_ms, 0); /* nothing goes by itself */
	assert_int_equal(config.unanswered_ms, 0);
	assert_string_equal(config.mllp.reply_to, "");
	sf_node_config_fini(&config);
}

static void test_whole_node_config_is_read(void **state)
{
	(void)state;
	static const char text[] = "keys = \"/k\" # comment\n"
				   "store = s\nsocket = '/run/x.sock'\nsocket-mode = 0600\n"
				   "pseudonym-key = p.key\n"
				   "registrars = {\"/a.pub\", b.pub}\nregistrar-threshold = 1\n"
				   "worker-threads = 8\ncontradictions-seen = 3\n" LINK
				   "contact { name = \"Afsnit Ø\" telephone = \"+45 1\" }\n"
				   "delivery { acknowledge-timeout = 30min retry = \"10 s\"\n"
				   "stored-timeout = 30s expires = 14d }\n"
				   "retention { closed = 3650d unanswered = 30d }\n"
				   "log { file = l level = debug }\n";
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
	if (parse_node(text, &config, &diag))
		fail_msg("%s", diag.text);
	assert_string_equal(config.keys, "/k");
	assert_string_equal(config.socket, "/run/x.sock");
	assert_int_equal(config.socket_mode, 0600);
	assert_string_equal(config.pseudonym_key, "etc/p.key");
	assert_int_equal(config.registrars.count, 2);
	assert_string_equal(config.registrars.files[1], "etc/b.pub");
	assert_int_equal(config.registrars.threshold, 1);
	assert_int_equal(config.worker_threads, 8);
	assert_int_equal(config.contradictions_seen, 3);
	assert_string_equal(config.contact_name, "Afsnit Ø");
	assert_int_equal(config.acknowledge_timeout_ms, 1800000);
	assert_int_equal(config.retry_ms, 10000);
	assert_int_equal(config.stored_timeout_ms, 30000);
	assert_int_equal(config.expires_ms, 14 * SF_DAY_MS);
	assert_int_equal(config.retention_ms, 3650 * SF_DAY_MS);
	assert_int_equal(config.unanswered_ms, 30 * SF_DAY_MS);
	assert_string_equal(config.log.file, "etc/l");
	assert_int_equal(config.log.level, SF_LOG_DEBUG);
}

static void test_wrong_node_config_is_named_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"stoer = x\n", "etc/node.conf:1: unknown key 'stoer'"},
		{TOP "stoer = x\n" LINK, "etc/node.conf:5: unknown key 'stoer'"},
		{TOP "coordinator {\nport = 1 }\n", "etc/node.conf:6: unknown key 'port'"},
		{TOP "keys = again\n" LINK, "etc/node.conf:5: key 'keys' stands twice"},
		{TOP "registrars = {b}\n" LINK, "etc/node.conf:5: key 'registrars' stands twice"},
		{TOP LINK LINK, "section 'coordinator' stands twice"},
		{TOP LINK "keys = \"${HOME}\"\n", "etc/node.conf:9: '${' is not expanded"},
		{TOP LINK "include(\"/etc/passwd\")\n", "etc/node.conf:9: "},
		{TOP, "key 'endpoint' of section coordinator is missing"},
		{"store = a\nsocket = b\nregistrars = {a}\n" LINK, "key 'keys' is missing"},
		{"keys = k\nstore = a\nsocket = b\n" LINK, "key 'registrars' is missing"},
		{TOP "worker-threads = 0\n" LINK, "etc/node.conf:5: 'worker-threads' must be"},
		{TOP "worker-threads = 65\n" LINK, "etc/node.conf:5: 'worker-threads' must be"},
		{TOP "worker-threads = -1\n" LINK, "etc/node.conf:5: 'worker-threads' must be"},
		{TOP "worker-threads = 99999999999999999999\n" LINK, "'worker-threads' must be"},
		{TOP "worker-threads = two\n" LINK, "etc/node.conf:5: 'worker-threads' must be"},
		{TOP "socket-mode = 0666\n" LINK, "etc/node.conf:5: 'socket-mode' must be"},
		{TOP "socket-mode = 0888\n" LINK, "etc/node.conf:5: 'socket-mode' must be"},
		{TOP "registrar-threshold = 2\n" LINK, "'registrar-threshold' is more than"},
		{TOP LINK "delivery { expires = 14 }\n",
			"etc/node.conf:9: 'expires' must be a time"},
		{TOP LINK "delivery { expires = 1s }\n", "'expires' must be from"},
		/* Before the oldest backup is past, what was erased would come back with it. */
		{TOP LINK "retention { closed = 34d }\n", "'closed' must be from"},
		{TOP LINK "retention { open = 40d }\n", "open"},
		{TOP LINK "log { level = loud }\n", "etc/node.conf:9: 'level' must be error"},
		{TOP LINK "contact { name = \"\" }\n", "etc/node.conf:9: 'name' must have 1 to"},
		{TOP "coordinator {\nendpoint = \"ipc://x:1\"\npublic = c }\n",
			"etc/node.conf:6: 'endpoint' must be tcp://"},
		{TOP "coordinator {\nendpoint = \"tcp://h:0\"\npublic = c }\n",
			"etc/node.conf:6: 'endpoint' must be tcp://"},
		{TOP "coordinator {\nendpoint = \"tcp://h:65536\"\npublic = c }\n",
			"etc/node.conf:6: 'endpoint' must be tcp://"},
		{TOP "coordinator {\nendpoint = \"tcp://:1\"\npublic = c }\n",
			"etc/node.conf:6: 'endpoint' must be tcp://"},
		{TOP "coordinator {\n", "etc/node.conf:"},
		{TOP "keys \"x\n", "etc/node.conf:"},
		{TOP "log { file = a\\b }\n", "etc/node.conf:5: a backslash"},
		{TOP "log { file = \"a\\x41\" }\n", "etc/node.conf:5: a backslash"},
		{TOP "\x07", "etc/node.conf:5: a control character"},
		{TOP "# \xff\n", "not UTF-8"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_node_config config;
		struct sf_diag diag = {{0}};
		memset(&config, 0x5a, sizeof(config));
		assert_int_equal(parse_node(cases[i].text, &config, &diag), SF_ERR_CONFIG);
		if (!strstr(diag.text, cases[i].says))
			fail_msg("case %zu says '%s', not '%s'", i, diag.text, cases[i].says);
		assert_int_equal(config.keys[0], 0x5a); /* untouched */
	}
}

/* libconfuse 3.3 miscounts lines with comments; these must not. */
static void test_http_is_read_where_it_stands(void **state)
{
	(void)state;
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
	assert_int_equal(parse_node(TOP LINK, &config, &diag), SF_OK);
	assert_string_equal(config.http.listener.address, "");
	assert_int_equal(
		parse_node(TOP LINK "http { listen = \"127.0.0.1:8080\" }\n", &config, &diag),
		SF_OK);
	assert_string_equal(config.http.listener.address, "127.0.0.1:8080");
	assert_int_equal(config.http.connection_max, 0);
	assert_int_equal(
		parse_node(TOP LINK
			"http { listen = \"[2001:db8::1]:443\" certificate = s.pem key = s.key\n"
			"client-authority = c.pem connections-max = 2500\n"
			"connections-of-address = 50 body-max = 1000000 }\n",
			&config, &diag),
		SF_OK);
	assert_string_equal(config.http.listener.address, "[2001:db8::1]:443");
	assert_string_equal(config.http.listener.certificate, "etc/s.pem");
	assert_string_equal(config.http.listener.key, "etc/s.key");
	assert_string_equal(config.http.listener.client_authority, "etc/c.pem");
	assert_int_equal(config.http.connection_max, 2500);
	assert_int_equal(config.http.connection_of_address_max, 50);
	assert_int_equal(config.http.body_size_max, 1000000);
}

static void test_a_trusted_proxy_is_said_whole(void **state)
{
	(void)state;
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
#define HTTP "http { listen = \"127.0.0.1:8080\" }\n"
	assert_int_equal(parse_node(TOP LINK HTTP, &config, &diag), SF_OK);
	assert_string_equal(config.http.trusted.user, "");
	assert_int_equal(parse_node(TOP LINK HTTP "trusted-header { user = X-User roles = X-Roles "
						  "from = \"::1\" passwords = 1 }\n",
				 &config, &diag),
		SF_OK);
	assert_string_equal(config.http.trusted.user, "X-User");
	assert_string_equal(config.http.trusted.roles, "X-Roles");
	assert_string_equal(config.http.trusted.from, "::1");
	assert_int_equal(config.http.trusted.passwords, 1);
	static const struct {
		const char *text, *wrong;
	} cases[] = {
		{HTTP "trusted-header { user = X-User roles = X-Roles }\n", "stand together"},
		{HTTP "trusted-header { user = X-User from = \"::1\" }\n", "stand together"},
		{HTTP "trusted-header { passwords = 1 }\n", "stand together"},
		{"trusted-header { user = X-A roles = X-B from = \"::1\" }\n", "section 'http'"},
		{HTTP "trusted-header { user = Cookie roles = X-B from = \"::1\" }\n",
			"begin with X-"},
		{HTTP "trusted-header { user = X-A roles = \"X-B:\" from = \"::1\" }\n",
			"begin with X-"},
		{HTTP "trusted-header { user = X-A roles = X-A from = \"::1\" }\n", "two fields"},
		{HTTP "trusted-header { user = X-A roles = X-B from = \"192.0.2.1\" }\n",
			"loopback"},
		{HTTP "trusted-header { user = X-A roles = X-B from = localhost }\n", "loopback"},
		{HTTP "trusted-header { user = X-A roles = X-B from = certificate }\n",
			"client-authority"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		char text[1024];
		snprintf(text, sizeof(text), "%s%s", TOP LINK, cases[i].text);
		assert_int_equal(parse_node(text, &config, &diag), SF_ERR_CONFIG);
		if (!strstr(diag.text, cases[i].wrong))
			fail_msg("case %zu: %s", i, diag.text);
	}
#undef HTTP
}

static void test_http_that_is_open_to_others_is_refused_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *wrong;
	} cases[] = {
		{"http {\nlisten = \"192.0.2.1:80\"\n}\n", ":10: section 'http': without 'cert"},
		{"http {\nlisten = \"0.0.0.0:80\"\n}\n", ":10: section 'http': without 'cert"},
		{"http {\nlisten = \"[::]:80\"\n}\n", ":10: section 'http': without 'cert"},
		{"http {\nlisten = \"[::ffff:127.0.0.1]:80\"\n}\n", ":10: section 'http': with"},
		{"http {\nlisten = \"127.0.0.1:80\"\nkey = k\n}\n", ":10: section 'http': 'cert"},
		{"http {\nlisten = \"127.0.0.1:80\"\nclient-authority = k\n}\n",
			":10: section 'http': 'client-authority' needs"},
		{"http {\nlisten = \"localhost:80\"\n}\n", ":10: 'listen' must be a numeric"},
		{"http {\nlisten = \"127.0.0.1\"\n}\n", ":10: 'listen' must be a numeric"},
		{"http {\nlisten = \"127.0.0.1:65536\"\n}\n", ":10: 'listen' must be a numeric"},
		{"http {\nlisten = \"::1:80\"\n}\n", ":10: 'listen' must be a numeric"},
		{"http {\nbody-max = 65536\n}\n", "key 'listen' of section http is missing"},
		{"http {\nlisten = \"127.0.0.1:80\"\nbody-max = 1\n}\n", ":11: 'body-max' must"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		char text[1024];
		struct sf_node_config config;
		struct sf_diag diag = {{0}};
		snprintf(text, sizeof(text), "%s%s", TOP LINK, cases[i].text);
		assert_int_equal(parse_node(text, &config, &diag), SF_ERR_CONFIG);
		if (!strstr(diag.text, cases[i].wrong))
			fail_msg("case %zu: %s", i, diag.text);
	}
}

static void test_line_numbers_hold_after_comments(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int line;
	} cases[] = {
		{"# one\n# two\n\nx = 1\n", 4},
		{"// one\nx = 1\n", 2},
		{"/* one\n two */\nx = 1\n", 3},
		{"keys = \"# no comment\" # comment ' \nx = 1\n", 2},
		{"keys = 'say \"no # no' /* \" */ x = 1\n", 1},
		{"log { # first\n# second\nx = 1 }\n", 3},
		{"log { file = a } # end\nx = 1\n", 2},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_node_config config;
		struct sf_diag diag = {{0}};
		char says[64];
		snprintf(says, sizeof(says), "etc/node.conf:%d: unknown key 'x'", cases[i].line);
		assert_int_equal(parse_node(cases[i].text, &config, &diag), SF_ERR_CONFIG);
		if (!strstr(diag.text, says))
			fail_msg("case %zu says '%s', not '%s'", i, diag.text, says);
	}
}

static void test_socket_path_longer_than_the_kernel_takes_is_refused(void **state)
{
	(void)state;
	char text[512];
	snprintf(text, sizeof(text), "keys = k\nstore = s\nregistrars = {a}\nsocket = /%0110d\n%s",
		0, LINK);
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
	assert_int_equal(parse_node(text, &config, &diag), SF_ERR_CONFIG);
	assert_non_null(
		strstr(diag.text, "etc/node.conf:4: 'socket' must be a path of at most 107"));
}

static void test_too_many_registrars_are_refused(void **state)
{
	(void)state;
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
	assert_int_equal(parse_node("keys = k\nstore = s\nsocket = s\n"
				    "registrars = {a,b,c,d,e,f,g,h,i}\n" LINK,
				 &config, &diag),
		SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "etc/node.conf:4: 'registrars' may name at most 8"));
}

static void test_coordinator_config_is_read(void **state)
{
	(void)state;
	static const char text[] =
		"keys = k\nstore = s\nsocket = c.sock\nlisten = \"tcp://0.0.0.0:7400\"\n"
		"name = \"stafet.rm.dk\"\nregion = midt\nepoch = 3\nregistrars = {a, "
		"b}\nagreements = {x.agreement}\n"
		"checkpoint = 2s\nwitnesses { hospitals = 2 municipalities = 3 }\n"
		"delivery { redeliver = 30min credit = 64 silent-node = 12h }\n"
		"retention { closed = 35d }\n";
	struct sf_coordinator_config config;
	struct sf_diag diag = {{0}};
	if (sf_coordinator_config_parse("c.conf", sf_view_text(text), &config, &diag))
		fail_msg("%s", diag.text);
	char origin[SF_CONFIG_ORIGIN_SIZE];
	sf_coordinator_config_origin(&config, origin);
	assert_string_equal(origin, "stafet.rm.dk/log/midt/3");
	assert_string_equal(config.keys, "k"); /* beside a file named without a folder */
	assert_string_equal(config.socket, "c.sock");
	assert_int_equal(config.registrars.threshold, 2);
	assert_int_equal(config.agreement_count, 1);
	assert_int_equal(config.redeliver_ms, 1800000);
	assert_int_equal(config.silent_node_ms, 43200000);
	assert_int_equal(config.credit, 64);
	assert_int_equal(config.checkpoint_ms, 2000);
	assert_int_equal(config.quorum_hospitals, 2);
	assert_int_equal(config.quorum_municipalities, 3);
	assert_int_equal(config.retention_ms, 35 * SF_DAY_MS);
	sf_coordinator_config_fini(&config);
}

static void test_coordinator_without_a_socket_is_refused(void **state)
{
	(void)state;
	static const char text[] =
		"keys = k\nstore = s\nlisten = \"tcp://0.0.0.0:7400\"\nname = n\n"
		"region = midt\nregistrars = {a}\n";
	struct sf_coordinator_config config;
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_coordinator_config_parse("c.conf", sf_view_text(text), &config, &diag),
		SF_ERR_CONFIG);
	assert_non_null(strstr(diag.text, "key 'socket' is missing"));
}

static void test_log_name_with_other_letters_is_refused(void **state)
{
	(void)state;
	static const char *const names[] = {"Midt", "mi/dt", "mi dt", "midtø", ""};
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		char text[512];
		snprintf(text, sizeof(text),
			"keys = k\nstore = s\nlisten = \"tcp://0.0.0.0:7400\"\nname = n\n"
			"registrars = {a}\nregion = \"%s\"\nsocket = c\n",
			names[i]);
		struct sf_coordinator_config config;
		struct sf_diag diag = {{0}};
		assert_int_equal(
			sf_coordinator_config_parse("c.conf", sf_view_text(text), &config, &diag),
			SF_ERR_CONFIG);
		assert_non_null(strstr(diag.text, "c.conf:6: 'region'"));
	}
}

static void test_file_that_is_not_there_is_not_found(void **state)
{
	(void)state;
	struct sf_node_config config;
	struct sf_diag diag = {{0}};
	assert_int_equal(
		sf_node_config_load("/nowhere/node.conf", &config, &diag), SF_ERR_NOT_FOUND);
	assert_non_null(strstr(diag.text, "/nowhere/node.conf"));
}

static void test_examples_are_good(void **state)
{
	(void)state;
	struct sf_node_config node;
	struct sf_coordinator_config coordinator;
	struct sf_diag diag = {{0}};
	if (sf_node_config_load(SF_TESTS_DIR "/../deploy/examples/node.conf", &node, &diag))
		fail_msg("%s", diag.text);
	if (sf_coordinator_config_load(
		    SF_TESTS_DIR "/../deploy/examples/coordinator.conf", &coordinator, &diag))
		fail_msg("%s", diag.text);
	assert_string_equal(node.store, SF_TESTS_DIR "/../deploy/examples/node.db");
	assert_int_equal(coordinator.epoch, 1);
}

static void test_duration_is_a_number_with_its_unit(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {{"500ms", 500}, {"15 s", 15000}, {"30min", 1800000}, {"0h", 0},
		{"35d", 3024000000}};
	static const char *const bad[] = {
		"", "s", "1", "1 ", "1m", "-1s", "1.5h", "1s ", "12345678901s", " 1s"};
	for (size_t i = 0; i < SF_COUNT(good); i++) {
		int64_t ms = -1;
		assert_int_equal(sf_duration_parse(good[i].text, &ms), SF_OK);
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < SF_COUNT(bad); i++) {
		int64_t ms = -1;
		assert_int_equal(sf_duration_parse(bad[i], &ms), SF_ERR_FORMAT);
		assert_int_equal(ms, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_least_node_config_has_defaults),
		cmocka_unit_test(test_whole_node_config_is_read),
		cmocka_unit_test(test_wrong_node_config_is_named_with_its_line),
		cmocka_unit_test(test_http_is_read_where_it_stands),
		cmocka_unit_test(test_a_trusted_proxy_is_said_whole),
		cmocka_unit_test(test_http_that_is_open_to_others_is_refused_with_its_line),
		cmocka_unit_test(test_line_numbers_hold_after_comments),
		cmocka_unit_test(test_socket_path_longer_than_the_kernel_takes_is_refused),
		cmocka_unit_test(test_too_many_registrars_are_refused),
		cmocka_unit_test(test_coordinator_config_is_read),
		cmocka_unit_test(test_coordinator_without_a_socket_is_refused),
		cmocka_unit_test(test_log_name_with_other_letters_is_refused),
		cmocka_unit_test(test_file_that_is_not_there_is_not_found),
		cmocka_unit_test(test_examples_are_good),
		cmocka_unit_test(test_duration_is_a_number_with_its_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
