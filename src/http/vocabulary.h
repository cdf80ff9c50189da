/*
 * Which query parameters and which members of a JSON body each operation knows. Whatever else is
 * sent is refused by name: a filter or a field that is misspelt must not be overlooked.
 * proto/openapi.yaml has the same words (a test holds them equal).
 */
#ifndef SF_HTTP_VOCABULARY_H
#define SF_HTTP_VOCABULARY_H

#include "http/route.h"

/* Words separated by spaces, "" for none; never NULL. */
const char *sf_query_words(const struct sf_route *route);
/* The same; "*" when the body is content that is kept as it is; "" when there is no body. */
const char *sf_body_words(const struct sf_route *route);
/* True when word is one of words. */
bool sf_words_have(const char *words, struct sf_view word);

#endif
