/*
 * What the C code says of texts of the log, for log_test.py: reads requests from standard input,
 * one a line, words in hexadecimal ("-" is empty), and answers each with one line.
 *
 *   sign SEED NAME TYPE TIME TEXT      the verifier key and the signature line
 *   note POLICY NOTE                   size, directory version, witnesses, quorum, newest; or
 * refused proof POLICY PROOF LEAF            index, count, size of extra and the text again; or
 * refused
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/port.h"
#include "log/checkpoint.h"
#include "log/line.h"
#include "log/policy.h"
#include "log/proof.h"

#define LINE_SIZE 1048576
#define WORDS_MAX 6

struct request {
	struct sf_keyring *keyring;
	struct sf_crypto crypto;
	struct sf_buf words[WORDS_MAX]; /* owned; without the first, which names the request */
	size_t count;
};

static void fail(const char *what)
{
	fprintf(stderr, "log_check: %s\n", what);
	exit(1);
}

static void decode(const char *digits, struct sf_buf *buf)
{
	sf_buf_init(buf, LINE_SIZE);
	uint8_t *place;
	size_t size = strcmp(digits, "-") == 0 ? 0 : strlen(digits) / 2;
	if (sf_buf_extend(buf, size, &place) || (size && sf_hex_decode(digits, place, size)))
		fail("a word is not hexadecimal");
}

static void print_hex(struct sf_view bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		printf("%02x", bytes.data[i]);
}

static uint64_t number_of(const struct request *request, size_t word)
{
	uint64_t number = 0;
	if (sf_decimal_parse(sf_buf_view(&request->words[word]), SF_LOG_NUMBER_MAX, &number))
		fail("a word is not a number");
	return number;
}

static void answer_sign(struct request *request)
{
	struct sf_key key;
	struct sf_note_key note_key;
	char vkey[SF_NOTE_VKEY_SIZE];
	enum sf_note_key_type type = (enum sf_note_key_type)number_of(request, 2);
	enum sf_key_kind kind = type == SF_NOTE_KEY_ED25519 ? SF_KEY_LOG : SF_KEY_WITNESS;
	struct sf_buf line;
	sf_buf_init(&line, SF_NOTE_LINE_SIZE);
	struct sf_view name = sf_buf_view(&request->words[1]);
	if (request->words[0].size != SF_KEY_SECRET_SIZE || sf_buf_append(&line, name) ||
		sf_buf_append_u8(&line, 0) ||
		sf_key_from_secret(kind, request->words[0].data, &key))
		fail("no such key");
	if (sf_note_key_make(&request->crypto, (char *)line.data, type, key.public_key, &note_key))
		fail("no such name");
	/* The same seed may come again. */
	sf_ignore(sf_keyring_add(request->keyring, &key));
	sf_buf_clear(&line);
	if (sf_note_sign(&request->crypto, key.id, &note_key, sf_buf_view(&request->words[4]),
		    number_of(request, 3), &line))
		fail("cannot sign");
	sf_note_vkey_format(&note_key, vkey);
	printf("%s ", vkey);
	print_hex(sf_buf_view(&line));
	printf("\n");
	sf_key_fini(&key);
	sf_buf_fini(&line);
}

/* The log is the one of the policy that the checkpoint names. */
static bool open_checkpoint(const struct sf_crypto *crypto, const struct sf_policy *policy,
	struct sf_view bytes, struct sf_note *note, struct sf_checkpoint *ret_checkpoint)
{
	struct sf_checkpoint named;
	if (sf_note_parse(bytes, note, NULL) || sf_checkpoint_parse(note->text, &named, NULL))
		return false;
	const struct sf_note_key *log = sf_policy_log(policy, named.origin);
	return log && !sf_checkpoint_open(crypto, bytes, log, ret_checkpoint, NULL);
}

static bool answer_note(struct request *request, const struct sf_policy *policy)
{
	static struct sf_note note;
	static struct sf_policy_verdict verdict;
	struct sf_checkpoint checkpoint;
	if (!open_checkpoint(&request->crypto, policy, sf_buf_view(&request->words[1]), &note,
		    &checkpoint) ||
		sf_policy_judge(&request->crypto, policy, &note, &verdict))
		return false;
	printf("%" PRIu64 " %" PRIu64 " %zu %d %" PRIu64 "\n", checkpoint.size,
		checkpoint.directory_version, verdict.witness_count, verdict.quorum,
		verdict.newest_s);
	return true;
}

static bool answer_proof(struct request *request, const struct sf_policy *policy)
{
	static struct sf_note note;
	static struct sf_proof proof;
	struct sf_checkpoint checkpoint;
	struct sf_digest leaf;
	sf_tree_leaf_hash(&request->crypto, sf_buf_view(&request->words[2]), &leaf);
	if (sf_proof_parse(sf_buf_view(&request->words[1]), &proof, NULL) ||
		!open_checkpoint(&request->crypto, policy, proof.checkpoint, &note, &checkpoint) ||
		sf_tree_check_inclusion(&request->crypto, proof.index, checkpoint.size, &leaf,
			proof.hashes, proof.count, &checkpoint.root))
		return false;
	struct sf_buf again;
	sf_buf_init(&again, SF_PROOF_SIZE_MAX);
	if (sf_proof_format(&proof, &again))
		fail("a proof that was read is not written");
	printf("%" PRIu64 " %zu %zu ", proof.index, proof.count, proof.extra_size);
	print_hex(sf_buf_view(&again));
	printf("\n");
	sf_buf_fini(&again);
	return true;
}

static void answer_with_policy(struct request *request,
	bool (*answer)(struct request *request, const struct sf_policy *policy))
{
	struct sf_policy *policy = NULL;
	struct sf_view text = sf_buf_view(&request->words[0]);
	bool good = !sf_policy_parse(&request->crypto, text, &policy, NULL);
	if (!good || !answer(request, policy))
		printf("refused\n");
	if (good)
		sf_policy_close(&policy);
}

static void answer(struct request *request, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	char *word = strchr(line, ' ');
	for (request->count = 0; word && request->count < WORDS_MAX;) {
		*word++ = '\0';
		char *next = strchr(word, ' ');
		if (next)
			*next = '\0';
		decode(word, &request->words[request->count++]);
		if (next)
			*next = ' ';
		word = next;
	}
	if (strcmp(line, "sign") == 0 && request->count == 5)
		answer_sign(request);
	else if (strcmp(line, "note") == 0 && request->count == 2)
		answer_with_policy(request, answer_note);
	else if (strcmp(line, "proof") == 0 && request->count == 3)
		answer_with_policy(request, answer_proof);
	else
		fail("an unknown request");
	for (size_t i = 0; i < request->count; i++)
		sf_buf_fini(&request->words[i]);
}

int main(void)
{
	static char line[LINE_SIZE];
	struct request request = {.count = 0};
	if (sf_keyring_open(&request.keyring))
		fail("no keyring");
	sf_crypto_port(request.keyring, &request.crypto);
	while (fgets(line, sizeof(line), stdin))
		answer(&request, line);
	sf_keyring_close(&request.keyring);
	return 0;
}
