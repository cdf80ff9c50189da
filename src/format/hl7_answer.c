#include "format/hl7_answer.h"

#include <string.h>

#include "format/hl7_time.h"

#define ECHO_SIZE_MAX ((size_t)227) /* HD; what is longer is not echoed */
#define LOCATION_SIZE ((size_t)32)

struct answering {
	const struct sf_hl7_answer *answer;
	struct sf_hl7 hl7;
	struct sf_view header;
	struct sf_buf *buf;
	enum sf_err err;
};

static void add(struct answering *answering, struct sf_view bytes)
{
	if (!answering->err)
		answering->err = sf_buf_append(answering->buf, bytes);
}

static void add_text(struct answering *answering, const char *text)
{
	add(answering, sf_view_text(text));
}

static void add_byte(struct answering *answering, uint8_t byte)
{
	if (byte)
		add(answering, sf_view_of(&byte, 1));
}

/* A separator that the message has not got cannot be in what is answered either. */
static void next_component(struct answering *answering)
{
	add_byte(answering, answering->hl7.component ? answering->hl7.component : ' ');
}

static struct sf_view echoed(const struct answering *answering, size_t number)
{
	struct sf_view field = sf_hl7_field(&answering->hl7, answering->header, number);
	/* A byte that no text has would make the answer unreadable, too. */
	for (size_t i = 0; i < field.size; i++)
		if (field.data[i] < ' ' || field.data[i] == 0x7f)
			return sf_view_of(NULL, 0);
	return field.size <= ECHO_SIZE_MAX ? field : sf_view_of(NULL, 0);
}

/* Our own words are in ASCII; a separator in them is written as a space. */
static void add_words(struct answering *answering, const char *words)
{
	const struct sf_hl7 *hl7 = &answering->hl7;
	for (const char *at = words; *at; at++) {
		uint8_t byte = (uint8_t)*at;
		bool special = byte == hl7->field || byte == hl7->component ||
			       byte == hl7->repetition || byte == hl7->escape ||
			       byte == hl7->subcomponent || byte < ' ' || byte >= 0x7f;
		add_byte(answering, special ? ' ' : byte);
	}
}

/*
 * Unique for its sender and the same each time that the same message is answered in the same way:
 * FNV-1a over the message and the code. 20 characters are the limit before version 2.7.
 */
static void add_control_id(struct answering *answering, const char *code)
{
	uint64_t hash = 0xcbf29ce484222325u;
	static const size_t fields[] = {3, 4, 10};
	for (size_t i = 0; i < SF_COUNT(fields); i++) {
		struct sf_view part = sf_hl7_field(&answering->hl7, answering->header, fields[i]);
		for (size_t at = 0; at < part.size; at++)
			hash = (hash ^ part.data[at]) * 0x100000001b3u;
		hash = (hash ^ 0xff) * 0x100000001b3u;
	}
	for (const char *at = code; *at; at++)
		hash = (hash ^ (uint8_t)*at) * 0x100000001b3u;
	uint8_t bytes[8];
	char text[2 * sizeof(bytes) + 1];
	sf_put_u64(bytes, hash);
	sf_hex_encode(sf_view_of(bytes, sizeof(bytes)), text);
	add_text(answering, "STF");
	add_text(answering, text);
}

static void write_type(struct answering *answering)
{
	struct sf_view type = echoed(answering, 9);
	add_text(answering, "ACK");
	struct sf_view event = sf_hl7_component(&answering->hl7, type, 2);
	if (event.size == 0)
		return;
	next_component(answering);
	add(answering, event);
	next_component(answering);
	add_text(answering, "ACK");
}

