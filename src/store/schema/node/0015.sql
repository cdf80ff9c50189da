-- Answers that their receivers refuse: counted, and put aside when it was too often.

CREATE TABLE aside (
	cursor INTEGER NOT NULL,
	channel BLOB NOT NULL,
	message_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	party BLOB NOT NULL,
	ack INTEGER NOT NULL,
	code INTEGER NOT NULL,
	refusals INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	aside INTEGER NOT NULL,
	PRIMARY KEY (cursor)
) STRICT;
CREATE INDEX aside_by_transition
	ON aside (transition, cursor);
