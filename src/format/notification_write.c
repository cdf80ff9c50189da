#include "format/notification_write.h"

#include <string.h>

#include "base/time.h"
#include "format/message_write.h"
#include "format/system.h"

#define NOTIFICATION "http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/"
#define CORE "http://medcomfhir.dk/ig/core/StructureDefinition/"
#define ACT_CODE "http://terminology.hl7.org/CodeSystem/v3-ActCode"
#define FULL_URL_BASE "https://medcomfhir.dk/ig/hospitalnotification/"

/* Resources of one letter are named after it. */
#define BUNDLE ".bundle"
#define PATIENT ".patient"
#define ENCOUNTER ".encounter"
#define SENDER ".sender"
#define RECEIVER ".receiver"
#define DEPARTMENT ".department"
#define WARD ".ward"
#define PROVENANCE ".provenance"
#define BEFORE ".before."

struct writing {
	const struct sf_notification_request *request;
	const struct sf_notification_step *own;
	char letter[SF_UUID_TEXT_SIZE];
	struct sf_fhir_writer fhir;
};

static struct sf_message_url id_of(const struct writing *writing, const char *suffix)
{
	return sf_message_join(writing->letter, suffix, "");
}

static bool is_said(const char *text)
{
	return text && text[0] != '\0';
}

static bool is_emergency(const struct sf_notification_step *step)
{
	return step->stay.stay_class == SF_STAY_CLASS_EMERGENCY;
}

/* The code without its prefix; MedCom has one of each discharge. */
static const char *activity_base(enum sf_activity activity, bool emergency)
{
	switch (activity) {
	case SF_ACTIVITY_ADMIT_EMERGENCY:
		return "admit-emergency";
	case SF_ACTIVITY_ADMIT_INPATIENT:
		return "admit-inpatient";
	case SF_ACTIVITY_LEAVE_START:
		return "start-leave-inpatient";
	case SF_ACTIVITY_LEAVE_END:
		return "end-leave-inpatient";
	case SF_ACTIVITY_DISCHARGE_HOME:
		return emergency ? "discharge-emergency-home" : "discharge-inpatient-home";
	case SF_ACTIVITY_DEATH:
	case SF_ACTIVITY_NONE:
		break;
	}
	return "";
}

/*
 * MORS: "current activity, unchanged", also when it is corrected or cancelled; every other
 * correction and cancellation has its own code.
 */
static struct sf_message_url activity_code(const struct sf_notification_step *step)
{
	const char *base = activity_base(step->current, is_emergency(step));
	bool death = step->stay.activity == SF_ACTIVITY_DEATH;
	const char *prefix = "";
	if (!death && step->stay.mode == SF_MODE_REVISE)
		prefix = "revise-";
	else if (!death && step->stay.mode == SF_MODE_CANCEL)
		prefix = "cancel-";
	return sf_message_join(prefix, base, "");
}

static const char *status_of(enum sf_activity activity)
{
	if (activity == SF_ACTIVITY_LEAVE_START)
		return "onleave";
	if (activity == SF_ACTIVITY_DISCHARGE_HOME || activity == SF_ACTIVITY_DEATH)
		return "finished";
	return "in-progress";
}

/* Encounter.status of MEDCOM's table; a cancellation names the state before. */
static const char *status_code(const struct sf_notification_step *step)
{
	if (step->stay.mode != SF_MODE_CANCEL)
		return status_of(step->stay.activity);
	switch (step->stay.activity) {
	case SF_ACTIVITY_ADMIT_EMERGENCY:
	case SF_ACTIVITY_ADMIT_INPATIENT:
		return "entered-in-error";
	case SF_ACTIVITY_LEAVE_END:
		return "onleave";
	case SF_ACTIVITY_DEATH:
		return status_of(step->current);
	case SF_ACTIVITY_LEAVE_START:
	case SF_ACTIVITY_DISCHARGE_HOME:
	case SF_ACTIVITY_NONE:
		break;
	}
	return "in-progress";
}

