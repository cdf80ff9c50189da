/*
 * A listing on standard output, page by page: a table for people, or one JSON object with an array.
 */
#ifndef SF_CMD_LISTING_H
#define SF_CMD_LISTING_H

#include "cmd/print.h"
#include "cmd/print_json.h"

struct sf_cmd_listing {
	bool json;
	struct sf_table table;    /* without json */
	struct sf_json_page page; /* with json; its array is open */
};

/* member: name of the array. The listing must not move until its end. */
void sf_cmd_listing_begin(struct sf_cmd_listing *listing, bool json, const char *member,
	const char *const *headings, size_t heading_count);
/* Prints what was added when code is SF_EXIT_OK, and frees: the exit code. */
int sf_cmd_listing_end(struct sf_cmd_listing *listing, int code, const char *empty);

#endif
