/* A desk whose store lacks what a node has seen, and the epoch that begins over it. */
#ifndef SF_TESTS_UNIT_COORDINATOR_EPOCHS_H
#define SF_TESTS_UNIT_COORDINATOR_EPOCHS_H

#include "unit/coordinator/desk.h"
#include "wire/epoch.h"

#define EPOCHS_OLD "coordinator.example/log/sim/1"
#define EPOCHS_NEW "coordinator.example/log/sim/2"
#define EPOCHS_LOST 5

/* A note of the desk's log about a tree that this store need not have. */
struct sf_view epochs_sign_note(struct desk *desk, uint64_t size, uint64_t directory_version);
void epochs_say_hello(struct desk *desk, const struct sf_sim_machine *from, uint32_t epoch,
	uint64_t size, struct sf_view note);
/* The municipality has seen EPOCHS_LOST leaves more than there are, and so many entries. */
void epochs_show_more(struct desk *desk, uint64_t directory_version);
struct sf_reply epochs_ask(struct desk *desk, struct sf_view record);
/* Without a record: what the registrar would sign. */
struct sf_reply epochs_ask_for_record(struct desk *desk);
/* The registrar's signature over the record with what edit makes of it; NULL: as it is. */
struct sf_view epochs_sign(struct desk *desk, void (*edit)(struct sf_epoch *epoch));
/* The second epoch begins. */
void epochs_begin(struct desk *desk);

#endif
