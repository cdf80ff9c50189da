/* A FHIR answer read back, in the syntax that it says it is in. */
#ifndef TESTS_HTTP_FHIR_DOCUMENT_H
#define TESTS_HTTP_FHIR_DOCUMENT_H

#include "exchange.h"
#include "text/element.h"

/* Lives until told_fini. Fails the test when it cannot be read or is another resource. */
const struct sf_element *fhir_document(struct told *told, const char *resource_type);
/* Text of a path of single elements, "issue.details.coding.code"; "" where there is none. */
const char *fhir_text(const struct sf_element *element, const char *path);
/* Asks the route of this group with this operation; true: *ret_request is for the engine. */
bool fhir_ask(struct told *told, const struct sf_route *routes, size_t count, const char *operation,
	struct sf_request *ret_request);

#endif
