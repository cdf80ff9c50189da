/* The public files named in keys.h: party, coordinator.pub and registrar.pub. */
#include <string.h>

#include "cmd/keys.h"
#include "cmd/public_file.h"
#include "os/files.h"

#define PUBLIC_MODE 0644
#define TEXT_SIZE_MAX ((size_t)1024)

static const char party_line[] = "stafet-party 1";
static const char coordinator_line[] = "stafet-coordinator 1";
static const char registrar_line[] = "stafet-registrar 1";
static const char *const party_words[] = {"party", "role"};
static const char *const coordinator_words[] = {"party", "identity", "transport"};
static const char *const registrar_words[] = {"key"};

static enum sf_err save(
	const char *path, struct sf_buf *text, enum sf_err err, struct sf_diag *diag)
{
	if (!err)
		err = sf_file_write(path, sf_buf_view(text), PUBLIC_MODE, diag);
	sf_buf_fini(text);
	return err;
}

enum sf_err sf_party_file_load(
	const char *folder, struct sf_id *ret_party, enum sf_role *ret_role, struct sf_diag *diag)
{
	char path[SF_KEYS_PATH_SIZE];
	struct sf_public_file file;
	struct sf_id party;
	enum sf_err err = sf_keys_path(folder, SF_KEYS_PARTY, path, diag);
	if (!err)
		err = sf_public_file_read(
			path, party_line, party_words, SF_COUNT(party_words), &file, diag);
	if (!err)
		err = sf_public_file_bytes(&file, 0, path, party.bytes, SF_ID_SIZE, diag);
	if (err)
		return err;
	enum sf_role role = sf_role_from_text(file.values[1]);
	if (role == SF_ROLE_NONE || sf_id_is_none(party)) {
		sf_diag_set(diag, "%s: no such role or party, make the file anew", path);
		return SF_ERR_FORMAT;
	}
	*ret_party = party;
	*ret_role = role;
	return SF_OK;
}

enum sf_err sf_party_file_save(
	const char *folder, struct sf_id party, enum sf_role role, struct sf_diag *diag)
{
	char path[SF_KEYS_PATH_SIZE], party_text[SF_ID_TEXT_SIZE];
	enum sf_err err = sf_keys_path(folder, SF_KEYS_PARTY, path, diag);
	if (err)
		return err;
	sf_id_format(party, party_text);
	struct sf_buf text;
	sf_buf_init(&text, TEXT_SIZE_MAX);
	err = sf_buf_printf(
		&text, "%s\nparty %s\nrole %s\n", party_line, party_text, sf_role_text(role));
	return save(path, &text, err, diag);
}

enum sf_err sf_coordinator_public_load(
	const char *path, struct sf_coordinator_public *ret_public, struct sf_diag *diag)
{
	struct sf_public_file file;
	struct sf_coordinator_public public;
	enum sf_err err = sf_public_file_read(path, coordinator_line, coordinator_words,
		SF_COUNT(coordinator_words), &file, diag);
	if (!err)
		err = sf_public_file_bytes(&file, 0, path, public.party.bytes, SF_ID_SIZE, diag);
	if (!err)
		err = sf_public_file_bytes(
			&file, 1, path, public.identity_key, SF_PUBLIC_KEY_SIZE, diag);
	if (!err)
		err = sf_public_file_bytes(
			&file, 2, path, public.transport_key, SF_PUBLIC_KEY_SIZE, diag);
	if (err)
		return err;
	if (sf_id_is_none(public.party) || !sf_key_valid_ed25519(public.identity_key) ||
		!sf_key_valid_x25519(public.transport_key)) {
		sf_diag_set(diag, "%s: a key or the party cannot be, ask for the file anew", path);
		return SF_ERR_FORMAT;
	}
	*ret_public = public;
	return SF_OK;
}

enum sf_err sf_coordinator_public_save(
	const char *path, const struct sf_coordinator_public *public, struct sf_diag *diag)
{
	char party[SF_ID_TEXT_SIZE];
	char identity[SF_DIGEST_TEXT_SIZE], transport[SF_DIGEST_TEXT_SIZE];
	sf_id_format(public->party, party);
	sf_hex_encode(sf_view_of(public->identity_key, SF_PUBLIC_KEY_SIZE), identity);
	sf_hex_encode(sf_view_of(public->transport_key, SF_PUBLIC_KEY_SIZE), transport);
	struct sf_buf text;
	sf_buf_init(&text, TEXT_SIZE_MAX);
	enum sf_err err = sf_buf_printf(&text, "%s\nparty %s\nidentity %s\ntransport %s\n",
		coordinator_line, party, identity, transport);
	return save(path, &text, err, diag);
}

enum sf_err sf_registrar_public_load(
	const char *path, uint8_t ret_key[SF_PUBLIC_KEY_SIZE], struct sf_diag *diag)
{
	struct sf_public_file file;
	uint8_t key[SF_PUBLIC_KEY_SIZE];
	enum sf_err err = sf_public_file_read(
		path, registrar_line, registrar_words, SF_COUNT(registrar_words), &file, diag);
	if (!err)
		err = sf_public_file_bytes(&file, 0, path, key, sizeof(key), diag);
	if (err)
		return err;
	if (!sf_key_valid_ed25519(key)) {
		sf_diag_set(diag, "%s: the key cannot be, ask the registrar for the file", path);
		return SF_ERR_FORMAT;
	}
	memcpy(ret_key, key, sizeof(key));
	return SF_OK;
}

enum sf_err sf_registrar_public_save(
	const char *path, const uint8_t key[SF_PUBLIC_KEY_SIZE], struct sf_diag *diag)
{
	char digits[SF_DIGEST_TEXT_SIZE];
	sf_hex_encode(sf_view_of(key, SF_PUBLIC_KEY_SIZE), digits);
	struct sf_buf text;
	sf_buf_init(&text, TEXT_SIZE_MAX);
	enum sf_err err = sf_buf_printf(&text, "%s\nkey %s\n", registrar_line, digits);
	return save(path, &text, err, diag);
}

enum sf_err sf_registrars_load(const struct sf_config_registrars *config,
	struct sf_registrars *ret_registrars, struct sf_diag *diag)
{
	struct sf_registrars registrars = {.threshold = config->threshold};
	SF_ASSERT(config->count <= SF_REGISTRARS_MAX);
	for (size_t i = 0; i < config->count; i++) {
		enum sf_err err =
			sf_registrar_public_load(config->files[i], registrars.keys[i], diag);
		if (err)
			return err;
		for (size_t j = 0; j < i; j++) {
			if (memcmp(registrars.keys[i], registrars.keys[j], SF_PUBLIC_KEY_SIZE))
				continue;
			sf_diag_set(diag, "%s: the same registrar as %s, name each once",
				config->files[i], config->files[j]);
			return SF_ERR_CONFIG;
		}
	}
	registrars.count = config->count;
	*ret_registrars = registrars;
	return SF_OK;
}
