/* Agreements as people handle them: propose, sign, end, list, show. */
#include "node/service.h"
#include "node/state.h"

#include <stdlib.h>
#include <string.h>

#include "audit/listing.h"

static const char unknown_agreement[] =
	"no agreement of this name or digest is known here, or more than one";

static enum sf_err author(struct sf_node *node, enum sf_kind kind,
	const struct sf_agreement_fact *fact, struct sf_reply *reply, struct sf_diag *diag)
{
	struct sf_message message = {.fact = {.kind = kind, .agreement = *fact}};
	return sf_node_speak(node, &message, NULL, 0, reply, diag);
}

static enum sf_err keep_text(struct sf_node *node, const struct sf_digest *digest,
	struct sf_view text, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_node_row_agreement row = {*digest, text};
	enum sf_err err = store->replace(store->self, &sf_node_table_agreement, &row, diag);
	const struct sf_frame frame = {
		.kind = SF_FRAME_AGREEMENTS, .count = 1, .records = &row.agreement};
	/* Before the fact that names it; without a link after the next hello. */
	return !err && node->greeted ? sf_node_say(node, &frame) : err;
}

static enum sf_err keep_proposal(struct sf_node *node, const struct sf_digest *digest,
	const struct sf_reply *reply, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_node_row_statement row = {
		.author = node->options.party,
		.message_id = reply->said.message,
		.agreement = *digest,
		.kind = SF_KIND_AGREEMENT_PROPOSE,
	};
	return store->insert(store->self, &sf_node_table_statement, &row, diag);
}

/* What is wrong with the text, where it is the text that is wrong. */
static const char *text_fault(enum sf_err err)
{
	switch ((int)err) {
	case SF_ERR_EXISTS:
		return "this agreement has been proposed already: sign it instead";
	case SF_ERR_FORMAT:
		return "this is not the signed form of an agreement";
	case SF_ERR_LIMIT:
		return "there is no room for another agreement";
	case SF_ERR_UNSUPPORTED:
		return "the time zone of the agreement is not known on this machine";
	default:
		return NULL;
	}
}

enum sf_err sf_node_serve_propose(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_view text = request->propose.agreement;
	struct sf_agreement_fact fact = {.on_behalf_count = 0};
	enum sf_err err = text.size > SF_AGREEMENT_SIZE_MAX
				  ? SF_ERR_FORMAT
				  : sf_book_add(node->book, &node->ports.crypto, &node->ports.env,
					    text, &fact.agreement, NULL);
	struct sf_id proposer = {{0}};
	if (err == SF_ERR_EXISTS) {
		/* A text that the coordinator was configured with can still be proposed. */
		enum sf_err found = sf_node_proposer(node, &fact.agreement, &proposer, diag);
		if (found)
			return found;
		err = sf_id_is_none(proposer) ? SF_OK : err;
	}
	if (err && text_fault(err)) {
		sf_reply_refuse(ret_reply, arena, err, text_fault(err));
		return SF_OK;
	}
	if (!err)
		err = keep_text(node, &fact.agreement, text, diag);
	if (!err)
		err = author(node, SF_KIND_AGREEMENT_PROPOSE, &fact, ret_reply, diag);
	return err ? err : keep_proposal(node, &fact.agreement, ret_reply, diag);
}

/* One reference of a list; false when there is no more. */
static bool next_reference(const char **rest, char *ret_text, size_t size)
{
	while (**rest == ',' || **rest == ' ')
		(*rest)++;
	size_t length = strcspn(*rest, ",");
	if (length == 0)
		return false;
	size_t kept = length < size ? length : size - 1;
	memcpy(ret_text, *rest, kept);
	ret_text[kept] = '\0';
	*rest += length;
	while (kept > 0 && ret_text[kept - 1] == ' ')
		ret_text[--kept] = '\0';
	return true;
}