static void write_time(struct sf_fhir_writer *fhir, const char *name, int64_t time_ms)
{
	char text[SF_TIME_TEXT_SIZE];
	sf_time_format(time_ms, text);
	sf_fhir_text(fhir, name, time_ms ? text : "");
}

static void open_entry(
	struct writing *writing, const char *type, struct sf_message_url id, const char *profile)
{
	/* No name and no number in a narrative: it would only be another place of them. */
	const struct sf_message_entry entry = {
		FULL_URL_BASE, type, id.text, profile, "Hospital notification"};
	sf_message_entry_open(&writing->fhir, &entry);
}

/* Only an admission asks for an admission report (MEDCOM rules S.BR1 to S.BR26). */
static void write_report_request(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	if (!writing->own->stay.report_requested)
		return;
	sf_fhir_list(fhir, "extension");
	sf_fhir_extension(fhir, NOTIFICATION "medcom-messaging-reportOfAdmissionExtension");
	sf_fhir_bool(fhir, "valueBoolean", true);
	sf_fhir_close(fhir);
	sf_fhir_extension(
		fhir, NOTIFICATION "medcom-messaging-reportOfAdmissionRecipientExtension");
	sf_message_reference(fhir, "valueReference", "Organization", id_of(writing, SENDER).text);
	sf_fhir_close(fhir);
	sf_fhir_close(fhir);
}

static void write_header(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	const struct sf_notification_request *request = writing->request;
	open_entry(writing, "MessageHeader", id_of(writing, ""),
		NOTIFICATION "medcom-hospitalNotification-messageHeader");
	write_report_request(writing);
	sf_message_coding(fhir, "eventCoding", SF_MEDCOM_TERMINOLOGY "medcom-messaging-eventCodes",
		"hospital-notification-message");
	sf_message_destination(fhir, request->receiver->sor, id_of(writing, RECEIVER).text);
	sf_message_reference(fhir, "sender", "Organization", id_of(writing, SENDER).text);
	sf_message_source(fhir, request->sender->sor);
	sf_fhir_list(fhir, "focus");
	sf_message_reference(fhir, NULL, "Encounter", id_of(writing, ENCOUNTER).text);
	sf_fhir_close(fhir);
	sf_message_entry_close(fhir);
}

static void write_name(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	const struct sf_notification_request *request = writing->request;
	if (request->family[0] == '\0' && request->given[0] == '\0')
		return;
	sf_fhir_list(fhir, "name");
	sf_fhir_object(fhir, NULL);
	sf_fhir_text(fhir, "use", "official");
	sf_fhir_text(fhir, "family", request->family);
	if (request->given[0] != '\0') {
		sf_fhir_list(fhir, "given");
		sf_fhir_text(fhir, NULL, request->given);
		sf_fhir_close(fhir);
	}
	sf_fhir_close(fhir);
	sf_fhir_close(fhir);
}

static void write_patient(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	const struct sf_stay_fact *stay = &writing->own->stay;
	open_entry(writing, "Patient", id_of(writing, PATIENT), CORE "medcom-core-patient");
	sf_fhir_list(fhir, "identifier");
	sf_message_identifier(fhir, SF_SYSTEM_CPR, writing->request->cpr);
	sf_fhir_close(fhir);
	write_name(writing);
	if (stay->activity == SF_ACTIVITY_DEATH)
		sf_fhir_bool(fhir, "deceasedBoolean", stay->mode != SF_MODE_CANCEL);
	sf_message_entry_close(fhir);
}

