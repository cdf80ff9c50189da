#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "unit/crypto/sealing.h"

#include "crypto/hash.h"

void chance(const char *name, size_t number, void *place, size_t size)
{
	uint8_t *bytes = place;
	for (size_t done = 0; done < size; done += SF_DIGEST_SIZE) {
		uint8_t numbers[16];
		sf_put_u64(numbers, number);
		sf_put_u64(numbers + 8, done);
		struct sf_view parts[] = {sf_view_text(name), sf_view_of(numbers, sizeof(numbers))};
		struct sf_digest block;
		sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), &block);
		size_t rest = size - done;
		memcpy(bytes + done, block.bytes, rest < SF_DIGEST_SIZE ? rest : SF_DIGEST_SIZE);
	}
}

static void add_key(struct party *party, enum sf_key_kind kind, const char *name, size_t number,
	struct sf_id *ret_id, uint8_t *ret_public)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	chance(name, number, secret, sizeof(secret));
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(kind, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(party->keyring, &key), SF_OK);
	*ret_id = key.id;
	memcpy(ret_public, key.public_key, SF_PUBLIC_KEY_SIZE);
	sf_key_fini(&key);
}

void party_open(struct party *party, size_t number)
{
	*party = (struct party){0};
	chance("party", number, party->id.bytes, SF_ID_SIZE);
	assert_int_equal(sf_keyring_open(&party->keyring), SF_OK);
	sf_crypto_port(party->keyring, &party->crypto);
	add_key(party, SF_KEY_IDENTITY, "identity", number, &party->signing_id, party->signing_key);
	add_key(party, SF_KEY_SEALING, "sealing", number, &party->sealing_id, party->sealing_key);
}

void party_close(struct party *party)
{
	sf_keyring_close(&party->keyring);
}

struct sf_seal_recipient party_recipient(const struct party *party, const struct party *author)
{
	struct sf_seal_recipient recipient = {.key_id = party->sealing_id};
	memcpy(recipient.public_key, party->sealing_key, SF_PUBLIC_KEY_SIZE);
	recipient.psk_id_low = author->id;
	recipient.psk_id_high = party->id;
	return recipient;
}

void party_share_psk(struct party *a, struct party *b, size_t number)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	chance("psk", number, secret, sizeof(secret));
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(SF_KEY_PSK, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add_psk(a->keyring, a->id, b->id, &key), SF_OK);
	assert_int_equal(sf_keyring_add_psk(b->keyring, b->id, a->id, &key), SF_OK);
	sf_key_fini(&key);
}

void letter_init(struct letter *letter, size_t number, const struct party *author,
	const struct party *recipients, size_t recipient_count, size_t body_size, uint8_t flags)
{
	*letter = (struct letter){0};
	int size = snprintf(letter->header, sizeof(letter->header), "header of letter %zu", number);
	struct sf_seal_item *item = &letter->item;
	item->flags = flags;
	item->header = sf_view_of(letter->header, (size_t)size);
	item->recipients = letter->recipients;
	item->recipient_count = recipient_count;
	for (size_t i = 0; i < recipient_count; i++)
		letter->recipients[i] = party_recipient(&recipients[i], author);
	sf_buf_init(&letter->salted_body, SF_SALTED_BODY_SIZE_MAX);
	if (recipient_count > 0) {
		uint8_t *place;
		assert_int_equal(
			sf_buf_extend(&letter->salted_body, 32 + body_size, &place), SF_OK);
		chance("salt", number, place, 32);
		chance("body", number, place + 32, body_size);
		author->crypto.body_commitment(author->crypto.self, place,
			sf_view_of(place + 32, body_size), &letter->commitment);
	}
	item->salted_body = sf_buf_view(&letter->salted_body);
	chance("content key", number, item->content_key, sizeof(item->content_key));
	chance("nonce", number, item->nonce, sizeof(item->nonce));
	sf_buf_init(&item->envelope, SF_ENVELOPE_SIZE_MAX);
}

void letter_fini(struct letter *letter)
{
	sf_buf_fini(&letter->salted_body);
	sf_buf_fini(&letter->item.envelope);
}

void letters_seal(struct party *author, struct letter *letters, size_t count)
{
	uint8_t seeds[2 * SF_RECIPIENT_COUNT_MAX][32];
	chance("seeds", count, seeds, sizeof(seeds));
	struct sf_seal_item *items = calloc(count, sizeof(*items));
	assert_non_null(items);
	for (size_t i = 0; i < count; i++)
		items[i] = letters[i].item;
	struct sf_crypto *crypto = &author->crypto;
	struct sf_seal_batch *batch;
	assert_int_equal(crypto->seal_begin(crypto->self, author->signing_id, items, count,
				 (const uint8_t(*)[32])seeds, SF_COUNT(seeds), &batch),
		SF_OK);
	/* Workers take items in any order: here from the last to the first. */
	for (size_t i = count; i > 0; i--)
		crypto->seal_one(crypto->self, batch, &items[i - 1]);
	assert_int_equal(crypto->seal_finish(crypto->self, batch), SF_OK);
	crypto->seal_close(crypto->self, &batch);
	assert_null(batch);
	for (size_t i = 0; i < count; i++)
		letters[i].item = items[i];
	free(items);
}

int arrive(struct party *reader, const struct party *author, struct sf_view bytes,
	const struct sf_digest *commitment, struct sf_buf *ret_body)
{
	struct sf_envelope envelope;
	if (sf_envelope_parse(bytes, &envelope, NULL) != SF_OK)
		return ARRIVAL_FRAMING;
	struct sf_crypto *crypto = &reader->crypto;
	struct sf_envelope_names names;
	if (crypto->verify(crypto->self, &envelope, author->signing_key, &names) != SF_OK)
		return ARRIVAL_SIGNATURE;
	struct sf_open_result result;
	assert_int_equal(
		crypto->open(crypto->self, &envelope, reader->id, author->id, commitment, &result),
		SF_OK);
	if (ret_body)
		*ret_body = result.salted_body;
	else
		sf_buf_fini(&result.salted_body);
	return (int)result.stage;
}
