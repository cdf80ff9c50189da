/* The checkpoints of the file: who signed them, what they say of the directory, who saw them. */
#include <stdlib.h>
#include <string.h>

#include "audit/evidence_parts.h"
#include "wire/record.h"

static void find(struct sf_verification *verification, enum sf_finding_code code, size_t number,
	const char *text)
{
	sf_verification_find(
		verification, SF_SEVERITY_FAULT, code, 0, "checkpoint %zu: %s", number, text);
}

/*
 * The newest listing of the key, of those that the directory has for the coordinator's log, that
 * the note is signed with. SF_ERR_NOT_FOUND; SF_ERR_AUTH when it is not what that key signed: no
 * other is tried then, so that a file cannot ask for one check per key that it lists.
 */
static enum sf_err find_log_key(const struct sf_verification *verification,
	const struct sf_note *note, const char *origin, const struct sf_past_key **ret_past)
{
	enum sf_err err = SF_ERR_NOT_FOUND;
	for (size_t i = verification->key_count; i > 0 && err == SF_ERR_NOT_FOUND; i--) {
		const struct sf_past_key *past = &verification->keys[i - 1];
		struct sf_note_key key;
		if (past->key.use != SF_KEY_USE_LOG ||
			!sf_id_equal(past->party, verification->report->evidence.coordinator) ||
			sf_note_key_make(verification->crypto, origin, SF_NOTE_KEY_ED25519,
				past->key.public_key, &key))
			continue;
		err = sf_note_check(verification->crypto, note, &key, NULL);
		*ret_past = past;
	}
	return err;
}

/* Without a policy. */
static enum sf_err open_by_directory(struct sf_verification *verification, struct sf_view bytes,
	const char *origin, struct sf_checkpoint *ret_checkpoint, struct sf_diag *diag)
{
	struct sf_note note;
	const struct sf_past_key *past;
	enum sf_err err = sf_note_parse(bytes, &note, diag);
	if (!err)
		err = sf_checkpoint_parse(note.text, ret_checkpoint, diag);
	if (err)
		return err;
	err = find_log_key(verification, &note, origin, &past);
	if (err)
		sf_diag_set(diag, "%s",
			err == SF_ERR_NOT_FOUND
				? "not signed with a key that the directory lists for the log"
				: "the log's signature of the checkpoint does not hold");
	return err;
}

/* "<log of the file>/<epoch>" */
static bool is_of_this_log(
	const struct sf_verification *verification, const char *origin, uint32_t *ret_epoch)
{
	char log[SF_NOTE_NAME_SIZE];
	return !sf_origin_parse(origin, log, ret_epoch) &&
	       strcmp(log, verification->report->evidence.log) == 0;
}

/* Its text is the note's up to the empty line; the signatures are looked at afterwards. */
static bool read_origin(struct sf_view note, char ret_origin[SF_NOTE_NAME_SIZE])
{
	size_t size = 0;
	while (size < note.size && note.data[size] != '\n')
		size++;
	if (size == note.size || size == 0 || size >= SF_NOTE_NAME_SIZE)
		return false;
	memcpy(ret_origin, note.data, size);
	ret_origin[size] = '\0';
	return true;
}

bool sf_verification_open_note(struct sf_verification *verification, struct sf_view note,
	struct sf_checkpoint *ret_checkpoint, uint32_t *ret_epoch, enum sf_finding_code *ret_code,
	struct sf_diag *ret_diag)
{
	const struct sf_policy *policy = verification->options->policy;
	char origin[SF_NOTE_NAME_SIZE];
	*ret_code = SF_FINDING_LOG_UNKNOWN;
	sf_diag_set(ret_diag, "not of the log that the file names");
	if (!read_origin(note, origin) || !is_of_this_log(verification, origin, ret_epoch))
		return false;
	enum sf_err err;
	if (policy) {
		const struct sf_note_key *key = sf_policy_log(policy, origin);
		if (!key) {
			sf_diag_set(ret_diag, "the policy does not trust %.80s", origin);
			return false;
		}
		err = sf_checkpoint_open(verification->crypto, note, key, ret_checkpoint, ret_diag);
	} else {
		err = open_by_directory(verification, note, origin, ret_checkpoint, ret_diag);
	}
	*ret_code = SF_FINDING_CHECKPOINT_SIGNATURE;
	return !err;
}

