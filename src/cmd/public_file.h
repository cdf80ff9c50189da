/*
 * Small public text files of a party, a registrar or a coordinator: a first line that says what it
 * is, then lines of a word, one blank and a value. Unknown words and missing ones are errors, so
 * that a file of another version is not half understood.
 *
 *	stafet-coordinator 1
 *	party <32 hexadecimal digits>
 *	identity <64 hexadecimal digits>
 *	transport <64 hexadecimal digits>
 */
#ifndef SF_CMD_PUBLIC_FILE_H
#define SF_CMD_PUBLIC_FILE_H

#include "base/bytes.h"
#include "base/id.h"

#define SF_PUBLIC_FILE_WORDS_MAX 8
#define SF_PUBLIC_FILE_VALUE_SIZE 160

struct sf_public_file {
	size_t count;
	const char *words[SF_PUBLIC_FILE_WORDS_MAX]; /* borrowed: those asked for, in order */
	char values[SF_PUBLIC_FILE_WORDS_MAX][SF_PUBLIC_FILE_VALUE_SIZE];
};

/*
 * Reads a file that must have the first line and each of the words once, in this order. The errors
 * of sf_file_read; SF_ERR_FORMAT.
 */
SF_MUST_USE enum sf_err sf_public_file_read(const char *path, const char *first_line,
	const char *const *words, size_t count, struct sf_public_file *ret_file,
	struct sf_diag *diag);
/* size bytes in hexadecimal digits. index < count. */
SF_MUST_USE enum sf_err sf_public_file_bytes(const struct sf_public_file *file, size_t index,
	const char *path, uint8_t *ret_bytes, size_t size, struct sf_diag *diag);

#endif
