#include "audit/epoch.h"

#include <string.h>

static const char label[] = "stafet/v1/epoch";

/* Both origins name one log, and the new epoch is the next. */
static enum sf_err read_origins(struct sf_declared_epoch *epoch, struct sf_diag *diag)
{
	char old[SF_NOTE_NAME_SIZE], log[SF_NOTE_NAME_SIZE];
	const struct sf_view texts[2] = {epoch->record.old_origin, epoch->record.origin};
	char *places[2] = {old, epoch->origin};
	uint32_t old_epoch = 0;
	for (size_t i = 0; i < 2; i++) {
		if (texts[i].size >= SF_NOTE_NAME_SIZE || !sf_note_name_valid(texts[i])) {
			sf_diag_set(diag, "an origin is not the name of a log");
			return SF_ERR_FORMAT;
		}
		memcpy(places[i], texts[i].data, texts[i].size);
		places[i][texts[i].size] = '\0';
	}
	if (sf_origin_parse(old, log, &old_epoch) ||
		sf_origin_parse(epoch->origin, epoch->log, &epoch->epoch) ||
		strcmp(log, epoch->log) != 0 || epoch->epoch != old_epoch + 1 || epoch->epoch < 2) {
		sf_diag_set(diag, "the new origin is not the next epoch of the same log");
		return SF_ERR_FORMAT;
	}
	return SF_OK;
}

static enum sf_err read_note(struct sf_declared_epoch *epoch, struct sf_diag *diag)
{
	struct sf_note note;
	enum sf_err err = sf_note_parse(epoch->record.old_note, &note, diag);
	if (!err)
		err = sf_checkpoint_parse(note.text, &epoch->stands, diag);
	if (err)
		return err;
	if (!sf_view_equal(sf_view_text(epoch->stands.origin), epoch->record.old_origin) ||
		epoch->stands.size != epoch->record.common_size) {
		sf_diag_set(diag, "its note is not of the old epoch at the common size");
		return SF_ERR_FORMAT;
	}
	if (epoch->record.directory_version < epoch->stands.directory_version) {
		sf_diag_set(diag, "its directory is older than that of its note");
		return SF_ERR_FORMAT;
	}
	return SF_OK;
}

enum sf_err sf_epoch_read(const struct sf_crypto *crypto, struct sf_view record,
	struct sf_declared_epoch *ret_epoch, struct sf_diag *diag)
{
	struct sf_declared_epoch *epoch = ret_epoch;
	*epoch = (struct sf_declared_epoch){.epoch = 0};
	enum sf_err err = sf_epoch_decode(record, &epoch->record, diag);
	if (!err)
		err = read_origins(epoch, diag);
	if (!err)
		err = read_note(epoch, diag);
	if (err)
		return err;
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), record};
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &epoch->digest);
	return SF_OK;
}

enum sf_err sf_epoch_open(const struct sf_crypto *crypto, const struct sf_registrars *registrars,
	struct sf_view signed_record, struct sf_declared_epoch *ret_epoch, struct sf_diag *diag)
{
	struct sf_signed_record record;
	enum sf_err err = sf_signed_record_decode(signed_record, &record, diag);
	if (!err)
		err = sf_epoch_read(crypto, record.record, ret_epoch, diag);
	if (err)
		return err;
	if (registrars->threshold > 0 && sf_registrars_signed(crypto, registrars, &record, "epoch"))
		return SF_OK;
	sf_diag_set(diag, "not signed by enough of the pinned registrars");
	return SF_ERR_AUTH;
}
