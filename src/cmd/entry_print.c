#include "cmd/entry_print.h"

#include <stdio.h>

#include "base/time.h"
#include "text/json_write.h"
#include "view/shown.h"

#define JSON_SIZE_MAX ((size_t)65536)

static void print_key(const struct sf_directory_key *key)
{
	char id[SF_ID_TEXT_SIZE], from[SF_TIME_TEXT_SIZE], until[SF_TIME_TEXT_SIZE];
	sf_id_format(key->id, id);
	sf_time_format(key->not_before_ms, from);
	sf_time_format(key->not_after_ms, until);
	printf("  %-9s %s  %.10s to %.10s", sf_key_use_text(key->use), id, from, until);
	if (key->revoked_ms) {
		char revoked[SF_TIME_TEXT_SIZE];
		sf_time_format(key->revoked_ms, revoked);
		printf("  REVOKED %s", revoked);
	}
	if (key->compromised_since_ms) {
		char since[SF_TIME_TEXT_SIZE];
		sf_time_format(key->compromised_since_ms, since);
		printf("  compromised since %s", since);
	}
	printf("\n");
}

static void print_line(const char *word, const char *value)
{
	if (value[0])
		printf("%-12s %s\n", word, value);
}

static void print_contact(const struct sf_contact *contact)
{
	printf("  %-16s %-8s  %s-%s  %s\n", contact->telephone, sf_contact_days_text(contact->days),
		sf_show_minute_of_day((uint32_t)contact->from_minute).text,
		sf_show_minute_of_day((uint32_t)contact->until_minute).text,
		sf_show_text(contact->what).text);
}

void sf_entry_print_text(const struct sf_entry_print *print)
{
	const struct sf_directory_entry *entry = print->entry;
	char id[SF_ID_TEXT_SIZE], words[SF_FINGERPRINT_TEXT_SIZE];
	sf_id_format(entry->party, id);
	print_line("party", id);
	print_line("name", entry->name);
	print_line("role", sf_role_text(entry->role));
	print_line("sor", entry->sor);
	print_line("gln", entry->gln);
	print_line("support", entry->support);
	if (!sf_id_is_none(entry->represented_by)) {
		sf_id_format(entry->represented_by, id);
		print_line("represented", id);
	}
	if (entry->version)
		printf("%-12s %llu\n", "version", (unsigned long long)entry->version);
	if (print->signature_count)
		printf("%-12s %zu\n", "signatures", print->signature_count);
	if (print->made_ms) {
		char made[SF_TIME_TEXT_SIZE];
		sf_time_format(print->made_ms, made);
		print_line("made", made);
	}
	if (entry->contact_count)
		printf("contacts\n");
	for (size_t i = 0; i < entry->contact_count; i++)
		print_contact(&entry->contacts[i]);
	printf("keys\n");
	for (size_t i = 0; i < entry->key_count; i++)
		print_key(&entry->keys[i]);
	sf_fingerprint_format(print->digest, words);
	print_line("fingerprint", words);
}

static void write_time(struct sf_json_writer *writer, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	if (time_ms == 0)
		return;
	sf_time_format(time_ms, text);
	sf_json_text(writer, name, text);
}

static void write_key(struct sf_json_writer *writer, const struct sf_directory_key *key)
{
	char id[SF_ID_TEXT_SIZE], digits[SF_DIGEST_TEXT_SIZE];
	sf_id_format(key->id, id);
	sf_hex_encode(sf_view_of(key->public_key, sizeof(key->public_key)), digits);
	sf_json_object(writer, NULL);
	sf_json_text(writer, "id", id);
	sf_json_text(writer, "use", sf_key_use_text(key->use));
	sf_json_text(writer, "public", digits);
	write_time(writer, "not_before", key->not_before_ms);
	write_time(writer, "not_after", key->not_after_ms);
	write_time(writer, "revoked", key->revoked_ms);
	write_time(writer, "compromised_since", key->compromised_since_ms);
	sf_json_close(writer);
}

static void write_contact(struct sf_json_writer *writer, const struct sf_contact *contact)
{
	sf_json_object(writer, NULL);
	sf_json_text(writer, "telephone", contact->telephone);
	sf_json_text(writer, "what", contact->what);
	sf_json_text(writer, "days", sf_contact_days_text(contact->days));
	sf_json_text(writer, "from", sf_show_minute_of_day((uint32_t)contact->from_minute).text);
	sf_json_text(writer, "until", sf_show_minute_of_day((uint32_t)contact->until_minute).text);
	sf_json_close(writer);
}

static void write_entry(struct sf_json_writer *writer, const struct sf_entry_print *print)
{
	const struct sf_directory_entry *entry = print->entry;
	char id[SF_ID_TEXT_SIZE], words[SF_FINGERPRINT_TEXT_SIZE], digest[SF_DIGEST_TEXT_SIZE];
	sf_id_format(entry->party, id);
	sf_json_object(writer, NULL);
	sf_json_text(writer, "party", id);
	sf_json_text(writer, "name", entry->name);
	sf_json_text(writer, "role", sf_role_text(entry->role));
	sf_json_text(writer, "sor", entry->sor);
	sf_json_text(writer, "gln", entry->gln);
	sf_json_text(writer, "support", entry->support);
	if (!sf_id_is_none(entry->represented_by)) {
		sf_id_format(entry->represented_by, id);
		sf_json_text(writer, "represented_by", id);
	}
	if (entry->version)
		sf_json_int(writer, "version", (int64_t)entry->version);
	if (print->signature_count)
		sf_json_int(writer, "signatures", (int64_t)print->signature_count);
	write_time(writer, "made", print->made_ms);
	sf_json_array(writer, "contacts");
	for (size_t i = 0; i < entry->contact_count; i++)
		write_contact(writer, &entry->contacts[i]);
	sf_json_close(writer);
	sf_json_array(writer, "keys");
	for (size_t i = 0; i < entry->key_count; i++)
		write_key(writer, &entry->keys[i]);
	sf_json_close(writer);
	sf_digest_format(print->digest, digest);
	sf_json_text(writer, "digest", digest);
	sf_fingerprint_format(print->digest, words);
	sf_json_text(writer, "fingerprint", words);
	sf_json_close(writer);
}

enum sf_err sf_entry_print_json(const struct sf_entry_print *print)
{
	struct sf_buf buf;
	sf_buf_init(&buf, JSON_SIZE_MAX);
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, &buf);
	write_entry(&writer, print);
	enum sf_err err = sf_json_writer_end(&writer);
	if (!err)
		printf("%.*s\n", (int)buf.size, (const char *)buf.data);
	sf_buf_fini(&buf);
	return err;
}
