#include "unit/coordinator/fsck_row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define LEFT "the blinding is gone, but not the content"

struct sf_row_event fsck_leaf_of(struct desk *desk, int64_t leaf_index)
{
	const struct sf_store *store = fsck_store(desk);
	struct sf_row_event row = {.leaf_index = leaf_index};
	assert_int_equal(store->get(store->self, &sf_table_event, 0, &row, NULL), SF_OK);
	row.leaf = sf_arena_copy(&desk->arena, row.leaf);
	row.cover = sf_arena_copy(&desk->arena, row.cover);
	row.receipt = sf_arena_copy(&desk->arena, row.receipt);
	row.receipt_path = sf_arena_copy(&desk->arena, row.receipt_path);
	row.receipt_signature = sf_arena_copy(&desk->arena, row.receipt_signature);
	return row;
}

static void cut_leaf(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->leaf.size--;
}

static void empty_leaf(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->leaf.size = 0;
}

static void change_blinding(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->r.bytes[31] ^= 1;
}

static void record_sooner(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->recorded_ms = fsck_leaf_of(desk, row->leaf_index - 1).recorded_ms - 1;
}

static void lose_leaf_before(struct desk *desk, struct sf_row_event *row)
{
	const struct sf_row_event before = {.leaf_index = row->leaf_index - 1};
	fsck_drop(desk, &sf_table_event, &before);
}

void fsck_record_at_once(struct desk *desk, struct sf_row_event *row)
{
	row->recorded_ms = fsck_leaf_of(desk, row->leaf_index - 1).recorded_ms;
}

static void name_other_message(struct desk *desk, struct sf_row_event *row)
{
	row->message_id = desk_id(desk);
}

static void name_other_envelope(struct desk *desk, struct sf_row_event *row)
{
	row->envelope_id = desk_id(desk);
}

static void name_other_transition(struct desk *desk, struct sf_row_event *row)
{
	row->transition = desk_id(desk);
}

static void name_other_author(struct desk *desk, struct sf_row_event *row)
{
	row->author = desk->municipality->party;
}

static void name_other_kind(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->kind++;
}

static void name_other_digest(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->digest.bytes[0] ^= 1;
}

static void lose_cover(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->cover.size = 0;
}

static void cover_with(struct desk *desk, struct sf_row_event *row, struct desk_letter *letter)
{
	row->cover = desk_cover(desk, desk_seal(desk, letter));
	assert_true(row->cover.size > 0);
	/* So that only the key is wrong, the digest is of that envelope. */
	const struct sf_crypto crypto = desk_crypto(desk->coordinator);
	struct sf_cover cover;
	struct sf_envelope_names names;
	assert_int_equal(sf_cover_parse(row->cover, &cover, NULL), SF_OK);
	if (!crypto.verify_cover(crypto.self, &cover, letter->signer->identity_key, &names))
		row->digest = names.digest;
}

static void sign_with_unlisted_key(struct desk *desk, struct sf_row_event *row)
{
	uint8_t secret[SF_KEY_SECRET_SIZE] = {9};
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(SF_KEY_IDENTITY, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(desk->hospital->keyring, &key), SF_OK);
	struct desk_letter letter = desk_admission(desk);
	letter.signing_key_id = key.id;
	sf_key_fini(&key);
	cover_with(desk, row, &letter);
}

static void sign_for_another_party(struct desk *desk, struct sf_row_event *row)
{
	struct desk_letter letter = desk_admission(desk);
	letter.message.author = desk->gp->party;
	cover_with(desk, row, &letter);
}

/* What follows from others' facts is the coordinator's to say. */
static void say_what_is_derived(struct desk *desk, struct sf_row_event *row)
{
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_EXPIRED);
	cover_with(desk, row, &letter);
}

static void coordinator_says_a_stay(struct desk *desk, struct sf_row_event *row)
{
	struct desk_letter letter = desk_admission(desk);
	letter.message.author = desk->coordinator->party;
	letter.signer = desk->coordinator;
	letter.signing_key_id = desk->coordinator->identity_key_id;
	cover_with(desk, row, &letter);
}

