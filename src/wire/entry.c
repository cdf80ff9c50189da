#include <string.h>

#include "directory.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/field.h"
#include "wire/record.h"
#include "wire/strict.h"

/* An entry unpacked: its copies, up to 64 keys, and protobuf-c's lists of fields. */
#define ARENA_SIZE (4 * SF_DIRECTORY_ENTRY_SIZE_MAX)
#define FORMAT_VERSION 1 /* the header format and the suite that this version knows */
#define SUITE_VERSION 1

static const struct sf_strict strict = {.count_max = SF_PARTY_KEYS_MAX};

static enum sf_err read_key(
	const Stafet__V1__Key *in, struct sf_directory_key *out, struct sf_diag *diag)
{
	enum sf_err err = sf_code_key_use(in->use, "use", &out->use, diag);
	if (err)
		return err;
	if (in->public_key.len != sizeof(out->public_key)) {
		sf_diag_set(diag, "public_key is not 32 bytes");
		return SF_ERR_FORMAT;
	}
	if (in->not_before_ms < 0 || in->not_after_ms < in->not_before_ms || in->revoked_ms < 0 ||
		in->compromised_since_ms < 0) {
		sf_diag_set(diag, "times of validity that cannot be");
		return SF_ERR_FORMAT;
	}
	memcpy(out->public_key, in->public_key.data, sizeof(out->public_key));
	out->not_before_ms = in->not_before_ms;
	out->not_after_ms = in->not_after_ms;
	out->revoked_ms = in->revoked_ms;
	out->compromised_since_ms = in->compromised_since_ms;
	return SF_OK;
}

static enum sf_err read_keys(Stafet__V1__Key *const *keys, size_t count,
	struct sf_directory_entry *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(count, 0, SF_PARTY_KEYS_MAX, "number of keys", diag);
	for (size_t i = 0; !err && i < count; i++) {
		err = read_key(keys[i], &out->keys[i], diag);
		out->key_count = i + 1;
	}
	if (err)
		sf_diag_prefix(diag, "keys");
	return err;
}

static enum sf_err read_contact(
	const Stafet__V1__Desk *in, struct sf_contact *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_text(
		in->telephone, "telephone", out->telephone, sizeof(out->telephone), diag);
	if (!err)
		err = sf_field_text(in->what, "what", out->what, sizeof(out->what), diag);
	if (!err)
		err = sf_field_range(in->from_minute, 0, INT16_MAX, "from_minute", diag);
	if (!err)
		err = sf_field_range(in->until_minute, 0, INT16_MAX, "until_minute", diag);
	if (err)
		return err;
	out->days = (enum sf_contact_days)in->days;
	out->from_minute = (int32_t)in->from_minute;
	out->until_minute = (int32_t)in->until_minute;
	return sf_contact_check(out, diag);
}

static enum sf_err read_contacts(Stafet__V1__Desk *const *contacts, size_t count,
	struct sf_directory_entry *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(count, 0, SF_CONTACTS_MAX, "number of contacts", diag);
	for (size_t i = 0; !err && i < count; i++) {
		err = read_contact(contacts[i], &out->contacts[i], diag);
		out->contact_count = i + 1;
	}
	if (err)
		sf_diag_prefix(diag, "contacts");
	return err;
}

/* What entry and request have in common. */
struct common {
	ProtobufCBinaryData party;
	const char *name;
	uint32_t role;
	const char *sor;
	const char *gln;
	const char *support;
	Stafet__V1__Desk *const *contacts;
	size_t contact_count;
};

static enum sf_err read_common(
	const struct common *in, struct sf_directory_entry *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->party, "party", &out->party, diag);
	if (!err)
		err = sf_field_text(in->name, "name", out->name, sizeof(out->name), diag);
	if (!err && out->name[0] == '\0') {
		sf_diag_set(diag, "name is missing");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_code_role(in->role, "role", &out->role, diag);
	if (!err)
		err = sf_field_text(in->sor, "sor", out->sor, sizeof(out->sor), diag);
	if (!err)
		err = sf_field_text(in->gln, "gln", out->gln, sizeof(out->gln), diag);
	if (!err)
		err = sf_field_text(
			in->support, "support", out->support, sizeof(out->support), diag);
	if (!err)
		err = read_contacts(in->contacts, in->contact_count, out, diag);
	return err;
}

