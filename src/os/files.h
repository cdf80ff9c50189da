/*
 * Whole files: read with a bound, written so that after a crash either the old or the new content
 * is there, and locked so that one process owns a folder.
 *
 * Paths are named in the diag; content never is. Threads: any, on different paths.
 */
#ifndef SF_OS_FILES_H
#define SF_OS_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/bytes.h"

/*
 * Reads a regular file to the end of buf, whose ceiling bounds it. SF_ERR_NOT_FOUND, SF_ERR_AUTH
 * (not permitted), SF_ERR_LIMIT (too large), SF_ERR_IO (also: not a regular file).
 */
SF_MUST_USE enum sf_err sf_file_read(const char *path, struct sf_buf *buf, struct sf_diag *diag);
/*
 * As sf_file_read, but SF_ERR_AUTH unless the file belongs to this user (or root) and nobody else
 * may read or write it: for keys. Checked on the open file, so that it cannot be changed between.
 */
SF_MUST_USE enum sf_err sf_file_read_private(
	const char *path, struct sf_buf *buf, struct sf_diag *diag);
/*
 * Writes beside, syncs, renames over and syncs the folder. SF_ERR_DISK_FULL when there is no room:
 * the old content stays.
 */
SF_MUST_USE enum sf_err sf_file_write(
	const char *path, struct sf_view bytes, mode_t mode, struct sf_diag *diag);
/* As sf_file_write, but SF_ERR_EXISTS when there is a file already: for keys. */
SF_MUST_USE enum sf_err sf_file_create(
	const char *path, struct sf_view bytes, mode_t mode, struct sf_diag *diag);
/* With its parents; one that exists is fine and keeps its mode. */
SF_MUST_USE enum sf_err sf_folder_make(const char *path, mode_t mode, struct sf_diag *diag);

/*
 * Takes the lock of a file, which is made if it is missing, until sf_lock_close or the end of the
 * process. SF_ERR_EXISTS: another process holds it.
 */
SF_MUST_USE enum sf_err sf_lock_open(const char *path, int *ret_fd, struct sf_diag *diag);
/* Sets *fd to -1; -1 is fine. The file stays: removing it would race with the next owner. */
void sf_lock_close(int *fd);

/*
 * Lets this process open up to wanted files if the hard limit allows, and says how many it can.
 * With too few a server that accepts connections burns a core and serves nobody.
 */
size_t sf_file_limit_raise(size_t wanted);

#endif
