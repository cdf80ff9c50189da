/*
 * Agreements (DOMAIN.md section 7): texts that are configured or that parties bring, and who has
 * signed them. A running transition keeps the version it began with, so what was known once is
 * kept: a program started without the old file would judge the old transitions otherwise than it
 * did, and than their parties do.
 */
#include "coordinator/state.h"

#define PERIODS_MAX ((size_t)64)    /* in which one party accepts one agreement */
#define BROUGHT_MAX ((size_t)16)    /* texts of one party, over the years of one store */
#define FRAME_SIZE ((size_t)262144) /* agreements frames are filled up to this */

struct reading {
	struct sf_coordinator *coordinator;
	enum sf_err err;
	struct sf_diag *diag;
};

static enum sf_err write_alone(struct sf_coordinator *coordinator,
	const struct sf_row_agreement *row, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->begin(store->self, diag);
	if (!err)
		err = store->replace(store->self, &sf_table_agreement, row, diag);
	if (!err)
		return store->commit(store->self, diag);
	store->rollback(store->self);
	return err;
}

/* Also a text that a party had brought and that is now configured. */
enum sf_err sf_coordinator_keep_agreements(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	const struct sf_coordinator_options *options = &coordinator->options;
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < options->agreement_count && !err; i++) {
		struct sf_row_agreement row = {.origin = 0};
		sf_book_digest(&coordinator->ports.crypto, options->agreements[i], &row.digest);
		err = store->get(store->self, &sf_table_agreement, 0, &row, diag);
		if (err && err != SF_ERR_NOT_FOUND)
			return err;
		err = SF_OK;
		if (row.origin == SF_AGREEMENT_CONFIGURED || row.origin == SF_AGREEMENT_PROPOSED)
			continue;
		row.agreement = options->agreements[i];
		row.party = (struct sf_id){{0}};
		row.origin = SF_AGREEMENT_CONFIGURED;
		err = write_alone(coordinator, &row, diag);
	}
	return err;
}

static bool is_published(const struct sf_coordinator *coordinator, const struct sf_digest *digest)
{
	for (size_t i = 0; i < coordinator->published_count; i++)
		if (sf_digest_equal(&coordinator->published[i], digest))
			return true;
	return false;
}

static void publish(struct sf_coordinator *coordinator, const struct sf_digest *digest)
{
	if (!is_published(coordinator, digest) &&
		coordinator->published_count < SF_BOOK_AGREEMENTS_MAX)
		coordinator->published[coordinator->published_count++] = *digest;
}

static bool read_text(void *context, const void *row)
{
	struct reading *reading = context;
	const struct sf_row_agreement *kept = row;
	struct sf_coordinator *coordinator = reading->coordinator;
	struct sf_digest digest;
	reading->err = sf_book_add(coordinator->book, &coordinator->ports.crypto,
		&coordinator->ports.env, kept->agreement, &digest, reading->diag);
	/* Of an earlier program's form: its transitions go on without it, and a person must look.
	 */
	if (reading->err == SF_ERR_FORMAT) {
		reading->err = SF_OK;
		sf_coordinator_tell(coordinator, SF_FEED_TROUBLE, (struct sf_id){{0}},
			coordinator->options.party, (struct sf_id){{0}});
		return true;
	}
	if (reading->err)
		sf_diag_prefix(reading->diag, "an agreement of the store");
	else if (kept->origin != SF_AGREEMENT_BROUGHT)
		publish(coordinator, &digest);
	return !reading->err;
}

static bool read_statement(void *context, const void *row)
{
	struct reading *reading = context;
	const struct sf_row_statement *statement = row;
	struct sf_coordinator *coordinator = reading->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_event event = {.leaf_index = statement->leaf_index};
	struct sf_cover cover;
	struct sf_header header;
	reading->err = store->get(store->self, &sf_table_event, 0, &event, reading->diag);
	if (!reading->err)
		reading->err = sf_cover_parse(event.cover, &cover, reading->diag);
	if (!reading->err)
		reading->err = sf_header_decode(cover.header, &header, reading->diag);
	if (!reading->err)
		reading->err =
			sf_book_follow(coordinator->book, &header.message, event.recorded_ms);
	coordinator->statement_leaf_index = statement->leaf_index;
	return !reading->err;
}