static void cut_receipt(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt.size--;
}

static void change_sequence(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->sequence += 100;
}

static void change_previous_head(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->previous_head.bytes[0] ^= 1;
}

static void change_outcome(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->outcome = SF_OUTCOME_DEVIATION;
}

static void change_code(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->code++;
}

static void change_class(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->kind_class = SF_CLASS_ACKNOWLEDGEMENT;
}

static void change_time(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->recorded_ms++;
}

static void cut_signature(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt_signature.size--;
}

static void count_none(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt_count = 0;
}

static void count_too_many(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt_count = (int64_t)SF_BATCH_COUNT_MAX + 1;
}

static void stand_before_the_first(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt_index = -1;
}

static void stand_behind_the_last(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt_index = row->receipt_count;
}

static void stand_beyond_all(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->receipt_index = INT64_MAX;
}

static void lengthen_path(struct desk *desk, struct sf_row_event *row)
{
	row->receipt_path = sf_view_of(sf_arena_take(&desk->arena, 32), 32);
}

/* Signed, but by a party: only the coordinator gives receipts. */
static void sign_as_hospital(struct desk *desk, struct sf_row_event *row)
{
	const struct sf_crypto crypto = desk_crypto(desk->hospital);
	uint8_t *signature = sf_arena_take(&desk->arena, SF_SIGNATURE_SIZE);
	uint8_t path[SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX], depth;
	assert_int_equal(crypto.sign_receipts(crypto.self, desk->hospital->identity_key_id,
				 &row->receipt, 1, path, &depth, signature),
		SF_OK);
	row->receipt_index = 0;
	row->receipt_count = 1;
	row->receipt_path.size = 0;
	row->receipt_signature = sf_view_of(signature, SF_SIGNATURE_SIZE);
}

static void lead_envelope_elsewhere(struct desk *desk, struct sf_row_event *row)
{
	struct sf_row_envelope found = {.envelope_id = row->envelope_id};
	fsck_get(desk, &sf_table_envelope, &found);
	found.leaf_index--;
	fsck_put(desk, &sf_table_envelope, &found);
}

static void change_envelope(struct desk *desk, struct sf_row_event *row)
{
	struct sf_row_envelope found = {.envelope_id = row->envelope_id};
	fsck_get(desk, &sf_table_envelope, &found);
	found.digest.bytes[0] ^= 1;
	fsck_put(desk, &sf_table_envelope, &found);
}

static void decide_otherwise(struct desk *desk, struct sf_row_event *row)
{
	struct sf_row_message found = {.author = row->author, .message_id = row->message_id};
	fsck_get(desk, &sf_table_message, &found);
	found.outcome = SF_OUTCOME_REFUSED;
	fsck_put(desk, &sf_table_message, &found);
}

static void cover_with_junk(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->cover = sf_view_text("\xff\xff");
}

static void cover_with_next_entry(struct desk *desk, struct sf_row_event *row)
{
	row->cover = fsck_leaf_of(desk, row->leaf_index + 1).cover;
}

static void commit_to_another(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->digest.bytes[0] ^= 1;
}

static void change_last_of_cover(struct desk *desk, struct sf_row_event *row)
{
	row->cover = fsck_flip_last(desk, row->cover);
}

static void change_row_of_epoch(struct desk *desk, struct sf_row_event *row)
{
	(void)row;
	struct sf_row_epoch kept = {.epoch = 2};
	fsck_get(desk, &sf_table_epoch, &kept);
	kept.record = fsck_flip_last(desk, kept.record);
	fsck_put(desk, &sf_table_epoch, &kept);
}

static void repeat_behind(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->leaf_index++;
}

void fsck_erase_row(struct desk *desk, struct sf_row_event *row)
{
	(void)desk;
	row->r = row->digest = (struct sf_digest){{0}};
	row->message_id = row->envelope_id = (struct sf_id){{0}};
	row->cover.size = row->receipt.size = 0;
}

