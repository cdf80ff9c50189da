/*
 * Cryptography as the engines see it: names of things (hashes), signatures, sealing and opening.
 * Secrets live in the adapter (src/crypto/); engines name keys by key id and never see one.
 *
 * Threads: verify, verify_cover, open and seal_one are safe from any worker thread, and so are
 * the functions without secrets (hash .. sealing_key_valid, check, check_record, check_receipt);
 * the rest belong to the engine thread. Nothing here draws chance: the caller passes what must be
 * random, so that a simulation is repeatable.
 */
#ifndef SF_PORT_CRYPTO_H
#define SF_PORT_CRYPTO_H

#include "base/bytes.h"
#include "base/id.h"
#include "base/limits.h"
#include "wire/envelope.h"

/* Names computed while verifying (WIRE section 1). */
struct sf_envelope_names {
	struct sf_digest sealed; /* zero-content envelopes have one too */
	struct sf_digest tbs;
	struct sf_digest digest; /* how logs and receipts name the envelope */
};

/* Where opening stopped; its text is the code of the fatal-error (WIRE section 1, receive order).
 */
enum sf_open_stage {
	SF_OPEN_GOOD = 0,
	SF_OPEN_NO_KEY, /* no usable slot, secret or psk: transient-error key-unknown */
	SF_OPEN_LAYOUT,
	SF_OPEN_WRAP,
	SF_OPEN_COMMIT,
	SF_OPEN_AEAD,
	SF_OPEN_PADDING,
	SF_OPEN_COMMITMENT, /* body commitment of message does not fit salt and Body */
};

struct sf_open_result {
	enum sf_open_stage stage;
	struct sf_buf salted_body; /* owned by the caller: salt[32] || Body, when stage is GOOD */
};

/* A place in an attachment's stream (crypto/chunk.h). */
struct sf_chunk_at {
	uint32_t index; /* of the chunk, from 0 */
	uint64_t trail; /* of the chunks before it; 0 before the first */
	bool last;
};

struct sf_seal_recipient {
	struct sf_id key_id;
	uint8_t public_key[SF_PUBLIC_KEY_SIZE]; /* X25519 */
	struct sf_id psk_id_low, psk_id_high;   /* both party ids when SF_FLAG_PSK, else none */
};

/*
 * One envelope of a turn's batch. The engine fills the first part; seal_one fills envelope and tbs;
 * seal_finish appends the proof and sets digest.
 */
struct sf_seal_item {
	uint8_t flags;
	struct sf_view header; /* borrowed: protobuf Header */
	struct sf_view
		salted_body;    /* borrowed: salt[32] || Body; empty when recipient_count is 0 */
	size_t recipient_count; /* slots */
	const struct sf_seal_recipient *recipients;      /* borrowed */
	uint32_t slot_sequences[SF_RECIPIENT_COUNT_MAX]; /* set by seal_begin */
	size_t slot_contexts[SF_RECIPIENT_COUNT_MAX];    /* set by seal_begin */
	uint8_t content_key[32];      /* random, by the engine; wiped by seal_one */
	uint8_t nonce[SF_NONCE_SIZE]; /* random, by the engine */
	struct sf_buf envelope;       /* owned; init with SF_ENVELOPE_SIZE_MAX */
	struct sf_envelope_names names;
	enum sf_err err; /* of seal_one */
};

#define SF_PASSWORD_SALT_SIZE ((size_t)16)

/* Content at rest (crypto/rest.h): sizes of what the engine keeps and of the chance it gives. */
#define SF_CONTENT_KEY_SIZE ((size_t)72)
#define SF_CONTENT_KEY_CHANCE ((size_t)56) /* key and nonce */
#define SF_CONTENT_MARK_SIZE ((size_t)16)  /* what sealed content begins with */

struct sf_seal_batch; /* opaque: the turn's HPKE contexts, wiped when closed */

struct sf_crypto {
	void *self; /* borrowed */