static void write_header(struct answering *answering, const char *code)
{
	const struct sf_hl7 *hl7 = &answering->hl7;
	char time[SF_HL7_TIME_SIZE];
	sf_hl7_time_format(answering->answer->at_ms, time);
	add_text(answering, "MSH");
	add_byte(answering, hl7->field);
	add_byte(answering, hl7->component);
	add_byte(answering, hl7->repetition);
	add_byte(answering, hl7->escape);
	add_byte(answering, hl7->subcomponent);
	/* Who received it answers. */
	static const size_t turned[] = {5, 6, 3, 4};
	for (size_t i = 0; i < SF_COUNT(turned); i++) {
		add_byte(answering, hl7->field);
		add(answering, echoed(answering, turned[i]));
	}
	add_byte(answering, hl7->field);
	add_text(answering, time);
	add_byte(answering, hl7->field);
	add_byte(answering, hl7->field);
	write_type(answering);
	add_byte(answering, hl7->field);
	add_control_id(answering, code);
	add_byte(answering, hl7->field);
	add(answering, echoed(answering, 11));
	add_byte(answering, hl7->field);
	add(answering, echoed(answering, 12));
	struct sf_view charset = echoed(answering, 18);
	size_t last = 12;
	/* A message of its own must be taken itself (MSH-15), and asks for nothing more (MSH-16).
	 */
	if (answering->answer->later) {
		for (; last < 15; last++)
			add_byte(answering, hl7->field);
		add_text(answering, "AL");
		add_byte(answering, hl7->field);
		add_text(answering, "NE");
		last = 16;
	}
	for (; last < 18 && charset.size > 0; last++)
		add_byte(answering, hl7->field);
	add(answering, charset);
	add_byte(answering, '\r');
}

/* Table 0357. Which of 200 to 203 it is, MSH says. */
static const char *error_code(const struct sf_issue *issue)
{
	static const struct {
		const char *expression;
		const char *code;
	} header[] = {
		{"MSH-9.1", "200"},
		{"MSH-9.2", "201"},
		{"MSH-11", "202"},
		{"MSH-12", "203"},
	};
	static const struct {
		const char *issue;
		const char *code;
	} codes[] = {
		{SF_MSG_BAD_SYNTAX, "100"},
		{SF_MSG_RESOURCE_REQUIRED, "101"},
		{SF_MSG_RECEIVER_MISSING, "101"},
		{SF_MSG_DATE_FORMAT, "102"},
		{SF_MSG_DATATYPE_WRONG, "102"},
		{SF_MSG_ELEMENT_TOO_LONG, "102"},
		{SF_MSG_VALUE_UNKNOWN, "103"},
		{SF_MSG_NO_MATCH, "204"},
		{SF_MSG_RECEIVER_UNKNOWN, "204"},
		{SF_MSG_DUPLICATE_ID, "205"},
	};
	for (size_t i = 0; i < SF_COUNT(header); i++)
		if (strcmp(issue->expression, header[i].expression) == 0)
			return header[i].code;
	for (size_t i = 0; i < SF_COUNT(codes); i++)
		if (strcmp(issue->code, codes[i].issue) == 0)
			return codes[i].code;
	return "207";
}

static const char *error_words(const char *code)
{
	static const struct {
		const char *code;
		const char *words;
	} words[] = {
		{"100", "Segment sequence error"},
		{"101", "Required field missing"},
		{"102", "Data type error"},
		{"103", "Table value not found"},
		{"200", "Unsupported message type"},
		{"201", "Unsupported event code"},
		{"202", "Unsupported processing id"},
		{"203", "Unsupported version id"},
		{"204", "Unknown key identifier"},
		{"205", "Duplicate key identifier"},
	};
	for (size_t i = 0; i < SF_COUNT(words); i++)
		if (strcmp(words[i].code, code) == 0)
			return words[i].words;
	return "Application internal error";
}