static void erase_but_cover(struct desk *desk, struct sf_row_event *row)
{
	size_t size = row->cover.size;
	fsck_erase_row(desk, row);
	row->cover.size = size;
}

static void erase_but_receipt(struct desk *desk, struct sf_row_event *row)
{
	size_t size = row->receipt.size;
	fsck_erase_row(desk, row);
	row->receipt.size = size;
}

static void erase_but_digest(struct desk *desk, struct sf_row_event *row)
{
	struct sf_digest digest = row->digest;
	fsck_erase_row(desk, row);
	row->digest = digest;
}

static void erase_but_message(struct desk *desk, struct sf_row_event *row)
{
	struct sf_id id = row->message_id;
	fsck_erase_row(desk, row);
	row->message_id = id;
}

static void erase_but_envelope(struct desk *desk, struct sf_row_event *row)
{
	struct sf_id id = row->envelope_id;
	fsck_erase_row(desk, row);
	row->envelope_id = id;
}

static void erase_out_of_its_transition(struct desk *desk, struct sf_row_event *row)
{
	fsck_erase_row(desk, row);
	row->sequence = 0;
}

static void erase_and_change_time(struct desk *desk, struct sf_row_event *row)
{
	fsck_erase_row(desk, row);
	row->recorded_ms++;
}

static void erase_and_change_class(struct desk *desk, struct sf_row_event *row)
{
	fsck_erase_row(desk, row);
	row->kind_class = SF_CLASS_ACKNOWLEDGEMENT;
}

static void erase_and_cut_leaf(struct desk *desk, struct sf_row_event *row)
{
	fsck_erase_row(desk, row);
	row->leaf.size = 1;
}

/* --- All of them ------------------------------------------------------------------------------ */

static const struct fsck_row_case leaf_cases[] = {
	{cut_leaf, SF_FSCK_LEAF, "it is not 42 bytes"},
	{empty_leaf, SF_FSCK_LEAF, "it is not 42 bytes"},
	{change_blinding, SF_FSCK_LEAF, "leaf "},
	{record_sooner, SF_FSCK_TIME, "leaf "},
	{lose_leaf_before, SF_FSCK_LEAF_MISSING, "should be here"},
};

static const struct fsck_row_case cover_cases[] = {
	{name_other_message, SF_FSCK_COVER, "it names another message"},
	{name_other_envelope, SF_FSCK_COVER, "it names another envelope"},
	{name_other_transition, SF_FSCK_COVER, "it names another transition"},
	{name_other_author, SF_FSCK_COVER, "it names another author or kind"},
	{name_other_kind, SF_FSCK_COVER, "it names another author or kind"},
	{name_other_digest, SF_FSCK_COVER, "it is of another envelope"},
	{lose_cover, SF_FSCK_COVER, "it cannot be read"},
	{sign_with_unlisted_key, SF_FSCK_AUTHOR, "no entry lists the key"},
	{sign_for_another_party, SF_FSCK_AUTHOR, "the key is another party's"},
	{say_what_is_derived, SF_FSCK_AUTHOR, "the key is another party's"},
	{coordinator_says_a_stay, SF_FSCK_AUTHOR, "the key is another party's"},
};

static const struct fsck_row_case receipt_cases[] = {
	{cut_receipt, SF_FSCK_RECEIPT, "it cannot be read"},
	{name_other_message, SF_FSCK_RECEIPT, "leaf "},
	{name_other_digest, SF_FSCK_RECEIPT, "leaf "},
	{change_blinding, SF_FSCK_RECEIPT, "leaf "},
	{change_sequence, SF_FSCK_RECEIPT, "leaf "},
	{change_previous_head, SF_FSCK_RECEIPT, "leaf "},
	{change_outcome, SF_FSCK_RECEIPT, "leaf "},
	{change_code, SF_FSCK_RECEIPT, "leaf "},
	{change_class, SF_FSCK_RECEIPT, "leaf "},
	{change_time, SF_FSCK_RECEIPT, "leaf "},
};

