/* Attachments of the simulation: some chunks of bytes that everybody can make again. */
#ifndef SF_TESTS_SIM_ATTACHED_H
#define SF_TESTS_SIM_ATTACHED_H

#include "sim/world.h"

/* Three chunks, the last of them padding and some bytes. */
#define SF_SIM_ATTACHED_SIZE ((size_t)140000)

/* The bytes of the attachment that mark names, from offset on. */
void sf_sim_attached_bytes(uint8_t mark, uint64_t offset, uint8_t *place, size_t size);
/*
 * Hands it in, part by part. False: a turn was lost on the way, or the machine is off; what was
 * begun is forgotten by itself.
 */
bool sf_sim_attach(struct sf_sim_machine *machine, uint8_t mark, struct sf_id *ret_upload);
/* The message has this one attachment, whole and byte for byte. */
bool sf_sim_attached_holds(struct sf_sim_machine *machine, struct sf_id message, uint8_t mark);

#endif