enum sf_err sf_coordinator_load_agreements(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	sf_book_clear(coordinator->book);
	coordinator->published_count = 0;
	coordinator->statement_leaf_index = -1;
	struct reading reading = {coordinator, SF_OK, diag};
	const struct sf_scan texts = {.table = &sf_table_agreement};
	enum sf_err err = store->scan(store->self, &texts, read_text, &reading, diag);
	const struct sf_scan statements = {.table = &sf_table_statement};
	if (!err && !reading.err)
		err = store->scan(store->self, &statements, read_statement, &reading, diag);
	return err ? err : reading.err;
}

struct brought {
	struct sf_id party;
	size_t count;
};

static bool count_brought(void *context, const void *row)
{
	struct brought *brought = context;
	const struct sf_row_agreement *kept = row;
	brought->count += sf_id_equal(kept->party, brought->party);
	return true;
}

/* What is known costs nothing: a node says its proposals after every hello. */
static enum sf_err take_text(struct sf_coordinator *coordinator, struct sf_party_state *state,
	struct sf_view text, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_id party = state->row.party;
	struct sf_digest digest;
	sf_book_digest(&coordinator->ports.crypto, text, &digest);
	if (sf_agreement_find(sf_book_view(coordinator->book), &digest) ||
		!sf_coordinator_may_ask(coordinator, state))
		return SF_OK;
	struct brought brought = {.party = party};
	const struct sf_scan scan = {.table = &sf_table_agreement};
	enum sf_err err = store->scan(store->self, &scan, count_brought, &brought, diag);
	if (err)
		return err;
	struct sf_row_agreement row = {
		.agreement = text, .party = party, .origin = SF_AGREEMENT_BROUGHT};
	err = brought.count >= BROUGHT_MAX
		      ? SF_ERR_LIMIT
		      : sf_book_add(coordinator->book, &coordinator->ports.crypto,
				&coordinator->ports.env, text, &row.digest, diag);
	/* What cannot be used is not kept; its proposal is refused agreement-unknown. */
	if (err == SF_ERR_FORMAT || err == SF_ERR_LIMIT || err == SF_ERR_UNSUPPORTED) {
		coordinator->counters.dropped++;
		return SF_OK;
	}
	coordinator->book_changed = true;
	return err ? err : store->insert(store->self, &sf_table_agreement, &row, diag);
}

enum sf_err sf_coordinator_take_agreements(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	size_t count = taken->frame.count < BROUGHT_MAX ? taken->frame.count : BROUGHT_MAX;
	for (size_t i = 0; i < count && !err; i++)
		err = take_text(coordinator, party, taken->frame.records[i], diag);
	return err;
}

static bool represents(const struct sf_coordinator *coordinator, const struct sf_message *message)
{
	const struct sf_agreement_fact *fact = &message->fact.agreement;
	for (size_t i = 0; i < fact->on_behalf_count; i++) {
		const struct sf_directory_entry *entry =
			sf_directory_party(coordinator->directory, fact->on_behalf[i]);
		if (!entry || !sf_id_equal(entry->represented_by, message->author))
			return false;
	}
	return true;
}

/*
 * A transition begins under a text that everybody has been told of, or every replica would judge it
 * by what it happens to know.
 */
static enum sf_refusal judge_parties(
	const struct sf_coordinator *coordinator, const struct sf_parties *parties)
{
	bool known = sf_digest_is_none(&parties->agreement) ||
		     is_published(coordinator, &parties->agreement);
	return known ? SF_REFUSAL_NONE : SF_REFUSAL_AGREEMENT_UNKNOWN;
}

/* Who signs and ends without end must not use up the book that is everybody's. */
static bool is_full(const struct sf_agreement_book *book, const struct sf_message *message)
{
	size_t periods = 0;
	for (size_t i = 0; i < book->acceptance_count; i++)
		periods += sf_id_equal(book->acceptances[i].party, message->author) &&
			   sf_digest_equal(&book->acceptances[i].agreement,
				   &message->fact.agreement.agreement);
	return periods >= PERIODS_MAX ||
	       book->acceptance_count + 1 + SF_ON_BEHALF_MAX > SF_BOOK_ACCEPTANCES_MAX;
}

