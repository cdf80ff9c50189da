#include "cmd/key_folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/time.h"
#include "core/identifier.h"
#include "crypto/keyfile.h"
#include "os/files.h"

/* WIRE section 2. */
#define SIGNING_LIFE_MS (365 * SF_DAY_MS)
#define CURVE_LIFE_MS (90 * SF_DAY_MS)
/* WIRE section 1, receive order: keys stay known so long after their life. */
#define LATE_MS (30 * SF_DAY_MS)
/* Clocks differ: a key is valid a little before it was made. */
#define EARLY_MS (5 * SF_MINUTE_MS)

#define FOLDER_MODE 0700
#define PUBLIC_MODE 0644

struct making {
	const char *folder;         /* borrowed */
	struct sf_view passphrase;  /* borrowed */
	const struct sf_env *env;   /* borrowed */
	struct sf_keyring *keyring; /* owned: keys that sign the request */
	struct sf_directory_entry *entry;
	int64_t now_ms;
	struct sf_diag *diag;
};

static void list_key(const struct making *making, const struct sf_key *key, enum sf_key_use use)
{
	bool curve = use == SF_KEY_USE_SEALING || use == SF_KEY_USE_TRANSPORT;
	struct sf_directory_key *listed = &making->entry->keys[making->entry->key_count++];
	*listed = (struct sf_directory_key){.use = use,
		.not_before_ms = making->now_ms - EARLY_MS,
		.not_after_ms = making->now_ms + (curve ? CURVE_LIFE_MS : SIGNING_LIFE_MS)};
	memcpy(listed->public_key, key->public_key, sizeof(listed->public_key));
}

/* Makes a key, keeps it as a file, and lists its public part unless use is none. */
static enum sf_err make_key(const struct making *making, enum sf_key_kind kind, const char *name,
	enum sf_key_use use, struct sf_id *ret_key_id)
{
	char path[SF_KEYS_PATH_SIZE];
	struct sf_key key;
	enum sf_err err = sf_keys_path(making->folder, name, path, making->diag);
	if (err)
		return err;
	err = sf_key_make(kind, making->env, &key);
	if (err)
		return err;
	err = sf_keyfile_write(path, &key, making->passphrase, false, making->env, making->diag);
	if (!err && ret_key_id)
		err = sf_keyring_add(making->keyring, &key);
	if (!err && use != SF_KEY_USE_NONE)
		list_key(making, &key, use);
	if (!err && ret_key_id)
		*ret_key_id = key.id;
	sf_key_fini(&key);
	return err;
}

static enum sf_err save_request(
	const struct making *making, struct sf_id identity, struct sf_enrolment *ret_request)
{
	char path[SF_KEYS_PATH_SIZE];
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_ENROLMENT_SIZE_MAX);
	struct sf_enrolment request;
	enum sf_err err = sf_keys_path(making->folder, SF_KEYS_REQUEST, path, making->diag);
	if (!err)
		err = sf_enrolment_make(making->keyring, identity, making->entry, making->now_ms,
			&bytes, making->diag);
	if (!err)
		err = sf_enrolment_read(sf_buf_view(&bytes), &request, making->diag);
	if (!err)
		err = sf_file_write(path, sf_buf_view(&bytes), PUBLIC_MODE, making->diag);
	sf_buf_fini(&bytes);
	if (!err)
		*ret_request = request;
	return err;
}

/* coordinator.pub from the request: its identity key and the transport key in use. */
static enum sf_err save_coordinator(
	const char *folder, const struct sf_directory_entry *entry, struct sf_diag *diag)
{
	char path[SF_KEYS_PATH_SIZE];
	struct sf_coordinator_public public = {.party = entry->party};
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		if (key->use == SF_KEY_USE_IDENTITY)
			memcpy(public.identity_key, key->public_key, SF_PUBLIC_KEY_SIZE);
		if (key->use == SF_KEY_USE_TRANSPORT) /* the newest stands last */
			memcpy(public.transport_key, key->public_key, SF_PUBLIC_KEY_SIZE);
	}
	enum sf_err err = sf_keys_path(folder, SF_KEYS_COORDINATOR_PUBLIC, path, diag);
	return err ? err : sf_coordinator_public_save(path, &public, diag);
}

