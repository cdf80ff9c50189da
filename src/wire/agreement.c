#include "agreement.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/field.h"
#include "wire/record.h"
#include "wire/strict.h"

/* An agreement travels in a frame of its own (DOMAIN section 7). */
#define AGREEMENT_SIZE_MAX ((size_t)65536)

static enum sf_err read_handover(
	const Stafet__V1__Handover *in, struct sf_handover *out, struct sf_diag *diag)
{
	enum sf_err err = sf_code_activity(in->on, "on", &out->on, diag);
	if (!err)
		err = sf_code_domains(in->offers, "offers", &out->offers, diag);
	if (!err)
		err = sf_field_range(in->offers, 1, SF_DOMAIN_ALL, "offers", diag);
	if (!err)
		err = sf_code_role(in->to, "to", &out->to, diag);
	return err;
}

static enum sf_err read_pathway(
	const Stafet__V1__Pathway *in, struct sf_agreement *out, struct sf_diag *diag)
{
	enum sf_err err = sf_code_pathway(in->pathway, "pathway", &out->pathway, diag);
	if (!err)
		err = sf_field_range(
			in->n_handovers, 0, SF_HANDOVER_MAX, "number of handovers", diag);
	for (size_t i = 0; !err && i < in->n_handovers; i++) {
		err = read_handover(in->handovers[i], &out->handovers[i], diag);
		out->handover_count = i + 1;
	}
	return err;
}

static enum sf_err read_agreement(
	const Stafet__V1__Agreement *in, struct sf_agreement_text *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_text(in->name, "name", out->name, sizeof(out->name), diag);
	if (!err && out->name[0] == '\0') {
		sf_diag_set(diag, "name is missing");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_field_range(in->version, 1, UINT32_MAX, "version", diag);
	if (!err)
		err = sf_field_text(
			in->time_zone, "time_zone", out->time_zone, sizeof(out->time_zone), diag);
	if (!err)
		err = sf_field_range(
			in->n_pathways, 1, SF_AGREEMENT_PATHWAYS_MAX, "number of pathways", diag);
	for (size_t i = 0; !err && i < in->n_pathways; i++) {
		err = read_pathway(in->pathways[i], &out->pathways[i], diag);
		for (size_t j = 0; !err && j < i; j++) {
			if (out->pathways[i].pathway == out->pathways[j].pathway) {
				sf_diag_set(diag, "a pathway stands twice");
				err = SF_ERR_FORMAT;
			}
		}
		out->pathway_count = i + 1;
	}
	out->version = in->version;
	return err;
}

enum sf_err sf_agreement_decode(
	struct sf_view bytes, struct sf_agreement_text *ret_agreement, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = SF_HANDOVER_MAX};
	struct sf_agreement_text agreement = {0};
	struct sf_arena arena;
	sf_arena_init(&arena, AGREEMENT_SIZE_MAX);
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, &arena);
	void *unpacked = NULL;
	enum sf_err err = SF_OK;
	if (bytes.size > AGREEMENT_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", AGREEMENT_SIZE_MAX);
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_strict_check(&strict, &stafet__v1__agreement__descriptor, bytes, diag);
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__agreement__descriptor, bytes, &allocator, &unpacked, diag);
	if (!err)
		err = read_agreement(unpacked, &agreement, diag);
	sf_arena_fini(&arena);
	if (err) {
		sf_diag_prefix(diag, "agreement");
		return err;
	}
	*ret_agreement = agreement;
	return SF_OK;
}

/* Room for one pathway while the agreement is packed. */
struct packed_pathway {
	Stafet__V1__Pathway pathway;
	Stafet__V1__Handover handovers[SF_HANDOVER_MAX];
	Stafet__V1__Handover *pointers[SF_HANDOVER_MAX];
};

static enum sf_err write_pathway(const struct sf_agreement *in, struct packed_pathway *out)
{
	if (in->handover_count > SF_HANDOVER_MAX)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->handover_count; i++) {
		stafet__v1__handover__init(&out->handovers[i]);
		out->handovers[i].on = in->handovers[i].on;
		out->handovers[i].offers = in->handovers[i].offers;
		out->handovers[i].to = in->handovers[i].to;
		out->pointers[i] = &out->handovers[i];
	}
	stafet__v1__pathway__init(&out->pathway);
	out->pathway.pathway = in->pathway;
	out->pathway.n_handovers = in->handover_count;
	out->pathway.handovers = out->pointers;
	return SF_OK;
}

enum sf_err sf_agreement_encode(const struct sf_agreement_text *agreement, struct sf_buf *buf)
{
	if (agreement->pathway_count > SF_AGREEMENT_PATHWAYS_MAX)
		return SF_ERR_LIMIT;
	struct packed_pathway pathways[SF_AGREEMENT_PATHWAYS_MAX];
	Stafet__V1__Pathway *pointers[SF_AGREEMENT_PATHWAYS_MAX];
	for (size_t i = 0; i < agreement->pathway_count; i++) {
		enum sf_err err = write_pathway(&agreement->pathways[i], &pathways[i]);
		if (err)
			return err;
		pointers[i] = &pathways[i].pathway;
	}
	Stafet__V1__Agreement out = STAFET__V1__AGREEMENT__INIT;
	out.name = sf_field_of_text(agreement->name);
	out.version = agreement->version;
	out.time_zone = sf_field_of_text(agreement->time_zone);
	out.n_pathways = agreement->pathway_count;
	out.pathways = pointers;
	return sf_proto_pack(&out.base, buf);
}
