/* The registrar's half of key_folder.h. */
#include "cmd/key_folder.h"
#include "crypto/keyfile.h"
#include "os/files.h"

#include <string.h>

enum sf_err sf_registrar_folder_make(const char *folder, struct sf_view passphrase,
	const struct sf_env *env, uint8_t ret_key[SF_PUBLIC_KEY_SIZE], struct sf_diag *diag)
{
	char path[SF_KEYS_PATH_SIZE], public_path[SF_KEYS_PATH_SIZE];
	struct sf_key key;
	enum sf_err err = sf_folder_make(folder, 0700, diag);
	if (!err)
		err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_keys_path(folder, SF_KEYS_REGISTRAR, path, diag);
	if (!err)
		err = sf_keys_path(folder, SF_KEYS_REGISTRAR_PUBLIC, public_path, diag);
	if (!err)
		err = sf_key_make(SF_KEY_REGISTRAR, env, &key);
	if (err)
		return err;
	err = sf_keyfile_write(path, &key, passphrase, false, env, diag);
	if (!err)
		err = sf_registrar_public_save(public_path, key.public_key, diag);
	if (!err)
		memcpy(ret_key, key.public_key, SF_PUBLIC_KEY_SIZE);
	sf_key_fini(&key);
	return err;
}

enum sf_err sf_registrar_folder_open(const char *folder, struct sf_view passphrase,
	struct sf_keyring **ret_keyring, struct sf_id *ret_key_id, struct sf_diag *diag)
{
	char path[SF_KEYS_PATH_SIZE];
	const struct sf_keyfile_access access = {.passphrase = passphrase};
	struct sf_key key;
	enum sf_err err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_keys_path(folder, SF_KEYS_REGISTRAR, path, diag);
	if (!err)
		err = sf_keyfile_read(path, SF_KEY_REGISTRAR, &access, &key, diag);
	if (err)
		return err;
	struct sf_keyring *keyring = NULL;
	err = sf_keyring_open(&keyring);
	if (!err)
		err = sf_keyring_add(keyring, &key);
	*ret_key_id = key.id;
	sf_key_fini(&key);
	if (err)
		sf_keyring_close(&keyring);
	else
		*ret_keyring = keyring;
	return err;
}
