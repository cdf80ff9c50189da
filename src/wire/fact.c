#include "wire/fact.h"

#include <stdalign.h>
#include <string.h>

#include "wire/allocator.h"
#include "wire/fact_codec.h"
#include "wire/strict.h"

/* A fact stands in a header, so its unpacked form fits here: 32 bindings are the most of any. */
#define PLACE_SIZE ((size_t)12288)

static const struct sf_fact_codecs *const groups[] = {
	&sf_fact_stay_codecs,
	&sf_fact_handover_codecs,
	&sf_fact_plan_codecs,
	&sf_fact_duty_codecs,
	&sf_fact_derived_codecs,
	&sf_fact_statement_codecs,
};

/* NULL for a kind that is not read. */
static const struct sf_fact_codec *codec_of(uint32_t kind)
{
	for (size_t i = 0; i < SF_COUNT(groups); i++) {
		for (size_t j = 0; j < groups[i]->count; j++) {
			if (groups[i]->items[j].kind == kind)
				return &groups[i]->items[j];
		}
	}
	return NULL;
}

static enum sf_err read_fact(const struct sf_fact_codec *codec, struct sf_view bytes,
	struct sf_fact *fact, struct sf_diag *diag)
{
	alignas(max_align_t) uint8_t place[PLACE_SIZE];
	struct sf_allocator allocator;
	sf_allocator_init_fixed(&allocator, place, sizeof(place));
	void *message = NULL;
	enum sf_err err = sf_proto_unpack(codec->descriptor, bytes, &allocator, &message, diag);
	if (!err && codec->read)
		err = codec->read(message, fact, diag);
	return err;
}

enum sf_err sf_fact_decode(
	uint32_t kind, struct sf_view bytes, struct sf_fact *ret_fact, struct sf_diag *diag)
{
	const struct sf_fact_codec *codec = codec_of(kind);
	struct sf_fact fact;
	/* An initialiser would leave what the other members of the union have beyond the first. */
	memset(&fact, 0, sizeof(fact));
	fact.kind = kind;
	if (!codec) {
		*ret_fact = fact;
		return SF_OK;
	}
	static const struct sf_strict strict = {.count_max = SF_TRANSITION_PARTIES_MAX};
	enum sf_err err = sf_strict_check(&strict, codec->descriptor, bytes, diag);
	if (!err)
		err = read_fact(codec, bytes, &fact, diag);
	if (err) {
		sf_diag_prefix(diag, "fact %s", codec->descriptor->short_name);
		return err;
	}
	*ret_fact = fact;
	return SF_OK;
}

enum sf_err sf_fact_encode(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_fact_codec *codec = codec_of(fact->kind);
	return codec && codec->write ? codec->write(fact, buf) : SF_OK;
}