enum sf_refusal sf_coordinator_judge_agreement(
	const struct sf_coordinator *coordinator, const struct sf_message *message)
{
	if (message->fact.kind == SF_KIND_PARTIES)
		return judge_parties(coordinator, &message->fact.parties);
	if (!sf_kind_is_of_agreement(message->fact.kind) || !sf_id_is_none(message->transition))
		return SF_REFUSAL_NONE;
	const struct sf_agreement_book *view = sf_book_view(coordinator->book);
	const struct sf_digest *digest = &message->fact.agreement.agreement;
	bool proposes = message->fact.kind == SF_KIND_AGREEMENT_PROPOSE;
	if (proposes ? !sf_agreement_find(view, digest) : !is_published(coordinator, digest))
		return SF_REFUSAL_AGREEMENT_UNKNOWN;
	if (!represents(coordinator, message))
		return SF_REFUSAL_NOT_REPRESENTED;
	/* Of this turn, too: what is said now counts behind it. */
	if (message->fact.kind == SF_KIND_AGREEMENT_END &&
		!sf_agreement_accepted(view, digest, message->author, INT64_MAX - 1))
		return SF_REFUSAL_NOT_ACCEPTED;
	bool begins = message->fact.kind != SF_KIND_AGREEMENT_END;
	return begins && is_full(view, message) ? SF_REFUSAL_QUOTA : SF_REFUSAL_NONE;
}

static enum sf_err mark_proposed(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_agreement row = {.digest = message->fact.agreement.agreement};
	enum sf_err err = store->get(store->self, &sf_table_agreement, 0, &row, diag);
	if (err)
		return err;
	publish(coordinator, &row.digest);
	if (row.origin == SF_AGREEMENT_PROPOSED)
		return SF_OK; /* the first who proposed it stays its proposer */
	row.origin = SF_AGREEMENT_PROPOSED;
	row.party = message->author;
	return store->replace(store->self, &sf_table_agreement, &row, diag);
}

enum sf_err sf_coordinator_follow_agreement(struct sf_coordinator *coordinator,
	const struct sf_message *message, const struct sf_row_event *event, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	const struct sf_agreement_book *view = sf_book_view(coordinator->book);
	const struct sf_row_statement row = {event->leaf_index, message->fact.agreement.agreement};
	size_t acceptances = view->acceptance_count, published = coordinator->published_count;
	coordinator->book_changed = true;
	enum sf_err err = sf_book_follow(coordinator->book, message, event->recorded_ms);
	if (!err && message->fact.kind == SF_KIND_AGREEMENT_PROPOSE)
		err = mark_proposed(coordinator, message, diag);
	sf_coordinator_tell(
		coordinator, SF_FEED_AGREEMENT, message->id, message->author, (struct sf_id){{0}});
	/* What says nothing new is recorded like any fact, and no node needs to hear of it. */
	bool news = message->fact.kind == SF_KIND_AGREEMENT_END ||
		    view->acceptance_count != acceptances ||
		    coordinator->published_count != published;
	if (err || !news)
		return err;
	coordinator->statement_leaf_index = event->leaf_index;
	err = store->insert(store->self, &sf_table_statement, &row, diag);
	/* A clause may have waited for this signature (R8): no event of a transition tells it. */
	return err ? err : sf_coordinator_rearm(coordinator, message->author, diag);
}

void sf_coordinator_forget_sent(struct sf_party_state *party)
{
	party->texts_sent = 0;
	party->statement_sent = -1;
}

/* One frame in the making: texts first, then statements, as far as it has room. */
struct page {
	struct sf_coordinator *coordinator;
	size_t size;
	size_t text_count, statement_count;
	int64_t leaf_index; /* of the last statement in it */
	bool full;
	enum sf_err err;
	struct sf_diag *diag;
	struct sf_view texts[SF_FRAME_ITEM_COUNT_MAX];
	struct sf_item statements[SF_FRAME_ITEM_COUNT_MAX];
};

