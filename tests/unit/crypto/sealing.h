/*
 * Parties with repeatable keys and envelopes sealed between them, for the tests of this room.
 */
#ifndef SF_TEST_SEALING_H
#define SF_TEST_SEALING_H

#include "crypto/port.h"

struct party {
	struct sf_id id;
	struct sf_keyring *keyring; /* owned */
	struct sf_crypto crypto;
	struct sf_id signing_id;
	uint8_t signing_key[SF_PUBLIC_KEY_SIZE];
	struct sf_id sealing_id;
	uint8_t sealing_key[SF_PUBLIC_KEY_SIZE];
};

/* Bytes that depend only on name and number; size up to 64 KiB and more. */
void chance(const char *name, size_t number, void *place, size_t size);

/* Party number has an identity and a sealing key, both made from its number. */
void party_open(struct party *party, size_t number);
void party_close(struct party *party);
struct sf_seal_recipient party_recipient(const struct party *party, const struct party *author);
/* The same 32 bytes for both, from number. */
void party_share_psk(struct party *a, struct party *b, size_t number);

/* One item with everything it borrows. */
struct letter {
	struct sf_seal_item item;
	struct sf_seal_recipient recipients[SF_RECIPIENT_COUNT_MAX];
	struct sf_buf salted_body; /* owned */
	struct sf_digest commitment;
	char header[64];
};

/* letters[i] says body to recipients; number makes salt, content key and nonce. */
void letter_init(struct letter *letter, size_t number, const struct party *author,
	const struct party *recipients, size_t recipient_count, size_t body_size, uint8_t flags);
void letter_fini(struct letter *letter);

/* Seals count letters as one batch and asserts that it worked; envelopes are in letters[i].item. */
void letters_seal(struct party *author, struct letter *letters, size_t count);

/* What the receive order makes of bytes: how far they come. */
enum arrival_stage {
	ARRIVAL_GOOD = 0,
	ARRIVAL_FRAMING = -1,
	ARRIVAL_SIGNATURE = -2,
	/* or enum sf_open_stage, positive */
};
/* Parse, verify, open at reader; body goes to ret_body (init'd here) when it is not NULL. */
int arrive(struct party *reader, const struct party *author, struct sf_view bytes,
	const struct sf_digest *commitment, struct sf_buf *ret_body);

#endif
