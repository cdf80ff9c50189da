/* Checkpoints and evidence files of the world, and what is found in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/claim.h"
#include "base/time.h"
#include "unit/audit/world.h"

static enum sf_err node(void *self, unsigned level, uint64_t index, struct sf_digest *ret_hash,
	struct sf_diag *diag)
{
	const struct world *world = self;
	if (level == 0) {
		*ret_hash = world->leaves[index];
		return SF_OK;
	}
	struct sf_digest left, right;
	enum sf_err err = node(self, level - 1, 2 * index, &left, diag);
	if (!err)
		err = node(self, level - 1, 2 * index + 1, &right, diag);
	if (!err)
		sf_tree_node_hash(&world->crypto, &left, &right, ret_hash);
	return err;
}

static struct sf_view keep(struct world *world, const struct sf_buf *buf)
{
	struct sf_view kept = sf_arena_copy(&world->arena, sf_buf_view(buf));
	SF_ASSERT(kept.data);
	return kept;
}

static void sign(struct world *world, struct sf_view text, const char *name,
	enum sf_note_key_type type, struct sf_id key_id, const uint8_t *public_key,
	struct sf_buf *note)
{
	struct sf_note_key key;
	uint64_t time_s = type == SF_NOTE_KEY_ED25519 ? 0 : (uint64_t)world->now_ms / 1000;
	SF_ASSERT(!sf_note_key_make(&world->crypto, name, type, public_key, &key));
	SF_ASSERT(!sf_note_sign(&world->crypto, key_id, &key, text, time_s, note));
}

static struct sf_view sign_checkpoint(
	struct world *world, const struct sf_digest *root, const char *witnesses)
{
	struct sf_checkpoint checkpoint = {.size = world->leaf_count,
		.root = *root,
		.directory_version = sf_directory_version(world->directory),
		.directory_head = *sf_directory_head(world->directory)};
	SF_ASSERT(!sf_origin_format(WORLD_LOG, 1, checkpoint.origin));
	struct sf_buf text, note;
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	SF_ASSERT(!sf_checkpoint_format(&checkpoint, &text));
	struct sf_view said = sf_buf_view(&text);
	SF_ASSERT(!sf_buf_append(&note, said) && !sf_buf_append_text(&note, "\n"));
	sign(world, said, checkpoint.origin, SF_NOTE_KEY_ED25519, world->log, world->log_key,
		&note);
	for (const char *letter = witnesses; *letter; letter++) {
		const struct world_party *party = world_party(world, *letter);
		char name[SF_WITNESS_NAME_SIZE];
		sf_witness_name(world_id(*letter), name);
		sign(world, said, name, SF_NOTE_KEY_COSIGNATURE, party->witness, party->witness_key,
			&note);
	}
	struct sf_view kept = keep(world, &note);
	sf_buf_fini(&note);
	sf_buf_fini(&text);
	return kept;
}

void world_checkpoint(struct world *world, const char *witnesses)
{
	const struct sf_tree_source source = {world, node};
	struct sf_digest root;
	SF_ASSERT(!sf_tree_root(&world->crypto, &source, world->leaf_count, &root, NULL));
	SF_ASSERT(world->checkpoint_count < SF_COUNT(world->checkpoints));
	world->checkpoints[world->checkpoint_count++] = sign_checkpoint(world, &root, witnesses);
	world->checkpoint_size = world->leaf_count;
}

struct sf_view world_fork(struct world *world)
{
	const struct sf_digest other = {{0xF0}};
	return sign_checkpoint(world, &other, "");
}

struct sf_epoch world_lost_tail(struct world *world, size_t checkpoint)
{
	struct sf_note note;
	struct sf_checkpoint stands;
	SF_ASSERT(checkpoint < world->checkpoint_count);
	SF_ASSERT(!sf_note_parse(world->checkpoints[checkpoint], &note, NULL));
	SF_ASSERT(!sf_checkpoint_parse(note.text, &stands, NULL));
	struct sf_epoch epoch = {.old_origin = sf_view_text(WORLD_LOG "/1"),
		.old_note = world->checkpoints[checkpoint],
		.common_size = stands.size,
		.origin = sf_view_text(WORLD_LOG "/2"),
		.directory_version = stands.directory_version,
		.directory_head = stands.directory_head,
		.made_ms = world->now_ms};
	memcpy(epoch.log_key, world->log_key, sizeof(epoch.log_key));
	return epoch;
}

struct sf_view world_epoch(struct world *world, const struct sf_epoch *epoch, struct sf_id key_id)
{
	struct sf_buf bytes, record_bytes;
	sf_buf_init(&bytes, SF_EPOCH_SIZE_MAX);
	sf_buf_init(&record_bytes, 2 * SF_EPOCH_SIZE_MAX);
	SF_ASSERT(!sf_epoch_encode(epoch, &bytes));
	struct sf_signed_record record = {.record = sf_buf_view(&bytes), .signature_count = 1};
	record.signatures[0].key_id = key_id;
	SF_ASSERT(!world->crypto.sign_record(world->crypto.self, key_id, "epoch", record.record,
		record.signatures[0].signature));
	SF_ASSERT(!sf_signed_record_encode(&record, &record_bytes));
	struct sf_view kept = sf_arena_copy(&world->arena, sf_buf_view(&record_bytes));
	SF_ASSERT(kept.data);
	sf_buf_fini(&record_bytes);
	sf_buf_fini(&bytes);
	return kept;
}

static void prove(struct world *world, struct sf_evidence_event *event, uint64_t index)
{
	const struct sf_tree_source source = {world, node};
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	if (index >= world->checkpoint_size)
		return;
	SF_ASSERT(!sf_tree_inclusion(
		&world->crypto, &source, index, world->checkpoint_size, hashes, &count, NULL));
	struct sf_view path = sf_view_of(hashes, count * sizeof(*hashes));
	event->proof_size = world->checkpoint_size;
	event->path = sf_arena_copy(&world->arena, path);
	SF_ASSERT(event->path.data);
}

static struct sf_evidence_event *copies(
	struct world *world, const struct world_event *events, size_t count)
{
	struct sf_evidence_event *out = sf_arena_take_many(&world->arena, count + 1, sizeof(*out));
	SF_ASSERT(out);
	for (size_t i = 0; i < count; i++) {
		out[i] = events[i].evidence;
		prove(world, &out[i], events[i].receipt.leaf_index);
	}
	return out;
}

struct sf_evidence world_evidence(struct world *world, char made_by)
{
	struct sf_evidence evidence = {
		.format = 1,
		.made_ms = world->now_ms,
		.made_by = world_id(made_by),
		.coordinator = world_id('S'),
		.log = WORLD_LOG,
		.transition = sf_transition_id(world->transition),
		.registrar_threshold = 1,
		.registrar_count = 1,
		.checkpoint_count = world->checkpoint_count,
		.checkpoints = world->checkpoints,
		.entry_count = world->entry_count,
		.entries = world->entries,
		.agreement_count = 1,
		.agreements = &world->agreement,
		.statement_count = world->statement_count,
		.statements = copies(world, world->statements, world->statement_count),
		.event_count = world->event_count,
		.events = copies(world, world->events, world->event_count),
		.claim_key_id = world_party(world, made_by)->identity,
	};
	memcpy(evidence.registrars[0], world->registrar_key, SF_PUBLIC_KEY_SIZE);
	return evidence;
}

struct sf_claim world_claim(struct world *world)
{
	struct sf_claim claim;
	SF_ASSERT(!sf_claim_make(
		&world->crypto, world->transition, &world->head, &world->arena, &claim));
	return claim;
}

struct sf_view world_seal(struct world *world, struct sf_evidence *evidence, struct sf_claim *claim)
{
	struct sf_claim honest;
	if (!claim) {
		honest = world_claim(world);
		claim = &honest;
	}
	SF_ASSERT(!sf_claim_seal(
		&world->crypto, evidence->claim_key_id, claim, evidence, &world->arena));
	struct sf_buf file;
	sf_buf_init(&file, SF_EVIDENCE_SIZE_MAX);
	SF_ASSERT(!sf_evidence_encode(evidence, &file));
	struct sf_view kept = keep(world, &file);
	sf_buf_fini(&file);
	return kept;
}

struct sf_view world_file(struct world *world, char made_by)
{
	struct sf_evidence evidence = world_evidence(world, made_by);
	return world_seal(world, &evidence, NULL);
}

struct sf_evidence_report *world_verify(
	struct world *world, struct sf_view file, const char *policy_text, struct sf_view supplied)
{
	struct sf_policy *policy = NULL;
	struct sf_evidence_report *report = NULL;
	if (policy_text)
		SF_ASSERT(
			!sf_policy_parse(&world->crypto, sf_view_text(policy_text), &policy, NULL));
	const struct sf_evidence_options options = {.crypto = &world->crypto,
		.env = &world->env,
		.policy = policy,
		.receipt_count = supplied.size > 0,
		.receipts = &supplied};
	enum sf_err err = sf_evidence_verify(file, &options, &report, NULL);
	sf_policy_close(&policy);
	/* Whatever the bytes are, it is they that are wrong. */
	SF_ASSERT(!err || err == SF_ERR_FORMAT || err == SF_ERR_LIMIT);
	return err ? NULL : report;
}

