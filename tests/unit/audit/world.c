#include "unit/audit/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/claim.h"
#include "base/time.h"
#include "core/derived.h"
#include "wire/record.h"

static const char letters[] = "SHKG";

struct sf_id world_id(char letter)
{
	struct sf_id id = {{1}};
	id.bytes[15] = (uint8_t)letter;
	return id;
}

static enum sf_role role_of(char letter)
{
	return letter == 'S'   ? SF_ROLE_COORDINATOR
	       : letter == 'H' ? SF_ROLE_HOSPITAL
	       : letter == 'K' ? SF_ROLE_MUNICIPALITY
			       : SF_ROLE_GP;
}

struct world_party *world_party(struct world *world, char letter)
{
	const char *place = strchr(letters, letter);
	SF_ASSERT(place && letter);
	return &world->parties[place - letters];
}

static struct sf_view keep(struct world *world, struct sf_view bytes)
{
	struct sf_view kept = sf_arena_copy(&world->arena, bytes);
	SF_ASSERT(kept.data);
	return kept;
}

static struct sf_id add_key(
	struct world *world, enum sf_key_kind kind, char letter, uint8_t *ret_public)
{
	uint8_t secret[SF_KEY_SECRET_SIZE] = {(uint8_t)kind, (uint8_t)letter};
	struct sf_key key;
	SF_ASSERT(!sf_key_from_secret(kind, secret, &key));
	SF_ASSERT(!sf_keyring_add(world->keyring, &key));
	memcpy(ret_public, key.public_key, SF_PUBLIC_KEY_SIZE);
	struct sf_id id = key.id;
	sf_key_fini(&key);
	return id;
}

static void list_key(
	struct sf_directory_entry *entry, enum sf_key_use use, const uint8_t *public_key)
{
	struct sf_directory_key *key = &entry->keys[entry->key_count++];
	key->use = use;
	memcpy(key->public_key, public_key, SF_PUBLIC_KEY_SIZE);
	key->not_before_ms = WORLD_START_MS - SF_DAY_MS;
	key->not_after_ms = WORLD_START_MS + 300 * SF_DAY_MS;
}

static struct sf_view sign_entry(struct world *world, const struct sf_directory_entry *entry)
{
	struct sf_buf bytes, record_bytes;
	sf_buf_init(&bytes, SF_DIRECTORY_ENTRY_SIZE_MAX);
	sf_buf_init(&record_bytes, 2 * SF_DIRECTORY_ENTRY_SIZE_MAX);
	SF_ASSERT(!sf_entry_encode(entry, &bytes));
	struct sf_signed_record record = {.record = sf_buf_view(&bytes), .signature_count = 1};
	record.signatures[0].key_id = world->registrar;
	SF_ASSERT(!world->crypto.sign_record(world->crypto.self, world->registrar, "entry",
		record.record, record.signatures[0].signature));
	SF_ASSERT(!sf_signed_record_encode(&record, &record_bytes));
	struct sf_view kept = keep(world, sf_buf_view(&record_bytes));
	sf_buf_fini(&record_bytes);
	sf_buf_fini(&bytes);
	return kept;
}

static struct sf_registrars registrars_of(const struct world *world)
{
	struct sf_registrars registrars = {.count = 1, .threshold = 1};
	memcpy(registrars.keys[0], world->registrar_key, SF_PUBLIC_KEY_SIZE);
	return registrars;
}

void world_entry(struct world *world, char letter, void (*edit)(struct sf_directory_entry *))
{
	struct sf_directory_entry *entry = world_party(world, letter)->entry;
	struct sf_registrars registrars = registrars_of(world);
	if (entry->version > 0)
		entry->previous = entry->digest;
	entry->version++;
	if (edit)
		edit(entry);
	struct sf_view record = sign_entry(world, entry);
	SF_ASSERT(!sf_registry_add(
		world->directory, &world->crypto, &registrars, record, 0, &entry->digest, NULL));
	world->entries[world->entry_count++] = record;
}

