/*
 * Whole files: read with a bound, written so that after a crash either the old or the new content
 * is there. Keys have their own files (crypto/keyfile.h).
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
 * Writes beside, syncs, renames over and syncs the folder. SF_ERR_DISK_FULL when there is no room:
 * the old content stays.
 */
SF_MUST_USE enum sf_err sf_file_write(
	const char *path, struct sf_view bytes, mode_t mode, struct sf_diag *diag);
/* With its parents; one that exists is fine and keeps its mode. */
SF_MUST_USE enum sf_err sf_folder_make(const char *path, mode_t mode, struct sf_diag *diag);

/*
 * Lets this process open up to wanted files if the hard limit allows, and says how many it can.
 * With too few a server that accepts connections burns a core and serves nobody.
 */
size_t sf_file_limit_raise(size_t wanted);

#endif
