/*
 * Frames between node and coordinator (proto/frame.proto). A frame is decoded into the caller's
 * arena (capped: a peer cannot make us allocate more than the arena allows); views and arrays live
 * as long as the arena. Unknown fields are ignored in frames, never in what is signed.
 */
#ifndef SF_WIRE_FRAME_H
#define SF_WIRE_FRAME_H

#include "base/arena.h"
#include "base/id.h"
#include "base/limits.h"
#include "core/message.h"

enum sf_frame_kind {
	SF_FRAME_NONE = 0, /* of a later version: ignored, counted */
	SF_FRAME_HELLO,
	SF_FRAME_SUBMIT,
	SF_FRAME_STORED,
	SF_FRAME_DELIVER,
	SF_FRAME_TAKEN,
	SF_FRAME_RETRY_LATER,
	SF_FRAME_DIRECTORY,
	SF_FRAME_AGREEMENTS,
	SF_FRAME_QUERY,
	SF_FRAME_CREDIT,
	SF_FRAME_PING,
	SF_FRAME_ERROR,
	SF_FRAME_RECONCILE,
	SF_FRAME_CHECKPOINT,
	SF_FRAME_COSIGN,
	SF_FRAME_PROOF,
	SF_FRAME_CONSISTENCY,
	SF_FRAME_CHUNK,
	SF_FRAME_CHUNKS,
};

struct sf_hello {
	uint32_t version;
	const char *software;
	uint64_t directory_version;
	struct sf_digest directory_head;
	const char *origin;
	uint32_t epoch;
	struct sf_id coordinator;
	uint64_t author_sequence;
	int64_t now_ms;
	uint64_t log_size; /* node: newest checkpoint it checked; coordinator: newest it signed */
	struct sf_digest log_root; /* none with size 0 */
	/*
	 * Node: that checkpoint as the log signed it. A coordinator whose store went back believes
	 * its own signature, not somebody's word. Empty with size 0.
	 */
	struct sf_view log_note;
	/*
	 * Coordinator: records of the epochs behind the one that the node named (wire/epoch.h), in
	 * order; SignedRecord, at most SF_EPOCH_COUNT_MAX.
	 */
	size_t epoch_count;
	const struct sf_view *epochs;
};

/* What is signed of a receipt (WIRE sections 3 and 7.3). */
struct sf_receipt {
	struct sf_id message_id; /* none when the header could not be read */
	struct sf_digest digest;
	uint32_t epoch;
	uint64_t leaf_index;
	int64_t recorded_ms;
	uint64_t sequence; /* of the transition; 0 without one */
	struct sf_digest previous_head;
	struct sf_digest r;
	enum sf_outcome outcome;
	uint16_t code;
	enum sf_kind_class kind_class;
};

struct sf_signed_receipt {
	struct sf_view receipt; /* bytes of a Receipt */
	uint16_t index;
	uint16_t count;
	struct sf_view path;
	struct sf_view signature; /* 64 */
};

struct sf_item {
	uint64_t position;
	struct sf_view envelope; /* one of envelope and cover is empty */
	struct sf_view cover;
	struct sf_signed_receipt receipt;
};

struct sf_notice {
	struct sf_id message_id;
	struct sf_id party;
};

enum sf_retry_code {
	SF_RETRY_QUOTA = 1,
	SF_RETRY_FUTURE = 2,
	SF_RETRY_TROUBLE = 3,
};

/* In one frame: these fit SF_FRAME_SIZE_MAX; who has more open transitions compares digests. */
#define SF_RECONCILE_ROW_COUNT_MAX ((size_t)16384)

/* One side's view of an open transition (daily reconciliation). */
struct sf_reconcile_row {
	struct sf_id transition;
	uint64_t sequence;
	/* BLAKE2b-256("stafet/v1/summary\0" || sf_transition_summary). */
	struct sf_digest summary;
};

/* Why the coordinator did not record what was submitted. */
enum sf_frame_error {
	SF_FRAME_ERROR_FRAMING = 1,     /* not an envelope */
	SF_FRAME_ERROR_KEY_UNKNOWN = 2, /* author key not in the directory, not valid or revoked */
	SF_FRAME_ERROR_SIGNATURE = 3,
	SF_FRAME_ERROR_FORGED_AUTHOR = 4, /* the key is not the author party's, or not the link's */
	SF_FRAME_ERROR_FRAME = 5,         /* the frame itself cannot be read */
	SF_FRAME_ERROR_HELLO = 6,         /* say hello first */
	SF_FRAME_ERROR_ERASED = 7,        /* of a transition that was erased: drop it */
};

/* Hashes of a proof in the log's tree: 32 bytes each. */
#define SF_FRAME_PATH_SIZE_MAX ((size_t)2048)

