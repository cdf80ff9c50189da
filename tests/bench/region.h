/*
 * A small region for the bench: a coordinator, a municipality and one or more hospitals, with fresh
 * keys and a directory signed by one registrar. Everything here is made before processes part.
 */
#ifndef SF_BENCH_REGION_H
#define SF_BENCH_REGION_H

#include "audit/registry.h"
#include "crypto/port.h"

#define SF_BENCH_SENDERS_MAX ((size_t)50)
#define SF_BENCH_PARTIES_MAX (SF_BENCH_SENDERS_MAX + 2)

struct sf_bench_party {
	enum sf_role role;
	struct sf_id id;
	char name[32];
	const char *sor, *gln;      /* static; NULL without */
	struct sf_keyring *keyring; /* owned */
	struct sf_id identity_key_id;
	uint8_t identity_key[SF_PUBLIC_KEY_SIZE];
	uint8_t sealing_key[SF_PUBLIC_KEY_SIZE];
	struct sf_id sealing_key_id;
	uint8_t transport_key[SF_PUBLIC_KEY_SIZE];
	struct sf_buf record; /* owned: its entry as the registrar signed it */
};

struct sf_bench_region {
	struct sf_env env;
	struct sf_zones *zones; /* owned */
	struct sf_registrars registrars;
	struct sf_buf agreement; /* owned */
	size_t party_count;
	struct sf_bench_party
		parties[SF_BENCH_PARTIES_MAX]; /* coordinator, municipality, hospitals */
};

#define SF_BENCH_COORDINATOR 0
#define SF_BENCH_MUNICIPALITY 1
#define SF_BENCH_HOSPITAL 2

void sf_bench_region_open(struct sf_bench_region *region, size_t hospital_count);
void sf_bench_region_close(struct sf_bench_region *region);

#endif
