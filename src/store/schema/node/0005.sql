-- A received letter by what its author calls it, and what the local system said against it.

CREATE TABLE named (
	name BLOB NOT NULL PRIMARY KEY,
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	verdict_ms INTEGER NOT NULL,
	code BLOB NOT NULL
) STRICT;
CREATE INDEX named_by_message
	ON named (message_id, name);
CREATE INDEX named_verdict
	ON named (verdict_ms, name) WHERE verdict_ms <> 0;
