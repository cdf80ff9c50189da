#include "format/format.h"

#include <string.h>

#include "format/acknowledgement.h"
#include "format/adt.h"
#include "format/canonical.h"
#include "format/carecommunication.h"
#include "format/hl7_answer.h"
#include "format/notification.h"
#include "format/notification_write.h"
#include "format/xdis.h"
#include "text/json.h"
#include "text/xml.h"
#include "text/xml_plain.h"

/*
 * Memory of one parsed document: SF_TEXT_NODES_MAX nodes of 48 bytes, their names and texts. A tree
 * at that limit is refused rather than read at any price.
 */
#define TREE_SIZE_MAX ((size_t)48 * 1024 * 1024)

#define GUESS_SIZE ((size_t)4096)

enum syntax { SYNTAX_UNKNOWN, SYNTAX_JSON, SYNTAX_XML };

static bool equal_ignoring_case(const char *a, const char *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char x = a[i] >= 'A' && a[i] <= 'Z' ? (char)(a[i] + 32) : a[i];
		char y = b[i] >= 'A' && b[i] <= 'Z' ? (char)(b[i] + 32) : b[i];
		if (x != y)
			return false;
	}
	return true;
}

/* True for the type alone or followed by parameters, in any case (RFC 9110 section 8.3.1). */
static bool is_type(const char *content_type, const char *wanted)
{
	size_t size = strlen(wanted);
	if (strlen(content_type) < size || !equal_ignoring_case(content_type, wanted, size))
		return false;
	char after = content_type[size];
	return after == '\0' || after == ';' || after == ' ';
}

static enum syntax syntax_of(const char *content_type)
{
	if (is_type(content_type, SF_CONTENT_FHIR_JSON))
		return SYNTAX_JSON;
	return is_type(content_type, SF_CONTENT_FHIR_XML) ? SYNTAX_XML : SYNTAX_UNKNOWN;
}

static bool begins_with(struct sf_view bytes, const char *text)
{
	size_t size = strlen(text);
	return bytes.size >= size && memcmp(bytes.data, text, size) == 0;
}

/* FHIR's namespace stands in the first element, behind a declaration and comments at most. */
static bool is_fhir_xml(struct sf_view bytes)
{
	size_t size = bytes.size < GUESS_SIZE ? bytes.size : GUESS_SIZE;
	for (size_t at = 0; at < size; at++)
		if (begins_with(sf_view_of(bytes.data + at, size - at), SF_XML_FHIR))
			return true;
	return false;
}

const char *sf_content_type_guess(struct sf_view bytes)
{
	size_t at = begins_with(bytes, "\xEF\xBB\xBF") ? 3 : 0;
	while (at < bytes.size && bytes.data[at] != '\0' && strchr(" \t\r\n", bytes.data[at]))
		at++;
	struct sf_view rest = {.size = bytes.size - at};
	if (rest.size > 0)
		rest.data = bytes.data + at;
	if (begins_with(rest, "{"))
		return SF_CONTENT_FHIR_JSON;
	if (begins_with(rest, "<"))
		return is_fhir_xml(rest) ? SF_CONTENT_FHIR_XML : SF_CONTENT_XML;
	if (begins_with(rest, "MSH"))
		return SF_CONTENT_HL7;
	return begins_with(rest, "%PDF-") ? SF_CONTENT_PDF : NULL;
}

static enum sf_err parse(const char *content_type, struct sf_view bytes, struct sf_arena *tree,
	const struct sf_element **ret_root, struct sf_diag *diag)
{
	switch (syntax_of(content_type)) {
	case SYNTAX_JSON:
		return sf_json_read(bytes, tree, ret_root, diag);
	case SYNTAX_XML:
		return sf_xml_read(bytes, tree, ret_root, diag);
	case SYNTAX_UNKNOWN:
		break;
	}
	sf_diag_set(
		diag, "content type is neither " SF_CONTENT_FHIR_JSON " nor " SF_CONTENT_FHIR_XML);
	return SF_ERR_UNSUPPORTED;
}

static void add_parse_issue(struct sf_issues *issues, enum sf_err err)
{
	if (err == SF_ERR_FORMAT)
		sf_issue_add(issues, SF_MSG_BAD_SYNTAX, "Bundle",
			"the text is not readable in its content type; send well-formed FHIR");
	else if (err == SF_ERR_LIMIT)
		sf_issue_add(issues, SF_MSG_ELEMENT_TOO_LONG, "Bundle",
			"larger or deeper than is received; send less");
	else if (err == SF_ERR_UNSUPPORTED)
		sf_issue_add(issues, SF_MSG_UNABLE_TO_RECEIVE, "Bundle",
			"the content type is not received; send FHIR in JSON or XML");
}

