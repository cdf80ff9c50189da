#include "audit/policy.h"

#include "log/checkpoint.h"

bool sf_role_cosigns_as_hospital(enum sf_role role)
{
	return role == SF_ROLE_HOSPITAL || role == SF_ROLE_PSYCHIATRY;
}

bool sf_role_cosigns_as_municipality(enum sf_role role)
{
	return role == SF_ROLE_MUNICIPALITY || role == SF_ROLE_OTHER_MUNICIPALITY;
}

/* The newest that is valid: a policy names one key for each log and each witness. */
static const struct sf_directory_key *newest_key(
	const struct sf_directory_entry *entry, enum sf_key_use use, int64_t now_ms)
{
	const struct sf_directory_key *newest = NULL;
	for (size_t i = 0; entry && i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		if (key->use == use && sf_directory_key_valid(key, now_ms, now_ms) &&
			(!newest || key->not_before_ms >= newest->not_before_ms))
			newest = key;
	}
	return newest;
}

static enum sf_err append_vkey(const struct sf_crypto *crypto, const char *name,
	enum sf_note_key_type type, const struct sf_directory_key *key, struct sf_buf *buf)
{
	struct sf_note_key signer;
	char text[SF_NOTE_VKEY_SIZE];
	enum sf_err err = sf_note_key_make(crypto, name, type, key->public_key, &signer);
	if (err)
		return err;
	sf_note_vkey_format(&signer, text);
	return sf_buf_printf(buf, "%s\n", text);
}

static enum sf_err write_log(const struct sf_crypto *crypto, const struct sf_region_policy *region,
	struct sf_buf *buf, struct sf_diag *diag)
{
	const struct sf_directory_key *key =
		newest_key(sf_directory_party(region->directory, region->coordinator),
			SF_KEY_USE_LOG, region->now_ms);
	if (!key) {
		sf_diag_set(diag, "the directory has no valid key of the log");
		return SF_ERR_NOT_FOUND;
	}
	enum sf_err err = sf_buf_append_text(buf, "log ");
	return err ? err : append_vkey(crypto, region->origin, SF_NOTE_KEY_ED25519, key, buf);
}

/* A name must not end its comment. */
static bool is_plain(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name < ' ')
			return false;
	return true;
}

static enum sf_err write_witness(const struct sf_crypto *crypto,
	const struct sf_directory_entry *entry, const struct sf_directory_key *key,
	struct sf_buf *buf)
{
	char digits[SF_ID_TEXT_SIZE], name[SF_WITNESS_NAME_SIZE];
	sf_id_format(entry->party, digits);
	sf_witness_name(entry->party, name);
	enum sf_err err = SF_OK;
	if (is_plain(entry->name))
		err = sf_buf_printf(buf, "# %s (%s)\n", entry->name, sf_role_text(entry->role));
	if (!err)
		err = sf_buf_printf(buf, "witness %s ", digits);
	return err ? err : append_vkey(crypto, name, SF_NOTE_KEY_COSIGNATURE, key, buf);
}

static enum sf_err write_witnesses(
	const struct sf_crypto *crypto, const struct sf_region_policy *region, struct sf_buf *buf)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < sf_directory_count(region->directory) && !err; i++) {
		const struct sf_directory_entry *entry = sf_directory_at(region->directory, i);
		const struct sf_directory_key *key =
			newest_key(entry, SF_KEY_USE_WITNESS, region->now_ms);
		if (key)
			err = write_witness(crypto, entry, key, buf);
	}
	return err;
}

static enum sf_err write_group(const struct sf_region_policy *region, const char *name,
	bool (*counts)(enum sf_role role), uint32_t needed, struct sf_buf *buf,
	struct sf_diag *diag)
{
	enum sf_err err = sf_buf_printf(buf, "group %s %u", name, needed);
	uint32_t count = 0;
	for (size_t i = 0; i < sf_directory_count(region->directory) && !err; i++) {
		const struct sf_directory_entry *entry = sf_directory_at(region->directory, i);
		if (!counts(entry->role) || !newest_key(entry, SF_KEY_USE_WITNESS, region->now_ms))
			continue;
		char digits[SF_ID_TEXT_SIZE];
		sf_id_format(entry->party, digits);
		err = sf_buf_printf(buf, " %s", digits);
		count++;
	}
	if (!err && count < needed) {
		sf_diag_set(diag, "the quorum needs %u %s, and %u have published a witness key",
			needed, name, count);
		return SF_ERR_NOT_FOUND;
	}
	return err ? err : sf_buf_append_text(buf, "\n");
}

static enum sf_err write_quorum(
	const struct sf_region_policy *region, struct sf_buf *buf, struct sf_diag *diag)
{
	bool hospitals = region->hospitals > 0, municipalities = region->municipalities > 0;
	enum sf_err err = SF_OK;
	if (hospitals)
		err = write_group(region, "hospitals", sf_role_cosigns_as_hospital,
			region->hospitals, buf, diag);
	if (!err && municipalities)
		err = write_group(region, "municipalities", sf_role_cosigns_as_municipality,
			region->municipalities, buf, diag);
	if (err)
		return err;
	if (hospitals && municipalities)
		return sf_buf_append_text(
			buf, "group region all hospitals municipalities\nquorum region\n");
	return sf_buf_printf(buf, "quorum %s\n",
		hospitals        ? "hospitals"
		: municipalities ? "municipalities"
				 : "none");
}

static enum sf_err write_registrars(const struct sf_registrars *registrars, struct sf_buf *buf)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < registrars->count && !err; i++) {
		err = sf_buf_append_text(buf, "registrar ");
		for (size_t j = 0; j < SF_PUBLIC_KEY_SIZE && !err; j++)
			err = sf_buf_printf(buf, "%02x", registrars->keys[i][j]);
		if (!err)
			err = sf_buf_append_text(buf, "\n");
	}
	return err ? err : sf_buf_printf(buf, "registrars %zu\n", registrars->threshold);
}

enum sf_err sf_region_policy_write(const struct sf_crypto *crypto,
	const struct sf_region_policy *region, struct sf_buf *buf, struct sf_diag *diag)
{
	size_t before = buf->size;
	enum sf_err err = write_log(crypto, region, buf, diag);
	if (!err)
		err = write_witnesses(crypto, region, buf);
	if (!err)
		err = write_quorum(region, buf, diag);
	if (!err)
		err = write_registrars(region->registrars, buf);
	if (err)
		buf->size = before;
	return err;
}
