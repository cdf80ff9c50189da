#include "os/account.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

static int is_plain(const char *name)
{
	size_t size = strlen(name);
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)name[i] <= ' ' || (unsigned char)name[i] >= 0x7f)
			return 0;
	return size > 0 && size < SF_ACCOUNT_NAME_SIZE;
}

void sf_account_name(uid_t account, char ret_name[SF_ACCOUNT_NAME_SIZE])
{
	char room[4096];
	struct passwd entry, *found = NULL;
	if (getpwuid_r(account, &entry, room, sizeof(room), &found) == 0 && found &&
		is_plain(found->pw_name))
		memcpy(ret_name, found->pw_name, strlen(found->pw_name) + 1);
	else
		(void)snprintf(ret_name, SF_ACCOUNT_NAME_SIZE, "uid %lu", (unsigned long)account);
}
