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

/* One of MedCom's forms of a notification: STAA .. MORS and RE_ and AN_ of each but RE_MORS. */
struct sf_sim_form {
	const char *name;
	const char *template_name;  /* file in tests/samples/templates */
	const char *first_template; /* without a predecessor; NULL: it must have one */
	const char *activity;       /* NULL: by class (SLHJ) or the predecessor's (MORS) */
	const char *stay_class;     /* NULL: the predecessor's */
	const char *status;
	const char *entity_role;
};

/* One step of a stay; predecessor and its activity are "" for the first. */
struct sf_sim_step {
	const struct sf_sim_form *form;
	char activity[48];      /* Provenance.activity it carries, for its successors */
	const char *stay_class; /* "IMP" or "EMER" */
	char header_id[SF_UUID_TEXT_SIZE];
	char predecessor[SF_UUID_TEXT_SIZE];
	char predecessor_activity[48];
	int64_t sent_ms, predecessor_sent_ms;
};

/* NULL when there is no such form. */
const struct sf_sim_form *sf_sim_form(const char *name);
const struct sf_sim_form *sf_sim_form_at(size_t index); /* NULL behind the last */
/* The next letter of a stay; before is NULL for the first. */
struct sf_sim_step sf_sim_follow(struct sf_sim_world *world, const struct sf_sim_step *before,
	const struct sf_sim_form *form);
struct sf_sim_patient sf_sim_patient(struct sf_sim_world *world, size_t number);
void sf_sim_uuid(struct sf_sim_world *world, char ret_text[SF_UUID_TEXT_SIZE]);
/* Appends the letter; a new Bundle.id at each call, everything else from the arguments. */
void sf_sim_letter(struct sf_sim_world *world, const struct sf_sim_machine *from,
	const struct sf_sim_machine *to, const struct sf_sim_patient *patient,
	const struct sf_sim_step *step, struct sf_buf *buf);

#endif