/* Does a profile of the message or its header speak of this kind? For letters without an event. */
static bool has_profile(const struct sf_element *resource, const char *part)
{
	struct sf_element_items items =
		sf_element_items(sf_element_one(resource, "meta"), "profile");
	for (const struct sf_element *item; (item = sf_element_next(&items));)
		if (item->text && strstr(item->text, part))
			return true;
	return false;
}

struct kind {
	enum sf_document_kind kind;
	const char *event;
	const char *profile;
	void (*read)(struct sf_reading *reading);
};

/* TERM MedComMessagingMessageTypes; the event decides, the profile where it is missing. */
static const struct kind *kind_of(const struct sf_bundle *bundle)
{
	static const struct kind kinds[] = {
		{SF_DOCUMENT_NOTIFICATION, "hospital-notification-message",
			"/ig/hospitalnotification/", sf_notification_read},
		{SF_DOCUMENT_ACKNOWLEDGEMENT, "acknowledgement-message", "/ig/acknowledgement/",
			sf_acknowledgement_read},
		{SF_DOCUMENT_CARE_COMMUNICATION, "care-communication-message",
			"/ig/carecommunication/", sf_carecommunication_read},
	};
	const char *event = sf_letter_event(bundle);
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		bool same = event[0] != '\0'
				    ? strcmp(event, kinds[i].event) == 0
				    : has_profile(bundle->root, kinds[i].profile) ||
					      has_profile(bundle->header, kinds[i].profile);
		if (same)
			return &kinds[i];
	}
	return NULL;
}

static enum sf_err read_letter(struct sf_reading *reading)
{
	sf_letter_read(reading);
	const struct kind *kind = kind_of(reading->bundle);
	if (kind) {
		reading->document->kind = kind->kind;
		kind->read(reading);
	} else if (reading->bundle->header) {
		sf_issue_add(reading->issues, SF_MSG_UNABLE_TO_RECEIVE, "MessageHeader.event",
			"this message is not received here; see what the receiver supports");
	}
	if (reading->full)
		return SF_ERR_LIMIT;
	if (!kind && reading->bundle->header)
		return SF_ERR_UNSUPPORTED;
	return sf_issues_fatal(reading->issues) ? SF_ERR_FORMAT : SF_OK;
}

static enum sf_err read_tree(const struct sf_element *root, struct sf_arena *tree,
	struct sf_reading *reading, struct sf_diag *diag)
{
	struct sf_bundle *bundle = sf_arena_take(tree, sizeof(*bundle));
	if (!bundle)
		return SF_ERR_LIMIT;
	enum sf_err err = sf_bundle_read(root, bundle, reading->issues);
	reading->bundle = bundle;
	if (!err)
		err = read_letter(reading);
	if (err && reading->issues->count > 0)
		sf_diag_set(diag, "%s: %s", reading->issues->items[0].expression,
			reading->issues->items[0].text);
	else if (err)
		sf_diag_set(diag, "the document needs more memory than it may");
	return err;
}

static enum sf_err format_read(void *self, const char *content_type, struct sf_view bytes,
	struct sf_arena *arena, struct sf_document *ret_document, struct sf_issues *ret_issues,
	struct sf_diag *diag)
{
	(void)self;
	sf_document_clear(ret_document);
	ret_issues->count = 0;
	struct sf_reading reading = {
		.arena = arena, .document = ret_document, .issues = ret_issues};
	struct sf_arena tree;
	sf_arena_init(&tree, TREE_SIZE_MAX);
	const struct sf_element *root = NULL;
	enum sf_err err = parse(content_type, bytes, &tree, &root, diag);
	if (err)
		add_parse_issue(ret_issues, err);
	else
		err = read_tree(root, &tree, &reading, diag);
	sf_arena_fini(&tree);
	return err;
}

static enum sf_err format_canonical(void *self, const char *content_type, struct sf_view bytes,
	struct sf_buf *ret_canonical, struct sf_diag *diag)
{
	(void)self;
	struct sf_arena tree;
	sf_arena_init(&tree, TREE_SIZE_MAX);
	const struct sf_element *root = NULL;
	size_t mark = ret_canonical->size;
	enum sf_err err = parse(content_type, bytes, &tree, &root, diag);
	if (!err) {
		err = sf_canonical_write(root, &tree, ret_canonical);
		if (err)
			sf_diag_set(diag, "the canonical form needs more room than it may");
	}
	sf_arena_fini(&tree);
	if (err)
		ret_canonical->size = mark;
	return err;
}