static void add_party(struct world *world, char letter)
{
	struct world_party *party = world_party(world, letter);
	party->letter = letter;
	party->entry = calloc(1, sizeof(*party->entry));
	SF_ASSERT(party->entry);
	party->identity = add_key(world, letter == 'S' ? SF_KEY_COORDINATOR : SF_KEY_IDENTITY,
		letter, party->identity_key);
	party->entry->party = world_id(letter);
	party->entry->role = role_of(letter);
	snprintf(party->entry->name, sizeof(party->entry->name), "party %c", letter);
	list_key(party->entry, SF_KEY_USE_IDENTITY, party->identity_key);
	if (letter == 'S') {
		world->log = add_key(world, SF_KEY_LOG, letter, world->log_key);
		list_key(party->entry, SF_KEY_USE_LOG, world->log_key);
	} else {
		party->witness = add_key(world, SF_KEY_WITNESS, letter, party->witness_key);
		list_key(party->entry, SF_KEY_USE_WITNESS, party->witness_key);
	}
	world_entry(world, letter, NULL);
}

static void name_clause(struct sf_clause *clause, const char *name, const char *citation)
{
	snprintf(clause->name, sizeof(clause->name), "%s", name);
	snprintf(clause->citation, sizeof(clause->citation), "%s", citation);
}

static struct sf_deadline minutes(int32_t amount)
{
	return (struct sf_deadline){1, {{SF_DEADLINE_MINUTES, amount, 0, -1}}};
}

static void write_agreement(struct world *world)
{
	const struct sf_trigger discharge = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0};
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	SF_ASSERT(agreement);
	snprintf(agreement->name, sizeof(agreement->name), "world");
	agreement->version = 1;
	agreement->cut_off_minute = -1;
	agreement->pathway_count = 1;
	struct sf_pathway_terms *terms = &agreement->pathways[0];
	terms->pathway = SF_PATHWAY_SOMATIC;
	terms->expectation_count = 1;
	terms->expectations[0] = (struct sf_expectation){
		.arises_on = {SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT, 0},
		.owner = SF_ROLE_MUNICIPALITY,
		.met_by = {SF_KIND_LETTER, SF_LETTER_ADMISSION_REPORT, 0},
		.due = minutes(60),
		.rung_count = 1,
		.rungs = {SF_RUNG_OWNER},
		.escalate_ms = SF_HOUR_MS,
	};
	name_clause(&terms->expectations[0].clause, "admission-report", "2-2");
	terms->window_count = 1;
	terms->windows[0] = (struct sf_window_clause){.domain = SF_DOMAIN_MEDICAL,
		.starts_on = discharge,
		.length = minutes(72 * 60),
		.holder = SF_ROLE_HOSPITAL,
		.then = SF_ROLE_GP};
	name_clause(&terms->windows[0].clause, "extended-responsibility", "72h");
	terms->handover_count = 1;
	terms->handovers[0] = (struct sf_handover){.on = discharge,
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS};
	name_clause(&terms->handovers[0].clause, "", "2-7");
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	SF_ASSERT(!sf_agreement_encode(agreement, &bytes));
	world->agreement = keep(world, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	free(agreement);
	SF_ASSERT(!sf_book_add(world->book, &world->crypto, &world->env, world->agreement,
		&world->agreement_digest, NULL));
}

static struct sf_id next_id(struct world *world, uint8_t kind)
{
	struct sf_id id = {{kind}};
	sf_put_u32(id.bytes + 12, ++world->minted);
	return id;
}

