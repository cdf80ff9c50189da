#include "wire/body.h"

#include <string.h>

#include "envelope.pb-c.h"
#include "wire/allocator.h"
#include "wire/field.h"
#include "wire/strict.h"

#define CPR_DIGITS 10

/* "CPR is ten ASCII digits" (WIRE section 7.10). Never quoted in an error. */
static bool cpr_valid(const char *cpr)
{
	size_t size = strlen(cpr);
	return size == 0 || (size == CPR_DIGITS && strspn(cpr, "0123456789") == CPR_DIGITS);
}

static enum sf_err read_ids(const Stafet__V1__Body *in, struct sf_body *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->author, "author", &out->author, diag);
	if (!err)
		err = sf_field_id(in->message_id, "message_id", &out->message_id, diag);
	if (!err)
		err = sf_field_id_or_none(
			in->transition_id, "transition_id", &out->transition, diag);
	if (!err)
		err = sf_field_range(
			in->n_recipients, 0, SF_RECIPIENT_COUNT_MAX, "recipients", diag);
	for (size_t i = 0; !err && i < in->n_recipients; i++) {
		err = sf_field_id(in->recipients[i], "recipients", &out->recipients[i], diag);
		out->recipient_count++;
	}
	return err;
}

static enum sf_err check_text(
	const char *text, size_t size_max, const char *name, struct sf_diag *diag)
{
	if (strlen(text) <= size_max)
		return SF_OK;
	sf_diag_set(diag, "%s is too long", name);
	return SF_ERR_FORMAT;
}

bool sf_body_type_fits(const char *content_type)
{
	size_t size = strlen(content_type);
	for (size_t i = 0; i < size; i++)
		if (content_type[i] < ' ' || content_type[i] > '~')
			return false;
	return size <= SF_BODY_TYPE_SIZE_MAX;
}

/* Strings of the arena; only an absent message leaves none. */
static enum sf_err read_people(
	const Stafet__V1__Body *in, struct sf_body *out, struct sf_diag *diag)
{
	out->cpr = in->patient ? in->patient->cpr : "";
	out->patient_name = in->patient ? in->patient->name : "";
	out->contact_name = in->contact ? in->contact->name : "";
	out->contact_telephone = in->contact ? in->contact->telephone : "";
	out->contact_until_ms = in->contact ? in->contact->until_ms : 0;
	if (!cpr_valid(out->cpr)) {
		sf_diag_set(diag, "patient: cpr is not ten digits");
		return SF_ERR_FORMAT;
	}
	enum sf_err err =
		check_text(out->patient_name, SF_BODY_NAME_SIZE_MAX, "patient: name", diag);
	if (!err)
		err = check_text(out->contact_name, SF_BODY_NAME_SIZE_MAX, "contact: name", diag);
	if (!err)
		err = check_text(
			out->contact_telephone, SF_BODY_NAME_SIZE_MAX, "contact: telephone", diag);
	return err ? err : sf_field_time(out->contact_until_ms, "contact until_ms", diag);
}

/*
 * Written into acknowledgements in XML, JSON and HL7: no control character, and none of the two
 * that are UTF-8 and no characters of XML 1.0 (section 2.2).
 */
static enum sf_err check_said(
	const char *text, size_t size_max, const char *name, struct sf_diag *diag)
{
	bool good = !strstr(text, "\xef\xbf\xbe") && !strstr(text, "\xef\xbf\xbf");
	for (const char *at = text; *at && good; at++)
		good = (unsigned char)*at >= ' ' && *at != 0x7f;
	if (good)
		return check_text(text, size_max, name, diag);
	sf_diag_set(diag, "%s has a control character", name);
	return SF_ERR_FORMAT;
}

static enum sf_err check_error(const struct sf_body_error *error, struct sf_diag *diag)
{
	enum sf_err err = check_said(error->code, SF_BODY_ERROR_CODE_SIZE_MAX, "error code", diag);
	if (!err)
		err = check_said(
			error->expression, SF_BODY_ERROR_PLACE_SIZE_MAX, "error expression", diag);
	return err ? err : check_said(error->text, SF_BODY_ERROR_TEXT_SIZE_MAX, "error text", diag);
}

static enum sf_err read_errors(
	const Stafet__V1__Body *in, struct sf_body *out, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	if (in->n_errors > SF_BODY_ERRORS_MAX) {
		sf_diag_set(diag, "more than %d errors", SF_BODY_ERRORS_MAX);
		return SF_ERR_FORMAT;
	}
	for (size_t i = 0; i < in->n_errors && !err; i++) {
		out->errors[i] = (struct sf_body_error){
			.code = in->errors[i]->code,
			.expression = in->errors[i]->expression,
			.text = in->errors[i]->text,
		};
		err = check_error(&out->errors[i], diag);
	}
	out->error_count = in->n_errors;
	return err;
}