	/* BLAKE2b-256 over the parts in order; key.size 0 or 32 (16 to 64 allowed). */
	void (*hash)(void *self, struct sf_view key, const struct sf_view *parts, size_t count,
		struct sf_digest *ret_digest);
	void (*sha256)(void *self, const struct sf_view *parts, size_t count,
		struct sf_digest *ret_digest);
	/* kid of WIRE section 1 for Ed25519 (signing) and X25519 (sealing) public keys. */
	struct sf_id (*signing_key_id)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE]);
	struct sf_id (*sealing_key_id)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE]);
	/* Canonical and not of small order, as the directory demands. */
	bool (*signing_key_valid)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE]);
	bool (*sealing_key_valid)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE]);

	/* Keyed with this node's message-id secret (DOMAIN section 8) or pseudonym key (WIRE 2). */
	SF_MUST_USE enum sf_err (*message_id)(
		void *self, struct sf_id party, struct sf_view clinical_id, struct sf_id *ret_id);
	SF_MUST_USE enum sf_err (*person_id)(void *self, struct sf_view cpr, struct sf_id *ret_id);

	/* Bare Ed25519 over the concatenated parts (records, receipts). */
	SF_MUST_USE enum sf_err (*sign)(void *self, struct sf_id key_id,
		const struct sf_view *parts, size_t count,
		uint8_t ret_signature[SF_SIGNATURE_SIZE]);
	SF_MUST_USE enum sf_err (*check)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE],
		const struct sf_view *parts, size_t count,
		const uint8_t signature[SF_SIGNATURE_SIZE]);

	/*
	 * Records that are no envelopes (WIRE section 4): name is the word of their label, "entry"
	 * or "agreement"; bytes are without signatures. The digest is how a log names the record.
	 */
	void (*record_digest)(
		void *self, const char *name, struct sf_view bytes, struct sf_digest *ret_digest);
	SF_MUST_USE enum sf_err (*sign_record)(void *self, struct sf_id key_id, const char *name,
		struct sf_view bytes, uint8_t ret_signature[SF_SIGNATURE_SIZE]);
	SF_MUST_USE enum sf_err (*check_record)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE],
		const char *name, struct sf_view bytes, const uint8_t signature[SF_SIGNATURE_SIZE]);

	/*
	 * Argon2id (RFC 9106, version 0x13, one lane) of a password that a person chose: so many
	 * passes over so many KiB, on purpose slow. SF_ERR_MEMORY; SF_ERR_USAGE for costs that
	 * libsodium does not take. Touches nothing of self: any thread may call it.
	 */
	SF_MUST_USE enum sf_err (*password_hash)(void *self, struct sf_view password,
		const uint8_t salt[SF_PASSWORD_SALT_SIZE], uint32_t passes, uint32_t memory_kib,
		struct sf_digest *ret_hash);

	/* SF_ERR_AUTH when path or signature do not hold. Verified roots are cached. */
	SF_MUST_USE enum sf_err (*verify)(void *self, const struct sf_envelope *envelope,
		const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names);
	SF_MUST_USE enum sf_err (*verify_cover)(void *self, const struct sf_cover *cover,
		const uint8_t author_key[SF_PUBLIC_KEY_SIZE], struct sf_envelope_names *ret_names);

	/*
	 * Opens the slot of one of this node's sealing keys, up to and including the body
	 * commitment (body_commitment: 32 bytes of message). party and author name the psk pair.
	 * An envelope without slots is GOOD with nothing in it when body_commitment is none. The
	 * caller fini's salted_body in every case. Fails only for memory.
	 */
	SF_MUST_USE enum sf_err (*open)(void *self, const struct sf_envelope *envelope,
		struct sf_id own_party, struct sf_id author,
		const struct sf_digest *body_commitment, struct sf_open_result *ret_result);

	/*
	 * Sealing a turn's envelopes under one author key: begin makes one HPKE context per
	 * recipient key (seeds: 32 random bytes for each of at most seed_count distinct keys, in
	 * order of first use) and numbers the slots; seal_one runs per item on any thread; finish
	 * builds the tree over all tbs, signs once and completes every envelope. 1 <= count <=
	 * 4096. items must not move before close; seal_one runs exactly once for each. A batch that
	 * is rolled back is closed and begun anew with new seeds, content keys and nonces.
	 *
	 * begin: SF_ERR_USAGE for an item or key id that cannot be sealed, or too few seeds;
	 * SF_ERR_KEY_UNKNOWN without the author's key or a psk; SF_ERR_AUTH for a recipient key of
	 * small order. finish: the first item's err, SF_ERR_STATE when an item was not sealed.
	 */
	SF_MUST_USE enum sf_err (*seal_begin)(void *self, struct sf_id author_key_id,
		struct sf_seal_item *items, size_t count, const uint8_t (*seeds)[32],
		size_t seed_count, struct sf_seal_batch **ret_batch);
	void (*seal_one)(void *self, struct sf_seal_batch *batch, struct sf_seal_item *item);
	SF_MUST_USE enum sf_err (*seal_finish)(void *self, struct sf_seal_batch *batch);
	void (*seal_close)(void *self, struct sf_seal_batch **batch);

	/* body commitment = BLAKE2b-256(key = salt, "stafet/v1/body\0" || Body). */
	void (*body_commitment)(void *self, const uint8_t salt[32], struct sf_view body,
		struct sf_digest *ret_digest);

	/*
	 * Content at rest, under a key of its transition that is sealed with this node's storage
	 * key. make: SF_ERR_KEY_UNKNOWN without a storage key, then content is kept as it is. seal
	 * appends; name says which value it is. open appends what was sealed, or content as it is
	 * when it was never sealed; SF_ERR_INTEGRITY: another key, transition, name or content.
	 */
	SF_MUST_USE enum sf_err (*content_key_make)(void *self, struct sf_id transition,
		const uint8_t chance[SF_CONTENT_KEY_CHANCE],
		uint8_t ret_sealed[SF_CONTENT_KEY_SIZE]);
	SF_MUST_USE enum sf_err (*content_seal)(void *self, struct sf_view sealed_key,
		struct sf_id transition, struct sf_view name, const uint8_t nonce[SF_NONCE_SIZE],
		struct sf_view content, struct sf_buf *buf);
	SF_MUST_USE enum sf_err (*content_open)(void *self, struct sf_view sealed_key,
		struct sf_id transition, struct sf_view name, struct sf_view sealed,
		struct sf_buf *buf);

	/*
	 * Chunks of an attachment (WIRE section 1). seal and open append; trail and link are those
	 * before the chunk and become those after it. open: SF_ERR_AUTH when it is not the chunk of
	 * that place. Without secrets: chunk_link says what it is to an object's digest.
	 */
	SF_MUST_USE enum sf_err (*chunk_seal)(void *self, const uint8_t key[SF_CHUNK_KEY_SIZE],
		struct sf_chunk_at *at, struct sf_view content, struct sf_buf *buf);
	SF_MUST_USE enum sf_err (*chunk_open)(void *self, const uint8_t key[SF_CHUNK_KEY_SIZE],
		struct sf_chunk_at *at, struct sf_view chunk, struct sf_buf *buf);
	void (*chunk_link)(void *self, struct sf_view chunk, struct sf_digest *link);

	/*
	 * Receipts of a turn, signed like batches (WIRE sections 3 and 7.3): leaf i is receipts[i].
	 * paths receives 32 * depth bytes per receipt at paths + i * 32 * SF_BATCH_DEPTH_MAX.
	 */
	SF_MUST_USE enum sf_err (*sign_receipts)(void *self, struct sf_id key_id,
		const struct sf_view *receipts, size_t count, uint8_t *ret_paths,
		uint8_t *ret_depths, uint8_t ret_signature[SF_SIGNATURE_SIZE]);
	SF_MUST_USE enum sf_err (*check_receipt)(void *self, const uint8_t key[SF_PUBLIC_KEY_SIZE],
		struct sf_view receipt, uint16_t index, uint16_t count, struct sf_view path,
		const uint8_t signature[SF_SIGNATURE_SIZE]);
};

#endif
