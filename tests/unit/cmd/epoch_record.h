/* The record of a new epoch as a coordinator writes it, for tests of those who sign it. */
#ifndef SF_TESTS_UNIT_CMD_EPOCH_RECORD_H
#define SF_TESTS_UNIT_CMD_EPOCH_RECORD_H

#include <stdbool.h>

#include "base/bytes.h"

/* Epoch 2, on 17 leaves of the first. own_key: its log key is the one that signed what stands. */
void epoch_record_make(struct sf_buf *buf, bool own_key);

#endif
