#include "crypto/keyfile.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "crypto/keyfile_disk.h"

#define TITLE "stafet-key 1"
#define SALT_SIZE ((size_t)crypto_pwhash_argon2id_SALTBYTES)
#define NONCE_SIZE ((size_t)crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
#define TAG_SIZE ((size_t)crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define LINE_SIZE_MAX ((size_t)256)

/*
 * 64 MiB and 3 passes cost a start about 0.2 s (RFC 9106 section 4, second recommended choice). The
 * ceilings keep a damaged or hostile file from taking the machine.
 */
#define PASSES 3UL
#define PASSES_MAX 16UL
#define MEMORY_KIB 65536UL
#define MEMORY_KIB_MAX 1048576UL

enum protection_kind { PROTECTION_NONE, PROTECTION_ARGON2ID };

struct protection {
	enum protection_kind kind;
	unsigned long passes;
	unsigned long memory_kib;
	uint8_t salt[SALT_SIZE];
	uint8_t nonce[NONCE_SIZE];
};

/* The AEAD over the secret with a key from the passphrase; bound is all text above the secret. */
static enum sf_err passphrase_key(
	const struct protection *protection, struct sf_view passphrase, struct sf_secret *ret_key)
{
	struct sf_secret key;
	enum sf_err err = sf_secret_init(&key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
	if (err)
		return err;
	if (crypto_pwhash(key.bytes, key.size, (const char *)passphrase.data, passphrase.size,
		    protection->salt, protection->passes, protection->memory_kib * 1024,
		    crypto_pwhash_ALG_ARGON2ID13) != 0) {
		sf_secret_fini(&key);
		return SF_ERR_MEMORY;
	}
	*ret_key = key;
	return SF_OK;
}

static enum sf_err encrypt(const struct protection *protection, struct sf_view passphrase,
	struct sf_view bound, const uint8_t secret[SF_KEY_SECRET_SIZE], uint8_t *ret_cipher)
{
	struct sf_secret key;
	enum sf_err err = passphrase_key(protection, passphrase, &key);
	if (err)
		return err;
	crypto_aead_xchacha20poly1305_ietf_encrypt(ret_cipher, NULL, secret, SF_KEY_SECRET_SIZE,
		bound.data, bound.size, NULL, protection->nonce, key.bytes);
	sf_secret_fini(&key);
	return SF_OK;
}

static enum sf_err decrypt(const struct protection *protection, struct sf_view passphrase,
	struct sf_view bound, struct sf_view cipher, uint8_t ret_secret[SF_KEY_SECRET_SIZE])
{
	struct sf_secret key;
	enum sf_err err = passphrase_key(protection, passphrase, &key);
	if (err)
		return err;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(ret_secret, NULL, NULL, cipher.data,
		    cipher.size, bound.data, bound.size, protection->nonce, key.bytes) != 0)
		err = SF_ERR_AUTH;
	sf_secret_fini(&key);
	return err;
}

/* Text as it is built: locked memory, since it ends with the secret. */
struct text {
	struct sf_secret memory;
	size_t size;
};

static void put(struct text *text, const char *part)
{
	size_t size = strlen(part);
	SF_ASSERT(text->size + size < text->memory.size);
	memcpy(text->memory.bytes + text->size, part, size);
	text->size += size;
}

/* Straight into the locked memory, so that no copy of a secret is left on the stack. */
static void put_hex(struct text *text, struct sf_view bytes)
{
	SF_ASSERT(text->size + 2 * bytes.size + 1 < text->memory.size);
	sodium_bin2hex((char *)text->memory.bytes + text->size, 2 * bytes.size + 1, bytes.data,
		bytes.size);
	text->size += 2 * bytes.size;
}

static void put_head(
	struct text *text, const struct sf_key *key, const struct protection *protection)
{
	put(text, TITLE "\nkind ");
	put(text, sf_key_kind_text(key->kind));
	if (sf_key_type_of(key->kind) != SF_KEY_TYPE_SHARED) {
		put(text, "\npublic ");
		put_hex(text, sf_view_of(key->public_key, sizeof(key->public_key)));
	}
	if (protection->kind == PROTECTION_NONE) {
		put(text, "\nprotection none\n");
		return;
	}
	char numbers[64];
	snprintf(numbers, sizeof(numbers), "\nprotection argon2id %lu %lu ", protection->passes,
		protection->memory_kib);
	put(text, numbers);
	put_hex(text, sf_view_of(protection->salt, sizeof(protection->salt)));
	put(text, " ");
	put_hex(text, sf_view_of(protection->nonce, sizeof(protection->nonce)));
	put(text, "\n");
}

