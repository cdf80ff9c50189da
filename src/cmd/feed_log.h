/*
 * What happens at a daemon (audit/feed.h), into its log: ids and codes, one line a row. Messages
 * are told at level debug, what a person should know at info, what somebody must look at as a
 * warning.
 */
#ifndef SF_CMD_FEED_LOG_H
#define SF_CMD_FEED_LOG_H

#include "audit/feed.h"
#include "os/log.h"

/* Everything readable behind *cursor, which moves on. */
void sf_feed_log_write(const struct sf_log *log, const struct sf_feed *feed, uint64_t *cursor);

#endif
