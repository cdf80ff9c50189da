/*
 * Whose transition it is, for people who work at a screen: one transition a question, so that each
 * reading is a row of the access log. The birthday is told with the name, the whole number only to
 * who asks for it.
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
	if (patient.cpr[0] == '\0') {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"no letter here says whose transition it is");
		return SF_OK;
	}
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
