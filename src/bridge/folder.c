#include "bridge/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBER_MAX (1u << 30) /* of files of one name */

enum sf_err sf_folder_open(const char *path, int *ret_folder, struct sf_diag *diag)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;
	if (folder < 0 || fstat(folder, &status) != 0) {
		sf_diag_set(diag, "the folder %s cannot be opened; make it", path);
		if (folder >= 0)
			close(folder);
		return SF_ERR_NOT_FOUND;
	}
	/* Letters lie in it. */
	if (status.st_mode & S_IRWXO) {
		close(folder);
		sf_diag_set(diag, "the folder %s is open to everybody; close it: chmod o= %s", path,
			path);
		return SF_ERR_AUTH;
	}
	*ret_folder = folder;
	return SF_OK;
}

int sf_folder_watch(int folder)
{
	/* By its descriptor: what stands at the path by now may be another folder. */
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", folder);
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch < 0 || inotify_add_watch(watch, path, IN_MOVED_TO | IN_CLOSE_WRITE) >= 0)
		return watch;
	close(watch);
	return -1;
}

bool sf_folder_changed(int watch)
{
	/* Which names is not asked: more may have come than the kernel can keep. */
	char told[4096];
	bool changed = false;
	while (read(watch, told, sizeof(told)) > 0)
		changed = true;
	return changed;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t size = strlen(name), end = strlen(ending);
	return size >= end && strcmp(name + size - end, ending) == 0;
}

static bool is_dropped(int folder, const char *name)
{
	static const char *const endings[] = {".tmp", ".done", ".err", ".note"};
	struct stat status;
	if (name[0] == '.' || strlen(name) > SF_FOLDER_NAME_MAX)
		return false;
	for (size_t i = 0; i < SF_COUNT(endings); i++)
		if (ends_with(name, endings[i]))
			return false;
	return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

bool sf_folder_first(int folder, char ret_name[SF_FOLDER_NAME_SIZE])
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = again < 0 ? NULL : fdopendir(again);
	if (!entries && again >= 0)
		close(again);
	bool found = false;
	const struct dirent *entry;
	while (entries && (entry = readdir(entries))) {
		if ((found && strcmp(entry->d_name, ret_name) >= 0) ||
			!is_dropped(folder, entry->d_name))
			continue;
		memcpy(ret_name, entry->d_name, strlen(entry->d_name) + 1);
		found = true;
	}
	if (entries)
		closedir(entries);
	return found;
}

static bool take_mark(int folder, const char *name, struct sf_folder_mark *ret_mark)
{
	struct stat status;
	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	*ret_mark = (struct sf_folder_mark){.device = status.st_dev,
		.file = status.st_ino,
		.size = (uint64_t)status.st_size,
		.changed_s = status.st_mtim.tv_sec,
		.changed_ns = status.st_mtim.tv_nsec};
	return true;
}

static bool same_mark(const struct sf_folder_mark *a, const struct sf_folder_mark *b)
{
	return a->device == b->device && a->file == b->file && a->size == b->size &&
	       a->changed_s == b->changed_s && a->changed_ns == b->changed_ns;
}

enum sf_err sf_folder_read(
	int folder, const char *name, struct sf_buf *buf, struct sf_folder_mark *ret_mark)
{
	/* Before it is opened: what comes in between is another file than the mark says. */
	if (!take_mark(folder, name, ret_mark))
		return errno == ENOENT ? SF_ERR_NOT_FOUND : SF_ERR_IO;
	int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	if (file < 0)
		return errno == ENOENT ? SF_ERR_NOT_FOUND : SF_ERR_IO;
	bool regular = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
	enum sf_err err = regular ? SF_OK : SF_ERR_IO;
	ssize_t size = 1;
	while (!err && size > 0) {
		uint8_t part[16384];
		size = read(file, part, sizeof(part));
		if (size < 0)
			err = errno == EINTR ? SF_OK : SF_ERR_IO;
		else
			err = sf_buf_append(buf, sf_view_of(part, (size_t)size));
		size = size < 0 && !err ? 1 : size;
	}
	close(file);
	return err;
}

static bool write_all(int file, struct sf_view bytes)
{
	size_t done = 0;
	while (done < bytes.size) {
		ssize_t size = write(file, bytes.data + done, bytes.size - done);
		if (size < 0 && errno != EINTR)
			return false;
		done += size > 0 ? (size_t)size : 0;
	}
	return fsync(file) == 0;
}

enum sf_err sf_folder_write(int folder, const char *name, struct sf_view bytes)
{
	static const char hidden[] = ".stafet.tmp";
	unlinkat(folder, hidden, 0); /* of an earlier life */
	int file = openat(folder, hidden, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		S_IRUSR | S_IWUSR);
	if (file < 0)
		return SF_ERR_IO;
	bool good = write_all(file, bytes);
	good = close(file) == 0 && good;
	if (good && renameat(folder, hidden, folder, name) == 0 && fsync(folder) == 0)
		return SF_OK;
	unlinkat(folder, hidden, 0);
	return SF_ERR_IO;
}

/* "name.done", "name.1.done" ... */
static void name_settled(const char *name, const char *ending, unsigned number,
	char ret_settled[SF_FOLDER_NAME_SIZE])
{
	if (number == 0)
		snprintf(ret_settled, SF_FOLDER_NAME_SIZE, "%s%s", name, ending);
	else
		snprintf(ret_settled, SF_FOLDER_NAME_SIZE, "%s.%u%s", name, number, ending);
}

static bool is_taken(int folder, const char *name, const char *ending, unsigned number)
{
	struct stat status;
	char settled[SF_FOLDER_NAME_SIZE];
	name_settled(name, ending, number, settled);
	return fstatat(folder, settled, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Numbers are given in order: the first free one is found by halves, however many there are. */
static unsigned free_number(int folder, const char *name, const char *ending)
{
	unsigned taken = 0, beyond = 1;
	if (!is_taken(folder, name, ending, 0))
		return 0;
	while (beyond < NUMBER_MAX && is_taken(folder, name, ending, beyond)) {
		taken = beyond;
		beyond *= 2;
	}
	while (beyond - taken > 1) {
		unsigned middle = taken + (beyond - taken) / 2;
		if (is_taken(folder, name, ending, middle))
			taken = middle;
		else
			beyond = middle;
	}
	return beyond;
}

/*
 * Refuses a name that is taken. Not every file system can rename so; a link refuses it as well, but
 * only the owner of a file may make one.
 */
static bool move(int folder, const char *from, const char *to)
{
	if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return true;
	return errno == EINVAL && linkat(folder, from, folder, to, 0) == 0 &&
	       unlinkat(folder, from, 0) == 0;
}

enum sf_err sf_folder_settle(int folder, const char *name, const struct sf_folder_mark *mark,
	const char *ending, struct sf_view note)
{
	struct sf_folder_mark now;
	char settled[SF_FOLDER_NAME_SIZE], beside[SF_FOLDER_NAME_SIZE + 8];
	name_settled(name, ending, free_number(folder, name, ending), settled);
	snprintf(beside, sizeof(beside), "%s.note", settled);
	enum sf_err err = sf_folder_write(folder, beside, note);
	if (err)
		return err;
	if (!take_mark(folder, name, &now) || !same_mark(mark, &now))
		err = SF_ERR_CONFLICT;
	else if (!move(folder, name, settled))
		err = SF_ERR_IO;
	if (err)
		unlinkat(folder, beside, 0);
	return !err && fsync(folder) != 0 ? SF_ERR_IO : err;
}
