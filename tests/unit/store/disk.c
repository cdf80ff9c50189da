#include "unit/store/disk.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"

#define SECTOR 512
#define FILES_MAX 8
#define NAME_SIZE 64
#define REGIONS_MAX 16

/* A change that was not synced: bytes written at offset, or, with data NULL, a truncation. */
struct change {
	struct change *next; /* owned */
	size_t offset, size;
	uint8_t *data; /* owned */
};

struct image {
	uint8_t *bytes; /* owned */
	size_t size, capacity;
};

struct file {
	char name[NAME_SIZE];   /* "" when the place is free */
	bool deleted;           /* but the directory may not know yet */
	bool safe;              /* the directory knows of it */
	bool is_journal;        /* rollback journal or write-ahead log */
	struct image seen;      /* what reads see */
	struct image synced;    /* what is surely on disk */
	struct change *changes; /* owned, oldest first */
	struct change **newest; /* where the next one goes */
};

static struct {
	struct file files[FILES_MAX];
	void *regions[REGIONS_MAX]; /* owned: the shared memory of the WAL index */
	uint64_t chance;
	enum disk_fault fault;
	size_t point; /* points left until the fault */
	bool struck;
} disk;

struct handle {
	sqlite3_file base; /* first: SQLite sees only this */
	struct file *file; /* borrowed */
};

static uint64_t draw(void)
{
	uint64_t mixed = disk.chance += UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	return mixed ^ (mixed >> 31);
}

static void image_resize(struct image *image, size_t size)
{
	if (size > image->capacity) {
		image->capacity = size * 2;
		image->bytes = realloc(image->bytes, image->capacity);
		SF_ASSERT(image->bytes);
	}
	if (size > image->size)
		memset(image->bytes + image->size, 0, size - image->size);
	image->size = size;
}

static void image_write(struct image *image, size_t offset, const uint8_t *data, size_t size)
{
	if (offset + size > image->size)
		image_resize(image, offset + size);
	memcpy(image->bytes + offset, data, size);
}

static void change_apply(struct image *image, const struct change *change)
{
	if (change->data)
		image_write(image, change->offset, change->data, change->size);
	else
		image_resize(image, change->offset);
}

static void changes_free(struct file *file)
{
	while (file->changes) {
		struct change *change = file->changes;
		file->changes = change->next;
		free(change->data);
		free(change);
	}
	file->newest = &file->changes;
}

static void file_free(struct file *file)
{
	changes_free(file);
	free(file->seen.bytes);
	free(file->synced.bytes);
	*file = (struct file){0};
}

/* Names that appeared or went are on disk from here on. */
static void directory_sync(void)
{
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (disk.files[i].deleted)
			file_free(&disk.files[i]);
		disk.files[i].safe = true;
	}
}

/* As the VFS of Unix: the first sync of a new journal or log syncs its directory too. */
static void file_sync(struct file *file)
{
	for (const struct change *change = file->changes; change; change = change->next)
		change_apply(&file->synced, change);
	changes_free(file);
	if (!file->safe && file->is_journal)
		directory_sync();
}

static void file_change(struct file *file, const void *data, size_t offset, size_t size)
{
	struct change *change = calloc(1, sizeof(*change));
	SF_ASSERT(change);
	change->offset = offset;
	change->size = size;
	if (data) {
		change->data = malloc(size);
		SF_ASSERT(change->data);
		memcpy(change->data, data, size);
		image_write(&file->seen, offset, data, size);
	} else {
		image_resize(&file->seen, offset);
	}
	*file->newest = change;
	file->newest = &change->next;
}

static struct file *find_file(const char *name)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		if (strcmp(disk.files[i].name, name) == 0)
			return &disk.files[i];
	return NULL;
}

/* What is left of a change that was under way when power went: some of its sectors. */
static void tear(struct image *image, const struct change *change)
{
	for (size_t at = 0; at < change->size; at += SECTOR) {
		size_t size = change->size - at < SECTOR ? change->size - at : SECTOR;
		if (draw() % 2 == 0)
			image_write(image, change->offset + at, change->data + at, size);
	}
}

/* fate 0: drops all that was not synced; 1: keeps all; else each change has its own. */
static void file_restart(struct file *file, uint64_t fate)
{
	for (const struct change *change = file->changes; change; change = change->next) {
		uint64_t own = fate < 2 ? fate : draw() % 3;
		if (own == 2 && change->data)
			tear(&file->synced, change);
		else if (own != 0)
			change_apply(&file->synced, change);
	}
	changes_free(file);
	image_resize(&file->seen, file->synced.size);
	if (file->synced.size > 0)
		memcpy(file->seen.bytes, file->synced.bytes, file->synced.size);
}

