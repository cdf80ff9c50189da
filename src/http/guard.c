#include "http/guard.h"

#include <string.h>
#include <strings.h>

#define METHOD_SIZE_MAX ((size_t)16)
#define HOST_SIZE_MAX ((size_t)261) /* a name of 255 bytes, a colon, a port */
#define LENGTH_DIGITS_MAX ((size_t)18)
#define SPACE_SIZE_MAX ((uintptr_t)64) /* between a colon and a value */

static bool is_named(struct sf_view name, const char *wanted)
{
	return name.size == strlen(wanted) &&
	       strncasecmp((const char *)name.data, wanted, name.size) == 0;
}

size_t sf_guard_count(const struct sf_guard_head *head, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < head->field_count; i++)
		count += is_named(head->fields[i].name, name);
	return count;
}

struct sf_view sf_guard_field(const struct sf_guard_head *head, const char *name)
{
	for (size_t i = 0; i < head->field_count; i++)
		if (is_named(head->fields[i].name, name))
			return head->fields[i].value;
	return sf_view_of(NULL, 0);
}

static bool all_of(struct sf_view text, bool (*is_good)(uint8_t byte))
{
	for (size_t i = 0; i < text.size; i++)
		if (!is_good(text.data[i]))
			return false;
	return true;
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_alpha(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* tchar of RFC 9110 section 5.6.2. */
static bool is_token(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || (byte && strchr("!#$%&'*+-.^_`|~", byte));
}

/* Of a field's value: anything but controls; the tab is white space. */
static bool is_text(uint8_t byte)
{
	return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/* A name, an address or one in brackets, with a port. */
static bool is_host(uint8_t byte)
{
	return is_alpha(byte) || is_digit(byte) || (byte && strchr("-._:[]", byte));
}

/* These mean one thing or nothing; two of them mean two. */
static const char *const single_fields[] = {"content-length", "transfer-encoding", "content-type",
	"content-encoding", "authorization", "expect", "if-match", "if-none-match",
	"idempotency-key", "last-event-id", "stafet-purpose", "traceparent", "cookie", "origin",
	"sec-fetch-site", "stafet-csrf", "stafet-background", "stafet-contact-name",
	"stafet-contact-telephone"};

static const char *why_of_fields(const struct sf_guard_head *head)
{
	for (size_t i = 0; i < head->field_count; i++) {
		const struct sf_guard_field *field = &head->fields[i];
		if (field->name.size == 0 || !all_of(field->name, is_token))
			return "a header has a name that is none";
		if (!all_of(field->value, is_text) || !sf_utf8_valid(field->value))
			return "a header has a value with control characters or bytes that are not "
			       "UTF-8";
	}
	for (size_t i = 0; i < SF_COUNT(single_fields); i++)
		if (sf_guard_count(head, single_fields[i]) > 1)
			return "a header that may stand once stands twice";
	return NULL;
}

/* RFC 9112 section 6.3: where the request ends must have one reading. */
static const char *why_of_framing(const struct sf_guard_head *head)
{
	bool old = sf_view_equal(head->version, sf_view_text("HTTP/1.0"));
	size_t lengths = sf_guard_count(head, "content-length");
	size_t encodings = sf_guard_count(head, "transfer-encoding");
	struct sf_view length = sf_guard_field(head, "content-length");
	if (lengths &&
		(length.size == 0 || length.size > LENGTH_DIGITS_MAX || !all_of(length, is_digit)))
		return "Content-Length must be a number";
	if (encodings && lengths)
		return "Content-Length and Transfer-Encoding exclude each other";
	if (encodings && (old || !is_named(sf_guard_field(head, "transfer-encoding"), "chunked")))
		return "Transfer-Encoding can only be chunked, in HTTP/1.1";
	return NULL;
}

static const char *why_of_host(const struct sf_guard_head *head)
{
	struct sf_view host = sf_guard_field(head, "host");
	if (sf_guard_count(head, "host") != 1)
		return "exactly one Host is needed";
	if (host.size == 0 || host.size > HOST_SIZE_MAX || !all_of(host, is_host))
		return "Host must be a name or an address, with or without a port";
	return NULL;
}

unsigned sf_guard_head(const struct sf_guard_head *head, const char **ret_why)
{
	*ret_why = "the method is none";
	if (head->method.size == 0 || head->method.size > METHOD_SIZE_MAX ||
		!all_of(head->method, is_token))
		return 400;
	*ret_why = "HTTP/1.1 is spoken here";
	if (!sf_view_equal(head->version, sf_view_text("HTTP/1.1")) &&
		!sf_view_equal(head->version, sf_view_text("HTTP/1.0")))
		return 505;
	*ret_why = "there are too many headers";
	if (head->field_count > SF_GUARD_FIELDS_MAX)
		return 431;
	*ret_why = why_of_fields(head);
	if (!*ret_why)
		*ret_why = why_of_framing(head);
	if (!*ret_why)
		*ret_why = why_of_host(head);
	if (*ret_why)
		return 400;
	struct sf_view expect = sf_guard_field(head, "expect");
	*ret_why = "nothing but 100-continue can be expected";
	if (expect.size > 0 && !is_named(expect, "100-continue"))
		return 417;
	struct sf_view coding = sf_guard_field(head, "content-encoding");
	*ret_why = "bodies are taken as they are, without Content-Encoding";
	if (coding.size > 0 && !is_named(coding, "identity"))
		return 415;
	*ret_why = NULL;
	return 0;
}

uint64_t sf_guard_length(const struct sf_guard_head *head)
{
	struct sf_view length = sf_guard_field(head, "content-length");
	uint64_t number = 0;
	for (size_t i = 0; i < length.size && i < LENGTH_DIGITS_MAX; i++)
		number = number * 10 + (uint64_t)(length.data[i] - '0');
	return number;
}

/* "name: value" as the library left it: the colon and the end of the line were made zeros. */
static bool stands_whole(const struct sf_guard_field *field)
{
	uintptr_t colon = (uintptr_t)field->name.data + field->name.size;
	uintptr_t value = (uintptr_t)field->value.data;
	if (value <= colon)
		return false;
	const uint8_t *gap = field->name.data + field->name.size + 1;
	for (uintptr_t at = colon + 1; at < value; at++, gap++)
		if (value - colon > SPACE_SIZE_MAX || (*gap != ' ' && *gap != '\t'))
			return false;
	return true;
}

bool sf_guard_fields_adjoin(const struct sf_guard_head *head)
{
	for (size_t i = 0; i < head->field_count; i++) {
		const struct sf_guard_field *field = &head->fields[i];
		if (!stands_whole(field))
			return false;
		uintptr_t end = (uintptr_t)field->value.data + field->value.size + 2;
		if (i + 1 < head->field_count && end != (uintptr_t)field[1].name.data)
			return false;
	}
	return true;
}

/* Of absolute-form: the bytes behind "http://authority", which must be the host of Host. */
static bool strip_authority(const struct sf_guard_head *head, struct sf_view *target)
{
	const char *scheme = head->encrypted ? "https://" : "http://";
	struct sf_view host = sf_guard_field(head, "host");
	size_t size = strlen(scheme) + host.size;
	if (target->size < size ||
		strncasecmp((const char *)target->data, scheme, strlen(scheme)) != 0 ||
		strncasecmp((const char *)target->data + strlen(scheme), (const char *)host.data,
			host.size) != 0)
		return false;
	*target = sf_view_of(target->data + size, target->size - size);
	return true;
}

/* Visible ASCII; a fragment is never sent (RFC 9110 section 7.1). */
static bool is_sendable(uint8_t byte)
{
	return byte > 0x20 && byte < 0x7f && byte != '#';
}

/* The byte at *at, decoded; *at goes behind it. False for what cannot stand there. */
static bool next_byte(struct sf_view text, size_t *at, uint8_t *ret_byte, bool *ret_encoded)
{
	uint8_t byte = text.data[*at];
	*ret_encoded = byte == '%';
	if (!is_sendable(byte))
		return false;
	*ret_byte = byte;
	*at += 1;
	if (byte != '%')
		return true;
	if (text.size - *at < 2)
		return false;
	int high = sf_hex_digit((char)text.data[*at]);
	int low = sf_hex_digit((char)text.data[*at + 1]);
	*at += 2;
	if (high < 0 || low < 0)
		return false;
	*ret_byte = (uint8_t)(high * 16 + low);
	return true;
}

/* place has room for text.size and a zero. */
static const char *decode_path(struct sf_view text, char *place)
{
	size_t size = 0;
	for (size_t at = 0; at < text.size;) {
		uint8_t byte;
		bool encoded;
		if (!next_byte(text, &at, &byte, &encoded))
			return "the path has a character that must be percent-encoded, or an "
			       "encoding that is none";
		if (byte < 0x20 || byte == 0x7f || byte == '\\' || (encoded && byte == '/'))
			return "the path has a control character, a backslash or an encoded slash";
		place[size++] = (char)byte;
	}
	place[size] = '\0';
	return sf_utf8_valid(sf_view_of(place, size)) ? NULL : "the path is not UTF-8";
}

static const char *why_of_segments(const char *path)
{
	for (const char *slash = path; slash && *slash; slash = strchr(slash + 1, '/')) {
		const char *segment = slash + 1;
		size_t size = strcspn(segment, "/");
		if (size == 0 && *segment)
			return "the path has an empty segment";
		if ((size == 1 && segment[0] == '.') ||
			(size == 2 && segment[0] == '.' && segment[1] == '.'))
			return "the path has a dot segment";
	}
	return NULL;
}

static const char *why_of_query(struct sf_view query)
{
	for (size_t at = 0; at < query.size;) {
		uint8_t byte;
		bool encoded;
		if (!next_byte(query, &at, &byte, &encoded) || byte == 0)
			return "the query has a character that must be percent-encoded, or an "
			       "encoding that is none";
	}
	return NULL;
}

unsigned sf_guard_target(const struct sf_guard_head *head, struct sf_view target,
	struct sf_arena *arena, struct sf_guard_target *ret_target, const char **ret_why)
{
	*ret_why = "the target must be a path, or a whole address of this host";
	if (target.size == 0 || (target.data[0] != '/' && !strip_authority(head, &target)) ||
		target.size == 0 || target.data[0] != '/')
		return 400;
	const uint8_t *mark = memchr(target.data, '?', target.size);
	size_t path_size = mark ? (size_t)(mark - target.data) : target.size;
	struct sf_view query = mark ? sf_view_of(mark + 1, target.size - path_size - 1)
				    : sf_view_of(target.data, 0);
	char *path = sf_arena_take(arena, path_size + 1);
	char *query_text = sf_arena_text(arena, query);
	*ret_why = "the target is too long";
	if (!path || !query_text)
		return 414;
	*ret_why = decode_path(sf_view_of(target.data, path_size), path);
	if (!*ret_why)
		*ret_why = why_of_segments(path);
	if (!*ret_why)
		*ret_why = why_of_query(query);
	if (*ret_why)
		return 400;
	*ret_target = (struct sf_guard_target){.path = path, .query = query_text};
	return 0;
}