/* MEDCOM structure: the extension is named so (sic). */
static void write_leave(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	const struct sf_stay_fact *stay = &writing->own->stay;
	bool start = stay->activity == SF_ACTIVITY_LEAVE_START;
	if ((!start && stay->activity != SF_ACTIVITY_LEAVE_END) || stay->mode == SF_MODE_CANCEL)
		return;
	sf_fhir_list(fhir, "extension");
	sf_fhir_extension(fhir, NOTIFICATION "medcom-hospitalnotifiation-leave-period-extension");
	sf_fhir_object(fhir, "valuePeriod");
	write_time(fhir, "start", start ? stay->event_ms : writing->request->leave_start_ms);
	write_time(fhir, "end", start ? 0 : stay->event_ms);
	sf_fhir_close(fhir);
	sf_fhir_close(fhir);
	sf_fhir_close(fhir);
}

static void write_period(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	const struct sf_stay_fact *stay = &writing->own->stay;
	bool ends = stay->mode != SF_MODE_CANCEL && (stay->activity == SF_ACTIVITY_DISCHARGE_HOME ||
							    stay->activity == SF_ACTIVITY_DEATH);
	sf_fhir_object(fhir, "period");
	write_time(fhir, "start", writing->request->admitted_ms);
	write_time(fhir, "end", ends ? stay->event_ms : 0);
	sf_fhir_close(fhir);
}

static void write_episode(struct writing *writing, const char *system, const char *value)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	sf_fhir_object(fhir, NULL);
	sf_fhir_object(fhir, "identifier");
	sf_fhir_text(fhir, "system", system);
	sf_fhir_text(fhir, "value", value);
	sf_fhir_close(fhir);
	sf_fhir_close(fhir);
}

/* A stay that another system began keeps the names it has there. */
static void write_episodes(struct writing *writing)
{
	const struct sf_notification_request *request = writing->request;
	sf_fhir_list(&writing->fhir, "episodeOfCare");
	for (size_t i = 0; i < request->episode_count; i++) {
		const char *whole = request->episodes[i];
		const char *mark = strrchr(whole, '|');
		if (mark)
			write_episode(writing, sf_message_cut(whole, (size_t)(mark - whole)).text,
				mark + 1);
	}
	char episode[SF_UUID_TEXT_SIZE];
	sf_id_format_uuid(request->episode, episode);
	if (request->episode_count == 0)
		write_episode(writing,
			sf_message_join(SF_SOR_ENDPOINT, request->sender->sor, "").text, episode);
	sf_fhir_close(&writing->fhir);
}

static void write_encounter(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	const struct sf_notification_request *request = writing->request;
	const char *provider = is_said(request->ward)         ? WARD
			       : is_said(request->department) ? DEPARTMENT
							      : SENDER;
	open_entry(writing, "Encounter", id_of(writing, ENCOUNTER),
		NOTIFICATION "medcom-hospitalNotification-encounter");
	write_leave(writing);
	sf_fhir_text(fhir, "status", status_code(writing->own));
	sf_message_coding(fhir, "class", ACT_CODE, is_emergency(writing->own) ? "EMER" : "IMP");
	sf_message_reference(fhir, "subject", "Patient", id_of(writing, PATIENT).text);
	write_episodes(writing);
	write_period(writing);
	sf_message_reference(
		fhir, "serviceProvider", "Organization", id_of(writing, provider).text);
	sf_message_entry_close(fhir);
}

static void write_organization(struct writing *writing, const char *suffix,
	const struct sf_organization *organization, const char *part_of)
{
	sf_message_organization(&writing->fhir, FULL_URL_BASE, id_of(writing, suffix).text,
		organization, part_of[0] ? id_of(writing, part_of).text : "");
}

/* A receiver must be able to show hospital, department and ward (MedCom, test protocol). */
static void write_organizations(struct writing *writing)
{
	const struct sf_notification_request *request = writing->request;
	write_organization(writing, SENDER, request->sender, "");
	write_organization(writing, RECEIVER, request->receiver, "");
	const struct sf_organization department = {"", "", request->department};
	if (is_said(request->department))
		write_organization(writing, DEPARTMENT, &department, SENDER);
	const struct sf_organization ward = {"", "", request->ward};
	if (is_said(request->ward))
		write_organization(
			writing, WARD, &ward, is_said(request->department) ? DEPARTMENT : SENDER);
}

