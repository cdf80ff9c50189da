/*
 * Hospital notifications made from the templates in tests/samples/templates, with invented patients
 * (day + 60). What a clinical system would hand in.
 */
#ifndef SF_SIM_LETTERS_H
#define SF_SIM_LETTERS_H

#include "sim/world.h"

struct sf_sim_patient {
	char cpr[11];
	char family[24];
	char given[24];
	char episode[SF_UUID_TEXT_SIZE];
	int64_t admitted_ms;
};

/* One step of a stay; predecessor and its activity are "" for the first. */
struct sf_sim_step {
	const char *template_name; /* "STIN", "SLHJ" ... */
	const char *activity;      /* Provenance.activity it will carry, for its successors */
	const char *stay_class;    /* "IMP" or "EMER" */
	char header_id[SF_UUID_TEXT_SIZE];
	char predecessor[SF_UUID_TEXT_SIZE];
	const char *predecessor_activity;
	int64_t sent_ms, predecessor_sent_ms;
};

struct sf_sim_patient sf_sim_patient(struct sf_sim_world *world, size_t number);
void sf_sim_uuid(struct sf_sim_world *world, char ret_text[SF_UUID_TEXT_SIZE]);
/* Appends the letter; a new Bundle.id at each call, everything else from the arguments. */
void sf_sim_letter(struct sf_sim_world *world, const struct sf_sim_machine *from,
	const struct sf_sim_machine *to, const struct sf_sim_patient *patient,
	const struct sf_sim_step *step, struct sf_buf *buf);

#endif