/* "PID", "PID-3" or "PID-11.9". A peer may have said it: nothing else is written. */
static bool is_location(const char *expression)
{
	static const char digits[] = "0123456789";
	if (strlen(expression) >= LOCATION_SIZE ||
		strspn(expression, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != 3)
		return false;
	const char *at = expression + 3;
	for (char before = '-'; *at; before = '.') {
		size_t size = *at == before ? strspn(at + 1, digits) : 0;
		if (size == 0)
			return false;
		at += 1 + size;
	}
	return true;
}

/* "PID-11.9" is PID^1^11^1^9 in an ERL; what is no field of HL7 (a FHIR element) is left out. */
static void add_location(struct answering *answering, const char *expression)
{
	if (!is_location(expression))
		return;
	add(answering, sf_view_of(expression, 3));
	next_component(answering);
	add_text(answering, "1");
	if (expression[3] == '\0')
		return;
	next_component(answering);
	for (const char *at = expression + 4; *at; at++) {
		if (*at != '.') {
			add_byte(answering, (uint8_t)*at);
			continue;
		}
		next_component(answering);
		add_text(answering, "1");
		next_component(answering);
	}
}

/* ERR-2 location, ERR-3 code of table 0357, ERR-4 severity, ERR-8 what to do. */
static void write_error(struct answering *answering, const struct sf_issue *issue)
{
	uint8_t field = answering->hl7.field;
	const char *code = error_code(issue);
	add_text(answering, "ERR");
	add_byte(answering, field);
	add_byte(answering, field);
	add_location(answering, issue->expression);
	add_byte(answering, field);
	add_text(answering, code);
	next_component(answering);
	add_words(answering, error_words(code));
	next_component(answering);
	add_text(answering, "HL70357");
	add_byte(answering, field);
	add_text(answering, issue->fatal ? "E" : "I");
	for (size_t i = 0; i < 4; i++)
		add_byte(answering, field);
	add_words(answering, issue->text);
	add_byte(answering, '\r');
}

static void write_all(struct answering *answering, const char *code)
{
	uint8_t field = answering->hl7.field;
	write_header(answering, code);
	add_text(answering, "MSA");
	add_byte(answering, field);
	add_text(answering, code);
	add_byte(answering, field);
	add(answering, echoed(answering, 10));
	add_byte(answering, '\r');
	const struct sf_issues *issues = answering->answer->issues;
	for (size_t i = 0; issues && i < issues->count; i++)
		write_error(answering, &issues->items[i]);
}

/*
 * HL7 v2.5 section 2.9.2: enhanced mode when MSH-15 or MSH-16 says something. Table 0155: AL
 * always, NE never, ER on errors, SU on success; an empty MSH-15 is NE then. What was not accepted
 * gets no application acknowledgement later: who asks for errors there alone is told them now.
 */
static const char *code_to_say(const struct answering *answering)
{
	const struct sf_hl7_answer *answer = answering->answer;
	struct sf_view accept = echoed(answering, 15);
	struct sf_view application = echoed(answering, 16);
	if (answer->later)
		return sf_hl7_asks(application, strcmp(answer->original, "AA") == 0)
			       ? answer->original
			       : NULL;
	if (accept.size == 0 && application.size == 0)
		return answer->original;
	bool good = strcmp(answer->enhanced, "CA") == 0;
	if (sf_hl7_asks(accept, good))
		return answer->enhanced;
	return !good && sf_hl7_asks(application, false) ? answer->original : NULL;
}

static void usual_separators(struct sf_hl7 *hl7)
{
	hl7->field = '|';
	hl7->component = '^';
	hl7->repetition = '~';
	hl7->escape = '\\';
	hl7->subcomponent = '&';
}

enum sf_err sf_hl7_answer_write(
	const struct sf_hl7_answer *answer, struct sf_buf *buf, struct sf_diag *diag)
{
	struct answering answering = {.answer = answer, .buf = buf};
	struct sf_issues ignored = {0};
	size_t mark = buf->size;
	if (!sf_hl7_split(answer->message, &answering.hl7, &ignored) &&
		answering.hl7.segment_count == 0)
		usual_separators(&answering.hl7);
	else
		answering.header = answering.hl7.segments[0];
	const char *code = code_to_say(&answering);
	if (code)
		write_all(&answering, code);
	if (answering.err) {
		buf->size = mark;
		sf_diag_set(diag, "the acknowledgement has no room");
	}
	return answering.err;
}

bool sf_hl7_answer_takes(struct sf_view message, struct sf_view answer)
{
	struct sf_hl7 asked, said;
	struct sf_issues ignored = {0};
	if (!sf_hl7_split(message, &asked, &ignored) || !sf_hl7_split(answer, &said, &ignored))
		return false;
	struct sf_view row = sf_hl7_segment(&said, "MSA");
	struct sf_view code = sf_hl7_field(&said, row, 1);
	struct sf_view id = sf_hl7_field(&asked, asked.segments[0], 10);
	return (sf_hl7_is(code, "CA") || sf_hl7_is(code, "AA")) && id.size > 0 &&
	       sf_view_equal(sf_hl7_field(&said, row, 2), id);
}
