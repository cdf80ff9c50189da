/*
 * The socket file of a daemon: made, guarded, taken away; and who is at the other end of a
 * connection. Linux: SO_PEERCRED and SO_PEERGROUPS. Engine thread only.
 */
#ifndef SF_LOCAL_LISTEN_H
#define SF_LOCAL_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

#define SF_LOCAL_ALLOWED_MAX 16

/* Who may speak: always root and the daemon's own user, and whom the lists name. */
struct sf_local_allow {
	size_t user_count;
	uid_t users[SF_LOCAL_ALLOWED_MAX];
	size_t group_count;
	gid_t groups[SF_LOCAL_ALLOWED_MAX]; /* primary or supplementary group of the peer */
};

/*
 * A listening, non-blocking, close-on-exec stream socket at path with file mode `mode` (0600, 0660
 * ...; never wider, not even for a moment). A socket file that nobody listens on any more is
 * replaced; a living one is SF_ERR_EXISTS; a file that is not a socket is SF_ERR_CONFIG and is left
 * alone, as is a path longer than a socket address holds (107 bytes).
 */
SF_MUST_USE enum sf_err sf_local_listen(
	const char *path, mode_t mode, int *ret_descriptor, struct sf_diag *diag);

/* False when the kernel does not say who it is, too. ret_peer: who it is, when true. */
bool sf_local_permits(const struct sf_local_allow *allow, int descriptor, uid_t *ret_peer);

#endif