/* Counts each party once, and only under a key that the directory lists for it as a witness. */
static enum sf_err cosigner_of(struct sf_verification *verification, const struct sf_note *note,
	const struct sf_note_signature *signature, struct sf_verified_cosigner *ret_cosigner)
{
	char name[SF_WITNESS_NAME_SIZE];
	struct sf_id party;
	if (sf_witness_party(signature->name, &party))
		return SF_ERR_NOT_FOUND;
	sf_witness_name(party, name);
	const struct sf_directory_entry *entry =
		sf_directory_party(verification->report->directory, party);
	enum sf_err err = SF_ERR_NOT_FOUND;
	for (size_t i = verification->key_count; i > 0 && err == SF_ERR_NOT_FOUND; i--) {
		const struct sf_past_key *past = &verification->keys[i - 1];
		struct sf_note_key key;
		uint64_t time_s = 0;
		if (past->key.use != SF_KEY_USE_WITNESS || !sf_id_equal(past->party, party) ||
			sf_note_key_make(verification->crypto, name, SF_NOTE_KEY_COSIGNATURE,
				past->key.public_key, &key) ||
			memcmp(key.hash, signature->hash, sizeof(key.hash)) != 0)
			continue;
		err = sf_note_check(verification->crypto, note, &key, &time_s);
		if (!err && sf_directory_key_revoked(&past->key, (int64_t)(time_s * 1000)))
			err = SF_ERR_AUTH;
		if (!err)
			*ret_cosigner = (struct sf_verified_cosigner){
				party, entry ? entry->role : SF_ROLE_NONE, time_s};
	}
	return err;
}

static void list_cosigners(struct sf_verification *verification, const struct sf_note *note,
	size_t number, struct sf_verified_checkpoint *out)
{
	struct sf_verified_cosigner *cosigners = sf_arena_take_many(
		&verification->report->arena, note->signature_count, sizeof(*cosigners));
	if (!cosigners) {
		verification->err = SF_ERR_MEMORY;
		return;
	}
	for (size_t i = 0; i < note->signature_count; i++) {
		struct sf_verified_cosigner *cosigner = &cosigners[out->cosigner_count];
		enum sf_err err = cosigner_of(verification, note, &note->signatures[i], cosigner);
		if (err && err != SF_ERR_NOT_FOUND) {
			find(verification, SF_FINDING_COSIGNATURE, number,
				"a cosignature of a witness does not hold, or stands twice");
			out->holds = false;
		}
		out->cosigner_count += !err;
	}
	out->cosigners = cosigners;
}

static void judge_witnesses(
	struct sf_verification *verification, size_t number, struct sf_verified_checkpoint *out)
{
	const struct sf_policy *policy = verification->options->policy;
	struct sf_note *note = malloc(sizeof(*note));
	if (!note || sf_note_parse(out->note, note, NULL)) {
		verification->err = SF_ERR_MEMORY; /* it was parsed before */
		free(note);
		return;
	}
	list_cosigners(verification, note, number, out);
	out->counts = out->holds;
	if (policy && out->holds) {
		struct sf_policy_verdict verdict = {.quorum = false};
		enum sf_err err = sf_policy_judge(verification->crypto, policy, note, &verdict);
		if (err)
			find(verification, SF_FINDING_COSIGNATURE, number,
				"a cosignature of a witness of the policy does not hold");
		out->holds = !err;
		out->counts = !err && verdict.quorum;
	}
	free(note);
}

/* When a witness saw it first, as far as the file shows; INT64_MAX: no witness did. */
static int64_t first_seen_ms(const struct sf_verified_checkpoint *checkpoint)
{
	int64_t first_ms = INT64_MAX;
	for (size_t i = 0; i < checkpoint->cosigner_count; i++) {
		int64_t seen_ms = (int64_t)checkpoint->cosigners[i].time_s * 1000;
		if (seen_ms < first_ms)
			first_ms = seen_ms;
	}
	return first_ms;
}

/*
 * A checkpoint does not say when it was signed. One under a key of the log that is revoked counts
 * when a witness saw it while the key was believed (WIRE section 2).
 */
