#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "log/policy.h"
#include "unit/log/golden.h"

static struct sf_note note;

static struct sf_policy *open_policy(struct golden *golden, struct sf_view text)
{
	struct sf_diag diag = {{0}};
	struct sf_policy *policy = NULL;
	if (sf_policy_parse(&golden->crypto, text, &policy, &diag))
		fail_msg("%s", diag.text);
	return policy;
}

static struct sf_policy_verdict judge(
	struct golden *golden, const struct sf_policy *policy, struct sf_view bytes)
{
	struct sf_policy_verdict verdict;
	assert_int_equal(sf_note_parse(bytes, &note, NULL), SF_OK);
	assert_int_equal(sf_policy_judge(&golden->crypto, policy, &note, &verdict), SF_OK);
	return verdict;
}

static void test_policy_of_another_writer_is_read_and_judges(void **state)
{
	struct golden *golden = *state;
	struct sf_policy *policy = open_policy(golden, golden_read(golden, "policy.txt"));
	const struct sf_note_key *log = sf_policy_log(policy, GOLDEN_ORIGIN);
	assert_non_null(log);
	assert_memory_equal(log->public_key, golden->log.public_key, SF_PUBLIC_KEY_SIZE);
	assert_null(sf_policy_log(policy, "stafet.example/log/north/2"));
	assert_int_equal(sf_policy_witness_count(policy), GOLDEN_WITNESSES);
	for (size_t i = 0; i < GOLDEN_WITNESSES; i++)
		assert_string_equal(sf_policy_witness(policy, i)->name, golden->witnesses[i].name);
	uint8_t keys[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE];
	size_t threshold = 0;
	assert_int_equal(sf_policy_registrars(policy, keys, &threshold), 3);
	assert_int_equal(threshold, 2);
	assert_int_equal(keys[2][31], 0x33);
	struct sf_policy_verdict verdict =
		judge(golden, policy, golden_read(golden, "checkpoint.note"));
	assert_int_equal(verdict.witness_count, 3);
	assert_true(verdict.quorum);
	assert_true(verdict.newest_s == GOLDEN_TIME_S + 3);
	static const bool by[GOLDEN_WITNESSES] = {true, true, false, true, false};
	assert_memory_equal(verdict.by, by, sizeof(by));
	sf_policy_close(&policy);
	assert_null(policy);
}

/* Every set of cosigners, against two of the hospitals and one of the municipalities. */
static void test_quorum_needs_both_groups(void **state)
{
	struct golden *golden = *state;
	struct sf_policy *policy = open_policy(golden, golden_read(golden, "policy.txt"));
	for (unsigned set = 0; set < 1u << GOLDEN_WITNESSES; set++) {
		struct sf_view text = sf_view_text("text\n");
		struct sf_buf buf;
		sf_buf_init(&buf, 65536);
		assert_int_equal(sf_buf_append_text(&buf, "text\n\n"), SF_OK);
		assert_int_equal(
			sf_note_sign(&golden->crypto, golden->log_id, &golden->log, text, 0, &buf),
			SF_OK);
		for (size_t i = 0; i < GOLDEN_WITNESSES; i++)
			if (set >> i & 1)
				assert_int_equal(
					sf_note_sign(&golden->crypto, golden->witness_ids[i],
						&golden->witnesses[i], text, 1000 - i, &buf),
					SF_OK);
		struct sf_policy_verdict verdict = judge(golden, policy, sf_buf_view(&buf));
		unsigned hospitals = (set & 1) + (set >> 1 & 1) + (set >> 2 & 1);
		unsigned municipalities = (set >> 3 & 1) + (set >> 4 & 1);
		assert_int_equal(verdict.quorum, hospitals >= 2 && municipalities >= 1);
		assert_int_equal(verdict.witness_count, hospitals + municipalities);
		uint64_t newest = 0;
		for (size_t i = GOLDEN_WITNESSES; i > 0; i--)
			newest = set >> (i - 1) & 1 ? 1000 - (i - 1) : newest;
		assert_true(verdict.newest_s == newest);
		sf_buf_fini(&buf);
	}
	sf_policy_close(&policy);
}