static enum sf_err make_keys(const struct making *making, struct sf_enrolment *ret_request)
{
	struct sf_id identity = {{0}};
	bool coordinator = making->entry->role == SF_ROLE_COORDINATOR;
	enum sf_err err = make_key(making, coordinator ? SF_KEY_COORDINATOR : SF_KEY_IDENTITY,
		SF_KEYS_IDENTITY, SF_KEY_USE_IDENTITY, &identity);
	if (!err && !coordinator)
		err = make_key(making, SF_KEY_SEALING, SF_KEYS_SEALING, SF_KEY_USE_SEALING, NULL);
	if (!err)
		err = make_key(
			making, SF_KEY_TRANSPORT, SF_KEYS_TRANSPORT, SF_KEY_USE_TRANSPORT, NULL);
	if (!err && coordinator)
		err = make_key(making, SF_KEY_LOG, SF_KEYS_LOG, SF_KEY_USE_LOG, NULL);
	if (!err && !coordinator)
		err = make_key(making, SF_KEY_WITNESS, SF_KEYS_WITNESS, SF_KEY_USE_WITNESS, NULL);
	if (!err && !coordinator)
		err = make_key(
			making, SF_KEY_MESSAGE_ID, SF_KEYS_MESSAGE_ID, SF_KEY_USE_NONE, NULL);
	if (!err && !coordinator)
		err = make_key(making, SF_KEY_STORAGE, SF_KEYS_STORAGE, SF_KEY_USE_NONE, NULL);
	if (!err && coordinator)
		err = save_coordinator(making->folder, making->entry, making->diag);
	if (!err)
		err = save_request(making, identity, ret_request);
	/* The file that says "here is a party" comes last: a folder without it is unfinished. */
	if (!err)
		err = sf_party_file_save(
			making->folder, making->entry->party, making->entry->role, making->diag);
	return err;
}

static enum sf_err fill_text(
	char *place, size_t size, const char *text, const char *what, struct sf_diag *diag)
{
	size_t length = strlen(text);
	if (!sf_printable(text) || length >= size) {
		sf_diag_set(diag, "%s must be plain text of at most %zu bytes", what, size - 1);
		return SF_ERR_FORMAT;
	}
	memcpy(place, text, length + 1);
	return SF_OK;
}

static enum sf_err fill_contacts(const struct sf_contact *contacts, size_t count,
	struct sf_directory_entry *entry, struct sf_diag *diag)
{
	if (count > SF_CONTACTS_MAX) {
		sf_diag_set(diag, "more than %d desks", SF_CONTACTS_MAX);
		return SF_ERR_LIMIT;
	}
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < count; i++) {
		entry->contacts[i] = contacts[i];
		err = sf_contact_check(&contacts[i], diag);
	}
	entry->contact_count = count;
	return err;
}

