#include "os/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/files.h"
#include "os/zone.h"

#define PATH_SIZE ((size_t)512)
/* The changes of one zone, and some room for the arena's own. */
#define ZONE_SIZE_MAX (2 * SF_ZONE_CHANGES_MAX * sizeof(struct sf_zone_change))

struct kept {
	struct sf_zone zone;
	struct sf_arena arena; /* its changes */
};

struct sf_zones {
	char folder[PATH_SIZE];
	size_t count;
	struct kept *kept[SF_ZONES_MAX]; /* owned */
};

bool sf_zone_name_is_valid(const char *name)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
	size_t size = strlen(name);
	if (size == 0 || size >= sizeof(((struct sf_zone *)NULL)->name))
		return false;
	return strspn(name, allowed) == size && name[0] != '/' && name[size - 1] != '/' &&
	       !strstr(name, "//");
}

enum sf_err sf_zones_open(const char *folder, struct sf_zones **ret_zones, struct sf_diag *diag)
{
	if (strlen(folder) >= PATH_SIZE) {
		sf_diag_set(diag, "the folder of time zones has too long a name");
		return SF_ERR_LIMIT;
	}
	struct sf_zones *zones = calloc(1, sizeof(*zones));
	if (!zones)
		return SF_ERR_MEMORY;
	memcpy(zones->folder, folder, strlen(folder));
	*ret_zones = zones;
	return SF_OK;
}

static void forget(struct kept *kept)
{
	sf_arena_fini(&kept->arena);
	free(kept);
}

void sf_zones_close(struct sf_zones **zones)
{
	if (!*zones)
		return;
	for (size_t i = 0; i < (*zones)->count; i++)
		forget((*zones)->kept[i]);
	free(*zones);
	*zones = NULL;
}

static enum sf_err read_file(
	const struct sf_zones *zones, const char *name, struct sf_buf *buf, struct sf_diag *diag)
{
	char path[PATH_SIZE + sizeof(((struct sf_zone *)NULL)->name)];
	int size = snprintf(path, sizeof(path), "%s/%s", zones->folder, name);
	if (size < 0 || (size_t)size >= sizeof(path))
		return SF_ERR_LIMIT;
	enum sf_err err = sf_file_read(path, buf, diag);
	if (err == SF_ERR_NOT_FOUND)
		sf_diag_set(diag, "no %s; install tzdata or write another zone", path);
	return err;
}

static enum sf_err load(
	const struct sf_zones *zones, const char *name, struct kept *kept, struct sf_diag *diag)
{
	struct sf_buf buf;
	sf_buf_init(&buf, SF_ZONE_FILE_SIZE_MAX);
	enum sf_err err = read_file(zones, name, &buf, diag);
	if (!err)
		err = sf_zone_parse(name, sf_buf_view(&buf), &kept->arena, &kept->zone, diag);
	sf_buf_fini(&buf);
	return err;
}

enum sf_err sf_zones_find(struct sf_zones *zones, const char *name, const struct sf_zone **ret_zone,
	struct sf_diag *diag)
{
	if (!sf_zone_name_is_valid(name)) {
		sf_diag_set(diag, "no name of a time zone, write one such as Europe/Copenhagen");
		return SF_ERR_USAGE;
	}
	for (size_t i = 0; i < zones->count; i++) {
		if (strcmp(zones->kept[i]->zone.name, name) != 0)
			continue;
		*ret_zone = &zones->kept[i]->zone;
		return SF_OK;
	}
	if (zones->count == SF_ZONES_MAX) {
		sf_diag_set(diag, "more than %zu time zones in use", SF_ZONES_MAX);
		return SF_ERR_LIMIT;
	}
	struct kept *kept = calloc(1, sizeof(*kept));
	if (!kept)
		return SF_ERR_MEMORY;
	sf_arena_init(&kept->arena, ZONE_SIZE_MAX);
	enum sf_err err = load(zones, name, kept, diag);
	if (err) {
		sf_diag_prefix(diag, "time zone %s", name);
		forget(kept);
		return err;
	}
	zones->kept[zones->count++] = kept;
	*ret_zone = &kept->zone;
	return SF_OK;
}
