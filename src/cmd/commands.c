/* The one table of commands. */
#include "cmd/commands.h"

static const struct sf_option send_options[] = {
	{"gp", "PARTY", "the patient's general practice: it takes part and gets no letter", 0},
	{"to", "PARTY", "the municipality, instead of the message's own receiver", 0},
	{"content-type", "TYPE", "application/fhir+json or +xml; else FILE shows which", 0},
	{"wait", "SECONDS", "wait so long for every recipient's answer", 'w'},
	{"ack-out", "FILE", "write the MedCom acknowledgement there", 0},
};
static const struct sf_option inbox_options[] = {
	{"all", NULL, "also what is handled", 'a'},
	{"follow", NULL, "go on with what comes, until interrupted", 'f'},
};
static const struct sf_option message_options[] = {
	{"output", "FILE", "write the original bytes there, readable by this user alone", 'o'},
	{"raw", NULL, "write the original bytes to standard output", 0},
};
static const struct sf_option accept_options[] = {
	{"domains", "LIST", "only these of what is offered: care,medication", 0},
	{"by-system", NULL, "a system answers by rule, not a person", 0},
};
static const struct sf_option refuse_options[] = {
	{"refer-to", "ROLE|PARTY", "who should have it instead (must be said)", 0},
	{"not-ours", NULL, "the citizen lives elsewhere", 0},
};
static const struct sf_option offer_options[] = {
	{"domains", "LIST", "what is offered: care,medication (must be said)", 0},
	{"to", "ROLE", "municipality, hospital, gp ... (must be said)", 0},
};
static const struct sf_option withdraw_options[] = {
	{"domains", "LIST", "only these", 0},
};
static const struct sf_option open_options[] = {
	{"open", NULL, "only what is not finished", 0},
};
static const struct sf_option acknowledgement_options[] = {
	{"output", "FILE", "write it there", 'o'},
	{"recipient", "PARTY", "of this recipient, not of the first that answered", 0},
};
static const struct sf_option watch_options[] = {
	{"since", "CURSOR", "from after this row; 0 from the oldest one kept", 0},
	{"for", "SECONDS", "end after so long", 0},
};
static const struct sf_option demo_options[] = {
	{"for", "SECONDS", "run so long, like 20s; else until Ctrl-C", 0},
	{"ci", NULL, "no terminal: ends by itself after 20 s", 0},
	{"seed", "N", "repeats inputs and faults of an earlier run", 0},
	{"keep", NULL, "leave the folder, and say how to look around", 0},
	{"json", NULL, "one JSON object at the end, the feed on standard error", 0},
};
static const struct sf_option help_options[] = {
	{"names", NULL, "only names: of commands, or of the command's options", 0},
};

#define OPTIONS(table) (table), SF_COUNT(table)
#define NO_OPTIONS NULL, 0

/* clang-format off */
const struct sf_command sf_commands[] = {
	{"send", "FILE|-", "hand over a message; it is stored when this ends well",
		OPTIONS(send_options), 1, 1, false, sf_command_send, NULL},
	{"inbox", "", "list the messages received",
		OPTIONS(inbox_options), 0, 0, false, sf_command_inbox, NULL},
	{"message", "ID", "show one message with its content: personal data",
		OPTIONS(message_options), 1, 1, false, sf_command_message, NULL},
	{"handled", "ID", "say that a message has been taken care of",
		NO_OPTIONS, 1, 1, false, sf_command_handled, NULL},
	{"accept", "ID", "take over what a message offers, or a transition's one open offer",
		OPTIONS(accept_options), 1, 1, false, sf_command_accept, NULL},
	{"refuse", "ID", "decline what is offered, and say who should have it",
		OPTIONS(refuse_options), 1, 1, false, sf_command_refuse, NULL},
	{"offer", "TRANSITION", "offer responsibility that this party holds",
		OPTIONS(offer_options), 1, 1, false, sf_command_offer, NULL},
	{"withdraw", "ID", "take back an own offer, or ask back an own acceptance",
		OPTIONS(withdraw_options), 1, 1, false, sf_command_withdraw, NULL},
	{"transition list", "", "list the transitions, newest event first",
		OPTIONS(open_options), 0, 0, false, sf_command_transition_list, NULL},
	{"transition show", "ID", "show who has the baton, since when, and what is awaited",
		NO_OPTIONS, 1, 1, false, sf_command_transition_show, NULL},
	{"outbox", "", "list what was sent, with each recipient's answer",
		OPTIONS(open_options), 0, 0, false, sf_command_outbox, NULL},
	{"acknowledgement", "ID", "show a recipient's MedCom acknowledgement of a message sent",
		OPTIONS(acknowledgement_options), 1, 1, false, sf_command_acknowledgement, NULL},
	{"resend", "ID", "send a message again by hand to who has not answered",
		NO_OPTIONS, 1, 1, false, sf_command_resend, NULL},
	{"quarantine", "", "list what came and could not be opened or read",
		NO_OPTIONS, 0, 0, false, sf_command_quarantine, NULL},
	{"directory", "[PARTY]", "list the parties of the region",
		NO_OPTIONS, 0, 1, false, sf_command_directory, NULL},
	{"registry approve", "ENTRYFILE", "record a signed directory entry at the coordinator",
		NO_OPTIONS, 1, 1, false, sf_command_registry_approve, NULL},
	{"status", "", "show how the daemon is doing",
		NO_OPTIONS, 0, 0, false, sf_command_status, NULL},
	{"watch", "", "show what happens as it happens",
		OPTIONS(watch_options), 0, 0, false, sf_command_watch, NULL},
	{"keys", "VERB DIR", "make and renew a party's keys",
		NO_OPTIONS, 0, 0, true, NULL, sf_command_keys},
	{"registrar", "VERB ...", "check requests, sign and revoke entries of the directory",
		NO_OPTIONS, 0, 0, true, NULL, sf_command_registrar},
	{"demo", "", "show a whole region at work on this machine, and check it",
		OPTIONS(demo_options), 0, 0, true, sf_command_demo, NULL},
	{"version", "", "print the version",
		NO_OPTIONS, 0, 0, true, sf_command_version, NULL},
	{"help", "[COMMAND]", "show the commands, or one of them",
		OPTIONS(help_options), 0, 2, true, sf_command_help, NULL},
};
/* clang-format on */
const size_t sf_command_count = SF_COUNT(sf_commands);
