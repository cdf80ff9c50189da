/*
 * A disk in memory as an SQLite VFS, that knows what has been synced. Each write, truncate, sync
 * and delete is a numbered point at which power can be cut or an error can strike. After a cut,
 * what was not synced is dropped, kept or torn by sector, as the seed says.
 *
 * One connection at a time; process-global because SQLite's list of VFSs is.
 */
#ifndef SF_TESTS_STORE_DISK_H
#define SF_TESTS_STORE_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_VFS "disk"

enum disk_fault {
	DISK_FAULT_NONE,
	DISK_FAULT_CUT,   /* power: this point and everything after it fails */
	DISK_FAULT_FULL,  /* writes fail with SQLITE_FULL from this point on until disk_heal */
	DISK_FAULT_WRITE, /* this one write or truncate fails */
	DISK_FAULT_READ,  /* this one read fails */
	DISK_FAULT_SYNC,  /* this one sync fails and syncs nothing */
};

/* An empty disk. */
void disk_init(uint64_t seed);
void disk_fini(void);
/* point counts what the fault strikes (a cut: writes, truncates and syncs), from 1, from now. */
void disk_arm(enum disk_fault fault, size_t point);
/* True when the armed fault has struck. */
bool disk_has_struck(void);
/* No fault any more; a full disk has space again. */
void disk_heal(void);
/* After a cut, or instead of one: what a machine finds when it starts. Every file is closed. */
void disk_restart(void);
/* Overwrites a byte of a file, as rot would. False when there is no such file or byte. */
bool disk_rot(const char *name, size_t offset);

#endif
