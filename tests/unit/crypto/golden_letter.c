#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "unit/crypto/golden_letter.h"

#include "crypto/hash.h"
#include "wire/body.h"
#include "wire/frame.h"
#include "wire/header.h"

/* 2026-03-02 10:00 UTC */
#define NOW_MS INT64_C(1772445600000)

static struct sf_id id_of(const char *name, size_t number)
{
	struct sf_id id;
	chance(name, number, id.bytes, sizeof(id.bytes));
	return id;
}

static struct sf_message message_of(const struct golden *golden, const struct golden_letter *letter,
	size_t number, size_t recipient_count)
{
	struct sf_message message = {
		.format = 1,
		.id = id_of("golden message", number),
		.transition = id_of("golden transition", 1),
		.author = golden->parties[GOLDEN_HOSPITAL].party.id,
		.author_sequence = number + 1,
		.occurred_ms = NOW_MS - 60000,
		.created_ms = NOW_MS - 1000,
		.body_commitment = letter->commitment,
	};
	for (size_t i = 0; i < recipient_count; i++)
		message.recipients[message.recipient_count++] =
			golden->parties[letter->readers[i]].party.id;
	message.fact.kind = SF_KIND_STAY;
	message.fact.stay = (struct sf_stay_fact){
		.activity = SF_ACTIVITY_DISCHARGE_HOME,
		.mode = SF_MODE_NEW,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = NOW_MS - 60000,
	};
	return message;
}

/* Salt and Body; the patient is invented (a number with day + 60 is nobody's). */
static void write_body(const struct golden *golden, struct golden_letter *letter, size_t number,
	size_t recipient_count)
{
	struct sf_body body = {
		.author = golden->parties[GOLDEN_HOSPITAL].party.id,
		.recipient_count = recipient_count,
		.transition = id_of("golden transition", 1),
		.message_id = id_of("golden message", number),
		.cpr = "7203850009",
		.patient_name = "Opdigtet \303\230g\303\245rd",
		.contact_name = "Afsnit 12",
		.contact_telephone = "12345678",
		.contact_until_ms = NOW_MS + 86400000,
		.content_type = "application/fhir+json",
		.content = sf_view_text("{\"resourceType\":\"Bundle\"}"),
	};
	for (size_t i = 0; i < recipient_count; i++)
		body.recipients[i] = golden->parties[letter->readers[i]].party.id;
	uint8_t *salt;
	assert_int_equal(sf_buf_extend(&letter->salted_body, 32, &salt), SF_OK);
	chance("golden salt", number, salt, 32);
	assert_int_equal(sf_body_encode(&body, &letter->salted_body), SF_OK);
	const struct sf_crypto *crypto = &golden->parties[GOLDEN_HOSPITAL].party.crypto;
	crypto->body_commitment(crypto->self, letter->salted_body.data,
		sf_view_of(letter->salted_body.data + 32, letter->salted_body.size - 32),
		&letter->commitment);
}

static void write_header(struct golden_letter *letter, size_t number)
{
	struct sf_header header = {
		.message_bytes = sf_buf_view(&letter->message),
		.envelope_id = id_of("golden envelope", number),
		.sent_ms = NOW_MS,
		.expires_ms = NOW_MS + INT64_C(30) * 86400000,
		.seen_epoch = 1,
		.directory_version = 4,
	};
	chance("golden directory", 4, header.directory_head.bytes, SF_DIGEST_SIZE);
	assert_int_equal(sf_header_encode(&header, &letter->header), SF_OK);
	struct sf_view parts[] = {SF_LABEL("stafet/v1/content"), sf_buf_view(&letter->message)};
	sf_hash_blake2b((struct sf_view){0}, parts, SF_COUNT(parts), &letter->content_id);
}

static void letter_make(const struct golden *golden, struct golden_letter *letter, size_t number,
	size_t recipient_count, uint8_t flags)
{
	*letter = (struct golden_letter){
		.readers = {GOLDEN_MUNICIPALITY, GOLDEN_GP}, .item = {.flags = flags}};
	sf_buf_init(&letter->message, SF_HEADER_SIZE_MAX);
	sf_buf_init(&letter->header, SF_HEADER_SIZE_MAX);
	sf_buf_init(&letter->salted_body, SF_SALTED_BODY_SIZE_MAX);
	if (recipient_count > 0)
		write_body(golden, letter, number, recipient_count);
	struct sf_message message = message_of(golden, letter, number, recipient_count);
	assert_int_equal(sf_message_encode(&message, &letter->message), SF_OK);
	write_header(letter, number);
	struct sf_seal_item *item = &letter->item;
	item->header = sf_buf_view(&letter->header);
	item->salted_body = sf_buf_view(&letter->salted_body);
	item->recipients = letter->recipients;
	item->recipient_count = recipient_count;
	for (size_t i = 0; i < recipient_count; i++)
		letter->recipients[i] = party_recipient(&golden->parties[letter->readers[i]].party,
			&golden->parties[GOLDEN_HOSPITAL].party);
	chance("golden content key", number, letter->content_key, 32);
	memcpy(item->content_key, letter->content_key, 32);
	chance("golden nonce", number, item->nonce, SF_NONCE_SIZE);
	sf_buf_init(&item->envelope, SF_ENVELOPE_SIZE_MAX);
}

