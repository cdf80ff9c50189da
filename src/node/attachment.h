/*
 * Attachments (WIRE.md section 1): rows and chunks, and what one does to a letter. Chunks are kept
 * as they are sealed; the key that opens them is kept as content is, under the content key of the
 * transition, so that erasing makes them unreadable too.
 */
#ifndef SF_NODE_ATTACHMENT_H
#define SF_NODE_ATTACHMENT_H

#include "node/state.h"

#define SF_NODE_UPLOADS_MAX ((size_t)64)              /* handed in and of no letter yet */
#define SF_NODE_UPLOAD_MS_MAX (24 * INT64_C(3600000)) /* then they are forgotten */

/* What opens an attachment, for one call: forget wipes the key. */
struct sf_node_enclosure {
	uint8_t key[SF_CHUNK_KEY_SIZE];
	const char *name; /* arena */
	const char *content_type;
};
void sf_node_enclosure_forget(struct sf_node_enclosure *enclosure);

/* A name of a file and nothing else: it is shown, and somebody may save under it. */
bool sf_node_is_attachment_name(const char *name);
/* Printable ASCII, not empty. */
bool sf_node_is_attachment_type(const char *content_type);

/* SF_ERR_NOT_FOUND. enclosure is copied into the turn's arena. */
SF_MUST_USE enum sf_err sf_node_attachment_get(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_attachment_put(
	struct sf_node *node, const struct sf_node_row_attachment *row, struct sf_diag *diag);
/* Gives a new row its object. */
SF_MUST_USE enum sf_err sf_node_attachment_number(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag);
/* Seals the enclosure for the row, whose names and transition must stand. */
SF_MUST_USE enum sf_err sf_node_enclosure_seal(struct sf_node *node,
	struct sf_node_row_attachment *row, const struct sf_node_enclosure *enclosure,
	struct sf_diag *diag);
/* SF_ERR_NOT_FOUND when its content key was destroyed. */
SF_MUST_USE enum sf_err sf_node_enclosure_open(struct sf_node *node,
	const struct sf_node_row_attachment *row, struct sf_arena *arena,
	struct sf_node_enclosure *ret_enclosure, struct sf_diag *diag);
/* Appends a chunk behind those that are here; row is not written. */
SF_MUST_USE enum sf_err sf_node_chunk_add(struct sf_node *node, struct sf_node_row_attachment *row,
	struct sf_view bytes, int64_t trail, struct sf_diag *diag);
/* All chunks that are here go. */
SF_MUST_USE enum sf_err sf_node_chunks_remove(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag);
/* Row, chunks, and the key of an upload. */
SF_MUST_USE enum sf_err sf_node_attachment_remove(
	struct sf_node *node, struct sf_node_row_attachment *row, struct sf_diag *diag);

/* upload.c: what local programs hand in. */
/*
 * The reply says how far it is; SF_ERR_NOT_FOUND when it waits for no letter here, or not any more.
 */
SF_MUST_USE enum sf_err sf_node_upload_show(struct sf_node *node, struct sf_id upload,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
/* NULL, or why a letter cannot have these uploads (16 bytes each). */
SF_MUST_USE enum sf_err sf_node_uploads_judge(
	struct sf_node *node, struct sf_view uploads, const char **ret_fault, struct sf_diag *diag);
/* Before the letter is authored: header and body name the attachments. */
SF_MUST_USE enum sf_err sf_node_enclose(struct sf_node *node, struct sf_view uploads,
	struct sf_message *message, struct sf_body *body, struct sf_diag *diag);
/* After it: they belong to it. */
SF_MUST_USE enum sf_err sf_node_attach(struct sf_node *node, struct sf_view uploads,
	const struct sf_message *message, struct sf_diag *diag);
/* Uploads that no letter came for go. */
SF_MUST_USE enum sf_err sf_node_uploads_prune(struct sf_node *node, struct sf_diag *diag);

/* chunks.c: between this node and its coordinator. */
/* A letter was opened: its attachments are to come. */
SF_MUST_USE enum sf_err sf_node_expect_attachments(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag);
/* SF_FRAME_CHUNK and SF_FRAME_CHUNKS of the coordinator. */
SF_MUST_USE enum sf_err sf_node_take_chunk(
	struct sf_node *node, const struct sf_frame_chunk *chunk, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_hear_chunks(
	struct sf_node *node, const struct sf_frame_chunk *chunks, struct sf_diag *diag);
/* A letter of this party goes in a new envelope: what was given up is tried again. */
SF_MUST_USE enum sf_err sf_node_mend_attachments(
	struct sf_node *node, const struct sf_message *message, struct sf_diag *diag);
/* Chunks of this party's letter are still to go. */
SF_MUST_USE enum sf_err sf_node_waits_to_send(struct sf_node *node,
	const struct sf_message *message, bool *ret_waits, struct sf_diag *diag);
/* At the end of the turn: chunks and questions that may go now. */
SF_MUST_USE enum sf_err sf_node_move_chunks(struct sf_node *node, struct sf_diag *diag);
int64_t sf_node_chunks_due_ms(const struct sf_node *node);
/* The connection is another one. */
void sf_node_chunks_restart(struct sf_node *node);

/* enclosed.c: what people are told of a letter's attachments. */
struct sf_listing;
/* In their order; arena of the listing. */
SF_MUST_USE enum sf_err sf_node_list_attachments(struct sf_node *node, struct sf_listing *listing,
	struct sf_id author, struct sf_id message_id, size_t *ret_count,
	const struct sf_attachment_row **ret_rows, struct sf_diag *diag);

/* inbox.c: every attachment of a received letter is here, or one never will be. */
SF_MUST_USE enum sf_err sf_node_letter_whole(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_letter_broken(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag);
/* Its author could not send one this time: answered transient-error, it comes again. */
SF_MUST_USE enum sf_err sf_node_letter_waits_again(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag);
/* Answered finally by an earlier life of this node, which stands: the letter stays without them. */
SF_MUST_USE enum sf_err sf_node_letter_incomplete(
	struct sf_node *node, struct sf_id author, struct sf_id message_id, struct sf_diag *diag);

/* outbox.c: chunks of this letter have gone on: its recipients' time to answer begins again. */
SF_MUST_USE enum sf_err sf_node_deliveries_go_on(
	struct sf_node *node, struct sf_id message_id, struct sf_diag *diag);

#endif
