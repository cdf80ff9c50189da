#include "bridge/retry.h"

#include <string.h>

#include "base/time.h"

#define DOUBLINGS_MAX 9u

int64_t sf_retry_backoff_ms(unsigned failures, uint32_t chance)
{
	unsigned doublings = failures > 0 ? failures - 1 : 0;
	int64_t wait_ms = SF_RETRY_MS_MIN
			  << (doublings < DOUBLINGS_MAX ? doublings : DOUBLINGS_MAX);
	if (wait_ms > SF_RETRY_MS_MAX)
		wait_ms = SF_RETRY_MS_MAX;
	return wait_ms / 2 + (int64_t)(chance % (uint32_t)(wait_ms / 2 + 1));
}

/* Exactly so many digits; -1 for anything else. */
static int64_t digits(const uint8_t *text, size_t count)
{
	int64_t value = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7); -1 for anything else. */
static int64_t read_date(struct sf_view value)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char form[] = "___, __ ___ ____ __:__:__ GMT";
	if (value.size != sizeof(form) - 1)
		return -1;
	for (size_t i = 0; i < value.size; i++)
		if (form[i] != '_' && value.data[i] != (uint8_t)form[i])
			return -1;
	char text[] = "0000-00-00T00:00:00Z";
	size_t month = 0;
	while (month < 12 && memcmp(months + 3 * month, value.data + 8, 3) != 0)
		month++;
	if (month == 12 || digits(value.data + 5, 2) < 0 || digits(value.data + 12, 4) < 0)
		return -1;
	memcpy(text, value.data + 12, 4);
	text[5] = (char)('0' + (month + 1) / 10);
	text[6] = (char)('0' + (month + 1) % 10);
	memcpy(text + 8, value.data + 5, 2);
	memcpy(text + 11, value.data + 17, 8);
	int64_t time_ms = -1;
	return sf_time_parse(sf_view_text(text), &time_ms) ? -1 : time_ms;
}

int64_t sf_retry_after_ms(struct sf_view value, int64_t now_ms)
{
	int64_t wait_ms = 0;
	while (value.size > 0 && (value.data[0] == ' ' || value.data[0] == '\t'))
		value = sf_view_of(value.data + 1, value.size - 1);
	while (value.size > 0 &&
		(value.data[value.size - 1] == ' ' || value.data[value.size - 1] == '\t'))
		value.size--;
	if (value.size > 0 && value.size <= 9 && digits(value.data, value.size) >= 0)
		wait_ms = digits(value.data, value.size) * 1000;
	else if (read_date(value) >= 0)
		wait_ms = read_date(value) - now_ms;
	if (wait_ms < 0)
		return 0;
	return wait_ms < SF_RETRY_AFTER_MS_MAX ? wait_ms : SF_RETRY_AFTER_MS_MAX;
}

bool sf_breaker_lets(struct sf_breaker *breaker)
{
	if (breaker->failures < SF_BREAKER_FAILURES)
		return true;
	if (breaker->probing)
		return false;
	breaker->probing = true;
	return true;
}

void sf_breaker_succeeded(struct sf_breaker *breaker)
{
	*breaker = (struct sf_breaker){.failures = 0};
}

void sf_breaker_failed(struct sf_breaker *breaker)
{
	breaker->failures += breaker->failures < SF_BREAKER_FAILURES;
	breaker->probing = false;
}

void sf_breaker_dropped(struct sf_breaker *breaker)
{
	breaker->probing = false;
}
