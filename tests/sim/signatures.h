/*
 * One signature is checked by every party of a region: here all of them are one process, which need
 * not do the same arithmetic seventy times. A signature that was good is remembered together with
 * the key and the bytes that it is of; everything else is checked by libsodium, each time.
 */
#ifndef SF_SIM_SIGNATURES_H
#define SF_SIM_SIGNATURES_H

/* A region begins: nothing is remembered. */
void sf_sim_signatures_forget(void);

#endif
