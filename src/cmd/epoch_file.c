#include "cmd/epoch_file.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/time.h"
#include "cmd/enrolment.h"
#include "crypto/port.h"
#include "crypto/record.h"
#include "text/json_write.h"

#define JSON_SIZE_MAX ((size_t)65536)
#define ROOT_TEXT_SIZE 48

static const char record_name[] = "epoch";

/* A note of another key is no fault: a coordinator may have a newer one. People are told. */
static bool signed_note(const struct sf_crypto *crypto, const struct sf_declared_epoch *declared)
{
	struct sf_note_key key;
	struct sf_checkpoint checkpoint;
	return !sf_note_key_make(crypto, declared->stands.origin, SF_NOTE_KEY_ED25519,
		       declared->record.log_key, &key) &&
	       !sf_checkpoint_open(crypto, declared->record.old_note, &key, &checkpoint, NULL);
}

enum sf_err sf_epoch_file_read(
	struct sf_view bytes, struct sf_epoch_file *ret_file, struct sf_diag *diag)
{
	struct sf_epoch_file file = {.record = {.record = bytes}};
	struct sf_crypto crypto;
	/* Hashes and public keys need no secret. */
	sf_crypto_port(NULL, &crypto);
	enum sf_err err = SF_OK;
	if (sf_epoch_read(&crypto, bytes, &file.declared, NULL)) {
		err = sf_signed_record_decode(bytes, &file.record, diag);
		if (!err)
			err = sf_epoch_read(&crypto, file.record.record, &file.declared, diag);
	}
	if (err)
		return err;
	file.key_signed_note = signed_note(&crypto, &file.declared);
	*ret_file = file;
	return SF_OK;
}

enum sf_err sf_epoch_file_sign(struct sf_keyring *keyring, struct sf_id key_id,
	const struct sf_epoch_file *file, struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_signed_record record = file->record;
	for (size_t i = 0; i < record.signature_count; i++) {
		if (sf_id_equal(record.signatures[i].key_id, key_id)) {
			sf_diag_set(diag, "this registrar has signed it already");
			return SF_ERR_EXISTS;
		}
	}
	if (record.signature_count == SF_RECORD_SIGNATURES_MAX) {
		sf_diag_set(diag, "the epoch has as many signatures as it can");
		return SF_ERR_LIMIT;
	}
	struct sf_record_signature *signature = &record.signatures[record.signature_count++];
	signature->key_id = key_id;
	enum sf_err err =
		sf_record_sign(keyring, key_id, record_name, record.record, signature->signature);
	return err ? err : sf_signed_record_encode(&record, buf);
}

/* As the note has it. */
static void format_root(const struct sf_digest *root, char ret_text[ROOT_TEXT_SIZE])
{
	struct sf_buf buf;
	sf_buf_init(&buf, ROOT_TEXT_SIZE - 1);
	int size = 0;
	if (!sf_base64_append(&buf, sf_digest_view(root)))
		size = (int)buf.size;
	snprintf(ret_text, ROOT_TEXT_SIZE, "%.*s", size, size ? (const char *)buf.data : "");
	sf_buf_fini(&buf);
}

void sf_epoch_file_print_text(const struct sf_epoch_file *file)
{
	const struct sf_declared_epoch *declared = &file->declared;
	char made[SF_TIME_TEXT_SIZE], root[ROOT_TEXT_SIZE], key[SF_ID_TEXT_SIZE];
	char words[SF_FINGERPRINT_TEXT_SIZE];
	sf_time_format(declared->record.made_ms, made);
	format_root(&declared->stands.root, root);
	sf_id_format(sf_key_id_ed25519(declared->record.log_key), key);
	sf_fingerprint_format(&declared->digest, words);
	printf("%-12s %" PRIu32 ", %s\n", "new epoch", declared->epoch, declared->origin);
	printf("%-12s the first %" PRIu64 " entries of epoch %" PRIu32 "\n", "stands",
		declared->stands.size, declared->epoch - 1);
	printf("%-12s %s\n", "root", root);
	printf("%-12s every later entry of epoch %" PRIu32 ": nodes hand it in again\n", "void",
		declared->epoch - 1);
	printf("%-12s up to version %" PRIu64 " comes back before anything else\n", "directory",
		declared->record.directory_version);
	printf("%-12s %s%s\n", "log key", key,
		file->key_signed_note ? "" : ": NOT the key that signed what stands, ask why");
	printf("%-12s %s\n", "made", made);
	if (file->record.signature_count)
		printf("%-12s %zu\n", "signatures", file->record.signature_count);
	printf("%-12s %s\n", "fingerprint", words);
}

static void write_file(struct sf_json_writer *writer, const struct sf_epoch_file *file)
{
	const struct sf_declared_epoch *declared = &file->declared;
	char made[SF_TIME_TEXT_SIZE], root[ROOT_TEXT_SIZE], key[SF_ID_TEXT_SIZE];
	char words[SF_FINGERPRINT_TEXT_SIZE], digest[SF_DIGEST_TEXT_SIZE];
	sf_time_format(declared->record.made_ms, made);
	format_root(&declared->stands.root, root);
	sf_id_format(sf_key_id_ed25519(declared->record.log_key), key);
	sf_fingerprint_format(&declared->digest, words);
	sf_digest_format(&declared->digest, digest);
	sf_json_object(writer, NULL);
	sf_json_int(writer, "epoch", declared->epoch);
	sf_json_text(writer, "origin", declared->origin);
	sf_json_int(writer, "common_size", (int64_t)declared->stands.size);
	sf_json_text(writer, "root", root);
	sf_json_int(writer, "directory_version", (int64_t)declared->record.directory_version);
	sf_json_text(writer, "log_key", key);
	sf_json_bool(writer, "log_key_signed_note", file->key_signed_note);
	sf_json_text_view(writer, "note", declared->record.old_note);
	sf_json_text(writer, "made", made);
	sf_json_int(writer, "signatures", (int64_t)file->record.signature_count);
	sf_json_text(writer, "digest", digest);
	sf_json_text(writer, "fingerprint", words);
	sf_json_close(writer);
}

enum sf_err sf_epoch_file_print_json(const struct sf_epoch_file *file)
{
	struct sf_buf buf;
	sf_buf_init(&buf, JSON_SIZE_MAX);
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &buf);
	write_file(&writer, file);
	enum sf_err err = sf_json_writer_end(&writer);
	if (!err)
		printf("%.*s\n", (int)buf.size, (const char *)buf.data);
	sf_buf_fini(&buf);
	return err;
}
