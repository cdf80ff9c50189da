/*
 * What a daemon needs of key material: its own key folder (`stafet keys init`), the public file of
 * its coordinator, and the registrars it trusts (WIRE.md section 2).
 *
 * The passphrase of encrypted keys is the first line of the file "stafet-passphrase" among
 * systemd's credentials ($CREDENTIALS_DIRECTORY), else of the file that $STAFET_PASSPHRASE_FILE
 * names; without either the keys must be unencrypted. Both files must be private.
 */
#ifndef SF_CMD_KEYS_H
#define SF_CMD_KEYS_H

#include "audit/registry.h"
#include "crypto/keyring.h"
#include "os/config.h"

/* Files of a key folder. Every *.key is mode 0600; the rest is public. */
#define SF_KEYS_IDENTITY "identity.key"
#define SF_KEYS_SEALING "sealing.key" /* older ones stay beside it as sealing-<key id>.key */
#define SF_KEYS_TRANSPORT "transport.key"
#define SF_KEYS_TRANSPORT_NEXT "transport-next.key" /* published, not yet in use */
#define SF_KEYS_MESSAGE_ID "message-id.key"
#define SF_KEYS_STORAGE "storage.key" /* in every backup, like message-id.key */
#define SF_KEYS_LOG "log.key"
#define SF_KEYS_WITNESS "witness.key" /* older folders have none until stafet keys renew */
#define SF_KEYS_PARTY "party"
#define SF_KEYS_REQUEST "request.sfr"
#define SF_KEYS_COORDINATOR_PUBLIC "coordinator.pub"
#define SF_KEYS_REGISTRAR "registrar.key"
#define SF_KEYS_REGISTRAR_PUBLIC "registrar.pub"

#define SF_KEYS_PASSPHRASE_SIZE_MAX ((size_t)1024)

/* Where a passphrase comes from and what it opened. */
struct sf_passphrase {
	struct sf_secret text; /* owned; may be empty */
	size_t size;           /* of the first line */
};

/* path NULL: the rule above. SF_ERR_AUTH when the file is open to others. */
SF_MUST_USE enum sf_err sf_passphrase_open(
	const char *path, struct sf_passphrase *ret_passphrase, struct sf_diag *diag);
void sf_passphrase_close(struct sf_passphrase *passphrase);
struct sf_view sf_passphrase_view(const struct sf_passphrase *passphrase);

struct sf_keys {
	struct sf_keyring *keyring; /* owned */
	struct sf_id party;
	enum sf_role role;
	struct sf_id identity_key_id; /* signs envelopes, or a coordinator's receipts */
	struct sf_id log_key_id;      /* none but for a coordinator */
	struct sf_id witness_key_id;  /* none for a coordinator, and in a folder without one */
};

/*
 * Opens a key folder that belongs to this user and is closed to others. pseudonym: path of the
 * region's pseudonym key, NULL for none. SF_ERR_NOT_FOUND, SF_ERR_AUTH (mode, owner, passphrase),
 * SF_ERR_FORMAT and others; diag says which file and what to do.
 */
SF_MUST_USE enum sf_err sf_keys_open(
	const char *folder, const char *pseudonym, struct sf_keys *ret_keys, struct sf_diag *diag);
/* Wipes. Safe on a zeroed struct. */
void sf_keys_close(struct sf_keys *keys);

/* coordinator.pub, handed to every node by hand at enrolment. */
struct sf_coordinator_public {
	struct sf_id party;
	uint8_t identity_key[SF_PUBLIC_KEY_SIZE];
	uint8_t transport_key[SF_PUBLIC_KEY_SIZE];
};

SF_MUST_USE enum sf_err sf_coordinator_public_load(
	const char *path, struct sf_coordinator_public *ret_public, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_public_save(
	const char *path, const struct sf_coordinator_public *public, struct sf_diag *diag);

/* registrar.pub: the line "stafet-registrar 1", then "key <64 hexadecimal digits>". */
SF_MUST_USE enum sf_err sf_registrar_public_load(
	const char *path, uint8_t ret_key[SF_PUBLIC_KEY_SIZE], struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_registrar_public_save(
	const char *path, const uint8_t key[SF_PUBLIC_KEY_SIZE], struct sf_diag *diag);
/* SF_ERR_CONFIG when two files hold the same registrar. */
SF_MUST_USE enum sf_err sf_registrars_load(const struct sf_config_registrars *config,
	struct sf_registrars *ret_registrars, struct sf_diag *diag);

/* The file "party" of a key folder. */
SF_MUST_USE enum sf_err sf_party_file_load(
	const char *folder, struct sf_id *ret_party, enum sf_role *ret_role, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_party_file_save(
	const char *folder, struct sf_id party, enum sf_role role, struct sf_diag *diag);

#define SF_KEYS_PATH_SIZE 1200
/* folder and name as one path; SF_ERR_LIMIT. */
SF_MUST_USE enum sf_err sf_keys_path(const char *folder, const char *name,
	char ret_path[SF_KEYS_PATH_SIZE], struct sf_diag *diag);
/* SF_ERR_AUTH unless the folder is this user's (or root's) and closed to others. */
SF_MUST_USE enum sf_err sf_keys_folder_check(const char *folder, struct sf_diag *diag);

#endif