enum sf_err sf_keyfile_write(const char *path, const struct sf_key *key, struct sf_view passphrase,
	bool replace, const struct sf_env *env, struct sf_diag *diag)
{
	struct protection protection = {.kind = PROTECTION_NONE};
	struct text text = {.size = 0};
	enum sf_err err = sf_secret_init(&text.memory, SF_KEYFILE_SIZE_MAX);
	if (err)
		return err;
	uint8_t cipher[SF_KEY_SECRET_SIZE + TAG_SIZE];
	struct sf_view written = sf_secret_view(&key->secret);
	if (passphrase.size > 0) {
		protection.kind = PROTECTION_ARGON2ID;
		protection.passes = PASSES;
		protection.memory_kib = MEMORY_KIB;
		env->random(env->self, protection.salt, sizeof(protection.salt));
		env->random(env->self, protection.nonce, sizeof(protection.nonce));
		written = sf_view_of(cipher, sizeof(cipher));
	}
	put_head(&text, key, &protection);
	if (protection.kind == PROTECTION_ARGON2ID)
		err = encrypt(&protection, passphrase, sf_view_of(text.memory.bytes, text.size),
			key->secret.bytes, cipher);
	if (err == SF_OK) {
		put(&text, "secret ");
		put_hex(&text, written);
		put(&text, "\n");
		err = sf_keyfile_store(
			path, sf_view_of(text.memory.bytes, text.size), replace, diag);
	} else {
		sf_diag_set(diag, "cannot encrypt key file %s: %s", path, sf_err_text(err));
	}
	sf_secret_fini(&text.memory);
	return err;
}

/* The value of the next line, which must begin with word and a blank; it is ended by a zero. */
static enum sf_err take_line(char **rest, const char *word, char **ret_value)
{
	char *end = strchr(*rest, '\n');
	size_t size = strlen(word);
	if (!end || (size_t)(end - *rest) > LINE_SIZE_MAX || strncmp(*rest, word, size) != 0 ||
		(*rest)[size] != ' ')
		return SF_ERR_FORMAT;
	*end = '\0';
	*ret_value = *rest + size + 1;
	*rest = end + 1;
	return SF_OK;
}

/* Decimal without sign or leading zero, 1 to max; *text moves behind it and one blank. */
static enum sf_err take_number(char **text, unsigned long max, unsigned long *ret_number)
{
	unsigned long number = 0;
	const char *start = *text;
	while (**text >= '0' && **text <= '9' && number <= max)
		number = number * 10 + (unsigned long)(*(*text)++ - '0');
	if (*text == start || *start == '0' || number > max || **text != ' ')
		return SF_ERR_FORMAT;
	(*text)++;
	*ret_number = number;
	return SF_OK;
}

static enum sf_err parse_protection(char *value, struct protection *ret_protection)
{
	static const char argon2id[] = "argon2id ";
	struct protection protection = {.kind = PROTECTION_NONE};
	if (strcmp(value, "none") == 0) {
		*ret_protection = protection;
		return SF_OK;
	}
	if (strncmp(value, argon2id, strlen(argon2id)) != 0)
		return SF_ERR_FORMAT;
	protection.kind = PROTECTION_ARGON2ID;
	value += strlen(argon2id);
	enum sf_err err = take_number(&value, PASSES_MAX, &protection.passes);
	if (err == SF_OK)
		err = take_number(&value, MEMORY_KIB_MAX, &protection.memory_kib);
	if (err == SF_OK && (protection.memory_kib < 8 || strlen(value) < 2 * SALT_SIZE + 1 ||
				    value[2 * SALT_SIZE] != ' '))
		err = SF_ERR_FORMAT;
	if (err)
		return err;
	value[2 * SALT_SIZE] = '\0';
	err = sf_hex_decode(value, protection.salt, SALT_SIZE);
	if (err == SF_OK)
		err = sf_hex_decode(value + 2 * SALT_SIZE + 1, protection.nonce, NONCE_SIZE);
	if (err == SF_OK)
		*ret_protection = protection;
	return err;
}

/* What a file says, before anything of it is believed. Pointers go into the loaded text. */
struct fields {
	enum sf_key_kind kind;
	uint8_t public_key[SF_PUBLIC_KEY_SIZE];
	struct protection protection;
	size_t bound_size; /* text above the line of the secret */
	char *secret;
};

static enum sf_err parse(char *text, struct fields *ret_fields)
{
	struct fields fields = {0};
	char *rest = text;
	char *value;
	enum sf_err err = take_line(&rest, "stafet-key", &value);
	if (err == SF_OK && strcmp(value, "1") != 0)
		err = SF_ERR_UNSUPPORTED;
	if (err == SF_OK)
		err = take_line(&rest, "kind", &value);
	if (err == SF_OK)
		err = sf_key_kind_parse(value, &fields.kind);
	if (err == SF_OK && sf_key_type_of(fields.kind) != SF_KEY_TYPE_SHARED) {
		err = take_line(&rest, "public", &value);
		if (err == SF_OK)
			err = sf_hex_decode(value, fields.public_key, SF_PUBLIC_KEY_SIZE);
	}
	if (err == SF_OK)
		err = take_line(&rest, "protection", &value);
	if (err == SF_OK)
		err = parse_protection(value, &fields.protection);
	fields.bound_size = (size_t)(rest - text);
	if (err == SF_OK)
		err = take_line(&rest, "secret", &fields.secret);
	if (err == SF_OK && *rest != '\0')
		err = SF_ERR_FORMAT;
	if (err == SF_OK)
		*ret_fields = fields;
	return err;
}

