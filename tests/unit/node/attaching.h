/* A letter with an attachment in the region of a test. */
#ifndef SF_TESTS_UNIT_NODE_ATTACHING_H
#define SF_TESTS_UNIT_NODE_ATTACHING_H

#include "node/attachment.h"
#include "sim/attached.h"
#include "unit/node/region.h"

#define ATTACHING_MARK ((uint8_t)9)

/* Handed in whole by the hospital. */
struct sf_id attaching_upload(struct region *region);
/* MedCom's sample letter, or admission, with these uploads; the reply, whatever it says. */
struct sf_reply attaching_sample(struct region *region, const char *sample, struct sf_view uploads);
struct sf_reply attaching_send(struct region *region, struct sf_view uploads);
/* One attachment with an admission, stored; nothing has been sent yet. */
struct sf_reply_sent attaching_letter(struct region *region);
/* The row of attachment 0 as this machine has it; SF_ERR_NOT_FOUND. */
enum sf_err attaching_row(struct sf_sim_machine *machine, struct sf_id author, struct sf_id message,
	struct sf_node_row_attachment *ret_row);
/* How many chunks a machine's store has. */
size_t attaching_chunks(struct sf_sim_machine *machine, const struct sf_table *table);

#endif
