#include "local/listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64
#define PEER_GROUPS_MAX 1024
#define MODE_MASK ((mode_t)0777)

static enum sf_err trouble(struct sf_diag *diag, const char *what, const char *path)
{
	/* Unlike strerror: no shared buffer, no locale. */
	const char *reason = strerrordesc_np(errno);
	sf_diag_set(diag, "%s %s: %s", what, path, reason ? reason : "unknown reason");
	return SF_ERR_IO;
}

static enum sf_err address_of(
	const char *path, struct sockaddr_un *ret_address, struct sf_diag *diag)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = strlen(path);
	if (size == 0 || size >= sizeof(address.sun_path)) {
		sf_diag_set(diag, "the socket path must have 1 to %zu bytes; choose a shorter one",
			sizeof(address.sun_path) - 1);
		return SF_ERR_CONFIG;
	}
	memcpy(address.sun_path, path, size + 1);
	*ret_address = address;
	return SF_OK;
}

/* A file may be left over from a daemon that was killed: only asking tells. */
static enum sf_err clear_stale(
	const char *path, const struct sockaddr_un *address, struct sf_diag *diag)
{
	struct stat status;
	if (lstat(path, &status) != 0)
		return errno == ENOENT ? SF_OK : trouble(diag, "cannot look at", path);
	if (!S_ISSOCK(status.st_mode)) {
		sf_diag_set(diag, "%s is not a socket; remove it or choose another path", path);
		return SF_ERR_CONFIG;
	}
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe < 0)
		return trouble(diag, "cannot make a socket for", path);
	int result = connect(probe, (const struct sockaddr *)address, sizeof(*address));
	int reason = errno;
	close(probe);
	if (result == 0 || reason != ECONNREFUSED) {
		sf_diag_set(diag, "another program listens on %s; stop it first", path);
		return SF_ERR_EXISTS;
	}
	if (unlink(path) != 0 && errno != ENOENT)
		return trouble(diag, "cannot remove the old socket", path);
	return SF_OK;
}

/*
 * The mode of an unbound socket becomes that of its file, so the file is never wider than asked;
 * chmod afterwards gives back what the umask took.
 */
static enum sf_err bind_and_listen(int descriptor, const struct sockaddr_un *address,
	const char *path, mode_t mode, struct sf_diag *diag)
{
	if (fchmod(descriptor, mode & MODE_MASK) != 0)
		return trouble(diag, "cannot set the mode of", path);
	if (bind(descriptor, (const struct sockaddr *)address, sizeof(*address)) != 0)
		return trouble(diag, "cannot bind", path);
	if (chmod(path, mode & MODE_MASK) != 0 || listen(descriptor, BACKLOG) != 0) {
		enum sf_err err = trouble(diag, "cannot listen on", path);
		unlink(path);
		return err;
	}
	return SF_OK;
}

enum sf_err sf_local_listen(
	const char *path, mode_t mode, int *ret_descriptor, struct sf_diag *diag)
{
	struct sockaddr_un address;
	enum sf_err err = address_of(path, &address, diag);
	if (!err)
		err = clear_stale(path, &address, diag);
	if (err)
		return err;
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return trouble(diag, "cannot make a socket for", path);
	err = bind_and_listen(descriptor, &address, path, mode, diag);
	if (err) {
		close(descriptor);
		return err;
	}
	*ret_descriptor = descriptor;
	return SF_OK;
}

static bool group_listed(const struct sf_local_allow *allow, gid_t group)
{
	for (size_t i = 0; i < allow->group_count; i++) {
		if (allow->groups[i] == group)
			return true;
	}
	return false;
}

static bool supplementary_listed(const struct sf_local_allow *allow, int descriptor)
{
	gid_t groups[PEER_GROUPS_MAX];
	socklen_t size = sizeof(groups);
	if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0)
		return false;
	for (size_t i = 0; i < size / sizeof(groups[0]); i++) {
		if (group_listed(allow, groups[i]))
			return true;
	}
	return false;
}

bool sf_local_permits(const struct sf_local_allow *allow, int descriptor, uid_t *ret_peer)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
		size != sizeof(peer))
		return false;
	*ret_peer = peer.uid;
	if (peer.uid == 0 || peer.uid == geteuid())
		return true;
	for (size_t i = 0; i < allow->user_count; i++) {
		if (allow->users[i] == peer.uid)
			return true;
	}
	if (allow->group_count == 0)
		return false;
	return group_listed(allow, peer.gid) || supplementary_listed(allow, descriptor);
}