static void expect_auth(struct golden *golden, const struct sf_policy *policy, struct sf_buf *buf)
{
	struct sf_policy_verdict verdict = {.witness_count = 99};
	assert_int_equal(sf_note_parse(sf_buf_view(buf), &note, NULL), SF_OK);
	assert_int_equal(sf_policy_judge(&golden->crypto, policy, &note, &verdict), SF_ERR_AUTH);
	assert_int_equal(verdict.witness_count, 99);
}

static void test_bad_or_doubled_cosignature_refuses_the_note(void **state)
{
	struct golden *golden = *state;
	struct sf_policy *policy = open_policy(golden, golden_read(golden, "policy.txt"));
	struct sf_view bytes = golden_read(golden, "checkpoint.note");
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	golden_replace(&buf, bytes, "AAAABq/YbD", "AAAABq/YbE");
	expect_auth(golden, policy, &buf);
	sf_buf_clear(&buf);
	assert_int_equal(sf_note_parse(bytes, &note, NULL), SF_OK);
	assert_int_equal(sf_buf_append(&buf, bytes), SF_OK);
	assert_int_equal(sf_buf_append(&buf, note.signatures[3].line), SF_OK);
	expect_auth(golden, policy, &buf);
	sf_buf_fini(&buf);
	sf_policy_close(&policy);
}

/* From the golden policy with one line changed to another quorum. */
static bool quorum_of(struct golden *golden, const char *quorum)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	golden_replace(&buf, golden_read(golden, "policy.txt"), "quorum both", quorum);
	struct sf_policy *policy = open_policy(golden, sf_buf_view(&buf));
	struct sf_policy_verdict verdict =
		judge(golden, policy, golden_read(golden, "checkpoint.note"));
	sf_policy_close(&policy);
	sf_buf_fini(&buf);
	return verdict.quorum;
}

static void test_quorum_may_be_a_witness_a_group_or_none(void **state)
{
	struct golden *golden = *state;
	assert_true(quorum_of(golden, "quorum none"));
	assert_true(quorum_of(golden, "quorum hospital-1"));
	assert_false(quorum_of(golden, "quorum hospital-3"));
	assert_true(quorum_of(golden, "quorum hospitals"));
	assert_true(quorum_of(golden, "group one any both\nquorum one"));
	assert_true(quorum_of(golden, "\tquorum \t none \t"));
	assert_true(quorum_of(golden, "  # nobody\nquorum none"));
}

static const struct {
	const char *from, *to, *says;
} faults[] = {
	{"quorum both", "quorum", "line 12"},
	{"quorum both", "quorum all", "line 12"},
	{"quorum both", "quorum both both", "line 12"},
	{"quorum both", "quorum both\nquorum both", "line 13"},
	{"quorum both\n", "", "no line 'quorum'"},
	{"log stafet", "Log stafet", "line 2"},
	{"log stafet", "# log stafet", "no log"},
	{"witness hospital-1 stafet", "witness stafet", "line 4"},
	{"witness hospital-1 ", "witness none ", "line 4"},
	{"witness hospital-2 ", "witness hospital-1 ", "line 5"},
	{"https://witness.example/", "witness.example", "line 5"},
	{"https://witness.example/", "https://a https://b", "line 5"},
	{"group hospitals 2", "group hospitals 0", "line 9"},
	{"group hospitals 2", "group hospitals 4", "line 9"},
	{"group hospitals 2", "group hospitals 02", "line 9"},
	{"group hospitals 2", "group hospitals most", "line 9"},
	{"group hospitals 2", "group hospital-1 2", "line 9"},
	{"group municipalities any municipality-1", "group municipalities any hospital-1",
		"line 10"},
	{"group municipalities any municipality-1", "group municipalities any municipality-2",
		"line 10"},
	{"group municipalities any municipality-1", "group municipalities any both", "line 10"},
	{"group municipalities any municipality-1 municipality-2", "group municipalities any",
		"line 10"},
	{"registrars 2", "registrars 0", "line 16"},
	{"registrars 2", "registrars 9", "line 16"},
	{"registrars 2", "registrars 2 2", "line 16"},
	{"registrars 2", "registrars 2\nregistrars 2", "line 17"},
	{"registrars 2", "registrars 4", "more registrars"},
	{"registrars 2\n", "", "'registrars'"},
	{"registrar 2222", "registrar 222", "line 14"},
	{"registrar 2222", "registrar g222", "line 14"},
	{"registrars 2\n", "registrars 2", "no newline"},
};