static enum sf_err read_enclosures(
	const Stafet__V1__Body *in, struct sf_body *out, struct sf_diag *diag)
{
	enum sf_err err =
		sf_field_range(in->n_enclosures, 0, SF_ATTACHMENT_COUNT_MAX, "enclosures", diag);
	for (size_t i = 0; !err && i < in->n_enclosures; i++) {
		const Stafet__V1__Enclosure *enclosure = in->enclosures[i];
		out->enclosures[i] = (struct sf_enclosure){
			.name = enclosure->name,
			.content_type = enclosure->content_type,
			.size = enclosure->size,
			.key = sf_field_view(enclosure->key),
		};
		err = sf_field_range(
			enclosure->size, 1, SF_ATTACHMENT_SIZE_MAX, "enclosure size", diag);
		if (!err)
			err = sf_field_range(enclosure->key.len, SF_CHUNK_KEY_SIZE,
				SF_CHUNK_KEY_SIZE, "enclosure key size", diag);
		out->enclosure_count++;
	}
	return err;
}

enum sf_err sf_body_decode(struct sf_view bytes, struct sf_arena *arena, struct sf_body *ret_body,
	struct sf_diag *diag)
{
	/* A second value of a singular field would let two readers see two letters. */
	static const struct sf_strict strict = {
		.unknown_allowed = true,
		.count_max = SF_RECIPIENT_COUNT_MAX,
	};
	enum sf_err err = sf_strict_check(&strict, &stafet__v1__body__descriptor, bytes, diag);
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, arena);
	void *unpacked = NULL;
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__body__descriptor, bytes, &allocator, &unpacked, diag);
	const Stafet__V1__Body *in = unpacked;
	struct sf_body body = {0};
	if (!err)
		err = read_ids(in, &body, diag);
	if (!err)
		err = read_people(in, &body, diag);
	if (!err)
		err = read_errors(in, &body, diag);
	if (!err && !sf_body_type_fits(in->content_type)) {
		sf_diag_set(diag, "content_type is too long, or has a character that no type has");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = read_enclosures(in, &body, diag);
	if (err) {
		sf_diag_prefix(diag, "body");
		return err;
	}
	body.content_type = in->content_type;
	body.content = sf_field_view(in->content);
	*ret_body = body;
	return SF_OK;
}

static bool has_text(const char *text)
{
	return text && text[0] != '\0';
}

enum sf_err sf_body_encode(const struct sf_body *body, struct sf_buf *buf)
{
	if (body->recipient_count > SF_RECIPIENT_COUNT_MAX ||
		body->error_count > SF_BODY_ERRORS_MAX ||
		body->enclosure_count > SF_ATTACHMENT_COUNT_MAX)
		return SF_ERR_LIMIT;
	ProtobufCBinaryData recipients[SF_RECIPIENT_COUNT_MAX];
	for (size_t i = 0; i < body->recipient_count; i++)
		recipients[i] = sf_field_of_id(&body->recipients[i]);
	Stafet__V1__ErrorText errors[SF_BODY_ERRORS_MAX];
	Stafet__V1__ErrorText *pointers[SF_BODY_ERRORS_MAX];
	for (size_t i = 0; i < body->error_count; i++) {
		stafet__v1__error_text__init(&errors[i]);
		errors[i].code = sf_field_of_text(body->errors[i].code);
		errors[i].expression = sf_field_of_text(body->errors[i].expression);
		errors[i].text = sf_field_of_text(body->errors[i].text);
		pointers[i] = &errors[i];
	}
	Stafet__V1__Enclosure enclosures[SF_ATTACHMENT_COUNT_MAX];
	Stafet__V1__Enclosure *enclosed[SF_ATTACHMENT_COUNT_MAX];
	for (size_t i = 0; i < body->enclosure_count; i++) {
		stafet__v1__enclosure__init(&enclosures[i]);
		enclosures[i].name = sf_field_of_text(body->enclosures[i].name);
		enclosures[i].content_type = sf_field_of_text(body->enclosures[i].content_type);
		enclosures[i].size = body->enclosures[i].size;
		enclosures[i].key = sf_field_of_view(body->enclosures[i].key);
		enclosed[i] = &enclosures[i];
	}
	Stafet__V1__Patient patient = STAFET__V1__PATIENT__INIT;
	patient.cpr = sf_field_of_text(body->cpr);
	patient.name = sf_field_of_text(body->patient_name);
	Stafet__V1__Contact contact = STAFET__V1__CONTACT__INIT;
	contact.name = sf_field_of_text(body->contact_name);
	contact.telephone = sf_field_of_text(body->contact_telephone);
	contact.until_ms = body->contact_until_ms;
	Stafet__V1__Body out = STAFET__V1__BODY__INIT;
	out.author = sf_field_of_id(&body->author);
	out.n_recipients = body->recipient_count;
	out.recipients = recipients;
	out.transition_id = sf_field_of_id(&body->transition);
	out.message_id = sf_field_of_id(&body->message_id);
	if (has_text(body->cpr) || has_text(body->patient_name))
		out.patient = &patient;
	if (has_text(body->contact_name) || has_text(body->contact_telephone) ||
		body->contact_until_ms != 0)
		out.contact = &contact;
	out.content_type = sf_field_of_text(body->content_type);
	out.content = sf_field_of_view(body->content);
	out.n_errors = body->error_count;
	out.errors = pointers;
	out.n_enclosures = body->enclosure_count;
	out.enclosures = enclosed;
	return sf_proto_pack(&out.base, buf);
}
