/*
 * The crypto port on a keyring. A process makes one keyring, fills it, and hands the port to its
 * engines and workers.
 */
#ifndef SF_CRYPTO_PORT_H
#define SF_CRYPTO_PORT_H

#include "crypto/keyring.h"
#include "port/crypto.h"

/* keyring is borrowed and must outlive every use of ret_crypto. */
void sf_crypto_port(struct sf_keyring *keyring, struct sf_crypto *ret_crypto);

#endif
