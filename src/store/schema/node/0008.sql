-- Ways in and out with their counters, and the messages that came or went by them.
CREATE TABLE channel (
	name BLOB NOT NULL,
	kind INTEGER NOT NULL,
	paused INTEGER NOT NULL,
	received INTEGER NOT NULL,
	filtered INTEGER NOT NULL,
	sent INTEGER NOT NULL,
	errored INTEGER NOT NULL,
	last_ms INTEGER NOT NULL,
	fault INTEGER NOT NULL,
	cursor INTEGER NOT NULL,
	url BLOB NOT NULL,
	events INTEGER NOT NULL,
	secret BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	PRIMARY KEY (name)
) STRICT;

CREATE TABLE passage (
	position INTEGER NOT NULL,
	message_id BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	channel BLOB NOT NULL,
	out INTEGER NOT NULL,
	PRIMARY KEY (position)
) STRICT;
CREATE INDEX passage_by_message
	ON passage (message_id, position);
