/* The one table of commands. */
#include "cmd/commands.h"

static const struct sf_option send_options[] = {
	{"gp", "PARTY", "the patient's general practice: it takes part and gets no letter", 0},
	{"to", "PARTY", "the municipality, instead of the message's receiver; or not-enrolled", 0},
	{"content-type", "TYPE", "application/fhir+json or +xml; else FILE shows which", 0},
	{"wait", "SECONDS", "wait so long for every recipient's answer", 'w'},
	{"ack-out", "FILE", "write the MedCom acknowledgement there", 0},
	{"attach", "FILE", "send it along, up to 100 MB; may be given up to 8 times", 0},
};
static const struct sf_option notify_options[] = {
	{"at", "TIME", "when it happened; else now", 0},
	{"department", "NAME", "where the patient is; else as it was told last", 0},
	{"ward", "NAME", "which ward of the department", 0},
	{"to", "PARTY", "the municipality; must be said of a stay that begins", 0},
	{"gp", "PARTY", "the patient's general practice, or unknown", 0},
	{"no-report", NULL, "a stay begins: ask for no admission report", 0},
	{"latest", "MESSAGE", "told only while this is the newest, as next shows it", 0},
};
static const struct sf_option inbox_options[] = {
	{"all", NULL, "also what is handled", 'a'},
	{"follow", NULL, "go on with what comes, until interrupted", 'f'},
};
static const struct sf_option message_options[] = {
	{"output", "FILE", "write the original bytes there, readable by this user alone", 'o'},
	{"raw", NULL, "write the original bytes to standard output", 0},
};
static const struct sf_option attachment_options[] = {
	{"output", "FILE", "write it there, readable by this user alone", 'o'},
	{"number", "NUMBER", "which, from 0; else the first", 'n'},
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
static const struct sf_option show_options[] = {
	{"at", "TIME", "as it was then", 0},
	{"known-by", "PARTY", "what that party knew", 0},
	{"all", NULL, "also what is settled, and every event", 'a'},
};
static const struct sf_option erase_options[] = {
	{"ground", "WORD", "why: retention, citizen, mistake or order (must be said)", 0},
	{"preview", NULL, "only say what would go", 0},
};
static const struct sf_option timeline_options[] = {
	{"format", "WORD", "text, json, fhir (a Bundle of AuditEvents) or svg (a picture)", 0},
	{"output", "FILE", "write it there, readable by this user alone", 'o'},
	{"evidence", "FILE", "from this evidence file instead of a daemon; it is verified first",
		0},
	{"at", "TIME", "as it was then", 0},
	{"known-by", "PARTY", "what that party knew", 0},
	{"patient", NULL, "fhir, at a party's own node: name the patient in every event", 0},
};
static const struct sf_option export_options[] = {
	{"output", "FILE", "write it there, readable by this user alone (must be said)", 'o'},
};
static const struct sf_option verify_options[] = {
	{"policy", "FILE", "whom to trust: logs, witnesses, registrars; else whom FILE names", 0},
	{"receipt", "FILE",
		"a proof, receipt, checkpoint or other evidence it must fit; any number", 0},
	{"at", "TIME", "holders as they were then", 0},
	{"require-proof", NULL, "an event that no checkpoint shows yet is a fault", 0},
	{"json", NULL, "write JSON", 0},
};
/* Of every fact that is said: whom it goes to, its letter, whom to call. */
/* clang-format off */
#define SAY_OPTIONS \
	{"occurred", "TIME", "when it happened; else now", 0}, \
	{"to", "ROLES|PARTY", "who gets it, instead of whom it concerns", 0}, \
	{"file", "FILE", "the letter that goes with it, or -", 'f'}, \
	{"content-type", "TYPE", "what FILE is, when it does not show it itself", 0}, \
	{"contact", "NAME", "whom to call about it", 0}, \
	{"telephone", "NUMBER", "and where", 0}, \
	{"contact-until", "TIME", "and how long", 0}
/* clang-format on */
static const struct sf_option say_options[] = {SAY_OPTIONS};
static const struct sf_option plan_options[] = {
	{"ready", "FROM/UNTIL", "when treatment is expected to be done", 0},
	{"discharge", "FROM/UNTIL", "when the patient is expected to leave", 0},
	{"confidence", "WORD", "low, medium or high: how sure both are", 0},
	SAY_OPTIONS,
};
static const struct sf_option answer_options[] = {
	{"offer", NULL, "not the plan but the open offer is answered: later", 0},
	{"ready-from", "TIME", "from when the citizen can be received: accept, later", 0},
	{"reason", "WORD", "why not: cannot", 0},
	{"refer-to", "ROLE|PARTY", "who should have it instead: cannot, not-ours", 0},
	SAY_OPTIONS,
};
static const struct sf_option ready_options[] = {
	{"at", "TIME", "since when; else now", 0},
	{"duties-open", NULL, "this hospital's own duties still hinder the journey home", 0},
	{"withdraw", NULL, "not ready after all", 0},
	SAY_OPTIONS,
};
static const struct sf_option arrived_options[] = {
	{"at", "TIME", "when; else now", 0},
	SAY_OPTIONS,
};
static const struct sf_option letter_options[] = {
	{"mark", "COLOUR", "green, yellow or red: how soon the reader must look", 0},
	{"attach", "FILE", "send it along, up to 100 MB; may be given up to 8 times", 0},
	SAY_OPTIONS,
};
static const struct sf_option duty_options[] = {
	{"owner", "ROLE", "who shall do it: request, offer", 0},
	{"due", "TIME", "by when: request, accept, offer", 0},
	{"until", "TIME", "how long: hold", 0},
	{"refer-to", "ROLE|PARTY", "who should do it instead: reject", 0},
	{"treatment", "ROLE", "who is responsible for the treatment: request", 0},
	{"payer", "ROLE", "who pays: request", 0},
	SAY_OPTIONS,
};
static const struct sf_option ask_options[] = {
	{"answer-by", "TIME", "by when", 0},
	SAY_OPTIONS,
};
static const struct sf_option reply_options[] = {
	{"by-system", NULL, "a system answers by rule, not a person", 0},
	SAY_OPTIONS,
};
static const struct sf_option window_options[] = {
	{"until", "TIME", "the new end: extend", 0},
	SAY_OPTIONS,
};
static const struct sf_option about_options[] = {
	{"about", "MESSAGE", "which message", 0},
	SAY_OPTIONS,
};
static const struct sf_option call_options[] = {
	{"at", "TIME", "when; else now", 0},
	{"about", "MESSAGE", "which message it was about", 0},
	SAY_OPTIONS,
};
static const struct sf_option bind_options[] = {
	{"pathway", "WORD", "somatic or psychiatric", 0},
	{"active", "LIST", "domains of concern: care,medication", 0},
};
static const struct sf_option board_options[] = {
	{"party", "PARTY", "of this party, not of the daemon's own", 0},
	{"region", NULL, "of all parties", 0},
};
static const struct sf_option indicator_options[] = {
	{"from", "DATE", "discharges from this day on (must be said)", 0},
	{"to", "DATE", "until the end of this day (must be said)", 0},
	{"by", "WORD", "municipality, planning-area or pathway; else all together", 0},
	{"csv", NULL, "comma separated values, RFC 4180", 0},
};
static const struct sf_option open_options[] = {
	{"open", NULL, "only what is not finished", 0},
};
static const struct sf_option acknowledgement_options[] = {
	{"output", "FILE", "write it there", 'o'},
	{"recipient", "PARTY", "of this recipient, not of the first that answered", 0},
};
static const struct sf_option hook_options[] = {
	{"events", "WORD,...", "what it is told: received, acknowledged ... (must be said)", 0},
	{"responses", NULL, "no events: answers that senders want at a URL that begins so", 0},
};
static const struct sf_option token_options[] = {
	{"role", "ROLE,...", "what it may ask for: clerk, clinician, system-in ... (must be said)",
		0},
};
static const struct sf_option token_list_options[] = {
	{"all", NULL, "also those that are revoked", 'a'},
};
static const struct sf_option user_options[] = {
	{"role", "ROLE,...", "clerk, clinician, auditor or operator (must be said)", 0},
	{"name", "TEXT", "what the person is called", 0},
	{"no-password", NULL, "signs in by links alone (stafet user link)", 0},
};
static const struct sf_option user_list_options[] = {
	{"all", NULL, "also those that are revoked", 'a'},
};
static const struct sf_option user_link_options[] = {
	{"at", "URL", "where the daemon is asked by HTTP: http://127.0.0.1:8080", 0},
};
static const struct sf_option watch_options[] = {
	{"since", "CURSOR", "from after this row; 0 from the oldest one kept", 0},
	{"for", "SECONDS", "end after so long", 0},
};
static const struct sf_option proof_options[] = {
	{"output", "FILE", "write it there, readable by this user alone", 'o'},
};
static const struct sf_option log_status_options[] = {
	{"note", NULL, "print the newest signed checkpoint alone, as stafet log fsck wants it", 0},
};
static const struct sf_option epoch_options[] = {
	{"output", "FILE", "write it there, for the registrars (must be said)", 'o'},
};
static const struct sf_option fsck_options[] = {
	{"against", "FILE|-", "a checkpoint that the log signed: are all its leaves here?", 0},
	{"policy", "FILE", "whose registrars sign the directory; else that is not asked", 0},
	{"json", NULL, "write JSON", 0},
};
static const struct sf_option log_watch_options[] = {
	{"for", "SECONDS", "end after so long", 0},
};
static const struct sf_option check_options[] = {
	{"json", NULL, "write JSON", 0},
};
static const struct sf_option language_options[] = {
	{"lang", "LANGUAGE", "da or en; else Danish", 0},
};
static const struct sf_option sign_options[] = {
	{"for", "PARTY,...", "also for these parties, which this one represents", 0},
};
static const struct sf_option simulate_options[] = {
	{"against", "PATH", "the daemon's socket or its store, whose past it is; else --socket", 0},
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
	{"notify", "WHAT [TRANSITION]",
		"tell of a stay by hand: admit-inpatient, discharge-home, revise, cancel, next ...",
		OPTIONS(notify_options), 1, 2, false, sf_command_notify, NULL},
	{"inbox", "", "list the messages received",
		OPTIONS(inbox_options), 0, 0, false, sf_command_inbox, NULL},
	{"message", "ID", "show one message with its content: personal data",
		OPTIONS(message_options), 1, 1, false, sf_command_message, NULL},
	{"attachment", "ID", "write an attachment of a message to a file: personal data",
		OPTIONS(attachment_options), 1, 1, false, sf_command_attachment, NULL},
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
	{"transition find", "", "find a citizen's transitions by the CPR number, which is typed",
		NO_OPTIONS, 0, 0, false, sf_command_transition_find, NULL},
	{"transition show", "ID", "show who has the baton, since when, and what is awaited",
		OPTIONS(show_options), 1, 1, false, sf_command_transition_show, NULL},
	{"timeline", "[ID]", "tell or draw a transition: who had what, when, and where it went wrong",
		OPTIONS(timeline_options), 0, 1, false, sf_command_timeline, NULL},
	{"evidence export", "ID", "write all that proves a transition into one file",
		OPTIONS(export_options), 1, 1, false, sf_command_evidence_export, NULL},
	{"evidence verify", "FILE|-", "check such a file, without any daemon: what holds, what does not",
		OPTIONS(verify_options), 1, 1, true, sf_command_evidence_verify, NULL},
	{"erase", "TRANSITION", "erase a transition here; proofs over the log stay valid",
		OPTIONS(erase_options), 1, 1, false, sf_command_erase, NULL},
	{"access-log", "[TRANSITION]", "list who has read what here, as what and what for",
		NO_OPTIONS, 0, 1, false, sf_command_access_log, NULL},
	{"plan", "TRANSITION", "say when the patient will be ready and will leave",
		OPTIONS(plan_options), 1, 1, false, sf_command_plan, NULL},
	{"answer", "TRANSITION WORD", "answer a plan: accept, later, cannot, not-ours or no-case; an offer: later",
		OPTIONS(answer_options), 2, 2, false, sf_command_answer, NULL},
	{"ready", "TRANSITION", "declare treatment done, or withdraw it",
		OPTIONS(ready_options), 1, 1, false, sf_command_ready, NULL},
	{"agree", "TRANSITION TIME", "confirm the time of discharge",
		OPTIONS(say_options), 2, 2, false, sf_command_agree, NULL},
	{"intent", "TRANSITION TIME", "a discharge is decided: its letters come by then",
		OPTIONS(say_options), 2, 2, false, sf_command_intent, NULL},
	{"arrived", "TRANSITION", "the citizen is home, or in the bed",
		OPTIONS(arrived_options), 1, 1, false, sf_command_arrived, NULL},
	{"assess", "TRANSITION WORD", "a discharge agreement is needed, not-needed or declined",
		OPTIONS(say_options), 2, 2, false, sf_command_assess, NULL},
	{"letter", "TRANSITION CODE", "send a letter: admission-report, discharge-letter ...",
		OPTIONS(letter_options), 2, 2, false, sf_command_letter, NULL},
	{"duty", "ACTION TRANSITION DUTY", "request, accept, start, complete ... what is owed",
		OPTIONS(duty_options), 3, 3, false, sf_command_duty, NULL},
	{"ask", "TRANSITION ROLE", "ask a question that must be answered",
		OPTIONS(ask_options), 2, 2, false, sf_command_ask, NULL},
	{"reply", "QUESTION", "answer a question",
		OPTIONS(reply_options), 1, 1, false, sf_command_reply, NULL},
	{"window", "TRANSITION WORD", "extend, suspend, resume or end the period after discharge",
		OPTIONS(window_options), 2, 2, false, sf_command_window, NULL},
	{"dispute", "TRANSITION WORD", "contest: content, not-ours or residence",
		OPTIONS(about_options), 2, 2, false, sf_command_dispute, NULL},
	{"resolve", "TRANSITION", "a dispute is settled",
		OPTIONS(about_options), 1, 1, false, sf_command_resolve, NULL},
	{"call", "TRANSITION ROLE", "record that it was handled by telephone, and with whom",
		OPTIONS(call_options), 2, 2, false, sf_command_call, NULL},
	{"close", "TRANSITION REASON", "close by hand what never ends",
		OPTIONS(say_options), 2, 2, false, sf_command_close, NULL},
	{"reopen", "TRANSITION", "open again what is closed",
		OPTIONS(say_options), 1, 1, false, sf_command_reopen, NULL},
	{"bind", "TRANSITION [ROLE PARTY]", "say who takes part; unknown or not-enrolled are parties",
		OPTIONS(bind_options), 1, 3, false, sf_command_bind, NULL},
	{"board", "", "list what needs a person now, most urgent first",
		OPTIONS(board_options), 0, 0, false, sf_command_board, NULL},
	{"overdue", "", "list what is late, most urgent first",
		OPTIONS(board_options), 0, 0, false, sf_command_overdue, NULL},
	{"indicators", "", "count how discharges went, small cells left out",
		OPTIONS(indicator_options), 0, 0, false, sf_command_indicators, NULL},
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
	{"channel list", "", "list the ways in and out, with what came and went by each",
		NO_OPTIONS, 0, 0, false, sf_command_channels, NULL},
	{"channel show", "CHANNEL", "show one",
		NO_OPTIONS, 1, 1, false, sf_command_channels, NULL},
	{"channel pause", "CHANNEL", "let nothing through: ways in refuse, ways out queue",
		NO_OPTIONS, 1, 1, false, sf_command_channel_pause, NULL},
	{"channel resume", "CHANNEL", "let it through again",
		NO_OPTIONS, 1, 1, false, sf_command_channel_resume, NULL},
	{"channel aside", "[CHANNEL]", "list answers that were refused too often and put aside",
		NO_OPTIONS, 0, 1, false, sf_command_channel_aside, NULL},
	{"channel again", "CHANNEL [ID]", "hand out again what was put aside, one or all of it",
		NO_OPTIONS, 1, 2, false, sf_command_channel_again, NULL},
	{"hook add", "URL", "post events to a URL as they happen; its secret is printed once",
		OPTIONS(hook_options), 1, 1, false, sf_command_hook_add, NULL},
	{"hook list", "", "list the webhooks",
		NO_OPTIONS, 0, 0, false, sf_command_channels, NULL},
	{"hook show", "HOOK", "show one",
		NO_OPTIONS, 1, 1, false, sf_command_channels, NULL},
	{"hook remove", "HOOK", "post nothing there any more",
		NO_OPTIONS, 1, 1, false, sf_command_hook_remove, NULL},
	{"hook resume", "HOOK", "try at once, whatever went wrong before",
		NO_OPTIONS, 1, 1, false, sf_command_channel_resume, NULL},
	{"message trace", "ID", "show every step of a message that is known here",
		NO_OPTIONS, 1, 1, false, sf_command_message_trace, NULL},
	{"message replay", "ID", "hand a received message out again, or resend one that was sent",
		NO_OPTIONS, 1, 1, false, sf_command_message_replay, NULL},
	{"token create", "NAME", "let a system ask this daemon over HTTP; its secret is printed once",
		OPTIONS(token_options), 1, 1, false, sf_command_token_create, NULL},
	{"token list", "", "list who may ask over HTTP, and since when",
		OPTIONS(token_list_options), 0, 0, false, sf_command_token_list, NULL},
	{"token revoke", "NAME", "take it back, from the next request on",
		NO_OPTIONS, 1, 1, false, sf_command_token_revoke, NULL},
	{"user create", "NAME", "let a person sign in with a browser; the password is asked for",
		OPTIONS(user_options), 1, 1, false, sf_command_user_create, NULL},
	{"user list", "", "list who may sign in, and who is signed in",
		OPTIONS(user_list_options), 0, 0, false, sf_command_user_list, NULL},
	{"user password", "NAME", "set another password; every session of that person ends",
		NO_OPTIONS, 1, 1, false, sf_command_user_password, NULL},
	{"user revoke", "NAME", "take it back, and end every session, at once",
		NO_OPTIONS, 1, 1, false, sf_command_user_revoke, NULL},
	{"user link", "NAME", "print a link that signs in once, within ten minutes",
		OPTIONS(user_link_options), 1, 1, false, sf_command_user_link, NULL},
	{"status", "", "show how the daemon is doing",
		NO_OPTIONS, 0, 0, false, sf_command_status, NULL},
	{"watch", "", "show what happens as it happens",
		OPTIONS(watch_options), 0, 0, false, sf_command_watch, NULL},
	{"log status", "", "show how far the region's log is signed and cosigned",
		OPTIONS(log_status_options), 0, 0, false, sf_command_log_status, NULL},
	{"log verify", "", "check again everything of the log that is kept here",
		NO_OPTIONS, 0, 0, false, sf_command_log_verify, NULL},
	{"log proof", "MESSAGE", "print the proof that a message is in the log",
		OPTIONS(proof_options), 1, 1, false, sf_command_log_proof, NULL},
	{"log watch", "", "show each checkpoint as it comes",
		OPTIONS(log_watch_options), 0, 0, false, sf_command_log_watch, NULL},
	{"log fsck", "STORE", "check a coordinator's store without its daemon",
		OPTIONS(fsck_options), 1, 1, true, sf_command_log_fsck, NULL},
	{"log epoch", "", "after a lost store: write the new epoch that the registrars would sign",
		OPTIONS(epoch_options), 0, 0, false, sf_command_log_epoch, NULL},
	{"log begin-epoch", "FILE", "begin the new epoch that the registrars have signed",
		NO_OPTIONS, 1, 1, false, sf_command_log_begin_epoch, NULL},
	{"log policy", "", "print whose word makes a checkpoint good, for who checks evidence",
		NO_OPTIONS, 0, 0, false, sf_command_log_policy, NULL},
	{"agreement check", "FILE|-", "check the text of an agreement, and print its digest",
		OPTIONS(check_options), 1, 1, true, sf_command_agreement_check, NULL},
	{"agreement explain", "FILE|-", "print it in plain Danish or English",
		OPTIONS(language_options), 1, 1, true, sf_command_agreement_explain, NULL},
	{"agreement propose", "FILE|-", "propose it to everybody, and sign it for this party",
		NO_OPTIONS, 1, 1, false, sf_command_agreement_propose, NULL},
	{"agreement accept", "AGREEMENT", "sign it for this party",
		OPTIONS(sign_options), 1, 1, false, sf_command_agreement_accept, NULL},
	{"agreement end", "AGREEMENT", "end this party's signature",
		OPTIONS(sign_options), 1, 1, false, sf_command_agreement_end, NULL},
	{"agreement list", "", "list the agreements that are known here",
		NO_OPTIONS, 0, 0, false, sf_command_agreement_list, NULL},
	{"agreement show", "AGREEMENT", "show who signed it, and what it says",
		OPTIONS(language_options), 1, 1, false, sf_command_agreement_show, NULL},
	{"agreement simulate", "FILE|-", "show which past deadlines would have been others",
		OPTIONS(simulate_options), 1, 1, false, sf_command_agreement_simulate, NULL},
	{"keys", "VERB DIR", "make and renew a party's keys",
		NO_OPTIONS, 0, 0, true, NULL, sf_command_keys},
	{"registrar", "VERB ...", "sign and revoke entries of the directory, and new epochs",
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
