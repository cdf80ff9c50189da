#include "client/verifier.h"

#include <stdlib.h>

#include "crypto/port.h"
#include "crypto/words.h"
#include "os/zones.h"

_Static_assert(SF_WORDS_TEXT_SIZE(SF_ID_SIZE) <= SF_VERIFIER_WORDS_SIZE, "words of a key id");

struct sf_verifier {
	struct sf_keyring *keyring; /* owned; empty: nothing is signed here */
	struct sf_crypto crypto;
	struct sf_zones *zones; /* owned */
	struct sf_env env;
	struct sf_policy *policy; /* owned; NULL */
};

/* The only thing of this machine that a fold asks for. */
static const struct sf_zone *find_zone(void *self, const char *name)
{
	const struct sf_verifier *verifier = self;
	const struct sf_zone *zone = NULL;
	return sf_zones_find(verifier->zones, name, &zone, NULL) ? NULL : zone;
}

enum sf_err sf_verifier_open(const char *zone_folder, struct sf_view policy,
	struct sf_verifier **ret_verifier, struct sf_diag *diag)
{
	struct sf_verifier *verifier = calloc(1, sizeof(*verifier));
	if (!verifier)
		return SF_ERR_MEMORY;
	verifier->env = (struct sf_env){.self = verifier, .zone = find_zone};
	enum sf_err err = sf_keyring_open(&verifier->keyring);
	if (!err)
		sf_crypto_port(verifier->keyring, &verifier->crypto);
	if (!err)
		err = sf_zones_open(
			zone_folder ? zone_folder : SF_ZONE_FOLDER, &verifier->zones, diag);
	if (!err && policy.size > 0)
		err = sf_policy_parse(&verifier->crypto, policy, &verifier->policy, diag);
	if (err)
		sf_verifier_close(&verifier);
	else
		*ret_verifier = verifier;
	return err;
}

void sf_verifier_close(struct sf_verifier **verifier)
{
	struct sf_verifier *closing = *verifier;
	*verifier = NULL;
	if (!closing)
		return;
	sf_policy_close(&closing->policy);
	sf_zones_close(&closing->zones);
	sf_keyring_close(&closing->keyring);
	free(closing);
}

enum sf_err sf_verifier_check(struct sf_verifier *verifier,
	const struct sf_verifier_question *question, struct sf_evidence_report **ret_report,
	struct sf_diag *diag)
{
	const struct sf_evidence_options options = {
		.crypto = &verifier->crypto,
		.env = &verifier->env,
		.policy = verifier->policy,
		.receipt_count = question->receipt_count,
		.receipts = question->receipts,
		.at_ms = question->at_ms,
		.require_proof = question->require_proof,
	};
	return sf_evidence_verify(question->evidence, &options, ret_report, diag);
}

void sf_verifier_words(const struct sf_verifier *verifier, const uint8_t key[SF_PUBLIC_KEY_SIZE],
	char ret_words[SF_VERIFIER_WORDS_SIZE])
{
	const struct sf_crypto *crypto = &verifier->crypto;
	struct sf_id id = crypto->signing_key_id(crypto->self, key);
	sf_words_format(sf_id_view(&id), ret_words);
}
