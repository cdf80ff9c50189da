/*
 * A party's duty desks as people write them: a line each, the first that is answered is called.
 *
 *	# telephone  days      hours  what
 *	11111111     weekdays  07-15  Hjemmeplejen, dag
 *	22222222     weekends  07-15  Hjemmeplejen, weekend
 *	33333333     all       15-23  Hjemmeplejen, aften
 *	44444444     all       23-07  Hjemmeplejen, nat
 *
 * Days are all, weekdays, or weekends, which public holidays are as well. Hours are Denmark's wall
 * clock, as 07 or 07:30; those that end no later than they begin end on the day after.
 */
#ifndef SF_CMD_CONTACT_FILE_H
#define SF_CMD_CONTACT_FILE_H

#include "core/contact.h"

/*
 * At most SF_CONTACTS_MAX into ret_contacts. The errors of sf_file_read; SF_ERR_FORMAT and
 * SF_ERR_LIMIT with file and line in diag.
 */
SF_MUST_USE enum sf_err sf_contact_file_read(
	const char *path, struct sf_contact *ret_contacts, size_t *ret_count, struct sf_diag *diag);

#endif
