-- What was recorded in a tail of the log that was lost.

CREATE TABLE void (
	epoch INTEGER NOT NULL,
	leaf_index INTEGER NOT NULL,
	message_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	cover BLOB NOT NULL,
	receipt BLOB NOT NULL,
	receipt_index INTEGER NOT NULL,
	receipt_count INTEGER NOT NULL,
	receipt_path BLOB NOT NULL,
	receipt_signature BLOB NOT NULL,
	PRIMARY KEY (epoch, leaf_index)
) STRICT;
CREATE INDEX void_by_transition
	ON void (transition, epoch, leaf_index);
