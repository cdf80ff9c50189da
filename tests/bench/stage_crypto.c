#include "bench/stage.h"

#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/region.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"

#define BODY_SIZE ((size_t)2048)
#define PADDED_SIZE ((size_t)4096)
#define HEADER_SIZE ((size_t)330) /* of a stay fact to one recipient */

struct primitive {
	struct sf_bench_region region;
	struct sf_crypto crypto;
	uint8_t bytes[PADDED_SIZE + SF_HPKE_TAG_SIZE];
	uint8_t cipher[PADDED_SIZE + SF_HPKE_TAG_SIZE];
	uint8_t signature[SF_SIGNATURE_SIZE];
	uint8_t secret[32], enc[32], shared[32];
	struct sf_digest digest;
	struct sf_hpke_context context;
	size_t size;
};

static void sha256(void *context, size_t count)
{
	struct primitive *primitive = context;
	const struct sf_view part = sf_view_of(primitive->bytes, primitive->size);
	for (size_t i = 0; i < count; i++)
		sf_hash_sha256(&part, 1, &primitive->digest);
}

static void blake2b(void *context, size_t count)
{
	struct primitive *primitive = context;
	const struct sf_view part = sf_view_of(primitive->bytes, primitive->size);
	for (size_t i = 0; i < count; i++)
		sf_hash_blake2b(sf_view_of(NULL, 0), &part, 1, &primitive->digest);
}

static void aead(void *context, size_t count)
{
	struct primitive *primitive = context;
	for (size_t i = 0; i < count; i++)
		sf_hpke_seal(&primitive->context, i, sf_view_of(NULL, 0),
			sf_view_of(primitive->bytes, primitive->size), primitive->cipher);
}

static void sign(void *context, size_t count)
{
	struct primitive *primitive = context;
	const struct sf_crypto *crypto = &primitive->crypto;
	const struct sf_view part = sf_view_of(primitive->bytes, 64);
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!crypto->sign(crypto->self,
			primitive->region.parties[SF_BENCH_HOSPITAL].identity_key_id, &part, 1,
			primitive->signature));
}

static void check(void *context, size_t count)
{
	struct primitive *primitive = context;
	const struct sf_crypto *crypto = &primitive->crypto;
	const struct sf_view part = sf_view_of(primitive->bytes, 64);
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!crypto->check(crypto->self,
			primitive->region.parties[SF_BENCH_HOSPITAL].identity_key, &part, 1,
			primitive->signature));
}

static void encapsulate(void *context, size_t count)
{
	struct primitive *primitive = context;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!sf_hpke_encapsulate(
			primitive->region.parties[SF_BENCH_MUNICIPALITY].sealing_key,
			primitive->secret, primitive->enc, primitive->shared));
}

static void decapsulate(void *context, size_t count)
{
	struct primitive *primitive = context;
	const uint8_t *own = primitive->region.parties[SF_BENCH_MUNICIPALITY].sealing_key;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!sf_hpke_decapsulate(
			primitive->enc, primitive->secret, own, primitive->shared));
}

static double cost(struct primitive *primitive, void (*round)(void *, size_t), size_t size)
{
	primitive->size = size;
	const struct sf_bench_work work = {.context = primitive, .round = round};
	return sf_bench_cost_us(&work, 64);
}

struct sf_bench_crypto_costs sf_bench_crypto_costs(void)
{
	struct primitive *primitive = calloc(1, sizeof(*primitive));
	SF_ASSERT(primitive);
	sf_bench_region_open(&primitive->region, 1);
	sf_crypto_port(primitive->region.parties[SF_BENCH_HOSPITAL].keyring, &primitive->crypto);
	memset(primitive->secret, 7, sizeof(primitive->secret));
	struct sf_bench_crypto_costs costs = {
		.sha256_2k = cost(primitive, sha256, BODY_SIZE),
		.blake2b_2k = cost(primitive, blake2b, BODY_SIZE),
		.blake2b_4k = cost(primitive, blake2b, PADDED_SIZE),
		.aead_4k = cost(primitive, aead, PADDED_SIZE),
	};
	costs.sign = cost(primitive, sign, 0);
	costs.check = cost(primitive, check, 0);
	costs.encapsulate = cost(primitive, encapsulate, 0);
	costs.decapsulate = cost(primitive, decapsulate, 0);
	sf_bench_region_close(&primitive->region);
	free(primitive);
	return costs;
}

/* One batch of envelopes, made anew for each round, so that no cache has seen it. */
struct sealing {
	struct sf_bench_region region;
	struct sf_crypto author, reader;
	bool bodies;
	struct sf_seal_recipient recipient;
	uint8_t header[HEADER_SIZE];
	uint8_t salted_body[32 + BODY_SIZE + 100];
	struct sf_digest commitment;
	struct sf_seal_item items[SF_BENCH_BATCH_MAX];
	struct sf_envelope envelopes[SF_BENCH_BATCH_MAX];
};