static enum sf_err fill_entry(const struct sf_key_folder_wish *wish,
	struct sf_directory_entry *entry, struct sf_diag *diag)
{
	entry->party = wish->party;
	entry->role = wish->role;
	enum sf_err err = fill_text(entry->name, sizeof(entry->name), wish->name, "name", diag);
	if (!err && entry->name[0] == '\0') {
		sf_diag_set(diag, "the party must have a name");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = fill_text(entry->sor, sizeof(entry->sor), wish->sor, "SOR code", diag);
	if (!err)
		err = fill_text(entry->gln, sizeof(entry->gln), wish->gln, "GLN", diag);
	if (!err)
		err = fill_text(
			entry->support, sizeof(entry->support), wish->support, "support", diag);
	if (!err)
		err = fill_contacts(wish->contacts, wish->contact_count, entry, diag);
	if (!err && entry->sor[0] && !sf_sor_is_valid(sf_view_text(entry->sor))) {
		sf_diag_set(diag, "the SOR code is not one: its check digit does not hold");
		err = SF_ERR_FORMAT;
	}
	if (!err && entry->gln[0] && !sf_gln_is_valid(sf_view_text(entry->gln))) {
		sf_diag_set(diag, "the GLN is not one: its check digit does not hold");
		err = SF_ERR_FORMAT;
	}
	return err;
}

enum sf_err sf_key_folder_make(const char *folder, const struct sf_key_folder_wish *wish,
	struct sf_view passphrase, const struct sf_env *env, struct sf_enrolment *ret_request,
	struct sf_diag *diag)
{
	struct sf_directory_entry entry = {0};
	struct making making = {.folder = folder,
		.passphrase = passphrase,
		.env = env,
		.entry = &entry,
		.now_ms = env->now_ms(env->self),
		.diag = diag};
	enum sf_err err = fill_entry(wish, &entry, diag);
	if (!err && sf_id_is_none(entry.party)) {
		uint8_t chance[10];
		env->random(env->self, chance, sizeof(chance));
		entry.party = sf_id_timed(making.now_ms, chance);
	}
	if (!err)
		err = sf_folder_make(folder, FOLDER_MODE, diag);
	if (!err)
		err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_keyring_open(&making.keyring);
	if (!err)
		err = make_keys(&making, ret_request);
	sf_keyring_close(&making.keyring);
	return err;
}

enum sf_err sf_key_folder_show(
	const char *folder, struct sf_enrolment *ret_request, struct sf_diag *diag)
{
	char path[SF_KEYS_PATH_SIZE];
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_ENROLMENT_SIZE_MAX);
	enum sf_err err = sf_keys_path(folder, SF_KEYS_REQUEST, path, diag);
	if (!err)
		err = sf_file_read(path, &bytes, diag);
	if (!err)
		err = sf_enrolment_read(sf_buf_view(&bytes), ret_request, diag);
	sf_buf_fini(&bytes);
	return err;
}

static enum sf_err move(const char *folder, const char *from, const char *to, struct sf_diag *diag)
{
	char from_path[SF_KEYS_PATH_SIZE], to_path[SF_KEYS_PATH_SIZE];
	enum sf_err err = sf_keys_path(folder, from, from_path, diag);
	if (!err)
		err = sf_keys_path(folder, to, to_path, diag);
	if (err || rename(from_path, to_path) == 0)
		return err;
	sf_diag_set(diag, "renaming %s: %s", from_path, strerror(errno));
	return errno == ENOENT ? SF_ERR_NOT_FOUND : SF_ERR_IO;
}

/* Keys past their life and the time in which late messages still come are left out. */
static void drop_old_keys(struct sf_directory_entry *entry, int64_t now_ms)
{
	size_t kept = 0;
	for (size_t i = 0; i < entry->key_count; i++) {
		if (entry->keys[i].not_after_ms + LATE_MS > now_ms)
			entry->keys[kept++] = entry->keys[i];
	}
	entry->key_count = kept;
}

static enum sf_err open_key(const struct making *making, const char *name, enum sf_key_kind kind,
	struct sf_key *ret_key)
{
	char path[SF_KEYS_PATH_SIZE];
	const struct sf_keyfile_access access = {.passphrase = making->passphrase};
	enum sf_err err = sf_keys_path(making->folder, name, path, making->diag);
	return err ? err : sf_keyfile_read(path, kind, &access, ret_key, making->diag);
}

static enum sf_err open_identity(const struct making *making, struct sf_id *ret_key_id)
{
	struct sf_key key;
	enum sf_err err = open_key(making, SF_KEYS_IDENTITY,
		making->entry->role == SF_ROLE_COORDINATOR ? SF_KEY_COORDINATOR : SF_KEY_IDENTITY,
		&key);
	if (err)
		return err;
	err = sf_keyring_add(making->keyring, &key);
	*ret_key_id = key.id;
	sf_key_fini(&key);
	return err;
}

