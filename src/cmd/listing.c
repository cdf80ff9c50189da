#include "cmd/listing.h"

#include "cmd/commands.h"

void sf_cmd_listing_begin(struct sf_cmd_listing *listing, bool json, const char *member,
	const char *const *headings, size_t heading_count)
{
	listing->json = json;
	if (json)
		sf_json_array(sf_json_page_begin(&listing->page), member);
	else
		sf_table_begin(&listing->table, headings, heading_count);
}

int sf_cmd_listing_end(struct sf_cmd_listing *listing, int code, const char *empty)
{
	if (code) {
		sf_buf_fini(listing->json ? &listing->page.buf : &listing->table.cells);
		return code;
	}
	if (!listing->json)
		return sf_table_end(&listing->table, stdout, empty);
	sf_json_close(&listing->page.writer);
	return sf_json_page_end(&listing->page);
}
