/*
 * A folder that files are dropped into or taken from. Everything goes by its descriptor, so that
 * nobody can put another folder, or a link, in its place. Names of files are at most
 * SF_FOLDER_NAME_MAX bytes. Errors: SF_ERR_IO, SF_ERR_AUTH, SF_ERR_LIMIT, SF_ERR_NOT_FOUND.
 */
#ifndef SF_BRIDGE_FOLDER_H
#define SF_BRIDGE_FOLDER_H

#include <stdbool.h>

#include "base/bytes.h"

#define SF_FOLDER_NAME_MAX ((size_t)180)
#define SF_FOLDER_NAME_SIZE 256 /* with what is put behind it */

/* It exists, is no link, and is closed to others than owner and group: else SF_ERR_AUTH. */
SF_MUST_USE enum sf_err sf_folder_open(const char *path, int *ret_folder, struct sf_diag *diag);

/*
 * A descriptor that is ready to read when a file may have come: renamed into the folder, or written
 * and closed there. -1 where the system gives none. The caller closes it.
 */
int sf_folder_watch(int folder);
/* Reads away what a watch has told; false when it was nothing. */
bool sf_folder_changed(int watch);

/*
 * The first file, by name, that is dropped and whole: regular, not hidden, and its name does not
 * end in .tmp, .done, .err or .note. False when there is none.
 */
bool sf_folder_first(int folder, char ret_name[SF_FOLDER_NAME_SIZE]);
/* Which file was read, and as it was then. */
struct sf_folder_mark {
	uint64_t device, file, size;
	int64_t changed_s, changed_ns;
};

/*
 * Appends its bytes; SF_ERR_LIMIT past the buffer's ceiling. Follows no link. *ret_mark is written
 * also when it cannot be read; not with SF_ERR_NOT_FOUND.
 */
SF_MUST_USE enum sf_err sf_folder_read(
	int folder, const char *name, struct sf_buf *buf, struct sf_folder_mark *ret_mark);
/* Mode 0600, by a hidden name and a rename; durable. */
SF_MUST_USE enum sf_err sf_folder_write(int folder, const char *name, struct sf_view bytes);
/*
 * Puts ending (".done") behind the name, and a number between them while that name is taken, with
 * the note under the same name and ".note" first. Durable; nothing is ever written over.
 * SF_ERR_CONFLICT: by now it is another file, or was written to; it stays.
 */
SF_MUST_USE enum sf_err sf_folder_settle(int folder, const char *name,
	const struct sf_folder_mark *mark, const char *ending, struct sf_view note);

#endif
