#include "unit/view/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct sf_json_writer *page_begin(struct page *page)
{
	sf_buf_init(&page->buf, 1 << 20);
	sf_json_writer_begin(&page->writer, &page->buf);
	sf_json_object(&page->writer, NULL);
	return &page->writer;
}

const char *text_of(struct page *page)
{
	sf_json_close(&page->writer);
	assert_int_equal(sf_json_writer_end(&page->writer), SF_OK);
	assert_int_equal(sf_buf_append_u8(&page->buf, 0), SF_OK);
	return (const char *)page->buf.data;
}

void page_end(struct page *page)
{
	sf_buf_fini(&page->buf);
}
