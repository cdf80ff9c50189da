/*
 * Golden files (tests/golden/): envelopes, covers, receipts and a record from fixed seeds, with a
 * description from which an independent reader can open, verify and make every byte again.
 *
 *	unit_crypto_names                 compares what is made now with the committed files
 *	unit_crypto_names --write-golden  writes them anew: only when the format changes on purpose
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "crypto/names.h"
#include "unit/crypto/golden_letter.h"
#include "wire/header.h"

#define FOLDER SF_TESTS_DIR "/golden/"
#define DESCRIPTION "envelopes.json"

static bool writing;

static void write_file(const char *name, struct sf_view bytes)
{
	char path[4096];
	snprintf(path, sizeof(path), FOLDER "%s", name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
}

static struct sf_buf read_file(const char *name)
{
	char path[4096];
	snprintf(path, sizeof(path), FOLDER "%s", name);
	FILE *file = fopen(path, "rb");
	if (!file)
		fail_msg("%s is not there", path);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_ENVELOPE_SIZE_MAX);
	uint8_t chunk[4096];
	for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0;)
		assert_int_equal(sf_buf_append(&buf, sf_view_of(chunk, got)), SF_OK);
	fclose(file);
	return buf;
}

/* Writes bytes under name, or asserts that they stand there. */
static void keep(const char *name, struct sf_view bytes)
{
	if (writing) {
		write_file(name, bytes);
		return;
	}
	struct sf_buf committed = read_file(name);
	if (!sf_view_equal(sf_buf_view(&committed), bytes))
		fail_msg("%s is not what this version makes", name);
	sf_buf_fini(&committed);
}

static json_t *hex(struct sf_view bytes)
{
	char *text = malloc(2 * bytes.size + 1);
	assert_non_null(text);
	sf_hex_encode(bytes, text);
	json_t *string = json_string(text);
	free(text);
	return string;
}

static void put(json_t *object, const char *name, json_t *value)
{
	assert_non_null(value);
	assert_int_equal(json_object_set_new(object, name, value), 0);
}

static void put_hex(json_t *object, const char *name, const void *bytes, size_t size)
{
	put(object, name, hex(sf_view_of(bytes, size)));
}

static json_t *describe_party(const struct golden_party *golden)
{
	const struct party *party = &golden->party;
	json_t *object = json_object();
	put(object, "name", json_string(golden->name));
	put_hex(object, "party", party->id.bytes, SF_ID_SIZE);
	put_hex(object, "identity_seed", golden->identity_seed, 32);
	put_hex(object, "identity_public", party->signing_key, 32);
	put_hex(object, "identity_key_id", party->signing_id.bytes, SF_ID_SIZE);
	put_hex(object, "sealing_secret", golden->sealing_secret, 32);
	put_hex(object, "sealing_public", party->sealing_key, 32);
	put_hex(object, "sealing_key_id", party->sealing_id.bytes, SF_ID_SIZE);
	return object;
}

static json_t *describe_letter(
	const struct golden *golden, const struct golden_letter *letter, const char *file)
{
	const struct sf_seal_item *item = &letter->item;
	json_t *object = json_object();
	char name[64];
	snprintf(name, sizeof(name), "%s.stf1", file);
	put(object, "envelope", json_string(name));
	snprintf(name, sizeof(name), "%s.cover", file);
	put(object, "cover", json_string(name));
	put(object, "psk", json_boolean(item->flags & SF_FLAG_PSK));
	json_t *recipients = json_array();
	for (size_t i = 0; i < item->recipient_count; i++)
		assert_int_equal(json_array_append_new(recipients,
					 json_string(golden->parties[letter->readers[i]].name)),
			0);
	put(object, "recipients", recipients);
	put(object, "header", hex(sf_buf_view(&letter->header)));
	put(object, "message", hex(sf_buf_view(&letter->message)));
	put_hex(object, "content_id", letter->content_id.bytes, SF_DIGEST_SIZE);
	if (item->recipient_count > 0) {
		put_hex(object, "content_key", letter->content_key, 32);
		put_hex(object, "nonce", item->nonce, SF_NONCE_SIZE);
		put_hex(object, "salt", letter->salted_body.data, 32);
		put_hex(object, "body", letter->salted_body.data + 32,
			letter->salted_body.size - 32);
		put_hex(object, "body_commitment", letter->commitment.bytes, SF_DIGEST_SIZE);
	}
	put_hex(object, "sealed", item->names.sealed.bytes, SF_DIGEST_SIZE);
	put_hex(object, "tbs", item->names.tbs.bytes, SF_DIGEST_SIZE);
	put_hex(object, "digest", item->names.digest.bytes, SF_DIGEST_SIZE);
	return object;
}

