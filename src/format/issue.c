#include "format/issue.h"

void sf_issue_add(
	struct sf_issues *issues, const char *code, const char *expression, const char *text)
{
	if (issues->count == SF_ISSUE_MAX)
		return;
	issues->items[issues->count++] = (struct sf_issue){
		.fatal = true, .code = code, .expression = expression, .text = text};
}

bool sf_issues_fatal(const struct sf_issues *issues)
{
	for (size_t i = 0; i < issues->count; i++)
		if (issues->items[i].fatal)
			return true;
	return false;
}
