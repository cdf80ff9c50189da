#include "crypto/keyfile_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* POSIX's number, said in Stafet's words. */
static enum sf_err err_of(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return SF_ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return SF_ERR_AUTH;
	case EEXIST:
		return SF_ERR_EXISTS;
	case ENOSPC:
	case EDQUOT:
		return SF_ERR_DISK_FULL;
	case ENOMEM:
		return SF_ERR_MEMORY;
	default:
		return SF_ERR_IO;
	}
}

static enum sf_err failed(struct sf_diag *diag, int number, const char *what, const char *path)
{
	enum sf_err err = err_of(number);
	sf_diag_set(diag, "cannot %s key file %s: %s", what, path, sf_err_text(err));
	return err;
}

/* A credential's group bits are the mask of the access list that systemd sets for the service. */
static enum sf_err check_access(
	const struct stat *status, const char *path, bool credential, struct sf_diag *diag)
{
	if (!S_ISREG(status->st_mode)) {
		sf_diag_set(diag, "key file %s is not a regular file", path);
		return SF_ERR_FORMAT;
	}
	unsigned mode = (unsigned)status->st_mode & 07777;
	unsigned allowed = credential ? 0640 : 0600;
	if ((mode & ~allowed) != 0) {
		sf_diag_set(diag,
			"key file %s has mode %04o and may be open to others: run chmod 600 %s",
			path, mode, path);
		return SF_ERR_AUTH;
	}
	if (status->st_uid != geteuid() && status->st_uid != 0) {
		sf_diag_set(diag, "key file %s belongs to another user: run chown on it", path);
		return SF_ERR_AUTH;
	}
	return SF_OK;
}

static enum sf_err read_all(
	int file, const char *path, struct sf_secret *text, size_t *ret_size, struct sf_diag *diag)
{
	size_t size = 0;
	for (;;) {
		ssize_t got = read(file, text->bytes + size, text->size - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed(diag, errno, "read", path);
		if (got == 0)
			break;
		size += (size_t)got;
		if (size > SF_KEYFILE_SIZE_MAX) {
			sf_diag_set(diag, "key file %s is too long to be one", path);
			return SF_ERR_LIMIT;
		}
	}
	*ret_size = size;
	return SF_OK;
}

enum sf_err sf_keyfile_load(const char *path, bool credential, struct sf_secret *ret_text,
	size_t *ret_size, struct sf_diag *diag)
{
	/* Without waiting: opening a named pipe must not hang the start of a daemon. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (file < 0)
		return failed(diag, errno, "open", path);
	struct stat status;
	enum sf_err err = fstat(file, &status) == 0 ? SF_OK : failed(diag, errno, "inspect", path);
	if (err == SF_OK)
		err = check_access(&status, path, credential, diag);
	struct sf_secret text = {0};
	if (err == SF_OK)
		err = sf_secret_init(&text, SF_KEYFILE_SIZE_MAX + 1);
	if (err == SF_OK)
		err = read_all(file, path, &text, ret_size, diag);
	close(file);
	if (err) {
		sf_secret_fini(&text);
		return err;
	}
	*ret_text = text;
	return SF_OK;
}

static int write_all(int file, struct sf_view text)
{
	while (text.size > 0) {
		ssize_t put = write(file, text.data, text.size);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno;
		text = sf_view_of(text.data + put, text.size - (size_t)put);
	}
	return 0;
}

/* A name that was moved is on disk only when its folder is. */
static int sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t size = slash ? (size_t)(slash - path) : 0;
	if (size >= sizeof(folder))
		return ENAMETOOLONG;
	memcpy(folder, path, size);
	folder[size] = '\0';
	if (size == 0)
		memcpy(folder, slash ? "/" : ".", 2);
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file < 0)
		return errno;
	int number = fsync(file) == 0 ? 0 : errno;
	close(file);
	return number;
}

/* Gives the finished file its name: link refuses a name that is taken, rename replaces it. */
static int publish(const char *temporary, const char *path, bool replace)
{
	if (replace)
		return rename(temporary, path) == 0 ? 0 : errno;
	return link(temporary, path) == 0 ? 0 : errno;
}

enum sf_err sf_keyfile_store(
	const char *path, struct sf_view text, bool replace, struct sf_diag *diag)
{
	char temporary[PATH_MAX];
	int size = snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	if (size < 0 || (size_t)size >= sizeof(temporary))
		return failed(diag, ENAMETOOLONG, "write", path);
	int file = mkstemp(temporary); /* mode 0600 (POSIX.1-2008) */
	if (file < 0)
		return failed(diag, errno, "write", path);
	int number = write_all(file, text);
	if (number == 0 && fsync(file) != 0)
		number = errno;
	if (close(file) != 0 && number == 0)
		number = errno;
	if (number == 0)
		number = publish(temporary, path, replace);
	/* After a rename the name is gone already, and the failure means nothing. */
	sf_ignore(unlink(temporary));
	if (number == 0)
		number = sync_folder(path);
	if (number == EEXIST) {
		sf_diag_set(
			diag, "key file %s exists already and is kept: choose another name", path);
		return SF_ERR_EXISTS;
	}
	return number == 0 ? SF_OK : failed(diag, number, "write", path);
}