void disk_restart(void)
{
	uint64_t fate = draw() % 4;
	for (size_t i = 0; i < FILES_MAX; i++) {
		struct file *file = &disk.files[i];
		if (!file->name[0])
			continue;
		bool gone = file->deleted ? draw() % 2 == 0 : !file->safe && draw() % 2 == 0;
		if (gone) {
			file_free(file);
			continue;
		}
		file->deleted = false;
		file_restart(file, fate);
	}
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		free(disk.regions[i]);
		disk.regions[i] = NULL;
	}
	disk_heal();
}

void disk_arm(enum disk_fault fault, size_t point)
{
	disk.fault = fault;
	disk.point = point;
	disk.struck = false;
}

bool disk_has_struck(void)
{
	return disk.struck;
}

void disk_heal(void)
{
	disk.fault = DISK_FAULT_NONE;
}

bool disk_rot(const char *name, size_t offset)
{
	struct file *file = find_file(name);
	if (!file || offset >= file->seen.size)
		return false;
	uint8_t rotten = file->seen.bytes[offset] ^ 0x5A;
	file_change(file, &rotten, offset, 1);
	file_sync(file);
	return true;
}

enum operation { READ, WRITE, SYNC };

static bool concerns(enum operation operation)
{
	switch (disk.fault) {
	case DISK_FAULT_NONE:
		return false;
	case DISK_FAULT_CUT:
		return operation != READ;
	case DISK_FAULT_FULL:
	case DISK_FAULT_WRITE:
		return operation == WRITE;
	case DISK_FAULT_READ:
		return operation == READ;
	case DISK_FAULT_SYNC:
		return operation == SYNC;
	}
	return false;
}

/* Counts a point; the code that its operation must fail with. */
static int reach_point(enum operation operation)
{
	if (!concerns(operation))
		return SQLITE_OK;
	bool due = disk.point > 0 && --disk.point == 0;
	disk.struck = disk.struck || due;
	switch (disk.fault) {
	case DISK_FAULT_CUT:
		return disk.struck ? SQLITE_IOERR : SQLITE_OK;
	case DISK_FAULT_FULL:
		return disk.struck ? SQLITE_FULL : SQLITE_OK;
	case DISK_FAULT_WRITE:
		return due ? SQLITE_IOERR_WRITE : SQLITE_OK;
	case DISK_FAULT_READ:
		return due ? SQLITE_IOERR_READ : SQLITE_OK;
	case DISK_FAULT_SYNC:
		return due ? SQLITE_IOERR_FSYNC : SQLITE_OK;
	case DISK_FAULT_NONE:
		break;
	}
	return SQLITE_OK;
}

static bool is_powerless(void)
{
	return disk.fault == DISK_FAULT_CUT && disk.struck;
}

static struct file *file_of(sqlite3_file *base)
{
	return ((struct handle *)base)->file;
}

static int disk_close(sqlite3_file *base)
{
	(void)base;
	return SQLITE_OK;
}

static int disk_read(sqlite3_file *base, void *place, int amount, sqlite3_int64 offset)
{
	struct file *file = file_of(base);
	size_t size = (size_t)amount, at = (size_t)offset;
	if (is_powerless() || reach_point(READ) != SQLITE_OK)
		return SQLITE_IOERR_READ;
	size_t there = at >= file->seen.size ? 0 : file->seen.size - at;
	if (there > size)
		there = size;
	if (there > 0)
		memcpy(place, file->seen.bytes + at, there);
	if (there == size)
		return SQLITE_OK;
	memset((uint8_t *)place + there, 0, size - there);
	return SQLITE_IOERR_SHORT_READ;
}

static int disk_write(sqlite3_file *base, const void *data, int amount, sqlite3_int64 offset)
{
	bool powerless = is_powerless();
	int code = reach_point(WRITE);
	/* A write in which power goes, or that fails, may have reached the disk in part. */
	size_t size = code == SQLITE_OK || disk.fault == DISK_FAULT_CUT ? (size_t)amount
									: (size_t)amount / 2;
	if (!powerless && size > 0)
		file_change(file_of(base), data, (size_t)offset, size);
	return code;
}

static int disk_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	int code = reach_point(WRITE);
	if (code == SQLITE_OK)
		file_change(file_of(base), NULL, (size_t)size, 0);
	return code;
}

static int disk_sync(sqlite3_file *base, int flags)
{
	(void)flags;
	int code = reach_point(SYNC);
	if (code == SQLITE_OK)
		file_sync(file_of(base));
	return code;
}

static int disk_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
	*ret_size = (sqlite3_int64)file_of(base)->seen.size;
	return is_powerless() ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int disk_lock(sqlite3_file *base, int level)
{
	(void)base, (void)level;
	return SQLITE_OK;
}

