/*
 * A message on its way from a clinical system into this node: read, judged, named and compared with
 * what was handed in before; then taken by what it is: a notification (letter.c), a
 * CareCommunication (correspondence.c) or what the local system says about a letter that it was
 * given (verdict.c). Inside the node only.
 */
#ifndef SF_NODE_HANDIN_H
#define SF_NODE_HANDIN_H

#include "node/state.h"
#include "wire/local.h"

struct sf_node_handin {
	struct sf_node *node;
	const struct sf_request_send *request;
	struct sf_arena *arena; /* of the reply */
	struct sf_reply *reply;
	struct sf_reply_sent *sent; /* of reply */
	struct sf_diag *diag;
	struct sf_document document;
	struct sf_issues issues;
	struct sf_id message_id;
	struct sf_digest canonical;
	struct sf_id transition;
	bool minted;
	const struct sf_directory_entry *receiver; /* NULL: nobody gets it through Stafet */
	enum sf_binding_state nobody;              /* then why not: unknown or not-enrolled */
	const struct sf_directory_entry *gp;       /* NULL when not given */
};

/* Fatal; texts are static or live in the reply's arena. */
void sf_node_handin_issue(
	struct sf_node_handin *handin, const char *code, const char *expression, const char *text);
/*
 * Judged and not taken: the sender gets a MedCom Acknowledgement that says why; for what has no
 * MessageHeader.id, and for an Acknowledgement, which is never acknowledged (MedCom KR2), only the
 * issues.
 */
SF_MUST_USE enum sf_err sf_node_handin_fatal(struct sf_node_handin *handin);
/* By SOR code, else GLN; NULL. */
const struct sf_directory_entry *sf_node_handin_organization(
	const struct sf_node_handin *handin, const struct sf_organization *organization);
/* Adds an issue when the receiver is this party or cannot be sealed to. */
void sf_node_handin_judge_receiver(struct sf_node_handin *handin);
/*
 * Into transition: by the episode of care, as the sender or the receiver names it; else by the
 * letter that this one follows. SF_ERR_NOT_FOUND.
 */
SF_MUST_USE enum sf_err sf_node_handin_known_transition(struct sf_node_handin *handin);
/* Keeps the original bytes and says `stored`. */
SF_MUST_USE enum sf_err sf_node_handin_keep(struct sf_node_handin *handin);

/* letter.c */
SF_MUST_USE enum sf_err sf_node_take_notification(struct sf_node_handin *handin);
/* correspondence.c */
SF_MUST_USE enum sf_err sf_node_take_correspondence(struct sf_node_handin *handin);
/* verdict.c */
SF_MUST_USE enum sf_err sf_node_take_verdict(struct sf_node_handin *handin);

#endif