/* The secret of parsed fields; original is the text as loaded, which the AEAD covers. */
static enum sf_err secret_of(const struct fields *fields, struct sf_view original,
	struct sf_view passphrase, uint8_t ret_secret[SF_KEY_SECRET_SIZE])
{
	if (fields->protection.kind == PROTECTION_NONE)
		return sf_hex_decode(fields->secret, ret_secret, SF_KEY_SECRET_SIZE);
	uint8_t cipher[SF_KEY_SECRET_SIZE + TAG_SIZE];
	enum sf_err err = sf_hex_decode(fields->secret, cipher, sizeof(cipher));
	if (err)
		return err;
	return decrypt(&fields->protection, passphrase,
		sf_view_of(original.data, fields->bound_size), sf_view_of(cipher, sizeof(cipher)),
		ret_secret);
}

static enum sf_err refuse(struct sf_diag *diag, const char *path, enum sf_err err, const char *why)
{
	sf_diag_set(diag, "key file %s %s", path, why);
	return err;
}

/* Lies path directly or deeper in folder, without climbing out again? */
static bool lies_in(const char *path, const char *folder)
{
	if (!folder || folder[0] == '\0')
		return false;
	size_t size = strlen(folder);
	return strncmp(path, folder, size) == 0 && path[size] == '/' && !strstr(path + size, "/..");
}

static enum sf_err decode(const char *path, enum sf_key_kind kind, bool credential,
	struct sf_view passphrase, struct sf_view original, char *text, struct sf_key *ret_key,
	struct sf_diag *diag)
{
	struct fields fields;
	enum sf_err err = parse(text, &fields);
	if (err)
		return refuse(diag, path, err, "is not a key file of this version, or damaged");
	if (fields.kind != kind)
		return refuse(diag, path, SF_ERR_FORMAT, "holds a key of another kind");
	bool encrypted = fields.protection.kind != PROTECTION_NONE;
	if (encrypted && passphrase.size == 0)
		return refuse(diag, path, SF_ERR_AUTH, "is encrypted: give its passphrase");
	if (!encrypted && passphrase.size > 0 && !credential)
		return refuse(diag, path, SF_ERR_AUTH,
			"is not encrypted although a passphrase was given: encrypt it, or give "
			"none");
	uint8_t secret[SF_KEY_SECRET_SIZE];
	err = secret_of(&fields, original, passphrase, secret);
	struct sf_key key;
	if (err == SF_OK)
		err = sf_key_from_secret(kind, secret, &key);
	sodium_memzero(secret, sizeof(secret));
	if (err == SF_ERR_AUTH)
		return refuse(diag, path, err, "does not open: wrong passphrase, or damaged");
	if (err == SF_ERR_MEMORY)
		return refuse(diag, path, err, "needs more memory to open than there is");
	if (err)
		return refuse(diag, path, err, "has a secret that cannot be used");
	if (memcmp(key.public_key, fields.public_key, SF_PUBLIC_KEY_SIZE) != 0) {
		sf_key_fini(&key);
		return refuse(diag, path, SF_ERR_CORRUPT, "has a public key of another secret");
	}
	*ret_key = key;
	return SF_OK;
}

enum sf_err sf_keyfile_read(const char *path, enum sf_key_kind kind,
	const struct sf_keyfile_access *access, struct sf_key *ret_key, struct sf_diag *diag)
{
	bool credential = lies_in(path, access->credentials_directory);
	struct sf_secret original;
	size_t size;
	enum sf_err err = sf_keyfile_load(path, credential, &original, &size, diag);
	if (err)
		return err;
	/* Parsing cuts lines in a second copy; the bytes that the AEAD covers stay as they are. */
	struct sf_secret text;
	err = sf_secret_init(&text, SF_KEYFILE_SIZE_MAX + 1);
	if (err == SF_OK) {
		memcpy(text.bytes, original.bytes, size);
		text.bytes[size < text.size ? size : text.size - 1] = '\0';
		err = decode(path, kind, credential, access->passphrase,
			sf_view_of(original.bytes, size), (char *)text.bytes, ret_key, diag);
		sf_secret_fini(&text);
	}
	sf_secret_fini(&original);
	return err;
}
