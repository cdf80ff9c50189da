#include "os/signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum sf_err sf_signals_open(int *ret_fd, struct sf_diag *diag)
{
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGHUP);
	int error = pthread_sigmask(SIG_BLOCK, &wanted, NULL);
	if (error) {
		sf_diag_set(diag, "blocking signals: %s", strerror(error));
		return SF_ERR_IO;
	}
	/* A peer that closes its end is an error of write, not the end of the process. */
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	int fd = -1;
	if (sigaction(SIGPIPE, &ignore, NULL) == 0)
		fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0) {
		sf_diag_set(diag, "taking signals: %s", strerror(errno));
		return SF_ERR_IO;
	}
	*ret_fd = fd;
	return SF_OK;
}

void sf_signals_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

enum sf_err sf_signals_next(int fd, enum sf_signal *ret_signal)
{
	struct signalfd_siginfo taken;
	ssize_t size;
	do {
		size = read(fd, &taken, sizeof(taken));
	} while (size < 0 && errno == EINTR);
	if (size != (ssize_t)sizeof(taken))
		return SF_ERR_AGAIN;
	*ret_signal = taken.ssi_signo == SIGHUP ? SF_SIGNAL_RELOAD : SF_SIGNAL_STOP;
	return SF_OK;
}
