/*
 * The local services of a node: one function a request, all inside the turn's transaction. A wrong
 * request is a reply with err and a sentence; an error that is returned ends the turn.
 */
#ifndef SF_NODE_SERVICE_H
#define SF_NODE_SERVICE_H

#include "node/node.h"
#include "wire/local.h"

struct sf_body;
struct sf_listing;
struct sf_node_row_inbox;

/* Party reference of wire/local.h. SF_ERR_NOT_FOUND when nobody or more than one is meant. */
SF_MUST_USE enum sf_err sf_node_find_party(const struct sf_node *node, const char *reference,
	const struct sf_directory_entry **ret_entry);

/* It has a node of its own: a valid transport key; and a valid sealing key besides. */
bool sf_node_has_own_node(const struct sf_node *node, const struct sf_directory_entry *entry);
bool sf_node_can_receive(const struct sf_node *node, const struct sf_directory_entry *entry);

/* letter.c */
SF_MUST_USE enum sf_err sf_node_serve_send(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* What is sealed of a notification; everything in it is borrowed. */
struct sf_body sf_node_notification_body(const struct sf_node *node,
	const struct sf_document *document, const char *content_type, struct sf_view content);
/* answer.c */
SF_MUST_USE enum sf_err sf_node_serve_accept(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_refuse(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_offer(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_withdraw(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);

/*
 * The newest notification that this hospital has sent in the transition goes to `to`, too, as a
 * correspondence. Nothing when there is none, or `to` cannot receive it.
 */
SF_MUST_USE enum sf_err sf_node_forward_stay(
	struct sf_node *node, struct sf_id transition, struct sf_id to, struct sf_diag *diag);
/* Gives the message an id, this author and its times. */
void sf_node_name_message(struct sf_node *node, struct sf_message *message);
/* Authors the message, named or not, and answers with SF_REPLY_SAID. */
SF_MUST_USE enum sf_err sf_node_speak(struct sf_node *node, struct sf_message *message,
	struct sf_body *body, sf_domain_set domains, struct sf_reply *reply, struct sf_diag *diag);
/* say.c */
SF_MUST_USE enum sf_err sf_node_serve_say(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* find.c */
SF_MUST_USE enum sf_err sf_node_serve_find(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* patient.c */
SF_MUST_USE enum sf_err sf_node_serve_patient(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* notify.c */
SF_MUST_USE enum sf_err sf_node_serve_notify(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_stay(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* bind.c */
SF_MUST_USE enum sf_err sf_node_serve_bind(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* Binds a role in place of what it was bound to; entry NULL: unknown; without a node: not enrolled.
 */
void sf_node_bind_role(const struct sf_node *node, struct sf_parties *parties, enum sf_role role,
	const struct sf_directory_entry *entry);
/* Unknown, or not enrolled. */
void sf_node_bind_nobody(
	struct sf_parties *parties, enum sf_role role, enum sf_binding_state state);
/* True for the words "unknown" and "not-enrolled" in place of a party. */
bool sf_node_names_nobody(const char *reference, enum sf_binding_state *ret_state);
/* upload.c */
SF_MUST_USE enum sf_err sf_node_serve_upload(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_upload_part(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_upload_drop(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* enclosed.c */
SF_MUST_USE enum sf_err sf_node_serve_attachment(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* agreement_service.c */
SF_MUST_USE enum sf_err sf_node_serve_propose(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_sign_agreement(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_agreements(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_agreement(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* board.c */
SF_MUST_USE enum sf_err sf_node_serve_board(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* measures.c */
SF_MUST_USE enum sf_err sf_node_serve_measures(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_simulate(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* obligations.c */
SF_MUST_USE enum sf_err sf_node_serve_obligations(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* mailbox.c */
SF_MUST_USE enum sf_err sf_node_serve_inbox(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_message(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_handled(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* The letter is taken over; nothing when it was. row->body is borrowed. */
SF_MUST_USE enum sf_err sf_node_mark_handled(
	struct sf_node *node, struct sf_node_row_inbox *row, struct sf_diag *diag);
/* Out again, as a new envelope, to who has not answered. */
SF_MUST_USE enum sf_err sf_node_serve_resend(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* feed.c: from memory; what memory has forgotten, from what is kept. */
SF_MUST_USE enum sf_err sf_node_serve_feed(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* quarantine.c */
SF_MUST_USE enum sf_err sf_node_serve_quarantine(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* deliveries.c */
SF_MUST_USE enum sf_err sf_node_serve_outbox(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* Of one transition, recorded or not yet, oldest first; rows live in arena. */
SF_MUST_USE enum sf_err sf_node_list_deliveries(struct sf_node *node, struct sf_id transition,
	struct sf_arena *arena, size_t *ret_count, const struct sf_delivery_row **ret_rows,
	struct sf_diag *diag);
/* tracking.c */
SF_MUST_USE enum sf_err sf_node_serve_transitions(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_transition(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* contacts.c: rows of whom to call now, into show. */
SF_MUST_USE enum sf_err sf_node_list_contacts(struct sf_node *node, struct sf_listing *listing,
	const struct sf_transition *transition, struct sf_reply_transition *show,
	struct sf_diag *diag);
/*
 * acknowledgement.c. Writes the request as a MedCom Acknowledgement: ids and time are filled in
 * here, new ones each time.
 */
SF_MUST_USE enum sf_err sf_node_write_acknowledgement(struct sf_node *node,
	const struct sf_acknowledgement_request *request, struct sf_buf *buf, struct sf_diag *diag);
/*
 * The answer of the recipient that answered first to a letter of a clinical system, in this FHIR
 * content type: the same ids and time whenever it is asked for. Nothing while nobody has answered.
 */
/* What a recipient answered, the one that sf_node_letter_acknowledgement tells. */
struct sf_node_answer {
	enum sf_ack ack; /* NONE: nothing yet */
	int64_t at_ms;
	struct sf_issues issues; /* texts live in the arena */
};
/* SF_ERR_NOT_FOUND: nobody is to answer it; *ret_answer is as it was. */
SF_MUST_USE enum sf_err sf_node_letter_answer(struct sf_node *node, struct sf_id message,
	struct sf_id transition, struct sf_arena *arena, struct sf_node_answer *ret_answer,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_letter_acknowledgement(struct sf_node *node, struct sf_id message,
	const char *content_type, struct sf_arena *arena, struct sf_view *ret_content,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_serve_acknowledgement(struct sf_node *node,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* status.c */
/* The time of this turn; before any, when a store is only read, of the last turn that wrote. */
int64_t sf_node_as_of_ms(const struct sf_node *node);
SF_MUST_USE enum sf_err sf_node_serve_status(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
