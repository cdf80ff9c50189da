/*
 * The secrets of this process (WIRE.md section 2): signing keys, several sealing keys valid at
 * once, pre-shared keys of pairs, the transport key pair, the message-id secret, the pseudonym and
 * the storage key. Also the caches that make a batch cost one signature check and one key
 * agreement.
 *
 * Safe from any thread: one mutex, and secrets are copied out to be used and wiped by the user.
 */
#ifndef SF_CRYPTO_KEYRING_H
#define SF_CRYPTO_KEYRING_H

#include "crypto/cache.h"
#include "crypto/key.h"

#define SF_KEYRING_KEYS_MAX ((size_t)256)  /* signing and sealing keys, of each */
#define SF_KEYRING_PSKS_MAX ((size_t)8192) /* one or two for every party of a country */

struct sf_keyring; /* opaque */

/* SF_ERR_MEMORY, SF_ERR_UNSUPPORTED without a working libsodium. */
SF_MUST_USE enum sf_err sf_keyring_open(struct sf_keyring **ret_keyring);
/* Wipes. NULL inside is allowed. */
void sf_keyring_close(struct sf_keyring **keyring);

/*
 * Copies key in, by its kind; not for SF_KEY_PSK (SF_ERR_USAGE). A second transport, message-id,
 * pseudonym or storage key replaces the first. SF_ERR_EXISTS for a signing or sealing key that is
 * there.
 */
SF_MUST_USE enum sf_err sf_keyring_add(struct sf_keyring *keyring, const struct sf_key *key);
/* The newest added is used for sealing; opening tries all of the pair, newest first (WIRE 7.8). */
SF_MUST_USE enum sf_err sf_keyring_add_psk(
	struct sf_keyring *keyring, struct sf_id a, struct sf_id b, const struct sf_key *psk);
/* A sealing or signing key past its life. Empties the caches. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_keyring_remove(struct sf_keyring *keyring, struct sf_id key_id);
bool sf_keyring_has(struct sf_keyring *keyring, struct sf_id key_id);
/* The CURVE pair, for the transport room. SF_ERR_KEY_UNKNOWN. The caller wipes ret_secret. */
SF_MUST_USE enum sf_err sf_keyring_transport(struct sf_keyring *keyring,
	uint8_t ret_public[SF_PUBLIC_KEY_SIZE], uint8_t ret_secret[SF_KEY_SECRET_SIZE]);

/* Inside this room. */

SF_MUST_USE enum sf_err sf_keyring_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_view *parts, size_t count, uint8_t ret_signature[SF_SIGNATURE_SIZE]);
/* SF_ERR_KEY_UNKNOWN. The caller wipes ret_secret. */
SF_MUST_USE enum sf_err sf_keyring_storage(
	struct sf_keyring *keyring, uint8_t ret_secret[SF_KEY_SECRET_SIZE]);
SF_MUST_USE enum sf_err sf_keyring_sealing(struct sf_keyring *keyring, struct sf_id key_id,
	uint8_t ret_secret[SF_KEY_SECRET_SIZE], uint8_t ret_public[SF_PUBLIC_KEY_SIZE]);
/* The pair's psk number age, 0 the newest. SF_ERR_KEY_UNKNOWN past the oldest. */
SF_MUST_USE enum sf_err sf_keyring_psk(struct sf_keyring *keyring, struct sf_id a, struct sf_id b,
	size_t age, uint8_t ret_psk[SF_KEY_SECRET_SIZE]);
/* BLAKE2b-256 keyed with the secret of kind (message-id or pseudonym), cut to an id. */
SF_MUST_USE enum sf_err sf_keyring_name(struct sf_keyring *keyring, enum sf_key_kind kind,
	const struct sf_view *parts, size_t count, struct sf_id *ret_id);
/* Of verified (key, root, signature), and of HPKE receiver contexts. Borrowed. */
struct sf_cache *sf_keyring_roots(struct sf_keyring *keyring);
struct sf_cache *sf_keyring_contexts(struct sf_keyring *keyring);

#endif
