/*
 * Files that a person names on the command line: "-" is standard input.
 */
#ifndef SF_CMD_FILE_BYTES_H
#define SF_CMD_FILE_BYTES_H

#include "base/bytes.h"

/* Appends the whole file or standard input. The errors of sf_file_read. */
SF_MUST_USE enum sf_err sf_file_bytes_read(
	const char *path, struct sf_buf *buf, struct sf_diag *diag);
/* Writes bytes readable by this user alone: an exit code, with a complaint on standard error. */
int sf_file_bytes_write(const char *path, struct sf_view bytes);

#endif
