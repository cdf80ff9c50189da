/*
 * traceparent (W3C Trace Context, level 1, section 3.2): which call of which caller a request is
 * part of. It is chance alone and names nobody.
 */
#ifndef SF_HTTP_TRACE_H
#define SF_HTTP_TRACE_H

#include <stdbool.h>

#include "base/bytes.h"

/* "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" */
#define SF_TRACE_SIZE ((size_t)55)

/*
 * The part of a header's value that is understood: all of it in version 00, its first 55 characters
 * in a later one. Borrowed of value; empty when it is none, which then is as if it was not sent.
 */
struct sf_view sf_trace_read(struct sf_view value);

#endif
