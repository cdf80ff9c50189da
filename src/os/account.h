/* Accounts of this machine: who is at the other end of a local connection. Engine thread. */
#ifndef SF_OS_ACCOUNT_H
#define SF_OS_ACCOUNT_H

#include <sys/types.h>

#define SF_ACCOUNT_NAME_SIZE 64

/* The account's name, or "uid 1000" when there is none, or when it is no plain text. */
void sf_account_name(uid_t account, char ret_name[SF_ACCOUNT_NAME_SIZE]);

#endif
