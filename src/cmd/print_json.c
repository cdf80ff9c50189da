#include "cmd/print_json.h"

#include <stdio.h>

#include "cmd/commands.h"

#define PAGE_SIZE_MAX ((size_t)64 * 1024 * 1024)

struct sf_json_writer *sf_json_page_begin(struct sf_json_page *page)
{
	sf_buf_init(&page->buf, PAGE_SIZE_MAX);
	sf_json_writer_begin(&page->writer, &page->buf);
	sf_json_object(&page->writer, NULL);
	return &page->writer;
}

int sf_json_page_end(struct sf_json_page *page)
{
	sf_json_close(&page->writer);
	enum sf_err err = sf_json_writer_end(&page->writer);
	if (!err) {
		fwrite(page->buf.data, 1, page->buf.size, stdout);
		fputc('\n', stdout);
		if (fflush(stdout) != 0)
			err = SF_ERR_IO;
	}
	sf_buf_fini(&page->buf);
	return err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
}

int sf_json_page_print(const struct sf_reply *reply)
{
	struct sf_json_page page;
	sf_view_reply(sf_json_page_begin(&page), reply);
	return sf_json_page_end(&page);
}