/* The cover of a message as its author seals it, and its digest. */
static struct sf_view seal(struct world *world, const struct sf_message *message,
	struct sf_id key_id, struct sf_digest *ret_digest)
{
	const struct sf_crypto *crypto = &world->crypto;
	struct sf_buf message_bytes, header_bytes, cover;
	sf_buf_init(&message_bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&header_bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	SF_ASSERT(!sf_message_encode(message, &message_bytes));
	const struct sf_header header = {
		.message_bytes = sf_buf_view(&message_bytes),
		.envelope_id = next_id(world, 3),
		.sent_ms = world->now_ms,
		.seen_epoch = 1,
		.directory_version = sf_directory_version(world->directory),
		.directory_head = *sf_directory_head(world->directory),
	};
	SF_ASSERT(!sf_header_encode(&header, &header_bytes));
	struct sf_seal_item item = {.header = sf_buf_view(&header_bytes)};
	sf_buf_init(&item.envelope, SF_ENVELOPE_SIZE_MAX);
	struct sf_seal_batch *batch = NULL;
	SF_ASSERT(!crypto->seal_begin(crypto->self, key_id, &item, 1, NULL, 0, &batch));
	crypto->seal_one(crypto->self, batch, &item);
	SF_ASSERT(!crypto->seal_finish(crypto->self, batch));
	crypto->seal_close(crypto->self, &batch);
	struct sf_envelope envelope;
	SF_ASSERT(!sf_envelope_parse(sf_buf_view(&item.envelope), &envelope, NULL));
	SF_ASSERT(!sf_cover_write(&envelope, &item.names.sealed, &cover));
	struct sf_view kept = keep(world, sf_buf_view(&cover));
	*ret_digest = item.names.digest;
	sf_buf_fini(&item.envelope);
	sf_buf_fini(&cover);
	sf_buf_fini(&header_bytes);
	sf_buf_fini(&message_bytes);
	return kept;
}

static void sign_receipt(struct world *world, struct world_event *event)
{
	const struct sf_crypto *crypto = &world->crypto;
	struct sf_buf bytes;
	sf_buf_init(&bytes, 1024);
	SF_ASSERT(!sf_receipt_encode(&event->receipt, &bytes));
	struct sf_signed_receipt *receipt = &event->evidence.receipt;
	*receipt =
		(struct sf_signed_receipt){.receipt = keep(world, sf_buf_view(&bytes)), .count = 1};
	uint8_t paths[32 * SF_BATCH_DEPTH_MAX], depth, signature[SF_SIGNATURE_SIZE];
	SF_ASSERT(!crypto->sign_receipts(crypto->self, world_party(world, 'S')->identity,
		&receipt->receipt, 1, paths, &depth, signature));
	receipt->signature = keep(world, sf_view_of(signature, sizeof(signature)));
	sf_buf_fini(&bytes);
}

/* The leaf of what the receipt says, behind the others. */
static void append(struct world *world, const struct sf_receipt *receipt, struct sf_id transition,
	struct sf_digest *ret_head)
{
	const struct sf_leaf_event event = {receipt->digest, transition, receipt->recorded_ms,
		receipt->sequence, receipt->outcome, receipt->code, receipt->previous_head,
		receipt->kind_class};
	uint8_t leaf[SF_LEAF_SIZE];
	sf_log_leaf(&world->crypto, &event, &receipt->r, leaf);
	sf_log_head(&world->crypto, &receipt->previous_head, leaf, ret_head);
	sf_tree_leaf_hash(&world->crypto, sf_view_of(leaf, sizeof(leaf)),
		&world->leaves[world->leaf_count++]);
}

static void complete(struct world *world, struct world_event *event, struct sf_id key_id)
{
	const struct sf_message *message = &event->message;
	struct sf_receipt *receipt = &event->receipt;
	struct sf_digest head;
	event->evidence.cover = seal(world, message, key_id, &receipt->digest);
	receipt->message_id = message->id;
	receipt->epoch = 1;
	receipt->leaf_index = world->leaf_count;
	receipt->recorded_ms = world->now_ms;
	memset(receipt->r.bytes, (int)(world->leaf_count + 1), sizeof(receipt->r.bytes));
	append(world, receipt, message->transition, &head);
	if (receipt->sequence > 0)
		world->head = head;
	sign_receipt(world, event);
}

static void sign_agreement(struct world *world, char author, enum sf_kind kind)
{
	struct world_event *event = &world->statements[world->statement_count++];
	event->message = world_message(world, author, kind);
	event->message.transition = (struct sf_id){{0}};
	event->message.fact.agreement.agreement = world->agreement_digest;
	event->receipt =
		(struct sf_receipt){.outcome = SF_OUTCOME_APPLIED, .kind_class = SF_CLASS_FACT};
	complete(world, event, world_party(world, author)->identity);
	SF_ASSERT(!sf_book_follow(world->book, &event->message, world->now_ms));
	world->now_ms += SF_SECOND_MS;
}

void world_open(struct world *world)
{
	*world = (struct world){.now_ms = WORLD_START_MS};
	SF_ASSERT(!sf_keyring_open(&world->keyring));
	sf_crypto_port(world->keyring, &world->crypto);
	sf_arena_init(&world->arena, 64000000);
	SF_ASSERT(!sf_directory_open(&world->directory));
	SF_ASSERT(!sf_book_open(&world->book));
	world->events = calloc(WORLD_EVENTS_MAX, sizeof(*world->events));
	world->leaves = calloc(WORLD_EVENTS_MAX + 64, sizeof(*world->leaves));
	SF_ASSERT(world->events && world->leaves);
	world->registrar = add_key(world, SF_KEY_REGISTRAR, 'R', world->registrar_key);
	for (const char *letter = letters; *letter; letter++)
		add_party(world, *letter);
	write_agreement(world);
	/* Leaves of the entries, as far as anybody here cares. */
	world->leaf_count = world->entry_count;
	sign_agreement(world, 'H', SF_KIND_AGREEMENT_PROPOSE);
	sign_agreement(world, 'K', SF_KIND_AGREEMENT_ACCEPT);
	sign_agreement(world, 'G', SF_KIND_AGREEMENT_ACCEPT);
	SF_ASSERT(!sf_transition_open(
		(struct sf_id){{9, 9}}, sf_book_view(world->book), &world->transition));
}

void world_close(struct world *world)
{
	sf_transition_close(&world->transition);
	sf_book_close(&world->book);
	sf_directory_close(&world->directory);
	for (size_t i = 0; i < SF_COUNT(world->parties); i++)
		free(world->parties[i].entry);
	free(world->events);
	free(world->leaves);
	sf_arena_fini(&world->arena);
	sf_keyring_close(&world->keyring);
}

struct sf_message world_message(struct world *world, char author, enum sf_kind kind)
{
	return (struct sf_message){
		.format = 1,
		.id = next_id(world, 2),
		.transition = {{9, 9}},
		.author = world_id(author),
		.author_sequence = world->minted,
		.fact = {.kind = kind},
		.occurred_ms = world->now_ms,
		.created_ms = world->now_ms,
		.seen_sequence = world->transition ? world->event_count : 0,
		.seen_head = world->head,
	};
}

static enum sf_kind_class class_of(const struct sf_message *message)
{
	return sf_kind_is_derived(message->fact.kind)          ? SF_CLASS_DERIVED
	       : message->fact.kind == SF_KIND_ACKNOWLEDGEMENT ? SF_CLASS_ACKNOWLEDGEMENT
							       : SF_CLASS_FACT;
}

/* What the coordinator's step gives, or what it says instead. */
static void decide(struct world *world, struct world_event *event, char author)
{
	struct sf_receipt *receipt = &event->receipt;
	const struct world_lie *lie = &world->lie;
	receipt->sequence = sf_transition_sequence(world->transition) + 1;
	receipt->kind_class = class_of(&event->message);
	receipt->outcome = SF_OUTCOME_APPLIED;
	if (lie->outcome || lie->recipient || lie->resend) {
		receipt->outcome = lie->resend ? SF_OUTCOME_APPLIED : SF_OUTCOME_REFUSED;
		receipt->code = lie->resend      ? 0
				: lie->recipient ? SF_REFUSAL_RECIPIENT_UNKNOWN
						 : SF_REFUSAL_NOT_A_MEMBER;
		if (lie->resend)
			receipt->kind_class = SF_CLASS_RESEND;
		SF_ASSERT(!sf_transition_skip(world->transition, receipt->sequence));
		return;
	}
	struct sf_transition_result result;
	const struct sf_event step = {&event->message, receipt->kind_class, receipt->sequence,
		world->now_ms, role_of(author)};
	SF_ASSERT(!sf_transition_step(world->transition, &step, &result));
	receipt->outcome = lie->due_by_ms ? SF_OUTCOME_APPLIED : result.outcome;
	receipt->code = lie->due_by_ms ? 0 : result.code;
	if (lie->other_class)
		receipt->kind_class = SF_CLASS_STATEMENT;
}

static struct sf_id record_one(struct world *world, const struct sf_message *message)
{
	SF_ASSERT(world->event_count < WORLD_EVENTS_MAX);
	struct world_event *event = &world->events[world->event_count++];
	char author = (char)message->author.bytes[15];
	*event = (struct world_event){.message = *message};
	event->receipt.previous_head = world->head;
	if (world->lie.other_head)
		event->receipt.previous_head.bytes[0]++;
	decide(world, event, author);
	complete(world, event,
		world_party(world, world->lie.signed_by_other ? 'K' : author)->identity);
	world->lie = (struct world_lie){.outcome = false};
	return message->id;
}

void world_turn(struct world *world, int64_t now_ms)
{
	struct sf_fact fact;
	if (now_ms > world->now_ms)
		world->now_ms = now_ms;
	while (sf_transition_derive(world->transition, world->now_ms, &fact)) {
		struct sf_message message = world_message(world, 'S', SF_KIND_NONE);
		message.seen_sequence = 0;
		message.seen_head = (struct sf_digest){{0}};
		message.fact = fact;
		message.fact.derived.due_ms += world->lie.due_by_ms;
		bool wrong = world->lie.due_by_ms != 0;
		(void)record_one(world, &message);
		if (wrong)
			return;
	}
}

struct sf_id world_record(struct world *world, const struct sf_message *message)
{
	const struct world_lie lie = world->lie;
	world->lie = (struct world_lie){.outcome = false};
	if (!lie.withhold)
		world_turn(world, world->now_ms);
	world->lie = lie;
	struct sf_id id = record_one(world, message);
	world->now_ms += SF_MINUTE_MS;
	return id;
}

struct sf_id world_stay(struct world *world, const char *activity)
{
	struct sf_message message = world_message(world, 'H', SF_KIND_STAY);
	message.fact.stay = (struct sf_stay_fact){.activity = sf_activity_from_text(activity),
		.mode = SF_MODE_NEW,
		.stay_class = SF_STAY_CLASS_INPATIENT,
		.event_ms = world->now_ms};
	message.recipient_count = 1;
	message.recipients[0] = world_id('K');
	return world_record(world, &message);
}

struct sf_id world_accept(struct world *world, struct sf_id offer)
{
	struct sf_message message = world_message(world, 'K', SF_KIND_ACCEPT);
	message.in_reply_to = offer;
	message.fact.accept = (struct sf_accept){
		SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION), true};
	return world_record(world, &message);
}

void world_story(struct world *world)
{
	struct sf_message message = world_message(world, 'H', SF_KIND_PARTIES);
	message.fact.parties = (struct sf_parties){.version = 1,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = world->agreement_digest,
		.active = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE) |
			  SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
		.binding_count = 3,
		.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, world_id('H')},
			{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, world_id('K')},
			{SF_ROLE_GP, SF_BINDING_PARTY, world_id('G')}}};
	world_record(world, &message);
	world_stay(world, "admit-inpatient");
	world_turn(world, world->now_ms + 3 * SF_HOUR_MS);
	world_accept(world, world_stay(world, "discharge-home"));
}
