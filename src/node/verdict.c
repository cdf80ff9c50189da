/*
 * The local system says what it made of a letter that it fetched here, as MedCom has it say: with
 * an Acknowledgement. This node has answered the letter's author long before and once for all
 * (DOMAIN section 8), so nothing of it leaves the house: ok means that the letter is taken over, a
 * fatal-error that a person must look, a transient-error that it will be fetched again. An
 * Acknowledgement is never acknowledged (MedCom KR2).
 */
#include "node/handin.h"

#include "node/naming.h"
#include "node/service.h"

/* Taken over is final; what was said against a letter can be taken back by taking it over. */
static enum sf_err note_verdict(struct sf_node_handin *handin, struct sf_node_row_named *named,
	struct sf_node_row_inbox *letter)
{
	struct sf_node *node = handin->node;
	const struct sf_store *store = sf_node_store(node);
	bool again = letter->unhandled == 0 ||
		     (handin->document.ack == SF_ACK_FATAL_ERROR && named->verdict_ms != 0);
	handin->sent->answer = again ? SF_SEND_DUPLICATE : SF_SEND_STORED;
	if (again || handin->document.ack == SF_ACK_TRANSIENT_ERROR)
		return SF_OK;
	if (handin->document.ack == SF_ACK_OK)
		return sf_node_mark_handled(node, letter, handin->diag);
	named->verdict_ms = node->now_ms;
	named->code = sf_view_text(handin->document.verdict_code);
	sf_node_tell_ids(
		node, SF_FEED_TROUBLE, named->message_id, node->options.party, named->author);
	return store->replace(store->self, &sf_node_table_named, named, handin->diag);
}

static enum sf_err find_letter(struct sf_node_handin *handin, struct sf_node_row_named *ret_named,
	struct sf_node_row_inbox *ret_letter)
{
	const struct sf_directory_entry *author =
		sf_node_handin_organization(handin, &handin->document.receiver);
	if (!author)
		return SF_ERR_NOT_FOUND;
	enum sf_err err = sf_node_find_named(handin->node, author->party,
		handin->document.acknowledged_id, ret_named, handin->diag);
	if (err)
		return err;
	*ret_letter = (struct sf_node_row_inbox){
		.author = ret_named->author, .message_id = ret_named->message_id};
	const struct sf_store *store = sf_node_store(handin->node);
	return store->get(store->self, &sf_node_table_inbox, 0, ret_letter, handin->diag);
}

enum sf_err sf_node_take_verdict(struct sf_node_handin *handin)
{
	struct sf_node_row_named named;
	struct sf_node_row_inbox letter;
	enum sf_err err = find_letter(handin, &named, &letter);
	if (err == SF_ERR_NOT_FOUND) {
		sf_node_handin_issue(handin, "MSG_NO_MATCH", "MessageHeader.response.identifier",
			"no letter with this MessageHeader.id was received here from who is the "
			"receiver of this acknowledgement");
		return sf_node_handin_fatal(handin);
	}
	if (err)
		return err;
	handin->sent->message = named.message_id;
	handin->sent->transition = named.transition;
	handin->sent->acknowledgement_type = "";
	return note_verdict(handin, &named, &letter);
}