static int disk_reserved(sqlite3_file *base, int *ret_reserved)
{
	(void)base;
	*ret_reserved = 0;
	return SQLITE_OK;
}

static int disk_control(sqlite3_file *base, int operation, void *argument)
{
	(void)base, (void)operation, (void)argument;
	return SQLITE_NOTFOUND;
}

static int disk_sector_size(sqlite3_file *base)
{
	(void)base;
	return SECTOR;
}

/* As the VFS of Unix says: a write that is torn harms no byte beside it. */
static int disk_characteristics(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **ret_place)
{
	(void)base;
	SF_ASSERT(region < REGIONS_MAX);
	if (!disk.regions[region] && extend) {
		disk.regions[region] = calloc(1, (size_t)size);
		SF_ASSERT(disk.regions[region]);
	}
	*ret_place = disk.regions[region];
	return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
	(void)base, (void)offset, (void)count, (void)flags;
	return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static int shm_unmap(sqlite3_file *base, int delete_all)
{
	(void)base, (void)delete_all;
	for (size_t i = 0; i < REGIONS_MAX; i++) {
		free(disk.regions[i]);
		disk.regions[i] = NULL;
	}
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = disk_close,
	.xRead = disk_read,
	.xWrite = disk_write,
	.xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_size,
	.xLock = disk_lock,
	.xUnlock = disk_lock,
	.xCheckReservedLock = disk_reserved,
	.xFileControl = disk_control,
	.xSectorSize = disk_sector_size,
	.xDeviceCharacteristics = disk_characteristics,
	.xShmMap = shm_map,
	.xShmLock = shm_lock,
	.xShmBarrier = shm_barrier,
	.xShmUnmap = shm_unmap,
};

static int vfs_open(
	sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base, int flags, int *ret_flags)
{
	(void)vfs;
	struct handle *handle = (struct handle *)base;
	*handle = (struct handle){0};
	if (!name || strlen(name) >= NAME_SIZE || is_powerless())
		return SQLITE_CANTOPEN;
	struct file *file = find_file(name);
	if (file && file->deleted)
		file_free(file);
	if (!file || !file->name[0]) {
		if (!(flags & SQLITE_OPEN_CREATE))
			return SQLITE_CANTOPEN;
		file = find_file("");
		SF_ASSERT(file);
		memcpy(file->name, name, strlen(name) + 1);
		file->newest = &file->changes;
		file->safe = false;
		file->is_journal = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
	}
	*handle = (struct handle){.base.pMethods = &methods, .file = file};
	if (ret_flags)
		*ret_flags = flags;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
	(void)vfs;
	struct file *file = find_file(name);
	if (!file || file->deleted)
		return SQLITE_IOERR_DELETE_NOENT;
	if (is_powerless())
		return SQLITE_IOERR_DELETE;
	file->deleted = true;
	if (sync_directory)
		directory_sync();
	return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret_there)
{
	(void)vfs, (void)flags;
	const struct file *file = find_file(name);
	*ret_there = file && !file->deleted;
	return is_powerless() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int vfs_path(sqlite3_vfs *vfs, const char *name, int size, char *ret_path)
{
	(void)vfs;
	sqlite3_snprintf(size, ret_path, "%s", name);
	return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *ret_bytes)
{
	(void)vfs;
	for (int i = 0; i < size; i++)
		ret_bytes[i] = (char)(draw() & 0x7F);
	return size;
}

static int vfs_pause(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *ret_ms)
{
	(void)vfs;
	*ret_ms = INT64_C(212000000000000);
	return SQLITE_OK;
}

static int vfs_error(sqlite3_vfs *vfs, int size, char *text)
{
	(void)vfs, (void)size, (void)text;
	return 0;
}

static sqlite3_vfs vfs = {
	.iVersion = 2,
	.szOsFile = sizeof(struct handle),
	.mxPathname = NAME_SIZE,
	.zName = DISK_VFS,
	.xOpen = vfs_open,
	.xDelete = vfs_delete,
	.xAccess = vfs_access,
	.xFullPathname = vfs_path,
	.xRandomness = vfs_randomness,
	.xSleep = vfs_pause,
	.xGetLastError = vfs_error,
	.xCurrentTimeInt64 = vfs_time,
};

void disk_init(uint64_t seed)
{
	disk_fini();
	disk.chance = seed;
	for (size_t i = 0; i < FILES_MAX; i++)
		disk.files[i].newest = &disk.files[i].changes;
	/* As the default VFS it also feeds SQLite's own chance, which is drawn anew from here. */
	SF_ASSERT(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
	sqlite3_randomness(0, NULL);
}

void disk_fini(void)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		file_free(&disk.files[i]);
	for (size_t i = 0; i < REGIONS_MAX; i++)
		free(disk.regions[i]);
	memset(&disk, 0, sizeof(disk));
}
