#include "bench/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "crypto/record.h"
#include "os/env.h"
#include "os/zones.h"
#include "wire/record.h"

/* Invented organisations of tests/samples/templates/README.md. */
static const char *const municipality_codes[] = {"990031000016002", "5790999000031"};
static const char *const hospital_codes[] = {"990011000016008", "5790999000017"};

static void add_key(struct sf_bench_region *region, struct sf_keyring *keyring,
	enum sf_key_kind kind, uint8_t *ret_public, struct sf_id *ret_id)
{
	struct sf_key key;
	SF_ASSERT(!sf_key_make(kind, &region->env, &key));
	SF_ASSERT(!sf_keyring_add(keyring, &key));
	if (ret_public)
		memcpy(ret_public, key.public_key, SF_PUBLIC_KEY_SIZE);
	if (ret_id)
		*ret_id = key.id;
	sf_key_fini(&key);
}

static void add_directory_key(struct sf_bench_region *region, struct sf_directory_entry *entry,
	enum sf_key_use use, const uint8_t *key)
{
	int64_t now_ms = region->env.now_ms(region->env.self);
	struct sf_directory_key *place = &entry->keys[entry->key_count++];
	place->use = use;
	memcpy(place->public_key, key, SF_PUBLIC_KEY_SIZE);
	place->not_before_ms = now_ms - SF_DAY_MS;
	place->not_after_ms = now_ms + 30 * SF_DAY_MS;
}

static void sign_entry(struct sf_bench_region *region, struct sf_keyring *registrar,
	struct sf_id registrar_key_id, struct sf_bench_party *party)
{
	struct sf_directory_entry *entry = calloc(1, sizeof(*entry));
	SF_ASSERT(entry);
	entry->party = party->id;
	entry->role = party->role;
	entry->version = 1;
	snprintf(entry->name, sizeof(entry->name), "%s", party->name);
	snprintf(entry->sor, sizeof(entry->sor), "%s", party->sor ? party->sor : "");
	snprintf(entry->gln, sizeof(entry->gln), "%s", party->gln ? party->gln : "");
	add_directory_key(region, entry, SF_KEY_USE_IDENTITY, party->identity_key);
	add_directory_key(region, entry, SF_KEY_USE_TRANSPORT, party->transport_key);
	if (party->role != SF_ROLE_COORDINATOR)
		add_directory_key(region, entry, SF_KEY_USE_SEALING, party->sealing_key);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&party->record, SF_DIRECTORY_ENTRY_SIZE_MAX);
	SF_ASSERT(!sf_entry_encode(entry, &bytes));
	struct sf_signed_record record = {.record = sf_buf_view(&bytes), .signature_count = 1};
	record.signatures[0].key_id = registrar_key_id;
	SF_ASSERT(!sf_record_sign(registrar, registrar_key_id, "entry", sf_buf_view(&bytes),
		record.signatures[0].signature));
	SF_ASSERT(!sf_signed_record_encode(&record, &party->record));
	sf_buf_fini(&bytes);
	free(entry);
}

static struct sf_bench_party *add_party(
	struct sf_bench_region *region, enum sf_role role, const char *const codes[2])
{
	struct sf_bench_party *party = &region->parties[region->party_count++];
	*party = (struct sf_bench_party){.role = role};
	if (codes) {
		party->sor = codes[0];
		party->gln = codes[1];
	}
	region->env.random(region->env.self, party->id.bytes, SF_ID_SIZE);
	snprintf(party->name, sizeof(party->name), "%s %zu", sf_role_text(role),
		region->party_count);
	SF_ASSERT(!sf_keyring_open(&party->keyring));
	bool node = role != SF_ROLE_COORDINATOR;
	add_key(region, party->keyring, node ? SF_KEY_IDENTITY : SF_KEY_COORDINATOR,
		party->identity_key, &party->identity_key_id);
	add_key(region, party->keyring, SF_KEY_TRANSPORT, party->transport_key, NULL);
	if (node) {
		add_key(region, party->keyring, SF_KEY_SEALING, party->sealing_key,
			&party->sealing_key_id);
		add_key(region, party->keyring, SF_KEY_MESSAGE_ID, NULL, NULL);
		add_key(region, party->keyring, SF_KEY_PSEUDONYM, NULL, NULL);
	}
	return party;
}

/* The fixture agreement: going home offers care and medication to the municipality. */
static void make_agreement(struct sf_bench_region *region)
{
	struct sf_agreement *fixture = calloc(1, sizeof(*fixture));
	SF_ASSERT(fixture);
	*fixture = (struct sf_agreement){.name = "fixture",
		.version = 1,
		.time_zone = "Europe/Copenhagen",
		.cut_off_minute = -1,
		.pathway_count = 1};
	fixture->pathways[0] = (struct sf_pathway_terms){.pathway = SF_PATHWAY_SOMATIC,
		.handover_count = 1,
		.handovers = {{.on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0},
			.offers =
				SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
			.to = SF_ROLE_MUNICIPALITY,
			.silence = SF_SILENCE_STAYS}}};
	sf_buf_init(&region->agreement, SF_DIRECTORY_ENTRY_SIZE_MAX);
	SF_ASSERT(!sf_agreement_encode(fixture, &region->agreement));
	free(fixture);
}

void sf_bench_region_open(struct sf_bench_region *region, size_t hospital_count)
{
	SF_ASSERT(hospital_count <= SF_BENCH_SENDERS_MAX);
	*region = (struct sf_bench_region){.party_count = 0};
	SF_ASSERT(!sf_zones_open(SF_ZONE_FOLDER, &region->zones, NULL));
	region->env = sf_os_env_zones(region->zones);
	make_agreement(region);
	struct sf_keyring *registrar;
	struct sf_id registrar_key_id;
	SF_ASSERT(!sf_keyring_open(&registrar));
	region->registrars = (struct sf_registrars){.count = 1, .threshold = 1};
	add_key(region, registrar, SF_KEY_REGISTRAR, region->registrars.keys[0], &registrar_key_id);
	add_party(region, SF_ROLE_COORDINATOR, NULL);
	add_party(region, SF_ROLE_MUNICIPALITY, municipality_codes);
	for (size_t i = 0; i < hospital_count; i++)
		add_party(region, SF_ROLE_HOSPITAL, i == 0 ? hospital_codes : NULL);
	for (size_t i = 0; i < region->party_count; i++)
		sign_entry(region, registrar, registrar_key_id, &region->parties[i]);
	sf_keyring_close(&registrar);
}

void sf_bench_region_close(struct sf_bench_region *region)
{
	for (size_t i = 0; i < region->party_count; i++) {
		sf_keyring_close(&region->parties[i].keyring);
		sf_buf_fini(&region->parties[i].record);
	}
	sf_buf_fini(&region->agreement);
	sf_zones_close(&region->zones);
}