/* The envelope and its cover as files. */
static void keep_letter(const struct golden_letter *letter, const char *file)
{
	char name[64];
	snprintf(name, sizeof(name), "%s.stf1", file);
	keep(name, sf_buf_view(&letter->item.envelope));
	struct sf_envelope envelope;
	assert_int_equal(
		sf_envelope_parse(sf_buf_view(&letter->item.envelope), &envelope, NULL), SF_OK);
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	assert_int_equal(sf_cover_write(&envelope, &letter->item.names.sealed, &cover), SF_OK);
	snprintf(name, sizeof(name), "%s.cover", file);
	keep(name, sf_buf_view(&cover));
	sf_buf_fini(&cover);
}

/* One signed batch: its seeds, in order of the recipient keys' first use, and its envelopes. */
static json_t *describe_batch(struct golden *golden, struct golden_letter *letters, size_t count,
	const char *const files[], size_t number)
{
	uint8_t seeds[GOLDEN_SEEDS][32];
	chance("golden seeds", number, seeds, sizeof(seeds));
	golden_seal(golden, letters, count, (const uint8_t(*)[32])seeds);
	json_t *object = json_object();
	put(object, "author", json_string(golden->parties[GOLDEN_HOSPITAL].name));
	json_t *seed_list = json_array();
	for (size_t i = 0; i < GOLDEN_SEEDS; i++)
		assert_int_equal(
			json_array_append_new(seed_list, hex(sf_view_of(seeds[i], 32))), 0);
	put(object, "seeds", seed_list);
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		keep_letter(&letters[i], files[i]);
		assert_int_equal(
			json_array_append_new(list, describe_letter(golden, &letters[i], files[i])),
			0);
	}
	put(object, "envelopes", list);
	return object;
}

static json_t *describe_receipts(const struct golden *golden)
{
	struct golden_receipts receipts;
	golden_receipts_init(&receipts, golden);
	json_t *object = json_object();
	put(object, "signer", json_string(golden->parties[GOLDEN_COORDINATOR].name));
	put_hex(object, "signature", receipts.signature, SF_SIGNATURE_SIZE);
	json_t *list = json_array();
	for (size_t i = 0; i < GOLDEN_RECEIPTS; i++) {
		json_t *receipt = json_object();
		put(receipt, "index", json_integer((json_int_t)i));
		put(receipt, "count", json_integer(GOLDEN_RECEIPTS));
		put(receipt, "receipt", hex(sf_buf_view(&receipts.bytes[i])));
		put_hex(receipt, "path", receipts.paths[i], (size_t)32 * receipts.depths[i]);
		assert_int_equal(json_array_append_new(list, receipt), 0);
	}
	put(object, "receipts", list);
	golden_receipts_fini(&receipts);
	return object;
}

static json_t *describe_record(const struct golden *golden)
{
	const struct sf_crypto *crypto = &golden->parties[GOLDEN_COORDINATOR].party.crypto;
	struct sf_view bytes = sf_view_text("any bytes that a registrar signs");
	struct sf_digest digest;
	uint8_t signature[SF_SIGNATURE_SIZE];
	crypto->record_digest(crypto->self, "entry", bytes, &digest);
	assert_int_equal(crypto->sign_record(crypto->self,
				 golden->parties[GOLDEN_COORDINATOR].party.signing_id, "entry",
				 bytes, signature),
		SF_OK);
	json_t *object = json_object();
	put(object, "signer", json_string(golden->parties[GOLDEN_COORDINATOR].name));
	put(object, "name", json_string("entry"));
	put(object, "bytes", hex(bytes));
	put_hex(object, "digest", digest.bytes, SF_DIGEST_SIZE);
	put_hex(object, "signature", signature, SF_SIGNATURE_SIZE);
	return object;
}

