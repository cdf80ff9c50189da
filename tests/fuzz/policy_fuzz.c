/*
 * Policies (src/log/policy.h): what is refused says where, the keys that are read have the text
 * they were read from, and a note that nobody cosigned is enough only for who asks for nobody.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "crypto/port.h"
#include "log/policy.h"

static void check_witness(const struct sf_crypto *crypto, const struct sf_note_key *key)
{
	char text[SF_NOTE_VKEY_SIZE];
	struct sf_note_key again;
	sf_note_vkey_format(key, text);
	SF_ASSERT(sf_note_vkey_parse(crypto, sf_view_text(text), &again, NULL) == SF_OK);
	SF_ASSERT(strcmp(again.name, key->name) == 0 && again.type == SF_NOTE_KEY_COSIGNATURE);
}

static void check_policy(const struct sf_crypto *crypto, const struct sf_policy *policy)
{
	static struct sf_note note;
	static struct sf_policy_verdict verdict;
	note.text = sf_view_text("text\n");
	note.signature_count = 0;
	SF_ASSERT(sf_policy_judge(crypto, policy, &note, &verdict) == SF_OK);
	SF_ASSERT(verdict.witness_count == 0 && verdict.newest_s == 0);
	for (size_t i = 0; i < sf_policy_witness_count(policy); i++)
		check_witness(crypto, sf_policy_witness(policy, i));
	uint8_t keys[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE];
	size_t threshold = 0, count = sf_policy_registrars(policy, keys, &threshold);
	SF_ASSERT(threshold <= count && (threshold == 0) == (count == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	SF_ASSERT(sf_keyring_open(&keyring) == SF_OK);
	sf_crypto_port(keyring, &crypto);
	struct sf_policy *policy = NULL;
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_policy_parse(&crypto, sf_view_of(bytes, size), &policy, &diag);
	if (err) {
		SF_ASSERT((err == SF_ERR_FORMAT || err == SF_ERR_LIMIT) && !policy);
		SF_ASSERT(strncmp(diag.text, "line ", 5) == 0 || strstr(diag.text, "policy"));
	} else {
		check_policy(&crypto, policy);
		sf_policy_close(&policy);
	}
	sf_keyring_close(&keyring);
	return 0;
}
