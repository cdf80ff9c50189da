#define _POSIX_C_SOURCE 200809L

/*
 * Runs a fuzz target over every file of the folders it is given: how a build without libFuzzer
 * replays the committed corpus. No file at all is a failure, so that a lost corpus is seen.
 */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_SIZE_MAX ((size_t)8388608)

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	uint8_t *bytes = malloc(INPUT_SIZE_MAX);
	size_t size = bytes ? fread(bytes, 1, INPUT_SIZE_MAX, file) : 0;
	int failed = !bytes || ferror(file) || !feof(file);
	fclose(file);
	if (failed) {
		free(bytes);
		fprintf(stderr, "%s: cannot be read whole\n", path);
		return -1;
	}
	/* A block of exactly this size lets the address sanitizer see one byte too many. */
	uint8_t *exact = malloc(size > 0 ? size : 1);
	if (exact)
		memcpy(exact, bytes, size);
	free(bytes);
	if (!exact)
		return -1;
	/* Printed first: after an abort the last line names the input. */
	fprintf(stderr, "replaying %s (%zu bytes)\n", path, size);
	int result = LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return result;
}

static int replay_folder(const char *folder, unsigned *count)
{
	DIR *entries = opendir(folder);
	if (!entries) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return -1;
	}
	int result = 0;
	for (struct dirent *entry = readdir(entries); entry && result == 0;
		entry = readdir(entries)) {
		char path[4096];
		int size = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (size < 0 || (size_t)size >= sizeof(path)) {
			fprintf(stderr, "%s/%s: the path is too long\n", folder, entry->d_name);
			result = -1;
			break;
		}
		struct stat status;
		if (entry->d_name[0] == '.' || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
			continue;
		result = replay_file(path);
		(*count)++;
	}
	closedir(entries);
	return result;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	for (int i = 1; i < argc; i++) {
		if (replay_folder(argv[i], &count) != 0)
			return EXIT_FAILURE;
	}
	if (count == 0) {
		fprintf(stderr, "no input to replay: the corpus is missing\n");
		return EXIT_FAILURE;
	}
	printf("%u inputs replayed\n", count);
	return EXIT_SUCCESS;
}