struct sf_inclusion {
	uint64_t index;
	struct sf_view path;
};

/* proto/frame.proto: Checkpoint, Cosign, Proof, Consistency. */
struct sf_frame_log {
	uint32_t epoch;           /* cosign, proof, consistency */
	uint64_t size;            /* of the checkpoint: cosign, proof, consistency */
	uint64_t from_size;       /* checkpoint, consistency */
	struct sf_view path;      /* checkpoint, consistency */
	struct sf_view note;      /* checkpoint */
	struct sf_view witnessed; /* checkpoint; empty: no news */
	struct sf_view line;      /* cosign */
	bool reply;               /* consistency */
	size_t index_count;       /* proof, asked: at most SF_FRAME_ITEM_COUNT_MAX */
	const uint64_t *indexes;
	size_t inclusion_count; /* proof, answered */
	const struct sf_inclusion *inclusions;
};

/*
 * How it stands with an attachment, as the coordinator says; an author says BROKEN or GONE when it
 * is asked for what it cannot send.
 */
enum sf_chunk_code {
	SF_CHUNK_GOOD = 0,
	SF_CHUNK_QUOTA = 1,   /* no room for more now: later */
	SF_CHUNK_UNKNOWN = 2, /* nobody waits for it here, or not for this party */
	SF_CHUNK_BROKEN = 3,  /* its chunks were not what the header names: with the next sending */
	SF_CHUNK_GONE = 4,    /* its author does not have it any more: it never comes */
	SF_CHUNK_ANSWERED = 5 /* finally, by this party, or erased: nothing is kept for it */
};

/* proto/frame.proto: Chunk, Chunks. */
struct sf_frame_chunk {
	struct sf_id author;
	struct sf_id message_id;
	uint32_t number;         /* of the attachment; below SF_ATTACHMENT_COUNT_MAX */
	uint32_t index;          /* chunk: which; chunks: so many are there */
	struct sf_view bytes;    /* chunk: 1 to SF_CHUNK_SEALED_MAX */
	enum sf_chunk_code code; /* chunks */
};

struct sf_frame {
	enum sf_frame_kind kind;
	struct sf_hello hello;
	size_t count;                             /* of the array that belongs to kind */
	const struct sf_view *envelopes;          /* submit */
	const struct sf_signed_receipt *receipts; /* stored */
	const struct sf_item *items;              /* deliver */
	const uint64_t *positions;                /* taken */
	size_t notice_count;
	const struct sf_notice *notices;  /* taken */
	const struct sf_id *envelope_ids; /* retry-later */
	enum sf_retry_code retry_code;
	int64_t retry_after_ms;
	uint64_t directory_from;       /* directory, query */
	const struct sf_view *records; /* directory: signed records; agreements */
	uint64_t directory_version;    /* directory */
	struct sf_digest directory_head;
	bool want_agreements; /* query */
	/* agreements: covers with receipts of proposals, acceptances and ends, oldest first */
	size_t statement_count;
	const struct sf_item *statements;
	/*
	 * reconcile: digest over the sorted rows of the transitions that are open and the party's;
	 * rows only when asked for, or with a difference. BLAKE2b-256("stafet/v1/reconcile\0" ||
	 * rows as id[16] || sequence[8] || summary[32]).
	 */
	struct sf_digest reconcile_digest;
	uint64_t reconcile_count; /* transitions in it */
	bool want_rows;
	const struct sf_reconcile_row *reconcile_rows; /* count of them, sorted by transition */
	struct sf_frame_log log;
	struct sf_frame_chunk chunk;
	uint32_t credit;
	uint64_t ping_number;
	bool ping_reply;
	int64_t ping_now_ms;
	enum sf_frame_error error;
	struct sf_digest error_digest;
	struct sf_id error_envelope_id;
};

/* SF_ERR_FORMAT, SF_ERR_LIMIT (more items or bytes than base/limits.h allows), SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_frame_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_frame *ret_frame, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_frame_encode(const struct sf_frame *frame, struct sf_buf *buf);

SF_MUST_USE enum sf_err sf_receipt_decode(
	struct sf_view bytes, struct sf_receipt *ret_receipt, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_receipt_encode(const struct sf_receipt *receipt, struct sf_buf *buf);

/*
 * A SignedReceipt that stands alone, as a proof carries it (log/proof.h, extra). Read strictly;
 * views borrow from bytes. Whether it is signed is for the crypto port to say.
 */
SF_MUST_USE enum sf_err sf_signed_receipt_decode(
	struct sf_view bytes, struct sf_signed_receipt *ret_receipt, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_signed_receipt_encode(
	const struct sf_signed_receipt *receipt, struct sf_buf *buf);

#endif