/* The newest sealing key is always sealing.key; the older ones are named by their key id. */
static enum sf_err set_sealing_aside(const struct making *making)
{
	struct sf_key key;
	enum sf_err err = open_key(making, SF_KEYS_SEALING, SF_KEY_SEALING, &key);
	if (err == SF_ERR_NOT_FOUND)
		return SF_OK; /* an earlier renewal was cut off here */
	if (err)
		return err;
	char id[SF_ID_TEXT_SIZE], name[SF_ID_TEXT_SIZE + 16];
	sf_id_format(key.id, id);
	sf_key_fini(&key);
	/* Both parts are of fixed size. */
	sf_ignore(snprintf(name, sizeof(name), "sealing-%s.key", id));
	return move(making->folder, SF_KEYS_SEALING, name, making->diag);
}

static bool is_listed(
	const struct sf_directory_entry *entry, const struct sf_key *key, enum sf_key_use use)
{
	for (size_t i = 0; i < entry->key_count; i++)
		if (entry->keys[i].use == use &&
			memcmp(entry->keys[i].public_key, key->public_key, SF_PUBLIC_KEY_SIZE) == 0)
			return true;
	return false;
}

/* SF_ERR_NOT_FOUND when none waits; *ret_listed: request.sfr asks for it. */
static enum sf_err find_next(const struct making *making, bool *ret_listed)
{
	struct sf_key key;
	enum sf_err err = open_key(making, SF_KEYS_TRANSPORT_NEXT, SF_KEY_TRANSPORT, &key);
	if (err)
		return err;
	*ret_listed = is_listed(making->entry, &key, SF_KEY_USE_TRANSPORT);
	sf_key_fini(&key);
	return SF_OK;
}

/* A key that waits unlisted is left of a renewal that was cut off: it is made anew. */
static enum sf_err clear_next(const struct making *making)
{
	char path[SF_KEYS_PATH_SIZE];
	bool listed = false;
	enum sf_err err = find_next(making, &listed);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (listed) {
		sf_diag_set(making->diag,
			"%s waits already: let the registrar sign %s, then stafet keys activate",
			SF_KEYS_TRANSPORT_NEXT, SF_KEYS_REQUEST);
		return SF_ERR_CONFLICT;
	}
	err = sf_keys_path(making->folder, SF_KEYS_TRANSPORT_NEXT, path, making->diag);
	if (err || unlink(path) == 0)
		return err;
	sf_diag_set(making->diag, "removing %s: %s", path, strerror(errno));
	return SF_ERR_IO;
}

/* Makes it where there is none, and lists one that an earlier renewal left unlisted. */
static enum sf_err renew_witness(const struct making *making)
{
	struct sf_key key;
	enum sf_err err = open_key(making, SF_KEYS_WITNESS, SF_KEY_WITNESS, &key);
	if (err == SF_ERR_NOT_FOUND)
		return make_key(making, SF_KEY_WITNESS, SF_KEYS_WITNESS, SF_KEY_USE_WITNESS, NULL);
	if (err)
		return err;
	if (!is_listed(making->entry, &key, SF_KEY_USE_WITNESS))
		list_key(making, &key, SF_KEY_USE_WITNESS);
	sf_key_fini(&key);
	return SF_OK;
}

/* Never replaced: what was sealed with it must open. */
static enum sf_err complete_storage(const struct making *making)
{
	struct sf_key key;
	enum sf_err err = open_key(making, SF_KEYS_STORAGE, SF_KEY_STORAGE, &key);
	if (err == SF_ERR_NOT_FOUND)
		return make_key(making, SF_KEY_STORAGE, SF_KEYS_STORAGE, SF_KEY_USE_NONE, NULL);
	if (!err)
		sf_key_fini(&key);
	return err;
}

