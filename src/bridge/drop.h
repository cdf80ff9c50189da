/*
 * Folders as a face (port/face.h). In: each file dropped is handed in and gets .done behind its
 * name with the message id in a .note beside it, or .err with the reason; what cannot be taken now
 * stays and is tried again. Out: each message received is written with its original bytes, and then
 * a small .json that says that both are whole; the engine keeps how far that has come.
 *
 * The same file again is the same message (the engine finds it to be a duplicate), and a message is
 * written under the same names again: nothing is lost or doubled by a crash.
 */
#ifndef SF_BRIDGE_DROP_H
#define SF_BRIDGE_DROP_H

#include "port/face.h"

struct sf_drop; /* opaque */

struct sf_drop_options {
	const char *in, *out; /* folders; NULL: none */
	bool mark_handled;    /* what was written whole, without attachments, is taken care of */
	/* What bytes are; NULL: not known (port/format.h). */
	const char *(*guess)(struct sf_view bytes);
	/* A file that was handed in cannot be put aside, and those behind it wait; once a time. */
	void (*tell)(void *self);
	void *self;
};

SF_MUST_USE enum sf_err sf_drop_open(
	const struct sf_drop_options *options, struct sf_drop **ret_drop, struct sf_diag *diag);
void sf_drop_close(struct sf_drop **drop);
/* Borrows drop. */
struct sf_face sf_drop_face(struct sf_drop *drop);

#endif