static void letter_free(struct golden_letter *letter)
{
	sf_buf_fini(&letter->message);
	sf_buf_fini(&letter->header);
	sf_buf_fini(&letter->salted_body);
	sf_buf_fini(&letter->item.envelope);
}

void golden_init(struct golden *golden)
{
	static const char *const names[] = {"hospital", "municipality", "gp", "coordinator"};
	for (size_t i = 0; i < GOLDEN_PARTIES; i++) {
		golden->parties[i].name = names[i];
		party_open(&golden->parties[i].party, i + 1);
		chance("identity", i + 1, golden->parties[i].identity_seed, 32);
		chance("sealing", i + 1, golden->parties[i].sealing_secret, 32);
	}
	chance("psk", 1, golden->psk, sizeof(golden->psk));
	party_share_psk(&golden->parties[GOLDEN_HOSPITAL].party,
		&golden->parties[GOLDEN_MUNICIPALITY].party, 1);
	letter_make(golden, &golden->alone, 0, 2, 0);
	letter_make(golden, &golden->together[0], 1, 1, 0);
	letter_make(golden, &golden->together[1], 2, 2, 0);
	letter_make(golden, &golden->together[2], 3, 0, 0);
	letter_make(golden, &golden->shared, 4, 1, SF_FLAG_PSK);
}

void golden_fini(struct golden *golden)
{
	letter_free(&golden->alone);
	for (size_t i = 0; i < SF_COUNT(golden->together); i++)
		letter_free(&golden->together[i]);
	letter_free(&golden->shared);
	for (size_t i = 0; i < GOLDEN_PARTIES; i++)
		party_close(&golden->parties[i].party);
}

void golden_seal(struct golden *golden, struct golden_letter *letters, size_t count,
	const uint8_t (*seeds)[32])
{
	struct party *author = &golden->parties[GOLDEN_HOSPITAL].party;
	struct sf_crypto *crypto = &author->crypto;
	struct sf_seal_item *items = calloc(count, sizeof(*items));
	assert_non_null(items);
	for (size_t i = 0; i < count; i++)
		items[i] = letters[i].item;
	struct sf_seal_batch *batch;
	assert_int_equal(crypto->seal_begin(crypto->self, author->signing_id, items, count, seeds,
				 GOLDEN_SEEDS, &batch),
		SF_OK);
	for (size_t i = 0; i < count; i++)
		crypto->seal_one(crypto->self, batch, &items[i]);
	assert_int_equal(crypto->seal_finish(crypto->self, batch), SF_OK);
	crypto->seal_close(crypto->self, &batch);
	for (size_t i = 0; i < count; i++)
		letters[i].item = items[i];
	free(items);
}

void golden_receipts_init(struct golden_receipts *receipts, const struct golden *golden)
{
	struct sf_view views[GOLDEN_RECEIPTS];
	*receipts = (struct golden_receipts){0};
	for (size_t i = 0; i < GOLDEN_RECEIPTS; i++) {
		struct sf_receipt receipt = {
			.message_id = id_of("golden message", i + 1),
			.digest = golden->together[i].item.names.digest,
			.epoch = 1,
			.leaf_index = 100 + i,
			.recorded_ms = NOW_MS + 250,
			.sequence = i + 1,
			.outcome = SF_OUTCOME_APPLIED,
			.kind_class = SF_CLASS_FACT,
		};
		chance("golden previous head", i, receipt.previous_head.bytes, SF_DIGEST_SIZE);
		chance("golden r", i, receipt.r.bytes, SF_DIGEST_SIZE);
		sf_buf_init(&receipts->bytes[i], 4096);
		assert_int_equal(sf_receipt_encode(&receipt, &receipts->bytes[i]), SF_OK);
		views[i] = sf_buf_view(&receipts->bytes[i]);
	}
	const struct party *signer = &golden->parties[GOLDEN_COORDINATOR].party;
	assert_int_equal(signer->crypto.sign_receipts(signer->crypto.self, signer->signing_id,
				 views, GOLDEN_RECEIPTS, &receipts->paths[0][0], receipts->depths,
				 receipts->signature),
		SF_OK);
}

void golden_receipts_fini(struct golden_receipts *receipts)
{
	for (size_t i = 0; i < GOLDEN_RECEIPTS; i++)
		sf_buf_fini(&receipts->bytes[i]);
}
