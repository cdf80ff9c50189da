/* One JSON object in memory, for tests of what stands in it. */
#ifndef SF_TESTS_UNIT_VIEW_PAGE_H
#define SF_TESTS_UNIT_VIEW_PAGE_H

#include "text/json_write.h"

struct page {
	struct sf_buf buf;
	struct sf_json_writer writer;
};

/* Opens the object. */
struct sf_json_writer *page_begin(struct page *page);
/* Closes it, and fails the test when it could not be written; lives until page_end. */
const char *text_of(struct page *page);
void page_end(struct page *page);

#endif