static void test_faults_name_their_line(void **state)
{
	struct golden *golden = *state;
	struct sf_view text = golden_read(golden, "policy.txt");
	for (size_t i = 0; i < SF_COUNT(faults); i++) {
		struct sf_buf buf;
		sf_buf_init(&buf, 65536);
		golden_replace(&buf, text, faults[i].from, faults[i].to);
		struct sf_policy *policy = NULL;
		struct sf_diag diag = {{0}};
		assert_int_equal(
			sf_policy_parse(&golden->crypto, sf_buf_view(&buf), &policy, &diag),
			SF_ERR_FORMAT);
		assert_null(policy);
		if (!strstr(diag.text, faults[i].says))
			fail_msg("%s -> %s says: %s", faults[i].from, faults[i].to, diag.text);
		sf_buf_fini(&buf);
	}
}

/* A key under two names would count twice; so would a name with two keys. */
static void test_same_key_twice_is_refused(void **state)
{
	struct golden *golden = *state;
	struct sf_note_key other = golden->witnesses[0];
	assert_int_equal(sf_note_key_make(&golden->crypto, "another/name", SF_NOTE_KEY_COSIGNATURE,
				 golden->witnesses[0].public_key, &other),
		SF_OK);
	const struct sf_note_key *again[] = {&other, &golden->witnesses[0], &golden->log};
	for (size_t i = 0; i < SF_COUNT(again); i++) {
		char vkey[SF_NOTE_VKEY_SIZE], line[SF_NOTE_VKEY_SIZE + 64];
		sf_note_vkey_format(again[i], vkey);
		snprintf(line, sizeof(line), "witness hospital-4 %s\nquorum both", vkey);
		struct sf_buf buf;
		sf_buf_init(&buf, 65536);
		golden_replace(&buf, golden_read(golden, "policy.txt"), "quorum both", line);
		struct sf_policy *policy = NULL;
		assert_int_equal(sf_policy_parse(&golden->crypto, sf_buf_view(&buf), &policy, NULL),
			SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
}

static void test_more_than_allowed_is_a_limit(void **state)
{
	struct golden *golden = *state;
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_POLICY_SIZE_MAX);
	for (unsigned i = 0; i <= SF_POLICY_REGISTRARS_MAX; i++)
		assert_int_equal(sf_buf_printf(&buf, "registrar %064x\n", i), SF_OK);
	struct sf_policy *policy = NULL;
	struct sf_diag diag = {{0}};
	assert_int_equal(
		sf_policy_parse(&golden->crypto, sf_buf_view(&buf), &policy, &diag), SF_ERR_LIMIT);
	assert_non_null(strstr(diag.text, "line 9"));
	uint8_t *place;
	assert_int_equal(sf_buf_extend(&buf, SF_POLICY_SIZE_MAX, &place), SF_OK);
	assert_int_equal(
		sf_policy_parse(&golden->crypto, sf_buf_view(&buf), &policy, NULL), SF_ERR_LIMIT);
	assert_null(policy);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_policy_of_another_writer_is_read_and_judges),
		GOLDEN_TEST(test_quorum_needs_both_groups),
		GOLDEN_TEST(test_bad_or_doubled_cosignature_refuses_the_note),
		GOLDEN_TEST(test_quorum_may_be_a_witness_a_group_or_none),
		GOLDEN_TEST(test_faults_name_their_line),
		GOLDEN_TEST(test_same_key_twice_is_refused),
		GOLDEN_TEST(test_more_than_allowed_is_a_limit),
	};
	return cmocka_run_group_tests_name("log/policy", tests, NULL, NULL);
}
