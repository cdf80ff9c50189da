/*
 * `stafet notify`: a hospital without a system that sends tells what happens to a stay. Number and
 * name of the citizen are typed (typed.h).
 */
#include <stdio.h>
#include <string.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/say.h"
#include "cmd/typed.h"
#include "cmd/when.h"
#include "port/format.h"

#define LINE_SIZE (SF_PATIENT_NAME_SIZE_MAX + 2) /* one too many, so that too long is seen */

struct citizen {
	char cpr[LINE_SIZE];
	char given[LINE_SIZE];
	char family[LINE_SIZE];
};

static int read_citizen(struct citizen *citizen)
{
	if (!sf_typed_line("CPR number: ", citizen->cpr, LINE_SIZE) ||
		!sf_typed_line("given names: ", citizen->given, LINE_SIZE) ||
		!sf_typed_line("family name: ", citizen->family, LINE_SIZE))
		return sf_exit_usage("notify: standard input must have three lines: CPR number, "
				     "given names, family name");
	return SF_EXIT_OK;
}

/* "admit-inpatient", "discharge-home" ... or "revise", "cancel". */
static int read_step(const char *word, struct sf_request_notify *notify)
{
	notify->mode = (enum sf_mode)sf_words_mode.number(word);
	notify->activity = (enum sf_activity)sf_words_activity.number(word);
	if (notify->mode == SF_MODE_REVISE || notify->mode == SF_MODE_CANCEL)
		return SF_EXIT_OK;
	notify->mode = SF_MODE_NEW;
	if (notify->activity != SF_ACTIVITY_NONE)
		return SF_EXIT_OK;
	char words[256];
	sf_word_list_text(&sf_words_activity, words, sizeof(words));
	return sf_exit_usage("notify: '%s' is none of %s, revise, cancel, next", word, words);
}

static int tell(const struct sf_arguments *arguments, struct sf_session *session,
	struct sf_request *request)
{
	struct sf_request_notify *notify = &request->notify;
	struct citizen citizen = {.cpr = ""};
	bool begins = arguments->count == 1;
	int code = read_step(arguments->items[0], notify);
	if (!code)
		code = sf_when_option(arguments, "at", 0, &notify->at_ms);
	if (!code && begins &&
		(notify->mode != SF_MODE_NEW || !sf_activity_is_admission(notify->activity)))
		code = sf_exit_usage("notify: %s is of a transition: name it", arguments->items[0]);
	if (!code && begins && sf_arguments_flag(arguments, "latest"))
		code = sf_exit_usage("notify: --latest is of a transition: name it");
	if (!code && sf_arguments_flag(arguments, "latest"))
		code = sf_session_id(session, sf_arguments_text(arguments, "latest"),
			SF_SESSION_MESSAGES, &notify->latest);
	if (!code && begins && !sf_arguments_flag(arguments, "to"))
		code = sf_exit_usage("notify: --to is missing: say which municipality the citizen "
				     "lives in");
	if (!code && begins)
		code = read_citizen(&citizen);
	notify->cpr = citizen.cpr;
	notify->given = citizen.given;
	notify->family = citizen.family;
	notify->department = sf_arguments_text(arguments, "department");
	notify->ward = sf_arguments_text(arguments, "ward");
	notify->municipality = sf_arguments_text(arguments, "to");
	notify->gp = sf_arguments_text(arguments, "gp");
	notify->report_requested = begins && !sf_arguments_flag(arguments, "no-report");
	if (!code)
		code = sf_session_ask(session, request);
	sf_bytes_wipe(&citizen, sizeof(citizen));
	return code ? code : sf_say_print(&session->reply.said, arguments->json);
}

static int show_next(const struct sf_reply *reply, bool json)
{
	const struct sf_reply_stay *stay = &reply->stay;
	if (json)
		return sf_json_page_print(reply);
	printf("stay        %s\n", sf_stay_state_text(stay->state));
	printf("next       ");
	for (unsigned i = SF_ACTIVITY_ADMIT_EMERGENCY; i <= SF_ACTIVITY_DEATH; i++)
		if (stay->next & 1u << i)
			printf(" %s", sf_activity_text((enum sf_activity)i));
	if (sf_id_is_none(stay->latest)) {
		printf("%s\n", stay->next ? "" : " nothing");
		return SF_EXIT_OK;
	}
	char latest[SF_ID_TEXT_SIZE];
	sf_id_format(stay->latest, latest);
	printf(" revise cancel\nlatest      %s, %s\n            %s\n",
		sf_activity_text(stay->latest_activity), sf_show_time(stay->latest_ms).text,
		latest);
	printf("to          %s\n",
		sf_id_is_none(stay->municipality)
			? "nobody: the municipality has no node"
			: sf_show_party(stay->municipality_name, stay->municipality).text);
	return SF_EXIT_OK;
}

int sf_command_notify(const struct sf_arguments *arguments)
{
	bool looks = strcmp(arguments->items[0], "next") == 0;
	struct sf_request request = {.kind = looks ? SF_REQUEST_STAY : SF_REQUEST_NOTIFY};
	struct sf_id transition = {{0}};
	if (looks && arguments->count == 1)
		return sf_exit_usage("notify: next is of a transition: name it");
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code && arguments->count == 2)
		code = sf_session_id(&session, arguments->items[1],
			SF_SESSION_MESSAGES | SF_SESSION_TRANSITIONS, &transition);
	if (code) {
		sf_session_close(&session);
		return code;
	}
	if (looks) {
		request.stay.transition = transition;
		code = sf_session_ask(&session, &request);
		if (!code)
			code = show_next(&session.reply, arguments->json);
	} else {
		request.notify.transition = transition;
		code = tell(arguments, &session, &request);
	}
	sf_session_close(&session);
	return code;
}
