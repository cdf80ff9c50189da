/*
 * The local services of the coordinator: one function a request, all inside the turn's transaction.
 * A wrong request is a reply with err and a sentence; an error that is returned ends the turn.
 * Nothing here can name a person: the coordinator does not know any.
 */
#ifndef SF_COORDINATOR_SERVICE_H
#define SF_COORDINATOR_SERVICE_H

#include "audit/listing.h"
#include "coordinator/state.h"

/* tracking.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_transitions(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_serve_transition(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* deliveries.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_outbox(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* Adds the deliveries of one message of one author, final ones too. */
SF_MUST_USE enum sf_err sf_coordinator_list_deliveries(struct sf_coordinator *coordinator,
	struct sf_listing *listing, struct sf_listing_rows *rows, struct sf_id author,
	struct sf_id message, struct sf_diag *diag);
/* status.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_directory(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_serve_status(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* board.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_board(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* agreement_service.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_agreements(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_serve_agreement(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* measures.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_measures(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_serve_simulate(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* log_service.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_log(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_serve_proof(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* The kept checkpoint of that size, with all its cosignatures. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_coordinator_kept_checkpoint(struct sf_coordinator *coordinator,
	uint32_t epoch, uint64_t size, struct sf_buf *buf, struct sf_diag *diag);
/* Leaves of the checkpoint that proves the place to most people; 0: none shows it yet. */
uint64_t sf_coordinator_best_size(
	const struct sf_coordinator *coordinator, struct sf_log_place place);
/* epoch.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_epoch(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* evidence_service.c */
SF_MUST_USE enum sf_err sf_coordinator_serve_evidence(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag);
/* tracking.c: by its id alone; derived facts are not found so. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_coordinator_find_message(struct sf_coordinator *coordinator,
	struct sf_id message, struct sf_row_message *ret_message, struct sf_diag *diag);
/* The transition of that id, or of the message of that id. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_coordinator_find_transition(struct sf_coordinator *coordinator,
	struct sf_id asked, struct sf_id *ret_transition, struct sf_diag *diag);

#endif
