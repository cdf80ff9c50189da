#include "os/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096 /* with the terminating zero, as the kernel has it */
#define READ_SIZE 65536

static enum sf_err err_of(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return SF_ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return SF_ERR_AUTH;
	case ENOSPC:
	case EDQUOT:
		return SF_ERR_DISK_FULL;
	case EEXIST:
		return SF_ERR_EXISTS;
	case ENOMEM:
		return SF_ERR_MEMORY;
	case ENAMETOOLONG:
	case EMFILE:
	case ENFILE:
	case EFBIG:
		return SF_ERR_LIMIT;
	default:
		return SF_ERR_IO;
	}
}

static enum sf_err failed(struct sf_diag *diag, const char *doing, const char *path)
{
	int error = errno;
	sf_diag_set(diag, "%s %s: %s", doing, path, strerror(error));
	return err_of(error);
}

static enum sf_err read_all(int fd, const char *path, struct sf_buf *buf, struct sf_diag *diag)
{
	uint8_t part[READ_SIZE];
	enum sf_err err = SF_OK;
	for (;;) {
		ssize_t got = read(fd, part, sizeof(part));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			err = failed(diag, "reading", path);
		if (got <= 0)
			break;
		err = sf_buf_append(buf, sf_view_of(part, (size_t)got));
		if (err) {
			sf_diag_set(diag, "reading %s: %s (%zu bytes)", path, sf_err_text(err),
				buf->size_max);
			break;
		}
	}
	/* A letter may have been read through here. */
	explicit_bzero(part, sizeof(part));
	return err;
}

static enum sf_err check_kind(int fd, const char *path, struct sf_diag *diag)
{
	struct stat status;
	if (fstat(fd, &status) != 0)
		return failed(diag, "looking at", path);
	if (!S_ISREG(status.st_mode)) {
		sf_diag_set(diag, "reading %s: not a regular file", path);
		return SF_ERR_IO;
	}
	return SF_OK;
}

enum sf_err sf_file_read(const char *path, struct sf_buf *buf, struct sf_diag *diag)
{
	/* Without O_NONBLOCK opening a named pipe would wait for a writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return failed(diag, "opening", path);
	size_t size_before = buf->size;
	enum sf_err err = check_kind(fd, path, diag);
	if (!err)
		err = read_all(fd, path, buf, diag);
	if (err)
		buf->size = size_before;
	close(fd);
	return err;
}

static enum sf_err write_all(int fd, const char *path, struct sf_view bytes, struct sf_diag *diag)
{
	while (bytes.size > 0) {
		ssize_t put = write(fd, bytes.data, bytes.size);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return failed(diag, "writing", path);
		bytes = sf_view_of(bytes.data + put, bytes.size - (size_t)put);
	}
	if (fsync(fd) != 0)
		return failed(diag, "syncing", path);
	return SF_OK;
}

/* The folder of a path; a path without a slash is in the current one. */
static void folder_of(const char *path, char ret_folder[PATH_SIZE])
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		snprintf(ret_folder, PATH_SIZE, ".");
	else if (slash == path)
		snprintf(ret_folder, PATH_SIZE, "/");
	else
		snprintf(ret_folder, PATH_SIZE, "%.*s", (int)(slash - path), path);
}

/* A name is only durable when its folder is on disk too. */
static enum sf_err sync_folder(const char *path, struct sf_diag *diag)
{
	char folder[PATH_SIZE];
	folder_of(path, folder);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(diag, "opening folder", folder);
	enum sf_err err = SF_OK;
	if (fsync(fd) != 0)
		err = failed(diag, "syncing folder", folder);
	close(fd);
	return err;
}

static enum sf_err write_beside(const char *beside, const char *path, struct sf_view bytes,
	mode_t mode, struct sf_diag *diag, int fd)
{
	enum sf_err err = SF_OK;
	if (fchmod(fd, mode) != 0)
		err = failed(diag, "setting the mode of", beside);
	if (!err)
		err = write_all(fd, path, bytes, diag);
	if (close(fd) != 0 && !err)
		err = failed(diag, "closing", beside);
	if (!err && rename(beside, path) != 0)
		err = failed(diag, "renaming to", path);
	if (err) {
		unlink(beside);
		return err;
	}
	return sync_folder(path, diag);
}

enum sf_err sf_file_write(const char *path, struct sf_view bytes, mode_t mode, struct sf_diag *diag)
{
	char beside[PATH_SIZE];
	int size = snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	if (size < 0 || (size_t)size >= sizeof(beside)) {
		sf_diag_set(diag, "the path of a file is too long");
		return SF_ERR_LIMIT;
	}
	/* mkstemp makes it 0600, so that nobody reads it before its mode is set. */
	int fd = mkstemp(beside);
	if (fd < 0)
		return failed(diag, "making a file beside", path);
	return write_beside(beside, path, bytes, mode, diag, fd);
}

/* One level; a folder that is there already is fine, anything else of that name is not. */
static enum sf_err make_level(const char *path, mode_t mode, struct sf_diag *diag)
{
	if (mkdir(path, mode) == 0)
		return sync_folder(path, diag);
	int error = errno;
	struct stat status;
	if (error == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return SF_OK;
	errno = error;
	return failed(diag, "making folder", path);
}

enum sf_err sf_folder_make(const char *path, mode_t mode, struct sf_diag *diag)
{
	char level[PATH_SIZE];
	size_t size = strlen(path);
	if (size == 0 || size >= sizeof(level)) {
		sf_diag_set(diag, "the path of a folder is empty or too long");
		return SF_ERR_LIMIT;
	}
	memcpy(level, path, size + 1);
	for (char *slash = strchr(level + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		enum sf_err err = make_level(level, mode, diag);
		if (err)
			return err;
		*slash = '/';
	}
	return make_level(level, mode, diag);
}

size_t sf_file_limit_raise(size_t wanted)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	struct rlimit raised = limit;
	raised.rlim_cur = wanted < limit.rlim_max ? (rlim_t)wanted : limit.rlim_max;
	if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0)
		limit = raised;
	return (size_t)limit.rlim_cur;
}