static void judge_log_key(
	struct sf_verification *verification, size_t number, struct sf_verified_checkpoint *out)
{
	struct sf_note note;
	const struct sf_past_key *past;
	if (sf_note_parse(out->note, &note, NULL) ||
		find_log_key(verification, &note, out->checkpoint.origin, &past) ||
		!sf_directory_key_revoked(&past->key, first_seen_ms(out)))
		return;
	find(verification, SF_FINDING_CHECKPOINT_SIGNATURE, number,
		"signed with a key of the log that is revoked, and no witness saw it before");
	out->holds = out->counts = false;
}

static void verify_one(
	struct sf_verification *verification, size_t number, struct sf_verified_checkpoint *out)
{
	struct sf_diag diag = {""};
	enum sf_finding_code code;
	if (!sf_verification_open_note(
		    verification, out->note, &out->checkpoint, &out->epoch, &code, &diag)) {
		find(verification, code, number, diag.text);
		return;
	}
	out->holds = true;
	char who[64] = "";
	struct sf_diag name;
	sf_diag_set(&name, "checkpoint %zu", number);
	memcpy(who, name.text, sizeof(who) - 1);
	out->holds = sf_verification_saw_directory(verification, NULL, who,
		out->checkpoint.directory_version, &out->checkpoint.directory_head);
	judge_witnesses(verification, number, out);
	if (!verification->err)
		judge_log_key(verification, number, out);
}

/* Both are signed by the log: they cannot both be true. */
static void find_forks(struct sf_verification *verification)
{
	const struct sf_evidence_report *report = verification->report;
	for (size_t i = 1; i < report->checkpoint_count; i++) {
		const struct sf_verified_checkpoint *later = &report->checkpoints[i];
		for (size_t j = 0; j < i; j++) {
			const struct sf_verified_checkpoint *sooner = &report->checkpoints[j];
			if (!later->holds || !sooner->holds || later->epoch != sooner->epoch ||
				later->checkpoint.size != sooner->checkpoint.size ||
				sf_digest_equal(&later->checkpoint.root, &sooner->checkpoint.root))
				continue;
			sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_FORK, 0,
				"checkpoints %zu and %zu are both signed by the log, and show two "
				"trees of %llu leaves",
				j + 1, i + 1, (unsigned long long)later->checkpoint.size);
		}
	}
}

static void conclude(struct sf_verification *verification)
{
	const struct sf_evidence_report *report = verification->report;
	size_t holding = 0, counting = 0, newest = 0;
	for (size_t i = 0; i < report->checkpoint_count; i++) {
		holding += report->checkpoints[i].holds;
		counting += report->checkpoints[i].counts;
		if (report->checkpoints[i].counts)
			newest = i;
	}
	if (report->checkpoint_count == 0) {
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_NO_CHECKPOINT, 0,
			"the file has no checkpoint: nothing in it is proven to be in the log");
	} else if (counting == 0 && holding > 0) {
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_QUORUM, 0,
			"no checkpoint is cosigned by as many witnesses as the policy asks for");
	} else if (counting > 0) {
		const struct sf_verified_checkpoint *last = &report->checkpoints[newest];
		sf_verification_find(verification, SF_SEVERITY_GOOD, SF_FINDING_CHECKPOINT, 0,
			"%s at %llu leaves is signed by the log and cosigned by %zu parties",
			last->checkpoint.origin, (unsigned long long)last->checkpoint.size,
			last->cosigner_count);
	}
	if (!verification->options->policy && report->checkpoint_count > 0)
		sf_verification_find(verification, SF_SEVERITY_REMARK, SF_FINDING_TRUST, 0,
			"how many witnesses are enough is yours to say: no policy was given");
}

/*
 * The record must declare the next epoch of this log, and the log must have signed the tree that it
 * says stands. So no record can stand twice, or for an epoch that nobody declared.
 */
static enum sf_err open_epoch(
	struct sf_verification *verification, size_t index, struct sf_diag *diag)
{
	const struct sf_evidence_report *report = verification->report;
	struct sf_declared_epoch *declared = malloc(sizeof(*declared));
	struct sf_checkpoint stands;
	enum sf_finding_code code;
	uint32_t epoch;
	if (!declared)
		return SF_ERR_MEMORY;
	enum sf_err err = sf_epoch_open(verification->crypto, &report->registrars,
		report->evidence.epochs[index], declared, diag);
	if (!err && (strcmp(declared->log, report->evidence.log) != 0 ||
			    declared->epoch != (uint32_t)index + 2)) {
		sf_diag_set(diag, "it declares another epoch, or one of another log");
		err = SF_ERR_CONFLICT;
	}
	if (!err && !sf_verification_open_note(
			    verification, declared->record.old_note, &stands, &epoch, &code, diag))
		err = SF_ERR_AUTH;
	if (!err) {
		verification->epochs[index].common_size = declared->stands.size;
		verification->epochs[index].root = declared->stands.root;
	}
	free(declared);
	return err;
}

