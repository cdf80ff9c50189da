#include "base/id.h"

#include <string.h>

bool sf_id_equal(struct sf_id a, struct sf_id b)
{
	return memcmp(a.bytes, b.bytes, SF_ID_SIZE) == 0;
}

int sf_id_compare(struct sf_id a, struct sf_id b)
{
	return memcmp(a.bytes, b.bytes, SF_ID_SIZE);
}

bool sf_id_is_none(struct sf_id id)
{
	return sf_id_equal(id, (struct sf_id){0});
}

struct sf_view sf_id_view(const struct sf_id *id)
{
	return sf_view_of(id->bytes, SF_ID_SIZE);
}

void sf_id_format(struct sf_id id, char ret_text[SF_ID_TEXT_SIZE])
{
	sf_hex_encode(sf_view_of(id.bytes, SF_ID_SIZE), ret_text);
}

void sf_id_format_uuid(struct sf_id id, char ret_text[SF_UUID_TEXT_SIZE])
{
	char digits[SF_ID_TEXT_SIZE];
	sf_id_format(id, digits);
	size_t used = 0;
	for (size_t i = 0; i < 2 * SF_ID_SIZE; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			ret_text[used++] = '-';
		ret_text[used++] = digits[i];
	}
	ret_text[used] = '\0';
}

enum sf_err sf_id_parse(const char *text, struct sf_id *ret_id)
{
	if (strlen(text) != 36)
		return sf_hex_decode(text, ret_id->bytes, SF_ID_SIZE);
	char digits[SF_ID_TEXT_SIZE];
	size_t used = 0;
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash != (text[i] == '-'))
			return SF_ERR_FORMAT;
		if (!dash)
			digits[used++] = text[i];
	}
	digits[used] = '\0';
	return sf_hex_decode(digits, ret_id->bytes, SF_ID_SIZE);
}

enum sf_err sf_id_from_view(struct sf_view bytes, struct sf_id *ret_id)
{
	if (bytes.size != SF_ID_SIZE)
		return SF_ERR_FORMAT;
	memcpy(ret_id->bytes, bytes.data, SF_ID_SIZE);
	return SF_OK;
}

struct sf_id sf_id_timed(int64_t now_ms, const uint8_t chance[10])
{
	struct sf_id id;
	uint8_t time[8];
	sf_put_u64(time, (uint64_t)now_ms);
	memcpy(id.bytes, time + 2, 6);
	memcpy(id.bytes + 6, chance, 10);
	id.bytes[6] = (uint8_t)(0x70 | (id.bytes[6] & 0x0F));
	id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3F));
	return id;
}

bool sf_digest_equal(const struct sf_digest *a, const struct sf_digest *b)
{
	return memcmp(a->bytes, b->bytes, SF_DIGEST_SIZE) == 0;
}

bool sf_digest_is_none(const struct sf_digest *digest)
{
	return sf_digest_equal(digest, &(struct sf_digest){0});
}

struct sf_view sf_digest_view(const struct sf_digest *digest)
{
	return sf_view_of(digest->bytes, SF_DIGEST_SIZE);
}

void sf_digest_format(const struct sf_digest *digest, char ret_text[SF_DIGEST_TEXT_SIZE])
{
	sf_hex_encode(sf_digest_view(digest), ret_text);
}

enum sf_err sf_digest_from_view(struct sf_view bytes, struct sf_digest *ret_digest)
{
	if (bytes.size != SF_DIGEST_SIZE)
		return SF_ERR_FORMAT;
	memcpy(ret_digest->bytes, bytes.data, SF_DIGEST_SIZE);
	return SF_OK;
}
