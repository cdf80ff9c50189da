#include "os/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Half of what the manager allows, as sd_watchdog_enabled(3) advises. */
static int64_t watchdog_from_environment(void)
{
	const char *owner = getenv("WATCHDOG_PID");
	if (owner && strtoll(owner, NULL, 10) != (long long)getpid())
		return 0;
	const char *text = getenv("WATCHDOG_USEC");
	if (!text)
		return 0;
	char *end;
	errno = 0;
	long long us = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || us < 2000)
		return 0;
	return us / 1000 / 2;
}

static enum sf_err connect_to(const char *path, int *ret_fd, struct sf_diag *diag)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t size = strlen(path);
	if ((path[0] != '/' && path[0] != '@') || size >= sizeof(address.sun_path)) {
		sf_diag_set(diag, "NOTIFY_SOCKET is neither a path nor an abstract name");
		return SF_ERR_CONFIG;
	}
	memcpy(address.sun_path, path, size);
	/* An abstract name starts with a zero on the socket and an @ in the environment. */
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		sf_diag_set(diag, "opening a socket: %s", strerror(errno));
		return SF_ERR_IO;
	}
	socklen_t address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
	if (connect(fd, (struct sockaddr *)&address, address_size) != 0) {
		sf_diag_set(diag, "connecting to NOTIFY_SOCKET: %s", strerror(errno));
		close(fd);
		return SF_ERR_CONFIG;
	}
	*ret_fd = fd;
	return SF_OK;
}

enum sf_err sf_notify_open(struct sf_notify *ret_notify, struct sf_diag *diag)
{
	struct sf_notify notify = {.fd = -1};
	const char *path = getenv("NOTIFY_SOCKET");
	if (path && path[0] != '\0') {
		enum sf_err err = connect_to(path, &notify.fd, diag);
		if (err)
			return err;
		notify.watchdog_ms = watchdog_from_environment();
	}
	*ret_notify = notify;
	return SF_OK;
}

void sf_notify_close(struct sf_notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

static void say(const struct sf_notify *notify, const char *text)
{
	if (notify->fd < 0)
		return;
	while (send(notify->fd, text, strlen(text), MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

void sf_notify_ready(const struct sf_notify *notify)
{
	say(notify, "READY=1\n");
}

void sf_notify_stopping(const struct sf_notify *notify)
{
	say(notify, "STOPPING=1\n");
}

void sf_notify_alive(const struct sf_notify *notify)
{
	say(notify, "WATCHDOG=1\n");
}
