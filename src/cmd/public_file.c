#include "cmd/public_file.h"

#include <string.h>

#include "os/files.h"

#define FILE_SIZE_MAX ((size_t)4096)

/* Takes a line off rest; false when there is none that ends. */
static bool take_line(struct sf_view *rest, struct sf_view *ret_line)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
	if (!end)
		return false;
	size_t size = (size_t)(end - rest->data);
	*ret_line = sf_view_of(rest->data, size);
	*rest = sf_view_of(end + 1, rest->size - size - 1);
	return true;
}

static enum sf_err read_value(
	struct sf_view line, const char *word, const char *path, char *place, struct sf_diag *diag)
{
	size_t size = strlen(word);
	if (line.size < size + 2 || memcmp(line.data, word, size) != 0 || line.data[size] != ' ') {
		sf_diag_set(diag, "%s: line '%s' is missing, make the file anew", path, word);
		return SF_ERR_FORMAT;
	}
	size_t value_size = line.size - size - 1;
	if (value_size >= SF_PUBLIC_FILE_VALUE_SIZE) {
		sf_diag_set(diag, "%s: line '%s' is too long", path, word);
		return SF_ERR_FORMAT;
	}
	memcpy(place, line.data + size + 1, value_size);
	place[value_size] = '\0';
	return SF_OK;
}

static enum sf_err parse(struct sf_view text, const char *path, const char *first_line,
	const char *const *words, size_t count, struct sf_public_file *file, struct sf_diag *diag)
{
	struct sf_view line;
	if (!sf_utf8_valid(text) || !take_line(&text, &line) ||
		!sf_view_equal(line, sf_view_text(first_line))) {
		sf_diag_set(diag, "%s: does not begin with the line '%s', is it the right file?",
			path, first_line);
		return SF_ERR_FORMAT;
	}
	for (size_t i = 0; i < count; i++) {
		if (!take_line(&text, &line))
			line = sf_view_of(NULL, 0);
		enum sf_err err = read_value(line, words[i], path, file->values[i], diag);
		if (err)
			return err;
		file->words[i] = words[i];
	}
	file->count = count;
	if (text.size == 0)
		return SF_OK;
	sf_diag_set(diag, "%s: has more lines than it should, make the file anew", path);
	return SF_ERR_FORMAT;
}

enum sf_err sf_public_file_read(const char *path, const char *first_line, const char *const *words,
	size_t count, struct sf_public_file *ret_file, struct sf_diag *diag)
{
	SF_ASSERT(count <= SF_PUBLIC_FILE_WORDS_MAX);
	struct sf_public_file file = {0};
	struct sf_buf text;
	sf_buf_init(&text, FILE_SIZE_MAX);
	enum sf_err err = sf_file_read(path, &text, diag);
	if (!err)
		err = parse(sf_buf_view(&text), path, first_line, words, count, &file, diag);
	sf_buf_fini(&text);
	if (!err)
		*ret_file = file;
	return err;
}

enum sf_err sf_public_file_bytes(const struct sf_public_file *file, size_t index, const char *path,
	uint8_t *ret_bytes, size_t size, struct sf_diag *diag)
{
	SF_ASSERT(index < file->count);
	enum sf_err err = sf_hex_decode(file->values[index], ret_bytes, size);
	if (err)
		sf_diag_set(diag, "%s: line '%s' is not %zu hexadecimal digits", path,
			file->words[index], 2 * size);
	return err;
}
