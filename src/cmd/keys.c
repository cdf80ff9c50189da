#include "cmd/keys.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/public_file.h"
#include "crypto/keyfile.h"
#include "crypto/keyfile_disk.h"

static const char sealing_prefix[] = "sealing-";
static const char key_suffix[] = ".key";

enum sf_err sf_keys_path(const char *folder, const char *name, char ret_path[SF_KEYS_PATH_SIZE],
	struct sf_diag *diag)
{
	int size = snprintf(ret_path, SF_KEYS_PATH_SIZE, "%s/%s", folder, name);
	if (size > 0 && size < SF_KEYS_PATH_SIZE)
		return SF_OK;
	sf_diag_set(diag, "the path of %s is too long", name);
	return SF_ERR_LIMIT;
}

enum sf_err sf_keys_folder_check(const char *folder, struct sf_diag *diag)
{
	struct stat status;
	if (stat(folder, &status) != 0) {
		sf_diag_set(diag, "key folder %s: %s; make it with stafet keys init", folder,
			strerror(errno));
		return errno == ENOENT ? SF_ERR_NOT_FOUND : SF_ERR_IO;
	}
	if (!S_ISDIR(status.st_mode)) {
		sf_diag_set(diag, "key folder %s is not a folder", folder);
		return SF_ERR_FORMAT;
	}
	if ((status.st_mode & 0077) != 0) {
		sf_diag_set(
			diag, "key folder %s is open to others: run chmod 700 %s", folder, folder);
		return SF_ERR_AUTH;
	}
	if (status.st_uid != geteuid() && status.st_uid != 0) {
		sf_diag_set(diag, "key folder %s belongs to another user: run chown on it", folder);
		return SF_ERR_AUTH;
	}
	return SF_OK;
}

enum sf_err sf_passphrase_open(
	const char *path, struct sf_passphrase *ret_passphrase, struct sf_diag *diag)
{
	struct sf_passphrase passphrase = {0};
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char place[SF_KEYS_PATH_SIZE];
	bool credential = false;
	enum sf_err err = SF_OK;
	if (!path && credentials) {
		err = sf_keys_path(credentials, "stafet-passphrase", place, diag);
		credential = !err && access(place, F_OK) == 0;
		path = credential ? place : NULL;
	}
	if (!path)
		path = getenv("STAFET_PASSPHRASE_FILE");
	if (!err && path)
		err = sf_keyfile_load(path, credential, &passphrase.text, &passphrase.size, diag);
	if (err)
		return err;
	if (passphrase.size) {
		const uint8_t *end = memchr(passphrase.text.bytes, '\n', passphrase.size);
		if (end)
			passphrase.size = (size_t)(end - passphrase.text.bytes);
	}
	if (path && (passphrase.size == 0 || passphrase.size > SF_KEYS_PASSPHRASE_SIZE_MAX)) {
		sf_passphrase_close(&passphrase);
		sf_diag_set(diag, "the passphrase file has no usable first line");
		return SF_ERR_FORMAT;
	}
	*ret_passphrase = passphrase;
	return SF_OK;
}

void sf_passphrase_close(struct sf_passphrase *passphrase)
{
	sf_secret_fini(&passphrase->text);
	passphrase->size = 0;
}

struct sf_view sf_passphrase_view(const struct sf_passphrase *passphrase)
{
	return sf_view_of(passphrase->size ? passphrase->text.bytes : NULL, passphrase->size);
}

/* What adding one key file to the ring needs. */
struct opening {
	const char *folder; /* borrowed */
	struct sf_keyfile_access access;
	struct sf_keyring *keyring; /* borrowed */
	struct sf_diag *diag;
};

static enum sf_err add_key(const struct opening *opening, const char *path, enum sf_key_kind kind,
	struct sf_id *ret_key_id)
{
	struct sf_key key;
	enum sf_err err = sf_keyfile_read(path, kind, &opening->access, &key, opening->diag);
	if (err)
		return err;
	err = sf_keyring_add(opening->keyring, &key);
	if (err)
		sf_diag_set(opening->diag, "%s: %s", path, sf_err_text(err));
	else if (ret_key_id)
		*ret_key_id = key.id;
	sf_key_fini(&key);
	return err;
}

static enum sf_err add_named(const struct opening *opening, const char *name, enum sf_key_kind kind,
	struct sf_id *ret_key_id)
{
	char path[SF_KEYS_PATH_SIZE];
	enum sf_err err = sf_keys_path(opening->folder, name, path, opening->diag);
	return err ? err : add_key(opening, path, kind, ret_key_id);
}

