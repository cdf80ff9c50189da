#include "cmd/file_bytes.h"

#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "os/files.h"

#define PRIVATE_MODE 0600
#define PIECE_SIZE ((size_t)65536)

static enum sf_err read_standard_input(struct sf_buf *buf, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	static const char place[] = "standard input";
	uint8_t piece[PIECE_SIZE];
	size_t size;
	while (!err && (size = fread(piece, 1, sizeof(piece), stdin)) > 0)
		err = sf_buf_append(buf, sf_view_of(piece, size));
	if (!err && ferror(stdin))
		err = SF_ERR_IO;
	if (err == SF_ERR_LIMIT)
		sf_diag_set(diag, "%s: more than %zu bytes", place, buf->size_max);
	else if (err)
		sf_diag_set(diag, "%s: %s", place, sf_err_text(err));
	return err;
}

enum sf_err sf_file_bytes_read(const char *path, struct sf_buf *buf, struct sf_diag *diag)
{
	return strcmp(path, "-") == 0 ? read_standard_input(buf, diag)
				      : sf_file_read(path, buf, diag);
}

int sf_file_bytes_write(const char *path, struct sf_view bytes)
{
	struct sf_diag diag = {.text = ""};
	enum sf_err err = sf_file_write(path, bytes, PRIVATE_MODE, &diag);
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}
