#include "text/xml_plain.h"

#include <string.h>

#include "base/limits.h"
#include "text/xml_scan.h"

/* ISO 8859-1 grows to twice its size as UTF-8. */
#define TEXT_SIZE_MAX (2 * SF_CLINICAL_SIZE_MAX)

struct reading {
	struct sf_xml_scan scan; /* first: the handlers are given it */
	struct sf_element *root;
	struct sf_element *open[SF_TEXT_DEPTH_MAX];
	size_t depth;       /* of open */
	struct sf_buf text; /* owned: of the innermost element, while it has no children */
};

static void XMLCALL on_start(void *self, const XML_Char *full_name, const XML_Char **attributes)
{
	(void)attributes;
	struct reading *reading = self;
	if (reading->scan.err)
		return;
	if (reading->depth == SF_TEXT_DEPTH_MAX) {
		sf_xml_scan_stop(&reading->scan, SF_ERR_LIMIT, "nested too deeply");
		return;
	}
	struct sf_element *parent = reading->depth > 0 ? reading->open[reading->depth - 1] : NULL;
	struct sf_element *element = sf_xml_scan_add(
		&reading->scan, parent, SF_ELEMENT_OBJECT, sf_xml_scan_name(full_name).local, NULL);
	if (!element)
		return;
	if (!parent)
		reading->root = element;
	sf_buf_clear(&reading->text);
	reading->open[reading->depth++] = element;
}

static struct sf_view trimmed(struct sf_view text)
{
	static const char blanks[] = " \t\r\n";
	size_t begin = 0;
	size_t end = text.size;
	while (begin < end && memchr(blanks, text.data[begin], sizeof(blanks) - 1))
		begin++;
	while (end > begin && memchr(blanks, text.data[end - 1], sizeof(blanks) - 1))
		end--;
	return begin == end ? sf_view_text("") : sf_view_of(text.data + begin, end - begin);
}

static void XMLCALL on_end(void *self, const XML_Char *name)
{
	(void)name;
	struct reading *reading = self;
	if (reading->scan.err)
		return;
	struct sf_element *element = reading->open[--reading->depth];
	if (element->first)
		return;
	element->text = sf_arena_text(reading->scan.arena, trimmed(sf_buf_view(&reading->text)));
	element->kind = SF_ELEMENT_TEXT;
	if (!element->text)
		sf_xml_scan_stop(
			&reading->scan, SF_ERR_LIMIT, "the document needs more memory than it may");
}

static void XMLCALL on_text(void *self, const XML_Char *text, int size)
{
	struct reading *reading = self;
	if (reading->scan.err || reading->depth == 0 || reading->open[reading->depth - 1]->first)
		return;
	enum sf_err err = sf_buf_append(&reading->text, sf_view_of(text, (size_t)size));
	if (err)
		sf_xml_scan_stop(&reading->scan, err, sf_err_text(err));
}

enum sf_err sf_xml_read_plain(struct sf_view xml, struct sf_arena *arena,
	const struct sf_element **ret_root, struct sf_diag *diag)
{
	static const struct sf_xml_handlers handlers = {on_start, on_end, on_text};
	struct reading reading = {.scan = {.arena = arena, .diag = diag}};
	sf_buf_init(&reading.text, TEXT_SIZE_MAX);
	enum sf_err err = sf_xml_scan_run(&reading.scan, xml, &handlers);
	/* A letter's words were held here. */
	if (reading.text.data)
		sf_bytes_wipe(reading.text.data, reading.text.capacity);
	sf_buf_fini(&reading.text);
	if (!err)
		*ret_root = reading.root;
	return err;
}
