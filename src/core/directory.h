/*
 * The directory: who is who, with which keys, from when until when (WIRE.md section 2). An
 * in-memory table built from verified entries in order of their versions; the newest entry of a
 * party rules. Pure; owned by one engine.
 */
#ifndef SF_CORE_DIRECTORY_H
#define SF_CORE_DIRECTORY_H

#include "core/contact.h"
#include "core/fact.h"

/* clang-format off */
#define SF_KEY_USE_LIST(X) \
	X(SF_KEY_USE_IDENTITY,    1, "identity") \
	X(SF_KEY_USE_SEALING,     2, "sealing") \
	X(SF_KEY_USE_TRANSPORT,   3, "transport") \
	X(SF_KEY_USE_WITNESS,     4, "witness") \
	X(SF_KEY_USE_LOG,         5, "log")
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_key_use { SF_KEY_USE_NONE = 0, SF_KEY_USE_LIST(X) };
#undef X
const char *sf_key_use_text(enum sf_key_use use);

#define SF_CODE_TEXT_SIZE 24 /* SOR up to 18 digits, GLN 13, and the zero */
#define SF_SUPPORT_TEXT_SIZE 128

struct sf_directory_key {
	struct sf_id id; /* kid of WIRE section 1; for transport keys BLAKE2b of the key */
	enum sf_key_use use;
	uint8_t public_key[32];
	int64_t not_before_ms;
	int64_t not_after_ms;
	int64_t revoked_ms; /* 0 = not revoked */
	int64_t compromised_since_ms;
};

struct sf_directory_entry {
	struct sf_id party;
	char name[SF_PARTY_NAME_SIZE_MAX + 1];
	enum sf_role role;
	char sor[SF_CODE_TEXT_SIZE];
	char gln[SF_CODE_TEXT_SIZE];
	struct sf_id represented_by;
	char support[SF_SUPPORT_TEXT_SIZE];
	size_t contact_count;
	struct sf_contact contacts[SF_CONTACTS_MAX];
	uint64_t version;          /* of this party's entry */
	struct sf_digest previous; /* digest of the previous entry */
	struct sf_digest digest;   /* of this entry */
	size_t key_count;
	struct sf_directory_key keys[SF_PARTY_KEYS_MAX];
};

struct sf_directory; /* opaque */

SF_MUST_USE enum sf_err sf_directory_open(struct sf_directory **ret_directory);
void sf_directory_close(struct sf_directory **directory);

/*
 * Adds the next entry; its signature was checked by the caller. SF_ERR_CONFLICT with a reason in
 * diag: version or previous do not follow the party's last entry, a key is registered for another
 * party, a key id stands twice, or an identifier (SOR, GLN) is another party's.
 */
SF_MUST_USE enum sf_err sf_directory_add(struct sf_directory *directory,
	const struct sf_directory_entry *entry, struct sf_diag *diag);

/* Number of entries added, and dhead (WIRE section 2), which the caller computes and sets. */
uint64_t sf_directory_version(const struct sf_directory *directory);
const struct sf_digest *sf_directory_head(const struct sf_directory *directory);
void sf_directory_set_head(struct sf_directory *directory, const struct sf_digest *head);

/* NULL when there is none. Borrowed until the next add. */
const struct sf_directory_entry *sf_directory_party(
	const struct sf_directory *directory, struct sf_id party);
/* Its name, borrowed like it; "" when there is none. */
const char *sf_directory_name(const struct sf_directory *directory, struct sf_id party);
const struct sf_directory_entry *sf_directory_by_sor(
	const struct sf_directory *directory, const char *sor);
const struct sf_directory_entry *sf_directory_by_gln(
	const struct sf_directory *directory, const char *gln);
size_t sf_directory_count(const struct sf_directory *directory);
/* Parties in order of their first entry; index < count. */
const struct sf_directory_entry *sf_directory_at(
	const struct sf_directory *directory, size_t index);

/*
 * The key with this id and use, and whose it is. NULL when unknown. Old entries' keys stay known
 * only as far as the party's newest entry lists them.
 */
const struct sf_directory_key *sf_directory_key(const struct sf_directory *directory,
	struct sf_id key_id, enum sf_key_use use, const struct sf_directory_entry **ret_entry);

/*
 * WIRE section 1, receive order: valid at sent, recorded no later than 30 days after not-after, and
 * not revoked (at recorded time, against compromised-since when it is known).
 */
bool sf_directory_key_valid(
	const struct sf_directory_key *key, int64_t sent_ms, int64_t recorded_ms);

/* At this recorded time, against compromised-since when that is known. */
bool sf_directory_key_revoked(const struct sf_directory_key *key, int64_t recorded_ms);

/* The newest valid sealing key of a party, or of the one that represents it; NULL when none. */
const struct sf_directory_key *sf_directory_sealing_key(
	const struct sf_directory *directory, struct sf_id party, int64_t now_ms);

/* True when the party, or who represents it, has a node: a valid transport key. */
bool sf_directory_has_node(
	const struct sf_directory *directory, struct sf_id party, int64_t now_ms);

#endif
