#include "format/hl7_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define AT_MS INT64_C(1792890000123)

static struct sf_buf buf;

static const char *answer_to(const char *message, bool good, const struct sf_issues *issues)
{
	sf_buf_clear(&buf);
	const struct sf_hl7_answer answer = {.message = sf_view_text(message),
		.original = good ? "AA" : "AE",
		.enhanced = good ? "CA" : "CE",
		.issues = issues,
		.at_ms = AT_MS};
	assert_int_equal(sf_hl7_answer_write(&answer, &buf, NULL), SF_OK);
	assert_int_equal(sf_buf_append_u8(&buf, 0), SF_OK);
	return (const char *)buf.data;
}

static void test_original_mode_turns_sender_and_receiver(void **state)
{
	(void)state;
	const char *text = answer_to(
		"MSH|^~\\&|EPJ|AUH|STF|KOM|20261120||ADT^A01^ADT_A01|M1|P|2.5", true, NULL);
	assert_memory_equal(text, "MSH|^~\\&|STF|KOM|EPJ|AUH|20261025010000+0000||ACK^A01^ACK|STF",
		strlen("MSH|^~\\&|STF|KOM|EPJ|AUH|20261025010000+0000||ACK^A01^ACK|STF"));
	assert_non_null(strstr(text, "|P|2.5\rMSA|AA|M1\r"));
	assert_null(strstr(text, "ERR"));
}

static void test_the_same_answer_has_the_same_bytes(void **state)
{
	(void)state;
	const char *message = "MSH|^~\\&|EPJ|AUH|STF|KOM|20261120||ADT^A01|M1|P|2.5";
	char first[512];
	const char *text = answer_to(message, true, NULL);
	assert_true(buf.size < sizeof(first));
	memcpy(first, text, buf.size);
	assert_string_equal(answer_to(message, true, NULL), first);
	assert_string_not_equal(answer_to(message, false, NULL), first);
	assert_string_not_equal(
		answer_to("MSH|^~\\&|EPJ|AUH|STF|KOM|20261120||ADT^A01|M2|P|2.5", true, NULL),
		first);
}

/* HL7 v2.5 table 0155. */
static void test_accept_acknowledgement_is_as_asked(void **state)
{
	(void)state;
	static const struct {
		const char *accept, *application;
		bool good;
		const char *code; /* NULL: nothing is said */
	} rows[] = {
		{"", "", true, "MSA|AA|"},
		{"", "", false, "MSA|AE|"},
		{"AL", "", true, "MSA|CA|"},
		{"AL", "NE", false, "MSA|CE|"},
		{"NE", "", true, NULL},
		/* Not accepted, so nothing comes later: who asks for errors there hears it now. */
		{"NE", "AL", false, "MSA|AE|"},
		{"", "ER", false, "MSA|AE|"},
		{"AL", "AL", false, "MSA|CE|"},
		{"NE", "SU", false, NULL},
		{"ER", "", true, NULL},
		{"ER", "", false, "MSA|CE|"},
		{"SU", "", true, "MSA|CA|"},
		{"SU", "", false, NULL},
		{"", "AL", true, NULL},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_diag message;
		sf_diag_set(&message, "MSH|^~\\&|E|A|||20261120||ADT^A01|M1|P|2.5|||%s|%s",
			rows[i].accept, rows[i].application);
		const char *text = answer_to(message.text, rows[i].good, NULL);
		if (rows[i].code)
			assert_non_null(strstr(text, rows[i].code));
		else
			assert_string_equal(text, "");
	}
}

/* HL7 v2.5 section 2.9.3: a message of its own, which must be taken itself. */
static void test_later_answer_is_as_msh_16_asks(void **state)
{
	(void)state;
	static const struct {
		const char *application;
		bool good, says;
	} rows[] = {
		{"AL", true, true},
		{"AL", false, true},
		{"SU", true, true},
		{"SU", false, false},
		{"ER", true, false},
		{"ER", false, true},
		{"NE", true, false},
		{"", true, false},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_diag message;
		sf_diag_set(&message,
			"MSH|^~\\&|EPJ|AUH|STF|KOM|20261120||ADT^A01|M1|P|2.5|||AL|%s||8859/1",
			rows[i].application);
		const struct sf_hl7_answer answer = {.message = sf_view_text(message.text),
			.original = rows[i].good ? "AA" : "AE",
			.enhanced = rows[i].good ? "CA" : "CE",
			.at_ms = AT_MS,
			.later = true};
		sf_buf_clear(&buf);
		assert_int_equal(sf_hl7_answer_write(&answer, &buf, NULL), SF_OK);
		assert_int_equal(buf.size > 0, rows[i].says);
		if (!rows[i].says)
			continue;
		assert_int_equal(sf_buf_append_u8(&buf, 0), SF_OK);
		assert_non_null(strstr((const char *)buf.data, "|P|2.5|||AL|NE||8859/1\rMSA|"));
		assert_non_null(strstr((const char *)buf.data, rows[i].good ? "|AA|M1" : "|AE|M1"));
	}
}

static bool takes(const char *code_and_id)
{
	struct sf_diag answer;
	sf_diag_set(&answer, "MSH|^~\\&|A|B|C|D|20261120||ACK|X|P|2.5\rMSA|%s\r", code_and_id);
	return sf_hl7_answer_takes(
		sf_view_text("MSH|^~\\&|STF|KOM|EPJ|AUH|20261120||ACK^A01^ACK|STF1|P|2.5"),
		sf_view_text(answer.text));
}

