#include "cmd/tls_key.h"

#include <sys/stat.h>

#define MODE_OF_OTHERS 0007

enum sf_err sf_tls_key_check(const char *path, struct sf_diag *diag)
{
	struct stat status;
	if (!path[0] || stat(path, &status) != 0 || !(status.st_mode & MODE_OF_OTHERS))
		return SF_OK;
	sf_diag_set(diag, "%s: everybody can reach this key, take it away from others (chmod o=)",
		path);
	return SF_ERR_AUTH;
}
