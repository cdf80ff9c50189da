/*
 * The period of indicators: one whole calendar month of Denmark. Months do not overlap, so no two
 * answers differ by a discharge or two: what small cells hide (DOMAIN.md section 9) is not found
 * again by subtraction, as it would be from periods that people choose.
 */
#ifndef SF_VIEW_MONTH_H
#define SF_VIEW_MONTH_H

#include <stdbool.h>
#include <stdint.h>

#define SF_MONTH_YEAR_MIN 2000
#define SF_MONTH_YEAR_MAX 2100

/* Its first midnight, on Denmark's wall clock whatever the machine's is; month 1..12. */
int64_t sf_month_begin_ms(int32_t year, int32_t month);
/* Whether [from_ms, to_ms) is one month of these years. */
bool sf_month_is_whole(int64_t from_ms, int64_t to_ms);
/* The month whose first and last day (since 1970-01-01) these are; false: they are of none. */
bool sf_month_of_days(int32_t first, int32_t last, int64_t *ret_from_ms, int64_t *ret_to_ms);

#endif
