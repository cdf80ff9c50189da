/*
 * Making and renewing a party's key folder, and a registrar's (WIRE.md section 2). Every secret is
 * a file of mode 0600, encrypted when there is a passphrase; what is public stands beside it.
 *
 * One thread; nothing else may write the folder meanwhile. Errors of crypto/keyfile.h and
 * os/files.h; diag says which file.
 */
#ifndef SF_CMD_KEY_FOLDER_H
#define SF_CMD_KEY_FOLDER_H

#include "cmd/enrolment.h"
#include "cmd/keys.h"

/* A new party. Texts are borrowed, "" when not given. */
struct sf_key_folder_wish {
	struct sf_id party; /* none: a new id is made */
	const char *name;
	enum sf_role role;
	const char *sor;
	const char *gln;
	const char *support;
	const struct sf_contact *contacts; /* borrowed; checked as the entry's are */
	size_t contact_count;
};

/*
 * Makes the folder with its keys and the request. SF_ERR_EXISTS when there are keys already,
 * SF_ERR_FORMAT for a name, SOR code or GLN that cannot be.
 */
SF_MUST_USE enum sf_err sf_key_folder_make(const char *folder,
	const struct sf_key_folder_wish *wish, struct sf_view passphrase, const struct sf_env *env,
	struct sf_enrolment *ret_request, struct sf_diag *diag);
/* Reads request.sfr, which holds all that is public. */
SF_MUST_USE enum sf_err sf_key_folder_show(
	const char *folder, struct sf_enrolment *ret_request, struct sf_diag *diag);
/*
 * New sealing and transport keys and a request with them. The old sealing key stays for what is on
 * the way; the new transport key waits as transport-next.key until sf_key_folder_activate. A node's
 * folder without a witness key gets one.
 * SF_ERR_CONFLICT when one waits already.
 */
SF_MUST_USE enum sf_err sf_key_folder_renew(const char *folder, struct sf_view passphrase,
	const struct sf_env *env, struct sf_enrolment *ret_request, struct sf_diag *diag);
/*
 * A request with these contacts in the place of those of request.sfr, and the keys as they are.
 * SF_ERR_FORMAT, SF_ERR_LIMIT: not contacts of an entry.
 */
SF_MUST_USE enum sf_err sf_key_folder_contacts(const char *folder,
	const struct sf_contact *contacts, size_t count, struct sf_view passphrase,
	const struct sf_env *env, struct sf_enrolment *ret_request, struct sf_diag *diag);
/* After the entry with the new keys is recorded. SF_ERR_NOT_FOUND when no key waits. */
SF_MUST_USE enum sf_err sf_key_folder_activate(
	const char *folder, struct sf_view passphrase, struct sf_diag *diag);

/* registrar.key and registrar.pub. */
SF_MUST_USE enum sf_err sf_registrar_folder_make(const char *folder, struct sf_view passphrase,
	const struct sf_env *env, uint8_t ret_key[SF_PUBLIC_KEY_SIZE], struct sf_diag *diag);
/* A keyring with the registrar's key alone. */
SF_MUST_USE enum sf_err sf_registrar_folder_open(const char *folder, struct sf_view passphrase,
	struct sf_keyring **ret_keyring, struct sf_id *ret_key_id, struct sf_diag *diag);

#endif