static void test_taken_is_what_an_answer_to_it_accepts(void **state)
{
	(void)state;
	assert_true(takes("CA|STF1"));
	assert_true(takes("AA|STF1|text"));
	static const char *const no[] = {"CA|STF2", "CA", "CA|", "CE|STF1", "CR|STF1", "AE|STF1",
		"AR|STF1", "|STF1", "ca|STF1"};
	for (size_t i = 0; i < SF_COUNT(no); i++)
		assert_false(takes(no[i]));
	const struct sf_view message = sf_view_text("MSH|^~\\&|A|B|C|D|1||ACK|S|P|2.5");
	assert_false(sf_hl7_answer_takes(message, sf_view_text("garbage")));
	assert_false(sf_hl7_answer_takes(message, message));
}

static void test_errors_name_field_and_code(void **state)
{
	(void)state;
	struct sf_issues issues = {0};
	sf_issue_add(&issues, SF_MSG_RESOURCE_REQUIRED, "PID-3", "no number | here");
	sf_issue_add(&issues, SF_MSG_UNKNOWN_TYPE, "MSH-9.2", "not this event");
	sf_issue_add(&issues, SF_MSG_RECEIVER_UNKNOWN, "PID-11.9", "nobody");
	sf_issue_add(&issues, SF_MSG_BAD_SYNTAX, "MSH", "no header");
	sf_issue_add(&issues, "MSG_Mailbox_Out_Of_Operation", "Bundle.entry", "later");
	const char *text = answer_to("MSH|^~\\&|E|A|||20261120||ADT^A01|M1|P|2.5", false, &issues);
	assert_non_null(strstr(text, "ERR||PID^1^3|101^Required field missing^HL70357|E||||no "
				     "number   here\r"));
	assert_non_null(strstr(text, "ERR||MSH^1^9^1^2|201^Unsupported event code^HL70357|E|"));
	assert_non_null(strstr(text, "ERR||PID^1^11^1^9|204^Unknown key identifier^HL70357|E|"));
	assert_non_null(strstr(text, "ERR||MSH^1|100^Segment sequence error^HL70357|E|"));
	assert_non_null(strstr(text, "ERR|||207^Application internal error^HL70357|E||||later\r"));
}

/* Who refuses a letter says why, and where; no more than that is theirs to say. */
static void test_a_peer_writes_no_segment(void **state)
{
	(void)state;
	static const char *const hostile[] = {"PID-1\rMSA|AA|M1", "PID-1|AA|M1", "P\rD", "PID-1^2",
		"PI|-3", "PID-", "PID-1.", "PID-.1", "pid-1", "PID-1a"};
	for (size_t i = 0; i < SF_COUNT(hostile); i++) {
		struct sf_issues issues = {0};
		sf_issue_add(&issues, SF_MSG_BAD_SYNTAX, hostile[i], "\rMSA|AA|M1");
		const char *text =
			answer_to("MSH|^~\\&|E|A|||20261120||ADT^A01|M1|P|2.5", false, &issues);
		assert_non_null(strstr(
			text, "\rERR|||100^Segment sequence error^HL70357|E|||| MSA AA M1\r"));
		assert_null(strstr(text, "MSA|AA"));
		assert_string_equal(strstr(text, "\rERR"),
			"\rERR|||100^Segment sequence error^HL70357|E|||| MSA AA M1\r");
	}
}

static void test_separators_and_charset_are_the_messages(void **state)
{
	(void)state;
	const char *text =
		answer_to("MSH#*+!:#\xc5#A###20261120##ADT*A01#M1#P#2.5######8859/1", true, NULL);
	assert_memory_equal(text, "MSH#*+!:###\xc5#A#", strlen("MSH#*+!:###\xc5#A#"));
	assert_non_null(strstr(text, "##ACK*A01*ACK#"));
	assert_non_null(strstr(text, "#P#2.5######8859/1\rMSA#AA#M1\r"));
}

static void test_what_has_no_header_is_answered_all_the_same(void **state)
{
	(void)state;
	const char *text = answer_to("garbage", false, NULL);
	assert_memory_equal(text, "MSH|^~\\&|||||", strlen("MSH|^~\\&|||||"));
	assert_non_null(strstr(text, "\rMSA|AE|\r"));
}

static int open_buf(void **state)
{
	(void)state;
	sf_buf_init(&buf, 65536);
	return 0;
}

static int close_buf(void **state)
{
	(void)state;
	sf_buf_fini(&buf);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_original_mode_turns_sender_and_receiver),
		cmocka_unit_test(test_the_same_answer_has_the_same_bytes),
		cmocka_unit_test(test_accept_acknowledgement_is_as_asked),
		cmocka_unit_test(test_later_answer_is_as_msh_16_asks),
		cmocka_unit_test(test_taken_is_what_an_answer_to_it_accepts),
		cmocka_unit_test(test_errors_name_field_and_code),
		cmocka_unit_test(test_a_peer_writes_no_segment),
		cmocka_unit_test(test_separators_and_charset_are_the_messages),
		cmocka_unit_test(test_what_has_no_header_is_answered_all_the_same),
	};
	return cmocka_run_group_tests(tests, open_buf, close_buf);
}