static void write_provenance(
	struct writing *writing, const struct sf_provenance *provenance, struct sf_message_url id)
{
	sf_message_provenance(
		&writing->fhir, FULL_URL_BASE, id.text, provenance, id_of(writing, SENDER).text);
}

/* Named after this letter: ids of others' letters may be as long as an id can be. */
static void write_before(struct writing *writing, size_t place)
{
	struct sf_diag number;
	sf_diag_set(&number, "%zu", place + 1);
	write_provenance(writing, &writing->request->before[place],
		sf_message_join(writing->letter, BEFORE, number.text));
}

static void write_step(struct writing *writing, const struct sf_notification_step *step)
{
	const char *named = step == writing->own ? writing->request->predecessor : NULL;
	char letter[SF_UUID_TEXT_SIZE], predecessor[SF_UUID_TEXT_SIZE];
	sf_id_format_uuid(step->letter, letter);
	sf_id_format_uuid(step->predecessor, predecessor);
	struct sf_message_url activity = activity_code(step);
	const struct sf_provenance provenance = {
		.target = letter,
		.predecessor = named                              ? named
			       : sf_id_is_none(step->predecessor) ? ""
								  : predecessor,
		.role = step->stay.mode == SF_MODE_CANCEL ? "removal" : "revision",
		.activity = activity.text,
		.occurred_ms = step->occurred_ms,
		.recorded_ms = step->recorded_ms,
	};
	write_provenance(writing, &provenance, sf_message_join(letter, PROVENANCE, ""));
}

/* MEDCOM: every message carries its own Provenance and those of all letters before it. */
static void write_provenances(struct writing *writing)
{
	const struct sf_notification_request *request = writing->request;
	for (size_t i = 0; i < request->before_count; i++)
		write_before(writing, i);
	for (size_t i = 0; i < request->step_count; i++)
		write_step(writing, &request->steps[i]);
}

static void write_bundle(struct writing *writing)
{
	struct sf_fhir_writer *fhir = &writing->fhir;
	sf_fhir_text(fhir, "id", id_of(writing, BUNDLE).text);
	sf_message_profile(fhir, NOTIFICATION "medcom-hospitalNotification-message");
	sf_fhir_text(fhir, "type", "message");
	write_time(fhir, "timestamp", writing->own->recorded_ms);
	sf_fhir_list(fhir, "entry");
	write_header(writing);
	write_patient(writing);
	write_encounter(writing);
	write_organizations(writing);
	write_provenances(writing);
	sf_fhir_close(fhir);
}

static bool is_whole(const struct sf_notification_step *step)
{
	return !sf_id_is_none(step->letter) && step->stay.stay_class != SF_STAY_CLASS_NONE &&
	       activity_code(step).text[0] != '\0' && step->recorded_ms != 0;
}

enum sf_err sf_notification_write(
	const struct sf_notification_request *request, struct sf_buf *buf, struct sf_diag *diag)
{
	for (size_t i = 0; i < request->step_count; i++)
		if (!is_whole(&request->steps[i])) {
			sf_diag_set(diag, "a step of the stay says too little");
			return SF_ERR_USAGE;
		}
	if (request->step_count == 0)
		return SF_ERR_USAGE;
	size_t mark = buf->size;
	struct writing writing = {
		.request = request, .own = &request->steps[request->step_count - 1]};
	sf_id_format_uuid(writing.own->letter, writing.letter);
	sf_fhir_begin(&writing.fhir, false, "Bundle", buf);
	write_bundle(&writing);
	enum sf_err err = sf_fhir_end(&writing.fhir);
	if (err) {
		buf->size = mark;
		sf_diag_set(diag, "the notification cannot be written: %s", sf_err_text(err));
	}
	return err;
}
