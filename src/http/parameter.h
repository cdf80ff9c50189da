/*
 * What stands in the value of a header field between marks: items of a list and their parameters
 * (RFC 9110 sections 5.6.1 and 5.6.6), with white space around them. Pure; views of the value.
 */
#ifndef SF_HTTP_PARAMETER_H
#define SF_HTTP_PARAMETER_H

#include "base/bytes.h"

/* Without the spaces and tabs around it. */
struct sf_view sf_parameter_trim(struct sf_view text);
/* What stands before the mark, trimmed; *rest goes behind it, and is empty when there is none. */
struct sf_view sf_parameter_cut(struct sf_view *rest, char mark);

#endif