static void add_vkey(struct world *world, struct sf_buf *text, const char *before, const char *name,
	enum sf_note_key_type type, const uint8_t *public_key)
{
	struct sf_note_key key;
	char vkey[SF_NOTE_VKEY_SIZE];
	SF_ASSERT(!sf_note_key_make(&world->crypto, name, type, public_key, &key));
	sf_note_vkey_format(&key, vkey);
	SF_ASSERT(!sf_buf_printf(text, "%s %s\n", before, vkey));
}

const char *world_policy(struct world *world, int quorum)
{
	struct sf_buf text;
	char name[SF_NOTE_NAME_SIZE], digits[2 * SF_PUBLIC_KEY_SIZE + 1];
	sf_buf_init(&text, SF_POLICY_SIZE_MAX);
	SF_ASSERT(!sf_origin_format(WORLD_LOG, 1, name));
	add_vkey(world, &text, "log", name, SF_NOTE_KEY_ED25519, world->log_key);
	sf_witness_name(world_id('H'), name);
	add_vkey(world, &text, "witness h", name, SF_NOTE_KEY_COSIGNATURE,
		world_party(world, 'H')->witness_key);
	sf_witness_name(world_id('K'), name);
	add_vkey(world, &text, "witness k", name, SF_NOTE_KEY_COSIGNATURE,
		world_party(world, 'K')->witness_key);
	sf_hex_encode(sf_view_of(world->registrar_key, SF_PUBLIC_KEY_SIZE), digits);
	SF_ASSERT(!sf_buf_printf(
		&text, "group both %d h k\nquorum both\nregistrar %s\n", quorum, digits));
	SF_ASSERT(!sf_buf_append_text(&text, "registrars 1\n"));
	const char *kept = sf_arena_text(&world->arena, sf_buf_view(&text));
	SF_ASSERT(kept);
	sf_buf_fini(&text);
	return kept;
}

struct sf_view world_receipt(struct world *world, size_t index)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, 4096);
	SF_ASSERT(!sf_signed_receipt_encode(&world->events[index].evidence.receipt, &bytes));
	struct sf_view kept = keep(world, &bytes);
	sf_buf_fini(&bytes);
	return kept;
}

const struct sf_finding *world_fault(
	const struct sf_evidence_report *report, enum sf_finding_code code, uint64_t sequence)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].severity == SF_SEVERITY_FAULT &&
			report->findings[i].code == code &&
			(sequence == 0 || report->findings[i].sequence == sequence))
			return &report->findings[i];
	return NULL;
}
