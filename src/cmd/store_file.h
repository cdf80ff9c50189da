/*
 * A daemon's store, asked without its daemon: the file opened for reading beside whoever writes it,
 * and the engine that it belongs to on top, so that an answer from the file is made by the code
 * that answers through the socket. No key is needed: nothing is opened, signed or believed that was
 * not judged when it was stored.
 *
 * Time stands where the store was last written. One thread.
 */
#ifndef SF_CMD_STORE_FILE_H
#define SF_CMD_STORE_FILE_H

#include "base/arena.h"
#include "wire/local.h"

struct sf_store_file; /* opaque */

/*
 * A coordinator's or a node's. SF_ERR_CONFIG when it is neither's; else as sf_sqlite_open for
 * reading, and as the engine's opening.
 */
SF_MUST_USE enum sf_err sf_store_file_open(
	const char *path, struct sf_store_file **ret_file, struct sf_diag *diag);
/* *file may be NULL; becomes NULL. */
void sf_store_file_close(struct sf_store_file **file);

/*
 * A request that writes nothing; the reply lives in arena. What the engine says stands in
 * ret_reply->err, as with sf_client_call.
 */
SF_MUST_USE enum sf_err sf_store_file_ask(struct sf_store_file *file,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

#endif
