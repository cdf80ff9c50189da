#include "audit/outcome.h"

#include <string.h>

const char *sf_handin_text(enum sf_handin_outcome outcome)
{
#define X(symbol, number, text)                                                                    \
	case symbol:                                                                               \
		return text;
	switch (outcome) {
		SF_HANDIN_LIST(X)
	}
#undef X
	return "unknown";
}

const struct sf_outcome_tongue *sf_outcome_tongue(enum sf_handin_outcome outcome)
{
	/* clang-format off */
	static const struct sf_outcome_tongue tongues[] = {
		{SF_HANDIN_STORED,           "AA", "CA", 202, SF_ACK_NONE,            "", false},
		{SF_HANDIN_ACKNOWLEDGED,     "AA", "CA", 200, SF_ACK_OK,              "", false},
		{SF_HANDIN_DUPLICATE,        "AA", "CA", 202, SF_ACK_OK,              "MSG_DUPLICATE_ID", false},
		{SF_HANDIN_UNREADABLE,       "AE", "CE", 400, SF_ACK_FATAL_ERROR,     "MSG_BAD_SYNTAX", false},
		{SF_HANDIN_BAD_CONTENT,      "AE", "CE", 422, SF_ACK_FATAL_ERROR,     "MSG_BAD_FORMAT", false},
		{SF_HANDIN_UNSUPPORTED_TYPE, "AR", "CR", 415, SF_ACK_FATAL_ERROR,     "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", false},
		{SF_HANDIN_UNSUPPORTED,      "AR", "CR", 422, SF_ACK_FATAL_ERROR,     "MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", false},
		{SF_HANDIN_UNKNOWN_RECEIVER, "AE", "CE", 422, SF_ACK_FATAL_ERROR,     "MSG_Receiver_Identifier_UNKNOWN", false},
		{SF_HANDIN_TEMPORARY,        "AR", "CR", 503, SF_ACK_TRANSIENT_ERROR, "MSG_Mailbox_Out_Of_Operation", true},
	};
	/* clang-format on */
	for (size_t i = 0; i < SF_COUNT(tongues); i++)
		if (tongues[i].outcome == outcome)
			return &tongues[i];
	return &tongues[SF_COUNT(tongues) - 1];
}

/* What one issue comes to; MedCom's codes (MEDCOM, ids: "Ack content"). */
static enum sf_handin_outcome of_code(const char *code)
{
	static const struct {
		const char *code;
		enum sf_handin_outcome outcome;
	} codes[] = {
		{"MSG_BAD_SYNTAX", SF_HANDIN_UNREADABLE},
		{"MSG_UNKNOWN_TYPE", SF_HANDIN_UNSUPPORTED},
		{"MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE", SF_HANDIN_UNSUPPORTED},
		{"MSG_Receiver_Identifier_UNKNOWN", SF_HANDIN_UNKNOWN_RECEIVER},
		{"MSG_Receiver_Identifier_MISSING", SF_HANDIN_BAD_CONTENT},
		{"MSG_Mailbox_Out_Of_Operation", SF_HANDIN_TEMPORARY},
	};
	for (size_t i = 0; i < SF_COUNT(codes); i++)
		if (strcmp(codes[i].code, code) == 0)
			return codes[i].outcome;
	return SF_HANDIN_BAD_CONTENT;
}

/* The outcomes of what is fatal stand in the order in which they must be mended. */
static enum sf_handin_outcome of_issues(const struct sf_reply_sent *sent)
{
	enum sf_handin_outcome first = SF_HANDIN_TEMPORARY;
	bool found = false;
	for (size_t i = 0; i < sent->issue_count; i++) {
		if (!sent->issues[i].fatal)
			continue;
		enum sf_handin_outcome each = of_code(sent->issues[i].code);
		first = !found || each < first ? each : first;
		found = true;
	}
	return found ? first : SF_HANDIN_BAD_CONTENT;
}

static enum sf_handin_outcome of_error(enum sf_err err)
{
	switch (err) {
	case SF_ERR_FORMAT:
		return SF_HANDIN_UNREADABLE;
	case SF_ERR_UNSUPPORTED:
		return SF_HANDIN_UNSUPPORTED_TYPE;
	case SF_ERR_LIMIT:
	case SF_ERR_NOT_FOUND:
	case SF_ERR_EXISTS:
	case SF_ERR_CONFLICT:
	case SF_ERR_AUTH:
	case SF_ERR_REFUSED:
	case SF_ERR_USAGE:
		return SF_HANDIN_BAD_CONTENT;
	/* Nothing of these is the sender's fault, and the same bytes may go through later. */
	case SF_OK:
	case SF_ERR_MEMORY:
	case SF_ERR_KEY_UNKNOWN:
	case SF_ERR_AGAIN:
	case SF_ERR_UNREACHABLE:
	case SF_ERR_IO:
	case SF_ERR_DISK_FULL:
	case SF_ERR_CORRUPT:
	case SF_ERR_CONFIG:
	case SF_ERR_STATE:
	case SF_ERR_INTEGRITY:
		break;
	}
	return SF_HANDIN_TEMPORARY;
}

enum sf_handin_outcome sf_handin_outcome_of(const struct sf_reply *reply)
{
	if (reply->err || reply->kind != SF_REPLY_SENT)
		return of_error(reply->err);
	switch (reply->sent.answer) {
	case SF_SEND_STORED:
		return SF_HANDIN_STORED;
	case SF_SEND_DUPLICATE:
		return reply->sent.acknowledgement.size > 0 ? SF_HANDIN_ACKNOWLEDGED
							    : SF_HANDIN_DUPLICATE;
	case SF_SEND_FATAL:
		return of_issues(&reply->sent);
	case SF_SEND_NONE:
		break;
	}
	return SF_HANDIN_TEMPORARY;
}
