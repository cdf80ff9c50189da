/*
 * The local socket as a face of a daemon (port/face.h): bytes of the server to requests of the
 * local protocol, and replies back. A connection's number is the number of its call: it has one
 * request at a time. What cannot be decoded is answered here.
 */
#ifndef SF_LOCAL_FACE_H
#define SF_LOCAL_FACE_H

#include "local/server.h"
#include "port/face.h"

#define SF_LOCAL_ACCOUNT_SIZE 64

/* What a user of this machine is called; never fails. */
typedef void sf_local_account(uid_t user, char ret_name[SF_LOCAL_ACCOUNT_SIZE]);

struct sf_local_face; /* opaque */

/* server: borrowed until close. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_local_face_open(
	struct sf_server *server, sf_local_account *account, struct sf_local_face **ret_face);
void sf_local_face_close(struct sf_local_face **face);

/* Borrows face. */
struct sf_face sf_local_face(struct sf_local_face *face);

#endif