static enum sf_err read_xml_letter(struct sf_view bytes, const struct sf_zone *zone,
	struct sf_arena *arena, struct sf_letter_document *letter, struct sf_diag *diag)
{
	struct sf_arena tree;
	sf_arena_init(&tree, TREE_SIZE_MAX);
	const struct sf_element *root = NULL;
	enum sf_err err = sf_xml_read_plain(bytes, &tree, &root, diag);
	if (!err)
		err = sf_xdis_read(root, zone, arena, letter, diag);
	sf_arena_fini(&tree);
	return err;
}

/* Of MedCom's FHIR messages the CareCommunication alone is a letter. */
static enum sf_err read_fhir_letter(const char *content_type, struct sf_view bytes,
	struct sf_arena *arena, struct sf_letter_document *letter, struct sf_diag *diag)
{
	struct sf_document document;
	struct sf_issues issues;
	enum sf_err err = format_read(NULL, content_type, bytes, arena, &document, &issues, diag);
	if (!err && document.kind != SF_DOCUMENT_CARE_COMMUNICATION) {
		sf_diag_set(diag, "this FHIR message is no letter; hand it in as a message");
		err = SF_ERR_UNSUPPORTED;
	}
	if (err)
		return err;
	letter->code = SF_LETTER_CORRESPONDENCE;
	letter->cpr = document.cpr;
	letter->letter_id = document.header_id;
	letter->written_ms = document.bundle_time_ms;
	return SF_OK;
}

static enum sf_err format_read_letter(void *self, const char *content_type, struct sf_view bytes,
	const struct sf_zone *zone, struct sf_arena *arena, struct sf_letter_document *ret_letter,
	struct sf_diag *diag)
{
	(void)self;
	struct sf_letter_document letter = {.cpr = "", .letter_id = "", .episode_id = ""};
	enum sf_err err = SF_OK;
	if (syntax_of(content_type) != SYNTAX_UNKNOWN)
		err = read_fhir_letter(content_type, bytes, arena, &letter, diag);
	else if (is_type(content_type, SF_CONTENT_XML) || is_type(content_type, "text/xml"))
		err = read_xml_letter(bytes, zone, arena, &letter, diag);
	if (!err)
		*ret_letter = letter;
	return err;
}

static enum sf_err format_write(void *self, const struct sf_acknowledgement_request *request,
	struct sf_buf *buf, struct sf_diag *diag)
{
	(void)self;
	enum syntax syntax = syntax_of(request->content_type);
	if (syntax == SYNTAX_UNKNOWN) {
		sf_diag_set(diag, "no acknowledgement is written in this content type");
		return SF_ERR_UNSUPPORTED;
	}
	return sf_acknowledgement_write(request, syntax == SYNTAX_XML, buf, diag);
}

static enum sf_err format_read_adt(void *self, struct sf_view message, const struct sf_zone *zone,
	struct sf_arena *arena, struct sf_adt *ret_adt, struct sf_issues *ret_issues,
	struct sf_diag *diag)
{
	(void)self;
	ret_issues->count = 0;
	struct sf_hl7 hl7;
	bool split = sf_hl7_split(message, &hl7, ret_issues);
	bool good = sf_adt_read(&hl7, zone, arena, ret_adt, ret_issues);
	if (split && good)
		return SF_OK;
	sf_diag_set(diag, "%s: %s", ret_issues->items[0].expression, ret_issues->items[0].text);
	return SF_ERR_FORMAT;
}

static enum sf_err format_write_notification(void *self,
	const struct sf_notification_request *request, struct sf_buf *buf, struct sf_diag *diag)
{
	(void)self;
	return sf_notification_write(request, buf, diag);
}

static enum sf_err format_write_hl7(
	void *self, const struct sf_hl7_answer *answer, struct sf_buf *buf, struct sf_diag *diag)
{
	(void)self;
	return sf_hl7_answer_write(answer, buf, diag);
}

static bool format_hl7_takes(void *self, struct sf_view message, struct sf_view answer)
{
	(void)self;
	return sf_hl7_answer_takes(message, answer);
}

void sf_format_port(struct sf_format *ret_format)
{
	*ret_format = (struct sf_format){.read = format_read,
		.canonical = format_canonical,
		.read_letter = format_read_letter,
		.write_acknowledgement = format_write,
		.read_adt = format_read_adt,
		.write_notification = format_write_notification,
		.write_hl7_answer = format_write_hl7,
		.hl7_takes = format_hl7_takes};
}