static void test_golden_files_are_what_this_version_makes(void **state)
{
	(void)state;
	static const char *const alone[] = {"letter"};
	static const char *const together[] = {"batch-0", "batch-1", "batch-2"};
	static const char *const shared[] = {"psk"};
	struct golden golden;
	golden_init(&golden);
	json_t *object = json_object();
	put(object, "about",
		json_string("Envelopes STF1 of WIRE.md section 1 from fixed seeds; every person is "
			    "invented. See README.md."));
	json_t *parties = json_array();
	for (size_t i = 0; i < GOLDEN_PARTIES; i++)
		assert_int_equal(
			json_array_append_new(parties, describe_party(&golden.parties[i])), 0);
	put(object, "parties", parties);
	put_hex(object, "psk_hospital_municipality", golden.psk, sizeof(golden.psk));
	json_t *batches = json_array();
	json_array_append_new(batches, describe_batch(&golden, &golden.alone, 1, alone, 0));
	json_array_append_new(batches, describe_batch(&golden, golden.together, 3, together, 1));
	json_array_append_new(batches, describe_batch(&golden, &golden.shared, 1, shared, 2));
	put(object, "batches", batches);
	put(object, "receipts", describe_receipts(&golden));
	put(object, "record", describe_record(&golden));
	char *text = json_dumps(object, JSON_INDENT(1));
	assert_non_null(text);
	keep(DESCRIPTION, sf_view_text(text));
	free(text);
	json_decref(object);
	golden_fini(&golden);
}

/* Every recipient opens the committed file, and nobody else; the header says the same commitment.
 */
static void check_committed(struct golden *golden, const char *name, size_t reader, int stage)
{
	struct sf_buf bytes = read_file(name);
	struct sf_envelope envelope;
	assert_int_equal(sf_envelope_parse(sf_buf_view(&bytes), &envelope, NULL), SF_OK);
	struct sf_header header;
	assert_int_equal(sf_header_decode(envelope.header, &header, NULL), SF_OK);
	struct sf_buf body;
	assert_int_equal(
		arrive(&golden->parties[reader].party, &golden->parties[GOLDEN_HOSPITAL].party,
			sf_buf_view(&bytes), &header.message.body_commitment, &body),
		stage);
	sf_buf_fini(&body);
	sf_buf_fini(&bytes);
}

static void test_committed_envelopes_open_for_their_recipients(void **state)
{
	(void)state;
	struct golden golden;
	golden_init(&golden);
	static const struct {
		const char *name;
		size_t reader;
		enum sf_open_stage stage;
	} cases[] = {
		{"letter.stf1", GOLDEN_MUNICIPALITY, SF_OPEN_GOOD},
		{"letter.stf1", GOLDEN_GP, SF_OPEN_GOOD},
		{"letter.stf1", GOLDEN_COORDINATOR, SF_OPEN_NO_KEY},
		{"batch-0.stf1", GOLDEN_MUNICIPALITY, SF_OPEN_GOOD},
		{"batch-0.stf1", GOLDEN_GP, SF_OPEN_NO_KEY},
		{"batch-1.stf1", GOLDEN_MUNICIPALITY, SF_OPEN_GOOD},
		{"batch-1.stf1", GOLDEN_GP, SF_OPEN_GOOD},
		{"batch-2.stf1", GOLDEN_GP, SF_OPEN_GOOD}, /* no body, so no key is needed */
		{"psk.stf1", GOLDEN_MUNICIPALITY, SF_OPEN_GOOD},
		{"psk.stf1", GOLDEN_GP, SF_OPEN_NO_KEY},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++)
		check_committed(&golden, cases[i].name, cases[i].reader, (int)cases[i].stage);
	golden_fini(&golden);
}

/* The header hash in every wrap would catch a re-signing author too; info must do so by itself. */
static void test_wrap_info_names_author_and_recipient(void **state)
{
	(void)state;
	struct sf_id author = {{0xA1}}, recipient = {{0xB2}};
	uint8_t info[SF_WRAP_INFO_SIZE];
	sf_names_wrap_info(author, recipient, info);
	assert_int_equal(sizeof(info), 15 + 16 + 16);
	assert_memory_equal(info, "stafet/v1/wrap", 15);
	assert_memory_equal(info + 15, author.bytes, SF_ID_SIZE);
	assert_memory_equal(info + 31, recipient.bytes, SF_ID_SIZE);
}

static void test_psk_id_has_the_smaller_party_first(void **state)
{
	(void)state;
	struct sf_id small = {{1}}, large = {{2}};
	uint8_t one[2 * SF_ID_SIZE], other[2 * SF_ID_SIZE];
	sf_names_psk_id(small, large, one);
	sf_names_psk_id(large, small, other);
	assert_memory_equal(one, other, sizeof(one));
	assert_int_equal(one[0], 1);
	assert_int_equal(one[16], 2);
}

int main(int argc, char **argv)
{
	writing = argc == 2 && strcmp(argv[1], "--write-golden") == 0;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_files_are_what_this_version_makes),
		cmocka_unit_test(test_wrap_info_names_author_and_recipient),
		cmocka_unit_test(test_psk_id_has_the_smaller_party_first),
		cmocka_unit_test(test_committed_envelopes_open_for_their_recipients),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