static bool has_room(struct page *page, size_t size)
{
	bool some = page->text_count + page->statement_count > 0;
	page->full = page->text_count + page->statement_count == SF_FRAME_ITEM_COUNT_MAX ||
		     (some && page->size + size > FRAME_SIZE);
	page->size += page->full ? 0 : size;
	return !page->full;
}

static enum sf_err add_texts(struct page *page, size_t *from)
{
	struct sf_coordinator *coordinator = page->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	for (; *from < coordinator->published_count; (*from)++) {
		struct sf_row_agreement row = {.digest = coordinator->published[*from]};
		enum sf_err err = store->get(store->self, &sf_table_agreement, 0, &row, page->diag);
		if (err)
			return err == SF_ERR_NOT_FOUND ? SF_ERR_CORRUPT : err;
		if (!has_room(page, row.agreement.size))
			return SF_OK;
		struct sf_view copy = sf_arena_copy(&coordinator->arena, row.agreement);
		if (!copy.data)
			return SF_ERR_LIMIT;
		page->texts[page->text_count++] = copy;
	}
	return SF_OK;
}

static enum sf_err fill_statement(struct sf_coordinator *coordinator,
	const struct sf_row_event *event, struct sf_item *ret_item)
{
	struct sf_arena *arena = &coordinator->arena;
	*ret_item = (struct sf_item){
		.cover = sf_arena_copy(arena, event->cover),
		.receipt = {.receipt = sf_arena_copy(arena, event->receipt),
			.index = (uint16_t)event->receipt_index,
			.count = (uint16_t)event->receipt_count,
			.path = sf_arena_copy(arena, event->receipt_path),
			.signature = sf_arena_copy(arena, event->receipt_signature)},
	};
	bool whole = ret_item->cover.data && ret_item->receipt.receipt.data &&
		     ret_item->receipt.path.data && ret_item->receipt.signature.data;
	return whole ? SF_OK : SF_ERR_LIMIT;
}

static bool add_statement(void *context, const void *row)
{
	struct page *page = context;
	const struct sf_row_statement *statement = row;
	const struct sf_store *store = &page->coordinator->ports.store;
	struct sf_row_event event = {.leaf_index = statement->leaf_index};
	page->err = store->get(store->self, &sf_table_event, 0, &event, page->diag);
	/* Recorded in this turn: its row is written when the turn ends, and it is sent then. */
	if (page->err == SF_ERR_NOT_FOUND) {
		page->err = SF_OK;
		return false;
	}
	if (page->err || !has_room(page, event.cover.size + event.receipt.size + 1024))
		return false;
	page->err = fill_statement(
		page->coordinator, &event, &page->statements[page->statement_count++]);
	page->leaf_index = event.leaf_index;
	return !page->err;
}

static enum sf_err add_statements(struct page *page, int64_t after)
{
	struct sf_coordinator *coordinator = page->coordinator;
	const struct sf_row_statement key = {.leaf_index = after};
	const struct sf_scan scan = {
		.table = &sf_table_statement, .from = &key, .bounded = true, .exclusive = true};
	const struct sf_store *store = &coordinator->ports.store;
	page->leaf_index = after;
	enum sf_err err = store->scan(store->self, &scan, add_statement, page, page->diag);
	return err ? err : page->err;
}

enum sf_err sf_coordinator_send_agreements(
	struct sf_coordinator *coordinator, struct sf_party_state *party, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	bool more = party->texts_sent < coordinator->published_count ||
		    party->statement_sent < coordinator->statement_leaf_index;
	while (more && !err) {
		struct page *page = sf_arena_take(&coordinator->arena, sizeof(*page));
		if (!page)
			return SF_ERR_LIMIT;
		page->coordinator = coordinator;
		page->diag = diag;
		err = add_texts(page, &party->texts_sent);
		if (!err && !page->full)
			err = add_statements(page, party->statement_sent);
		else
			page->leaf_index = party->statement_sent;
		more = page->full;
		if (err || page->text_count + page->statement_count == 0)
			return err;
		party->statement_sent = page->leaf_index;
		const struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS,
			.count = page->text_count,
			.records = page->texts,
			.statement_count = page->statement_count,
			.statements = page->statements};
		err = sf_coordinator_say(coordinator, party->route, &frame);
	}
	return err;
}