static void verify_epochs(struct sf_verification *verification)
{
	const struct sf_evidence *evidence = &verification->report->evidence;
	verification->epoch_count = evidence->epoch_count;
	if (evidence->epoch_count > SF_EPOCH_COUNT_MAX) {
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_EPOCH, 0,
			"the file has more epochs than a log can have");
		verification->epoch_count = 0;
	}
	for (size_t i = 0; i < verification->epoch_count && !verification->err; i++) {
		struct sf_diag diag = {""};
		enum sf_err err = open_epoch(verification, i, &diag);
		if (err == SF_ERR_MEMORY)
			verification->err = err;
		else if (err)
			sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_EPOCH, 0,
				"the record of epoch %zu: %s", i + 2, diag.text);
	}
}

uint64_t sf_verification_stands(const struct sf_verification *verification, uint32_t epoch)
{
	if (epoch == 0 || epoch > verification->epoch_count)
		return UINT64_MAX;
	return verification->epochs[epoch - 1].common_size;
}

/* What a record says stands is what the log has signed of that size. */
static void find_other_roots(struct sf_verification *verification)
{
	const struct sf_evidence_report *report = verification->report;
	for (size_t i = 0; i < report->checkpoint_count; i++) {
		const struct sf_verified_checkpoint *checkpoint = &report->checkpoints[i];
		uint32_t epoch = checkpoint->epoch;
		if (!checkpoint->holds || epoch == 0 || epoch > verification->epoch_count ||
			verification->epochs[epoch - 1].common_size !=
				checkpoint->checkpoint.size ||
			sf_digest_equal(&verification->epochs[epoch - 1].root,
				&checkpoint->checkpoint.root))
			continue;
		sf_verification_find(verification, SF_SEVERITY_FAULT, SF_FINDING_FORK, 0,
			"checkpoint %zu and the record of epoch %u show two trees of %llu leaves",
			i + 1, (unsigned)epoch + 1,
			(unsigned long long)checkpoint->checkpoint.size);
	}
}

void sf_verify_checkpoints(struct sf_verification *verification)
{
	struct sf_evidence_report *report = verification->report;
	verify_epochs(verification);
	const struct sf_evidence *evidence = &report->evidence;
	report->checkpoints = sf_arena_take_many(
		&report->arena, evidence->checkpoint_count, sizeof(*report->checkpoints));
	if (!report->checkpoints) {
		verification->err = SF_ERR_MEMORY;
		return;
	}
	report->checkpoint_count = evidence->checkpoint_count;
	for (size_t i = 0; i < evidence->checkpoint_count && !verification->err; i++) {
		report->checkpoints[i].note = evidence->checkpoints[i];
		verify_one(verification, i + 1, &report->checkpoints[i]);
	}
	find_forks(verification);
	find_other_roots(verification);
	conclude(verification);
}

const struct sf_verified_checkpoint *sf_verification_checkpoint(
	const struct sf_verification *verification, uint32_t epoch, uint64_t size)
{
	const struct sf_evidence_report *report = verification->report;
	for (size_t i = 0; i < report->checkpoint_count; i++) {
		const struct sf_verified_checkpoint *checkpoint = &report->checkpoints[i];
		if (checkpoint->holds && checkpoint->epoch == epoch &&
			checkpoint->checkpoint.size == size)
			return checkpoint;
	}
	return NULL;
}

void sf_verification_leaf(const struct sf_verification *verification,
	const struct sf_receipt *receipt, struct sf_id transition, struct sf_digest *ret_leaf_hash,
	struct sf_digest *ret_head)
{
	uint8_t leaf[SF_LEAF_SIZE];
	sf_log_receipt_leaf(verification->crypto, receipt, transition, leaf);
	sf_tree_leaf_hash(verification->crypto, sf_view_of(leaf, sizeof(leaf)), ret_leaf_hash);
	sf_log_head(verification->crypto, &receipt->previous_head, leaf, ret_head);
}