/* Who has no node signs by the party that the directory says represents it. */
static bool read_on_behalf(struct sf_node *node, const char *list, struct sf_agreement_fact *fact,
	struct sf_arena *arena, struct sf_reply *reply)
{
	char reference[SF_PARTY_NAME_SIZE_MAX + 1];
	const char *rest = list ? list : "";
	while (next_reference(&rest, reference, sizeof(reference))) {
		const struct sf_directory_entry *entry;
		if (sf_node_find_party(node, reference, &entry)) {
			sf_reply_refuse(reply, arena, SF_ERR_NOT_FOUND,
				"a party to sign for is not in the directory");
			return false;
		}
		if (!sf_id_equal(entry->represented_by, node->options.party)) {
			sf_reply_refused(reply, SF_REFUSAL_NOT_REPRESENTED);
			return false;
		}
		if (fact->on_behalf_count == SF_ON_BEHALF_MAX) {
			sf_reply_refuse(reply, arena, SF_ERR_LIMIT,
				"too many parties at once: sign for the others in a second turn");
			return false;
		}
		fact->on_behalf[fact->on_behalf_count++] = entry->party;
	}
	return true;
}

enum sf_err sf_node_serve_sign_agreement(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_sign_agreement *asked = &request->sign_agreement;
	const struct sf_agreement *agreement = sf_book_find(node->book, asked->reference);
	if (!agreement) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND, unknown_agreement);
		return SF_OK;
	}
	bool accepted = sf_agreement_accepted(
		sf_book_view(node->book), &agreement->digest, node->options.party, node->now_ms);
	struct sf_agreement_fact fact = {.agreement = agreement->digest};
	if (!read_on_behalf(node, asked->on_behalf, &fact, arena, ret_reply))
		return SF_OK;
	if (asked->end && !accepted) {
		sf_reply_refused(ret_reply, SF_REFUSAL_NOT_ACCEPTED);
		return SF_OK;
	}
	if (!asked->end && accepted && fact.on_behalf_count == 0) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_EXISTS,
			"this party has signed the agreement already");
		return SF_OK;
	}
	return author(node, asked->end ? SF_KIND_AGREEMENT_END : SF_KIND_AGREEMENT_ACCEPT, &fact,
		ret_reply, diag);
}

static enum sf_err fill_row(struct sf_node *node, struct sf_listing *listing,
	const struct sf_agreement *agreement, struct sf_agreement_row *row, struct sf_diag *diag)
{
	const struct sf_agreement_book *book = sf_book_view(node->book);
	struct sf_id proposer = {{0}};
	enum sf_err err = sf_node_proposer(node, &agreement->digest, &proposer, diag);
	sf_listing_agreement(listing, book, agreement, proposer, row);
	row->accepted_here =
		sf_agreement_accepted(book, &agreement->digest, node->options.party, node->now_ms);
	return err;
}

static int by_name(const void *a, const void *b)
{
	const struct sf_agreement_row *first = a, *second = b;
	int order = strcmp(first->name, second->name);
	if (order != 0)
		return order;
	return first->version < second->version ? 1 : first->version > second->version ? -1 : 0;
}

enum sf_err sf_node_serve_agreements(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_agreement_book *book = sf_book_view(node->book);
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_agreement_row *rows = sf_arena_take_many(arena, book->count, sizeof(*rows));
	if (!rows && book->count > 0)
		return SF_ERR_LIMIT;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < book->count && !err; i++)
		err = fill_row(node, &listing, book->agreements[i], &rows[i], diag);
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	if (book->count > 1)
		qsort(rows, book->count, sizeof(*rows), by_name);
	size_t count = sf_listing_count(request->agreements.count_max);
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_AGREEMENTS,
		.text = "",
		.agreements = {book->count < count ? book->count : count, rows}};
	return SF_OK;
}

enum sf_err sf_node_serve_agreement(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_agreement *agreement =
		sf_book_find(node->book, request->agreement.reference);
	if (!agreement) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND, unknown_agreement);
		return SF_OK;
	}
	struct sf_listing listing = {node->directory, arena, false};
	struct sf_reply_agreement reply = {.acceptance_count = 0};
	enum sf_err err = fill_row(node, &listing, agreement, &reply.row, diag);
	sf_listing_acceptances(&listing, sf_book_view(node->book), &agreement->digest, &reply);
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_agreement kept = {.digest = agreement->digest};
	if (!err)
		err = store->get(store->self, &sf_node_table_agreement, 0, &kept, diag);
	if (!err)
		reply.signed_form = sf_arena_copy(arena, kept.agreement);
	if (err || listing.full || !reply.signed_form.data)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_AGREEMENT, .text = "", .agreement = reply};
	return SF_OK;
}