static bool is_older_sealing(const char *name)
{
	size_t size = strlen(name);
	return size > strlen(sealing_prefix) + strlen(key_suffix) &&
	       strncmp(name, sealing_prefix, strlen(sealing_prefix)) == 0 &&
	       strcmp(name + size - strlen(key_suffix), key_suffix) == 0;
}

/* What was sealed to an older key may still be on the way (WIRE section 1, receive order). */
static enum sf_err add_older_sealing(const struct opening *opening)
{
	DIR *folder = opendir(opening->folder);
	if (!folder) {
		sf_diag_set(opening->diag, "key folder %s: %s", opening->folder, strerror(errno));
		return SF_ERR_IO;
	}
	enum sf_err err = SF_OK;
	const struct dirent *item;
	while (!err && (item = readdir(folder))) {
		if (is_older_sealing(item->d_name))
			err = add_named(opening, item->d_name, SF_KEY_SEALING, NULL);
	}
	closedir(folder);
	return err;
}

/*
 * A folder made before there were witnesses, or content sealed at rest, works on: its node checks
 * and cosigns nothing, and keeps content as it is, until `stafet keys renew` makes what is missing.
 */
static enum sf_err add_if_there(const struct opening *opening, const char *name,
	enum sf_key_kind kind, struct sf_id *ret_key_id)
{
	char path[SF_KEYS_PATH_SIZE];
	enum sf_err err = sf_keys_path(opening->folder, name, path, opening->diag);
	if (err)
		return err;
	struct stat status;
	if (stat(path, &status) != 0 && errno == ENOENT)
		return SF_OK;
	return add_key(opening, path, kind, ret_key_id);
}

static enum sf_err add_all(
	const struct opening *opening, const char *pseudonym, struct sf_keys *keys)
{
	bool coordinator = keys->role == SF_ROLE_COORDINATOR;
	enum sf_err err = add_named(opening, SF_KEYS_IDENTITY,
		coordinator ? SF_KEY_COORDINATOR : SF_KEY_IDENTITY, &keys->identity_key_id);
	if (!err)
		err = add_named(opening, SF_KEYS_TRANSPORT, SF_KEY_TRANSPORT, NULL);
	if (!err && coordinator)
		err = add_named(opening, SF_KEYS_LOG, SF_KEY_LOG, &keys->log_key_id);
	if (!err && !coordinator)
		err = add_named(opening, SF_KEYS_SEALING, SF_KEY_SEALING, NULL);
	if (!err && !coordinator)
		err = add_older_sealing(opening);
	if (!err && !coordinator)
		err = add_named(opening, SF_KEYS_MESSAGE_ID, SF_KEY_MESSAGE_ID, NULL);
	if (!err && !coordinator)
		err = add_if_there(opening, SF_KEYS_WITNESS, SF_KEY_WITNESS, &keys->witness_key_id);
	if (!err && !coordinator)
		err = add_if_there(opening, SF_KEYS_STORAGE, SF_KEY_STORAGE, NULL);
	if (!err && pseudonym)
		err = add_key(opening, pseudonym, SF_KEY_PSEUDONYM, NULL);
	return err;
}

enum sf_err sf_keys_open(
	const char *folder, const char *pseudonym, struct sf_keys *ret_keys, struct sf_diag *diag)
{
	struct sf_keys keys = {0};
	struct sf_passphrase passphrase = {0};
	enum sf_err err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_party_file_load(folder, &keys.party, &keys.role, diag);
	if (!err)
		err = sf_passphrase_open(NULL, &passphrase, diag);
	if (!err)
		err = sf_keyring_open(&keys.keyring);
	struct opening opening = {.folder = folder,
		.access = {.passphrase = sf_passphrase_view(&passphrase),
			.credentials_directory = getenv("CREDENTIALS_DIRECTORY")},
		.keyring = keys.keyring,
		.diag = diag};
	if (!err)
		err = add_all(&opening, pseudonym, &keys);
	sf_passphrase_close(&passphrase);
	if (err) {
		sf_keys_close(&keys);
		return err;
	}
	*ret_keys = keys;
	return SF_OK;
}

void sf_keys_close(struct sf_keys *keys)
{
	sf_keyring_close(&keys->keyring);
}