/* The first entry of a party has version 1 and no predecessor, every other one has both. */
static enum sf_err read_chain(
	const Stafet__V1__Entry *in, struct sf_directory_entry *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id_or_none(
		in->represented_by, "represented_by", &out->represented_by, diag);
	if (!err)
		err = sf_field_range(in->version, 1, UINT64_MAX, "version", diag);
	if (!err)
		err = sf_field_digest_or_none(in->previous, "previous", &out->previous, diag);
	if (!err && (in->previous.len == 0) != (in->version == 1)) {
		sf_diag_set(diag, "version and previous do not agree");
		err = SF_ERR_FORMAT;
	}
	out->version = in->version;
	return err;
}

/* arena is the caller's to free, whatever the result. */
static enum sf_err unpack(const ProtobufCMessageDescriptor *descriptor, struct sf_view bytes,
	struct sf_arena *arena, void **ret_message, struct sf_diag *diag)
{
	if (bytes.size > SF_DIRECTORY_ENTRY_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", SF_DIRECTORY_ENTRY_SIZE_MAX);
		return SF_ERR_FORMAT;
	}
	enum sf_err err = sf_strict_check(&strict, descriptor, bytes, diag);
	if (err)
		return err;
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, arena);
	return sf_proto_unpack(descriptor, bytes, &allocator, ret_message, diag);
}

enum sf_err sf_entry_decode(
	struct sf_view bytes, struct sf_directory_entry *ret_entry, struct sf_diag *diag)
{
	struct sf_directory_entry entry = {0};
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	void *unpacked = NULL;
	enum sf_err err = unpack(&stafet__v1__entry__descriptor, bytes, &arena, &unpacked, diag);
	if (!err) {
		const Stafet__V1__Entry *in = unpacked;
		const struct common common = {in->party, in->name, in->role, in->sor, in->gln,
			in->support, in->contacts, in->n_contacts};
		err = read_common(&common, &entry, diag);
		if (!err)
			err = read_chain(in, &entry, diag);
		if (!err)
			err = read_keys(in->keys, in->n_keys, &entry, diag);
	}
	sf_arena_fini(&arena);
	if (err) {
		sf_diag_prefix(diag, "directory entry");
		return err;
	}
	*ret_entry = entry;
	return SF_OK;
}

enum sf_err sf_request_decode(struct sf_view bytes, struct sf_directory_entry *ret_entry,
	int64_t *ret_made_ms, struct sf_diag *diag)
{
	struct sf_directory_entry entry = {0};
	int64_t made_ms = 0;
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	void *unpacked = NULL;
	enum sf_err err =
		unpack(&stafet__v1__enrolment_request__descriptor, bytes, &arena, &unpacked, diag);
	if (!err) {
		const Stafet__V1__EnrolmentRequest *in = unpacked;
		const struct common common = {in->party, in->name, in->role, in->sor, in->gln,
			in->support, in->contacts, in->n_contacts};
		made_ms = in->made_ms;
		err = read_common(&common, &entry, diag);
		if (!err)
			err = sf_field_time(made_ms, "made_ms", diag);
		if (!err)
			err = read_keys(in->keys, in->n_keys, &entry, diag);
	}
	sf_arena_fini(&arena);
	if (err) {
		sf_diag_prefix(diag, "enrolment request");
		return err;
	}
	*ret_entry = entry;
	*ret_made_ms = made_ms;
	return SF_OK;
}

/* Room for the keys of an entry while it is packed. */
struct packed_keys {
	Stafet__V1__Key keys[SF_PARTY_KEYS_MAX];
	Stafet__V1__Key *pointers[SF_PARTY_KEYS_MAX];
};

