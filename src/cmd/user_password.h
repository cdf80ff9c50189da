/* A password from a person: never an argument, which every process of the machine can read. */
#ifndef SF_CMD_USER_PASSWORD_H
#define SF_CMD_USER_PASSWORD_H

#include "wire/local.h"

/*
 * From the terminal without echo, twice, or one line of standard input when that is none. 0, or an
 * exit code, and why was said. The caller wipes the place.
 */
int sf_user_password_read(char ret_password[SF_PASSWORD_SIZE_MAX + 2]);

#endif
