/*
 * Whose transition it is, for people who work at a screen: one transition a question, so that each
 * reading is a row of the access log. The birthday is told with the name, the whole number only to
 * who asks for it. Who takes part without a letter (a practice) is told that nothing is known.
 */
#include "node/service.h"

#include <string.h>

#include "node/bodies.h"

/* DDMMYY of a Danish personal number. */
#define BIRTHDAY_SIZE ((size_t)6)

enum sf_err sf_node_serve_patient(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_patient *asked = &request->patient;
	struct sf_node_patient patient = {"", ""};
	enum sf_err err = sf_node_find_patient(node, asked->transition, arena, &patient, diag);
	if (err)
		return err;
	struct sf_node_row_transition known = {.id = asked->transition};
	const struct sf_store *store = sf_node_store(node);
	if (patient.cpr[0] == '\0')
		err = store->get(store->self, &sf_node_table_transition, 0, &known, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no transition of this id is known here");
		return SF_OK;
	}
	if (err)
		return err;
	size_t size = strlen(patient.cpr);
	size_t told = asked->reveal || size < BIRTHDAY_SIZE ? size : BIRTHDAY_SIZE;
	const char *cpr = sf_arena_text(arena, sf_view_of(patient.cpr, told));
	if (!cpr)
		return SF_ERR_LIMIT;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_PATIENT,
		.text = "",
		.patient = {.transition = asked->transition, .name = patient.name, .cpr = cpr}};
	return SF_OK;
}
