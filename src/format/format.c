#include "format/format.h"

#include <string.h>

#include "format/acknowledgement.h"
#include "format/canonical.h"
#include "format/carecommunication.h"
#include "format/notification.h"
#include "text/json.h"
#include "text/xml.h"

/*
 * Memory of one parsed document: SF_TEXT_NODES_MAX nodes of 48 bytes, their names and texts. A tree
 * at that limit is refused rather than read at any price.
 */
#define TREE_SIZE_MAX ((size_t)48 * 1024 * 1024)

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

const char *sf_content_type_guess(struct sf_view bytes)
{
	size_t at = 0;
	if (bytes.size >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	while (at < bytes.size && bytes.data[at] != '\0' && strchr(" \t\r\n", bytes.data[at]))
		at++;
	if (at < bytes.size && bytes.data[at] == '{')
		return SF_CONTENT_FHIR_JSON;
	return at < bytes.size && bytes.data[at] == '<' ? SF_CONTENT_FHIR_XML : NULL;
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

void sf_format_port(struct sf_format *ret_format)
{
	*ret_format = (struct sf_format){.read = format_read,
		.canonical = format_canonical,
		.write_acknowledgement = format_write};
}