static void write_keys(const struct sf_directory_entry *entry, struct packed_keys *out)
{
	for (size_t i = 0; i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		stafet__v1__key__init(&out->keys[i]);
		out->keys[i].use = key->use;
		out->keys[i].public_key =
			sf_field_of_view(sf_view_of(key->public_key, sizeof(key->public_key)));
		out->keys[i].not_before_ms = key->not_before_ms;
		out->keys[i].not_after_ms = key->not_after_ms;
		out->keys[i].revoked_ms = key->revoked_ms;
		out->keys[i].compromised_since_ms = key->compromised_since_ms;
		out->pointers[i] = &out->keys[i];
	}
}

/* The same of its contacts; texts are the entry's. */
struct packed_contacts {
	Stafet__V1__Desk contacts[SF_CONTACTS_MAX];
	Stafet__V1__Desk *pointers[SF_CONTACTS_MAX];
};

static void write_contacts(const struct sf_directory_entry *entry, struct packed_contacts *out)
{
	for (size_t i = 0; i < entry->contact_count; i++) {
		const struct sf_contact *contact = &entry->contacts[i];
		stafet__v1__desk__init(&out->contacts[i]);
		out->contacts[i].telephone = sf_field_of_text(contact->telephone);
		out->contacts[i].what = sf_field_of_text(contact->what);
		out->contacts[i].days = contact->days;
		out->contacts[i].from_minute = (uint32_t)contact->from_minute;
		out->contacts[i].until_minute = (uint32_t)contact->until_minute;
		out->pointers[i] = &out->contacts[i];
	}
}

static bool is_too_much(const struct sf_directory_entry *entry)
{
	return entry->key_count > SF_PARTY_KEYS_MAX || entry->contact_count > SF_CONTACTS_MAX;
}

enum sf_err sf_entry_encode(const struct sf_directory_entry *entry, struct sf_buf *buf)
{
	if (is_too_much(entry))
		return SF_ERR_LIMIT;
	struct packed_keys keys;
	struct packed_contacts contacts;
	write_keys(entry, &keys);
	write_contacts(entry, &contacts);
	uint32_t formats[1] = {FORMAT_VERSION};
	uint32_t suites[1] = {SUITE_VERSION};
	Stafet__V1__Entry out = STAFET__V1__ENTRY__INIT;
	out.party = sf_field_of_id(&entry->party);
	out.name = sf_field_of_text(entry->name);
	out.role = entry->role;
	out.sor = sf_field_of_text(entry->sor);
	out.gln = sf_field_of_text(entry->gln);
	out.n_keys = entry->key_count;
	out.keys = keys.pointers;
	out.n_formats = SF_COUNT(formats);
	out.formats = formats;
	out.n_suites = SF_COUNT(suites);
	out.suites = suites;
	out.represented_by = sf_field_of_id(&entry->represented_by);
	out.support = sf_field_of_text(entry->support);
	out.n_contacts = entry->contact_count;
	out.contacts = contacts.pointers;
	out.version = entry->version;
	if (entry->version > 1)
		out.previous = sf_field_of_whole_digest(&entry->previous);
	return sf_proto_pack(&out.base, buf);
}

enum sf_err sf_request_encode(
	const struct sf_directory_entry *entry, int64_t made_ms, struct sf_buf *buf)
{
	if (is_too_much(entry))
		return SF_ERR_LIMIT;
	struct packed_keys keys;
	struct packed_contacts contacts;
	write_keys(entry, &keys);
	write_contacts(entry, &contacts);
	Stafet__V1__EnrolmentRequest out = STAFET__V1__ENROLMENT_REQUEST__INIT;
	out.party = sf_field_of_id(&entry->party);
	out.name = sf_field_of_text(entry->name);
	out.role = entry->role;
	out.sor = sf_field_of_text(entry->sor);
	out.gln = sf_field_of_text(entry->gln);
	out.n_keys = entry->key_count;
	out.keys = keys.pointers;
	out.support = sf_field_of_text(entry->support);
	out.n_contacts = entry->contact_count;
	out.contacts = contacts.pointers;
	out.made_ms = made_ms;
	return sf_proto_pack(&out.base, buf);
}
