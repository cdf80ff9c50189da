#include "http/vocabulary.h"

#include <string.h>

#include "http/fact_form.h"

#define PAGE "after _count"

/* clang-format off */
static const struct {
	const char *operation;
	const char *query;
	const char *body;
} vocabulary[] = {
	{"signIn", "", "user password code"},
	{"handInMessage", "gp municipality attachments", "*"},
	{"createAttachment", "", "name content_type size"},
	{"putAttachmentPart", "offset", "*"},
	{"readAttachment", "offset", ""},
	{"listInbox", PAGE " _since transition unhandled wait", ""},
	{"readAcknowledgement", "recipient", ""},
	{"acceptOffer", "", "domains by_person"},
	{"refuseOffer", "", "refer_to_role refer_to_party not_ours"},
	{"withdrawOffer", "", "domains"},
	{"listOutbox", PAGE " open message transition", ""},
	{"listQuarantine", PAGE, ""},
	{"listTransitions", PAGE " open _since state hospital municipality pathway totals", ""},
	{"listObligations", PAGE " after_number transition owner state _since", ""},
	{"readTransition", "at known_by", ""},
	{"readPatient", "reveal", ""},
	{"findTransitions", "", "cpr"},
	{"readTimeline", "at known_by format", ""},
	{"offerDomains", "", "domains to"},
	{"bindParty", "", "role party pathway active"},
	{"beginStay", "", "activity at cpr given family department ward report_requested "
		"municipality gp"},
	{"notifyStay", "", "mode latest activity at department ward report_requested "
		"municipality gp"},
	{"sayLetter", "letter mark occurred to_role to_party attachments", "*"},
	{"eraseTransition", "", "ground preview"},
	{"readBoard", "party _count", ""},
	{"readOverdue", "party _count", ""},
	{"readIndicators", "from to by", ""},
	{"listAgreements", "_count", ""},
	{"explainAgreement", "language", ""},
	{"proposeAgreement", "", "*"},
	{"simulateAgreement", "", "*"},
	{"acceptAgreement", "", "on_behalf"},
	{"endAgreement", "", "on_behalf"},
	{"readDirectory", "party", ""},
	{"readLog", "verify after_size wait", ""},
	{"listAccesses", PAGE " transition", ""},
	{"listAside", PAGE " channel", ""},
	{"bringAgain", "", "message"},
	{"addHook", "", "url events responses"},
	{"sayPlan", "", "version ready_from ready_until ready_confidence discharge_from discharge_until "
		"discharge_confidence " SF_FACT_COMMON_WORDS},
	{"answerPlan", "", "answer ready_from reason refer_to_role refer_to_party " SF_FACT_COMMON_WORDS},
	{"sayIntent", "", "expected " SF_FACT_COMMON_WORDS},
	{"sayAssessment", "", "assessment " SF_FACT_COMMON_WORDS},
	{"sayReady", "", "at duties_done " SF_FACT_COMMON_WORDS},
	{"withdrawReady", "", SF_FACT_COMMON_WORDS},
	{"agreeDischarge", "", "discharge " SF_FACT_COMMON_WORDS},
	{"sayArrived", "", "at " SF_FACT_COMMON_WORDS},
	{"actOnObligation", "", "action subject clause duty due owner refer_to_role refer_to_party "
		"hold_until treatment payer " SF_FACT_COMMON_WORDS},
	{"askQuestion", "", "to answer_by " SF_FACT_COMMON_WORDS},
	{"answerQuestion", "", "by_person " SF_FACT_COMMON_WORDS},
	{"actOnWindow", "", "action until " SF_FACT_COMMON_WORDS},
	{"dispute", "", "dispute " SF_FACT_COMMON_WORDS},
	{"resolveDispute", "", SF_FACT_COMMON_WORDS},
	{"recordCall", "", "with at " SF_FACT_COMMON_WORDS},
	{"closeTransition", "", "reason " SF_FACT_COMMON_WORDS},
	{"reopenTransition", "", SF_FACT_COMMON_WORDS},
};
/* clang-format on */

const char *sf_query_words(const struct sf_route *route)
{
	for (size_t i = 0; i < SF_COUNT(vocabulary); i++)
		if (strcmp(vocabulary[i].operation, route->operation) == 0)
			return vocabulary[i].query;
	return "";
}

const char *sf_body_words(const struct sf_route *route)
{
	for (size_t i = 0; i < SF_COUNT(vocabulary); i++)
		if (strcmp(vocabulary[i].operation, route->operation) == 0)
			return vocabulary[i].body;
	return "";
}

bool sf_words_have(const char *words, struct sf_view word)
{
	while (*words) {
		size_t size = strcspn(words, " ");
		if (size == word.size && memcmp(words, word.data, size) == 0)
			return true;
		words += size;
		words += strspn(words, " ");
	}
	return false;
}
