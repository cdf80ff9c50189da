/*
 * Keys (WIRE.md section 2): how they are named, which public keys are acceptable, and one key pair
 * or shared secret with its purpose. No Ed25519 key ever becomes an X25519 key.
 */
#ifndef SF_CRYPTO_KEY_H
#define SF_CRYPTO_KEY_H

#include "base/id.h"
#include "crypto/secret.h"
#include "port/env.h"
#include "wire/envelope.h"

#define SF_KEY_SECRET_SIZE ((size_t)32) /* Ed25519 seed, X25519 scalar or shared secret */

/* clang-format off */
#define SF_KEY_KIND_LIST(X) \
	X(SF_KEY_IDENTITY,    1, "identity")    /* Ed25519: signs a party's envelopes */ \
	X(SF_KEY_COORDINATOR, 2, "coordinator") /* Ed25519: receipts, derived facts, statements */ \
	X(SF_KEY_SEALING,     3, "sealing")     /* X25519 */ \
	X(SF_KEY_TRANSPORT,   4, "transport")   /* X25519 for CURVE */ \
	X(SF_KEY_WITNESS,     5, "witness")     /* Ed25519 */ \
	X(SF_KEY_REGISTRAR,   6, "registrar")   /* Ed25519, offline */ \
	X(SF_KEY_LOG,         7, "log")         /* Ed25519 */ \
	X(SF_KEY_PSK,         8, "psk")         /* shared by a pair of parties */ \
	X(SF_KEY_MESSAGE_ID,  9, "message-id")  /* WIRE 7.9: in every backup */ \
	X(SF_KEY_PSEUDONYM,  10, "pseudonym")   /* hospital nodes only */ \
	X(SF_KEY_STORAGE,    11, "storage")     /* seals content keys at rest; in every backup */
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_key_kind { SF_KEY_KIND_LIST(X) };
#undef X

enum sf_key_type {
	SF_KEY_TYPE_ED25519 = 1,
	SF_KEY_TYPE_X25519,
	SF_KEY_TYPE_SHARED, /* no public part */
};

const char *sf_key_kind_text(enum sf_key_kind kind);
SF_MUST_USE enum sf_err sf_key_kind_parse(const char *text, enum sf_key_kind *ret_kind);
enum sf_key_type sf_key_type_of(enum sf_key_kind kind);

struct sf_key {
	enum sf_key_kind kind;
	struct sf_secret secret;                /* owned, SF_KEY_SECRET_SIZE */
	uint8_t public_key[SF_PUBLIC_KEY_SIZE]; /* zero for shared secrets */
	struct sf_id id;                        /* key id of WIRE section 1; none for shared ones */
};

/* A fresh key from env's chance. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_key_make(
	enum sf_key_kind kind, const struct sf_env *env, struct sf_key *ret_key);
/* From its 32 secret bytes; the public part and the id are computed. */
SF_MUST_USE enum sf_err sf_key_from_secret(
	enum sf_key_kind kind, const uint8_t secret[SF_KEY_SECRET_SIZE], struct sf_key *ret_key);
void sf_key_fini(struct sf_key *key);

struct sf_id sf_key_id_ed25519(const uint8_t key[SF_PUBLIC_KEY_SIZE]);
struct sf_id sf_key_id_x25519(const uint8_t key[SF_PUBLIC_KEY_SIZE]);
/* Canonical, a point of the prime-order group and so not of small order. */
bool sf_key_valid_ed25519(const uint8_t key[SF_PUBLIC_KEY_SIZE]);
/* Canonical (below 2^255 - 19) and of an order that gives no all-zero agreement. */
bool sf_key_valid_x25519(const uint8_t key[SF_PUBLIC_KEY_SIZE]);

#endif
