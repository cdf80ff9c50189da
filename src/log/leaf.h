/*
 * What the log commits to: leaf, hiding commitment, transition head (WIRE.md section 4). Pure; used
 * by the coordinator that writes, and by nodes that check.
 */
#ifndef SF_LOG_LEAF_H
#define SF_LOG_LEAF_H

#include "core/message.h"
#include "port/crypto.h"
#include "wire/frame.h"

#define SF_LEAF_SIZE ((size_t)42)

struct sf_leaf_event {
	struct sf_digest digest; /* of the recorded bytes */
	struct sf_id transition; /* none without one, then sequence and head are zero too */
	int64_t recorded_ms;
	uint64_t sequence;
	enum sf_outcome outcome;
	uint16_t code;
	struct sf_digest previous_head;
	enum sf_kind_class kind_class;
};

/* version || class || recorded || C, where C hides the event under r. */
void sf_log_leaf(const struct sf_crypto *crypto, const struct sf_leaf_event *event,
	const struct sf_digest *r, uint8_t ret_leaf[SF_LEAF_SIZE]);
/* The same of an event that a receipt tells of; without a sequence its leaf has no transition. */
void sf_log_receipt_leaf(const struct sf_crypto *crypto, const struct sf_receipt *receipt,
	struct sf_id transition, uint8_t ret_leaf[SF_LEAF_SIZE]);
/* head = SHA-256("stafet/v1/head\0" || previous head || leaf). */
void sf_log_head(const struct sf_crypto *crypto, const struct sf_digest *previous,
	const uint8_t leaf[SF_LEAF_SIZE], struct sf_digest *ret_head);

#endif
