#include "format/bundle.h"

#include <string.h>

#define URN_UUID "urn:uuid:"

static enum sf_err read_entries(struct sf_bundle *bundle)
{
	struct sf_element_items items = sf_element_items(bundle->root, "entry");
	for (const struct sf_element *entry; (entry = sf_element_next(&items));) {
		const struct sf_element *resource = sf_element_one(entry, "resource");
		if (bundle->entry_count == SF_BUNDLE_ENTRIES_MAX)
			return SF_ERR_LIMIT;
		bundle->entries[bundle->entry_count++] = (struct sf_bundle_entry){
			.full_url = sf_element_text(entry, "fullUrl"),
			.type = sf_element_text(resource, "resourceType"),
			.id = sf_element_text(resource, "id"),
			.resource = resource,
		};
	}
	return SF_OK;
}

/* FHIR R4 2.36.4 and MedCom (structure): a message, its MessageHeader first and alone. */
static void check_header(struct sf_bundle *bundle, struct sf_issues *issues)
{
	const struct sf_bundle_entry *header = NULL;
	size_t count = sf_bundle_count(bundle, "MessageHeader", &header);
	if (count == 0)
		sf_issue_add(issues, SF_MSG_RESOURCE_REQUIRED, "Bundle.entry[0].resource",
			"the bundle has no MessageHeader; put it into the first entry");
	else if (count > 1)
		sf_issue_add(issues, SF_MSG_BAD_FORMAT, "Bundle.entry",
			"the bundle has more than one MessageHeader; send one message a bundle");
	else if (header != &bundle->entries[0])
		sf_issue_add(issues, SF_MSG_BAD_FORMAT, "Bundle.entry[0].resource",
			"the MessageHeader is not in the first entry; move it there");
	if (header)
		bundle->header = header->resource;
}

enum sf_err sf_bundle_read(
	const struct sf_element *root, struct sf_bundle *ret_bundle, struct sf_issues *issues)
{
	*ret_bundle = (struct sf_bundle){.root = root};
	if (strcmp(sf_element_text(root, "resourceType"), "Bundle") != 0) {
		sf_issue_add(issues, SF_MSG_UNKNOWN_TYPE, "Bundle",
			"the document is no FHIR Bundle; send a message Bundle");
		return SF_ERR_FORMAT;
	}
	enum sf_err err = read_entries(ret_bundle);
	if (err) {
		sf_issue_add(issues, SF_MSG_ELEMENT_TOO_LONG, "Bundle.entry",
			"the bundle has too many entries; send what the message needs");
		return err;
	}
	if (strcmp(sf_element_text(root, "type"), "message") != 0)
		sf_issue_add(issues, SF_MSG_VALUE_UNKNOWN, "Bundle.type",
			"the type of the bundle is not message; set it to message");
	check_header(ret_bundle, issues);
	return SF_OK;
}

size_t sf_bundle_count(
	const struct sf_bundle *bundle, const char *type, const struct sf_bundle_entry **ret_first)
{
	size_t count = 0;
	for (size_t i = 0; i < bundle->entry_count; i++) {
		if (strcmp(bundle->entries[i].type, type) != 0)
			continue;
		if (count++ == 0)
			*ret_first = &bundle->entries[i];
	}
	return count;
}

/* "Type/id" stands at the end of the reference, at its start or behind a slash. */
static bool ends_in(struct sf_view reference, const struct sf_bundle_entry *entry)
{
	size_t type_size = strlen(entry->type);
	size_t id_size = strlen(entry->id);
	size_t size = type_size + 1 + id_size;
	if (type_size == 0 || id_size == 0 || reference.size < size)
		return false;
	const uint8_t *at = reference.data + (reference.size - size);
	return (at == reference.data || at[-1] == '/') && memcmp(at, entry->type, type_size) == 0 &&
	       at[type_size] == '/' && memcmp(at + type_size + 1, entry->id, id_size) == 0;
}

static bool is_uuid_of(const char *reference, const struct sf_bundle_entry *entry)
{
	size_t prefix = strlen(URN_UUID);
	return strncmp(reference, URN_UUID, prefix) == 0 && entry->id[0] != '\0' &&
	       strcmp(reference + prefix, entry->id) == 0;
}

/* Without "/_history/version". */
static struct sf_view unversioned(const char *reference)
{
	const char *history = strstr(reference, "/_history/");
	return history ? sf_view_of(reference, (size_t)(history - reference))
		       : sf_view_text(reference);
}

const struct sf_bundle_entry *sf_bundle_resolve(
	const struct sf_bundle *bundle, const struct sf_element *reference)
{
	const char *text = sf_element_text(reference, "reference");
	if (text[0] == '\0')
		return NULL;
	for (size_t i = 0; i < bundle->entry_count; i++)
		if (strcmp(bundle->entries[i].full_url, text) == 0)
			return &bundle->entries[i];
	struct sf_view target = unversioned(text);
	for (size_t i = 0; i < bundle->entry_count; i++)
		if (ends_in(target, &bundle->entries[i]) || is_uuid_of(text, &bundle->entries[i]))
			return &bundle->entries[i];
	return NULL;
}

struct sf_view sf_reference_id(const char *reference, const char *type)
{
	size_t prefix = strlen(URN_UUID);
	if (strncmp(reference, URN_UUID, prefix) == 0)
		return sf_view_text(reference + prefix);
	struct sf_view whole = unversioned(reference);
	size_t type_size = strlen(type);
	for (size_t i = whole.size; i-- > 0;) {
		if (whole.data[i] != '/')
			continue;
		bool typed =
			i >= type_size && memcmp(whole.data + i - type_size, type, type_size) == 0;
		return typed ? sf_view_of(whole.data + i + 1, whole.size - i - 1)
			     : sf_view_text(reference);
	}
	return whole;
}