static void prepare_items(void *context, size_t count)
{
	struct sealing *sealing = context;
	const struct sf_env *env = &sealing->region.env;
	env->random(env->self, sealing->header, 8); /* another batch than the last */
	for (size_t i = 0; i < count; i++) {
		struct sf_seal_item *item = &sealing->items[i];
		sf_buf_fini(&item->envelope);
		*item = (struct sf_seal_item){
			.header = sf_view_of(sealing->header, sizeof(sealing->header))};
		sf_buf_init(&item->envelope, SF_ENVELOPE_SIZE_MAX);
		if (!sealing->bodies)
			continue;
		item->recipient_count = 1;
		item->recipients = &sealing->recipient;
		item->salted_body = sf_view_of(sealing->salted_body, sizeof(sealing->salted_body));
		env->random(env->self, item->content_key, sizeof(item->content_key));
		env->random(env->self, item->nonce, sizeof(item->nonce));
	}
}

static void seal(void *context, size_t count)
{
	struct sealing *sealing = context;
	const struct sf_env *env = &sealing->region.env;
	const struct sf_crypto *crypto = &sealing->author;
	uint8_t seeds[1][32];
	env->random(env->self, seeds, sizeof(seeds));
	struct sf_seal_batch *batch;
	SF_ASSERT(!crypto->seal_begin(crypto->self,
		sealing->region.parties[SF_BENCH_HOSPITAL].identity_key_id, sealing->items, count,
		(const uint8_t(*)[32])seeds, 1, &batch));
	for (size_t i = 0; i < count; i++)
		crypto->seal_one(crypto->self, batch, &sealing->items[i]);
	SF_ASSERT(!crypto->seal_finish(crypto->self, batch));
	crypto->seal_close(crypto->self, &batch);
}

static void prepare_envelopes(void *context, size_t count)
{
	struct sealing *sealing = context;
	prepare_items(context, count);
	seal(context, count);
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!sf_envelope_parse(
			sf_buf_view(&sealing->items[i].envelope), &sealing->envelopes[i], NULL));
}

static void verify(void *context, size_t count)
{
	struct sealing *sealing = context;
	const struct sf_crypto *crypto = &sealing->reader;
	struct sf_envelope_names names;
	for (size_t i = 0; i < count; i++)
		SF_ASSERT(!crypto->verify(crypto->self, &sealing->envelopes[i],
			sealing->region.parties[SF_BENCH_HOSPITAL].identity_key, &names));
}

static void open_all(void *context, size_t count)
{
	struct sealing *sealing = context;
	const struct sf_crypto *crypto = &sealing->reader;
	for (size_t i = 0; i < count; i++) {
		struct sf_open_result result;
		SF_ASSERT(!crypto->open(crypto->self, &sealing->envelopes[i],
			sealing->region.parties[SF_BENCH_MUNICIPALITY].id,
			sealing->region.parties[SF_BENCH_HOSPITAL].id, &sealing->commitment,
			&result));
		SF_ASSERT(result.stage == SF_OPEN_GOOD);
		sf_buf_fini(&result.salted_body);
	}
}

static double batch_cost(struct sealing *sealing, bool bodies, void (*prepare)(void *, size_t),
	void (*round)(void *, size_t), size_t batch)
{
	sealing->bodies = bodies;
	const struct sf_bench_work work = {.context = sealing, .prepare = prepare, .round = round};
	return sf_bench_cost_us(&work, batch);
}

struct sf_bench_seal_costs sf_bench_seal_costs(size_t batch)
{
	struct sealing *sealing = calloc(1, sizeof(*sealing));
	SF_ASSERT(sealing);
	sf_bench_region_open(&sealing->region, 1);
	const struct sf_bench_party *municipality = &sealing->region.parties[SF_BENCH_MUNICIPALITY];
	sf_crypto_port(sealing->region.parties[SF_BENCH_HOSPITAL].keyring, &sealing->author);
	sf_crypto_port(municipality->keyring, &sealing->reader);
	sealing->recipient.key_id = municipality->sealing_key_id;
	memcpy(sealing->recipient.public_key, municipality->sealing_key, SF_PUBLIC_KEY_SIZE);
	sealing->author.body_commitment(sealing->author.self, sealing->salted_body,
		sf_view_of(sealing->salted_body + 32, sizeof(sealing->salted_body) - 32),
		&sealing->commitment);
	const struct sf_bench_seal_costs costs = {
		.seal = batch_cost(sealing, true, prepare_items, seal, batch),
		.verify = batch_cost(sealing, true, prepare_envelopes, verify, batch),
		.open = batch_cost(sealing, true, prepare_envelopes, open_all, batch),
		.fact = batch_cost(sealing, false, prepare_items, seal, batch),
		.verify_fact = batch_cost(sealing, false, prepare_envelopes, verify, batch),
	};
	for (size_t i = 0; i < batch; i++)
		sf_buf_fini(&sealing->items[i].envelope);
	sf_bench_region_close(&sealing->region);
	free(sealing);
	return costs;
}