static const struct fsck_row_case signature_cases[] = {
	{cut_signature, SF_FSCK_SIGNATURE, "leaf "},
	{count_none, SF_FSCK_SIGNATURE, "leaf "},
	{count_too_many, SF_FSCK_SIGNATURE, "leaf "},
	{stand_before_the_first, SF_FSCK_SIGNATURE, "leaf "},
	{stand_behind_the_last, SF_FSCK_SIGNATURE, "leaf "},
	{stand_beyond_all, SF_FSCK_SIGNATURE, "leaf "},
	{lengthen_path, SF_FSCK_SIGNATURE, "leaf "},
	{sign_as_hospital, SF_FSCK_SIGNATURE, "leaf "},
};

static const struct fsck_row_case lookup_cases[] = {
	{lead_envelope_elsewhere, SF_FSCK_ENVELOPE_ROW, "it names another"},
	{change_envelope, SF_FSCK_ENVELOPE_ROW, "it names another"},
	{name_other_envelope, SF_FSCK_ENVELOPE_ROW, "it is missing"},
	{decide_otherwise, SF_FSCK_MESSAGE_ROW, "it has another outcome"},
	{name_other_message, SF_FSCK_MESSAGE_ROW, "it is missing"},
};

static const struct fsck_row_case entry_cases[] = {
	{cover_with_junk, SF_FSCK_COVER, "it is no signed record"},
	{cover_with_next_entry, SF_FSCK_COVER, "it is of another entry"},
	{cover_with_next_entry, SF_FSCK_DIRECTORY, "entry 2 of the directory is another"},
	{commit_to_another, SF_FSCK_COVER, "it is of another entry"},
};

static const struct fsck_row_case epoch_cases[] = {
	{cover_with_junk, SF_FSCK_EPOCH, "its record cannot be read"},
	{change_last_of_cover, SF_FSCK_EPOCH, "not signed by enough of the registrars"},
	{commit_to_another, SF_FSCK_EPOCH, "it commits to another record"},
	{repeat_behind, SF_FSCK_EPOCH, "it does not stand where its epoch begins"},
	{change_row_of_epoch, SF_FSCK_EPOCH, "the row of the epoch has another record"},
};

static const struct fsck_row_case erased_cases[] = {
	{erase_but_cover, SF_FSCK_ERASED, LEFT},
	{erase_but_receipt, SF_FSCK_ERASED, LEFT},
	{erase_but_digest, SF_FSCK_ERASED, LEFT},
	{erase_but_message, SF_FSCK_ERASED, LEFT},
	{erase_but_envelope, SF_FSCK_ERASED, LEFT},
	{erase_out_of_its_transition, SF_FSCK_ERASED, "it has no transition"},
	{erase_and_change_time, SF_FSCK_LEAF, "its class or time"},
	{erase_and_change_class, SF_FSCK_LEAF, "its class or time"},
	{erase_and_cut_leaf, SF_FSCK_LEAF, "its class or time"},
};

#define GROUP(cases)                                                                               \
	{                                                                                          \
		SF_COUNT(cases), cases                                                             \
	}
const struct fsck_row_group fsck_rows[FSCK_ROW_COUNT] = {
	[FSCK_ROW_LEAF] = GROUP(leaf_cases),
	[FSCK_ROW_COVER] = GROUP(cover_cases),
	[FSCK_ROW_RECEIPT] = GROUP(receipt_cases),
	[FSCK_ROW_SIGNATURE] = GROUP(signature_cases),
	[FSCK_ROW_LOOKUP] = GROUP(lookup_cases),
	[FSCK_ROW_ENTRY] = GROUP(entry_cases),
	[FSCK_ROW_EPOCH] = GROUP(epoch_cases),
	[FSCK_ROW_ERASED] = GROUP(erased_cases),
};