static enum sf_err renew_keys(const struct making *making, struct sf_enrolment *ret_request)
{
	struct sf_id identity;
	enum sf_err err = clear_next(making);
	if (!err)
		err = open_identity(making, &identity);
	if (!err && making->entry->key_count + 3 > SF_PARTY_KEYS_MAX) {
		sf_diag_set(making->diag, "too many keys are still in their time, wait");
		err = SF_ERR_LIMIT;
	}
	if (!err && making->entry->role != SF_ROLE_COORDINATOR) {
		err = set_sealing_aside(making);
		if (!err)
			err = make_key(
				making, SF_KEY_SEALING, SF_KEYS_SEALING, SF_KEY_USE_SEALING, NULL);
	}
	if (!err && making->entry->role != SF_ROLE_COORDINATOR)
		err = renew_witness(making);
	if (!err && making->entry->role != SF_ROLE_COORDINATOR)
		err = complete_storage(making);
	if (!err)
		err = make_key(making, SF_KEY_TRANSPORT, SF_KEYS_TRANSPORT_NEXT,
			SF_KEY_USE_TRANSPORT, NULL);
	if (!err)
		err = save_request(making, identity, ret_request);
	return err;
}

enum sf_err sf_key_folder_renew(const char *folder, struct sf_view passphrase,
	const struct sf_env *env, struct sf_enrolment *ret_request, struct sf_diag *diag)
{
	struct sf_enrolment request;
	struct making making = {.folder = folder,
		.passphrase = passphrase,
		.env = env,
		.entry = &request.entry,
		.now_ms = env->now_ms(env->self),
		.diag = diag};
	enum sf_err err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_key_folder_show(folder, &request, diag);
	if (!err)
		err = sf_keyring_open(&making.keyring);
	if (!err) {
		drop_old_keys(&request.entry, making.now_ms);
		err = renew_keys(&making, ret_request);
	}
	sf_keyring_close(&making.keyring);
	return err;
}

enum sf_err sf_key_folder_contacts(const char *folder, const struct sf_contact *contacts,
	size_t count, struct sf_view passphrase, const struct sf_env *env,
	struct sf_enrolment *ret_request, struct sf_diag *diag)
{
	struct sf_enrolment request;
	struct making making = {.folder = folder,
		.passphrase = passphrase,
		.env = env,
		.entry = &request.entry,
		.now_ms = env->now_ms(env->self),
		.diag = diag};
	struct sf_id identity = {{0}};
	enum sf_err err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_key_folder_show(folder, &request, diag);
	if (!err)
		err = fill_contacts(contacts, count, &request.entry, diag);
	if (!err)
		err = sf_keyring_open(&making.keyring);
	if (!err)
		err = open_identity(&making, &identity);
	if (!err)
		err = save_request(&making, identity, ret_request);
	sf_keyring_close(&making.keyring);
	return err;
}

enum sf_err sf_key_folder_activate(
	const char *folder, struct sf_view passphrase, struct sf_diag *diag)
{
	struct sf_enrolment request;
	const struct making making = {
		.folder = folder, .passphrase = passphrase, .entry = &request.entry, .diag = diag};
	bool listed = false;
	enum sf_err err = sf_keys_folder_check(folder, diag);
	if (!err)
		err = sf_key_folder_show(folder, &request, diag);
	/* A key that cannot be opened or that nobody knows must not take the place of one in use.
	 */
	if (!err)
		err = find_next(&making, &listed);
	if (!err && !listed) {
		sf_diag_set(diag, "%s is not in %s: run stafet keys renew again",
			SF_KEYS_TRANSPORT_NEXT, SF_KEYS_REQUEST);
		err = SF_ERR_CONFLICT;
	}
	if (!err)
		err = move(folder, SF_KEYS_TRANSPORT_NEXT, SF_KEYS_TRANSPORT, diag);
	if (!err && request.entry.role == SF_ROLE_COORDINATOR)
		err = save_coordinator(folder, &request.entry, diag);
	return err;
}
