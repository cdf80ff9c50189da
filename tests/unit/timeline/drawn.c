#include "unit/timeline/drawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "text/json.h"

void drawn_make(struct drawn *drawn)
{
	sf_arena_init(&drawn->arena, 1u << 22);
	sf_buf_init(&drawn->bytes, 1u << 20);
	assert_int_equal(sf_timeline_make(&drawn->story.show, drawn->story.show.as_of_ms,
				 &drawn->arena, &drawn->timeline),
		SF_OK);
}

const struct sf_element *drawn_json(struct drawn *drawn)
{
	const struct sf_element *root;
	struct sf_diag diag = {{0}};
	if (sf_json_read(sf_buf_view(&drawn->bytes), &drawn->arena, &root, &diag))
		fail_msg("%s", diag.text);
	return root;
}

size_t drawn_count(struct drawn *drawn, const char *text)
{
	size_t count = 0, size = strlen(text);
	for (size_t i = 0; i + size <= drawn->bytes.size; i++)
		count += memcmp(drawn->bytes.data + i, text, size) == 0;
	return count;
}

bool drawn_has(struct drawn *drawn, const char *text)
{
	return drawn_count(drawn, text) > 0;
}

void drawn_fini(struct drawn *drawn)
{
	sf_arena_fini(&drawn->arena);
	sf_buf_fini(&drawn->bytes);
}
