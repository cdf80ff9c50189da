/*
 * The hashes that name the parts of an envelope: h0, h1, h2, sealed, tbs, digest of WIRE.md
 * section 1. Sealing, opening and verifying all compute them here and nowhere else.
 */
#ifndef SF_CRYPTO_NAMES_H
#define SF_CRYPTO_NAMES_H

#include "base/id.h"
#include "crypto/hash.h"

/* Magic up to and including the header. */
void sf_names_h0(struct sf_view through_header, struct sf_digest *ret_h0);
/* slots: 100 * count bytes, of which only the key ids count. */
void sf_names_h1(
	const struct sf_digest *h0, size_t count, struct sf_view slots, struct sf_digest *ret_h1);
void sf_names_h2(
	const struct sf_digest *h1, struct sf_view slots_through_length, struct sf_digest *ret_h2);
void sf_names_sealed(struct sf_view slots_through_ciphertext, struct sf_digest *ret_sealed);
void sf_names_tbs(
	const struct sf_digest *h0, const struct sf_digest *sealed, struct sf_digest *ret_tbs);
void sf_names_digest(
	const struct sf_digest *tbs, struct sf_view from_depth, struct sf_digest *ret_digest);

/* Keyed with the content key: proof that all recipients got the same one, and the AEAD's key. */
void sf_names_commit(
	struct sf_view content_key, const struct sf_digest *h1, struct sf_digest *ret_commit);
void sf_names_payload_key(
	struct sf_view content_key, const struct sf_digest *h1, struct sf_digest *ret_key);
void sf_names_body_commitment(
	struct sf_view salt, struct sf_view body, struct sf_digest *ret_digest);

/* HPKE info of a slot: "stafet/v1/wrap\0" || author key id || recipient key id. */
#define SF_WRAP_INFO_SIZE (sizeof("stafet/v1/wrap") + 2 * SF_ID_SIZE)
void sf_names_wrap_info(
	struct sf_id author_key_id, struct sf_id key_id, uint8_t ret_info[SF_WRAP_INFO_SIZE]);
/* psk_id of a pair: both party ids, the smaller first (WIRE section 2). */
void sf_names_psk_id(struct sf_id a, struct sf_id b, uint8_t ret_psk_id[2 * SF_ID_SIZE]);

#endif
