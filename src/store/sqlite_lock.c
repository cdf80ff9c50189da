#define _POSIX_C_SOURCE 200809L

#include "store/sqlite_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE_PRIVATE (S_IRUSR | S_IWUSR)

static enum sf_err system_err(const char *path, const char *action, struct sf_diag *diag)
{
	int number = errno;
	sf_diag_set(diag, "%s: %s failed: %s", path, action, strerror(number));
	if (number == ENOSPC || number == EDQUOT)
		return SF_ERR_DISK_FULL;
	if (number == EACCES || number == EPERM || number == EROFS)
		return SF_ERR_AUTH;
	return number == ENOENT ? SF_ERR_NOT_FOUND : SF_ERR_IO;
}

enum sf_err sf_sqlite_lock_take(const char *path, int *ret_lock, struct sf_diag *diag)
{
	char lock_path[PATH_MAX];
	int size = snprintf(lock_path, sizeof(lock_path), "%s.lock", path);
	if (size < 0 || (size_t)size >= sizeof(lock_path)) {
		sf_diag_set(diag, "the path of the store is too long");
		return SF_ERR_LIMIT;
	}
	int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, MODE_PRIVATE);
	if (lock < 0)
		return system_err(lock_path, "opening", diag);
	if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		enum sf_err err = SF_ERR_AGAIN;
		if (errno == EWOULDBLOCK)
			sf_diag_set(diag,
				"%s: another process has this store open (%s is held): stop it "
				"first",
				path, lock_path);
		else
			err = system_err(lock_path, "locking", diag);
		close(lock);
		return err;
	}
	*ret_lock = lock;
	return SF_OK;
}

void sf_sqlite_lock_release(int lock)
{
	/* The file stays: removing it would let two processes lock two files of one name. */
	close(lock);
}

enum sf_err sf_sqlite_file_prepare(const char *path, struct sf_diag *diag)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE_PRIVATE);
	if (file >= 0) {
		close(file);
		return SF_OK;
	}
	if (errno != EEXIST)
		return system_err(path, "creating", diag);
	struct stat status;
	if (stat(path, &status) != 0)
		return system_err(path, "looking at", diag);
	if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		sf_diag_set(diag, "%s: others may use this file: chmod 600 it", path);
		return SF_ERR_AUTH;
	}
	return SF_OK;
}
