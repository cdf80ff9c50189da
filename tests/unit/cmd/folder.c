#include "unit/cmd/folder.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/files.h"

static int64_t now_ms(void *self)
{
	return ((struct folder *)self)->now_ms;
}

/* Repeatable and never the same twice; far from random, which no test here needs. */
static void fill(void *self, void *place, size_t size)
{
	struct folder *folder = self;
	uint8_t *bytes = place;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(folder->chance + 7 * i);
	folder->chance++;
}

int folder_setup(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));
	assert_non_null(folder);
	static const char template[] = "/tmp/stafet-cmd-XXXXXX";
	memcpy(folder->path, template, sizeof(template));
	assert_non_null(mkdtemp(folder->path));
	folder->now_ms = FOLDER_NOW_MS;
	folder->chance = 1;
	folder->env = (struct sf_env){
		.self = folder, .now_ms = now_ms, .monotonic_ms = now_ms, .random = fill};
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("STAFET_PASSPHRASE_FILE");
	*state = folder;
	return 0;
}

static void remove_all(const char *path)
{
	DIR *folder = opendir(path);
	assert_non_null(folder);
	for (struct dirent *item = readdir(folder); item; item = readdir(folder)) {
		char place[512];
		if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
			continue;
		snprintf(place, sizeof(place), "%s/%s", path, item->d_name);
		if (unlink(place) != 0)
			remove_all(place);
	}
	closedir(folder);
	assert_int_equal(rmdir(path), 0);
}

int folder_teardown(void **state)
{
	struct folder *folder = *state;
	unsetenv("STAFET_PASSPHRASE_FILE");
	remove_all(folder->path);
	free(folder);
	return 0;
}

const char *folder_path(struct folder *folder, const char *name)
{
	snprintf(folder->place, sizeof(folder->place), "%s/%s", folder->path, name);
	return folder->place;
}

void folder_write(struct folder *folder, const char *name, const char *text, unsigned mode)
{
	assert_int_equal(
		sf_file_write(folder_path(folder, name), sf_view_text(text), mode, NULL), SF_OK);
}

struct sf_buf folder_read(struct folder *folder, const char *name)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_file_read(folder_path(folder, name), &buf, NULL), SF_OK);
	return buf;
}

unsigned folder_mode(struct folder *folder, const char *name)
{
	struct stat status;
	assert_int_equal(stat(folder_path(folder, name), &status), 0);
	return (unsigned)status.st_mode & 07777;
}
