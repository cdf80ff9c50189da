/*
 * A coordinator that lies. Its engine is the real one; the liar sits before it with all of its
 * keys, changes what it says to one node, or keeps it back, and can show that node a log of its
 * own that is sound in itself. README.md of src/audit lists who finds out.
 */
#ifndef SF_SIM_LIAR_H
#define SF_SIM_LIAR_H

#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/tree.h"
#include "sim/world.h"
#include "wire/frame.h"
#include "wire/header.h"

#define SF_SIM_CHANGED_MAX ((size_t)8)

struct sf_sim_liar {
	struct sf_sim_world *world;    /* borrowed */
	struct sf_sim_machine *victim; /* borrowed: whom it lies to; NULL: all */
	struct sf_crypto crypto;       /* with the coordinator's keys */
	struct sf_arena arena;         /* owned: of the frame that is changed */
	/* Changes a frame on its way; false: it never arrives. NULL: all is said, or heard. */
	bool (*say)(struct sf_sim_liar *liar, struct sf_frame *frame);
	bool (*hear)(struct sf_sim_liar *liar, struct sf_frame *frame);
	size_t leaf_count;
	struct sf_digest *leaves; /* owned: hashes of the true log's leaves */
	size_t changed_count;     /* where the log that it shows is another */
	struct {
		uint64_t index;
		struct sf_digest hash;
	} changed[SF_SIM_CHANGED_MAX];
	struct sf_buf kept; /* owned: something that was said before */
	struct sf_id about; /* what the lie is about */
	uint64_t number;    /* likewise */
	uint64_t told;      /* frames that were changed or kept back */
};

/* From now on; nothing is changed until say or hear is set. */
void sf_sim_liar_open(
	struct sf_sim_liar *liar, struct sf_sim_world *world, struct sf_sim_machine *victim);
void sf_sim_liar_close(struct sf_sim_liar *liar);

/* Posts a frame to the victim in the coordinator's name. */
void sf_sim_liar_post(struct sf_sim_liar *liar, const struct sf_frame *frame);

/* What a note of the log says, and a note that says so. Views live until the next frame. */
struct sf_checkpoint sf_sim_liar_read(struct sf_view note);
struct sf_view sf_sim_liar_sign(
	struct sf_sim_liar *liar, const struct sf_checkpoint *checkpoint, struct sf_id key_id);
/* A frame about the log as the other log would have it said. */
void sf_sim_liar_other_log(struct sf_sim_liar *liar, struct sf_frame *frame);
/* For hear: the coordinator does not learn which log the victim believes in. */
bool sf_sim_liar_hush(struct sf_sim_liar *liar, struct sf_frame *frame);
void sf_sim_liar_root(struct sf_sim_liar *liar, uint64_t size, struct sf_digest *ret_root);
struct sf_view sf_sim_liar_consistency(struct sf_sim_liar *liar, uint64_t from, uint64_t to);

/* The receipt under the coordinator's signature, whatever it says. */
struct sf_signed_receipt sf_sim_liar_receipt(
	struct sf_sim_liar *liar, const struct sf_receipt *receipt);
struct sf_header sf_sim_liar_header(const struct sf_item *item);
/* Hash of the receipt's leaf, and the head of the transition behind it. */
void sf_sim_liar_leaf(struct sf_sim_liar *liar, const struct sf_receipt *receipt,
	struct sf_id transition, struct sf_digest *ret_hash, struct sf_digest *ret_head);
/* The other log has this leaf in the receipt's place. */
void sf_sim_liar_change(struct sf_sim_liar *liar, uint64_t index, const struct sf_digest *hash);
/* A message without a body under the coordinator's identity, whoever it says it is from. */
struct sf_view sf_sim_liar_seal(struct sf_sim_liar *liar, const struct sf_message *message);

/* network.c asks these for every frame while world->liar is set. */
void sf_sim_liar_say(struct sf_sim_liar *liar, struct sf_sim_machine *node, struct sf_view frame);
void sf_sim_liar_hear(struct sf_sim_liar *liar, struct sf_sim_machine *node, struct sf_view frame);

#endif
