#include "fhir_document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/json.h"
#include "text/xml.h"

const struct sf_element *fhir_document(struct told *told, const char *resource_type)
{
	const struct sf_element *root = NULL;
	struct sf_diag diag = {{0}};
	bool xml = strcmp(told->response.content_type, "application/fhir+xml") == 0;
	struct sf_view body = sf_buf_view(&told->response.body);
	if (!xml)
		assert_string_equal(told->response.content_type, "application/fhir+json");
	if (xml ? sf_xml_read(body, &told->arena, &root, &diag)
		: sf_json_read(body, &told->arena, &root, &diag))
		fail_msg("%s", diag.text);
	assert_true(told_has(told, resource_type));
	if (!xml)
		assert_string_equal(sf_element_text(root, "resourceType"), resource_type);
	return root;
}

const char *fhir_text(const struct sf_element *element, const char *path)
{
	char name[64];
	for (;;) {
		size_t size = strcspn(path, ".");
		assert_true(size < sizeof(name));
		memcpy(name, path, size);
		name[size] = '\0';
		if (path[size] == '\0')
			return element ? sf_element_text(element, name) : "";
		element = element ? sf_element_one(element, name) : NULL;
		path += size + 1;
	}
}

bool fhir_ask(struct told *told, const struct sf_route *routes, size_t count, const char *operation,
	struct sf_request *ret_request)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(routes[i].operation, operation) == 0) {
			told->exchange.route = &routes[i];
			return routes[i].ask(&told->exchange, ret_request);
		}
	fail_msg("no operation %s", operation);
	return false;
}
