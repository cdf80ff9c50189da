-- Attachments: what is handed in for a letter, what goes out with one and what comes with one.

CREATE TABLE attachment (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	number INTEGER NOT NULL,
	object INTEGER NOT NULL,
	transition BLOB NOT NULL,
	state INTEGER NOT NULL,
	open INTEGER NOT NULL,
	unused_ms INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	digest BLOB NOT NULL,
	link BLOB NOT NULL,
	size INTEGER NOT NULL,
	have INTEGER NOT NULL,
	sent INTEGER NOT NULL,
	trail INTEGER NOT NULL,
	enclosure BLOB NOT NULL,
	PRIMARY KEY (author, message_id, number)
) STRICT;
CREATE UNIQUE INDEX attachment_by_object
	ON attachment (object);
CREATE INDEX attachment_open
	ON attachment (open, author, message_id, number) WHERE open <> 0;
CREATE INDEX attachment_unused
	ON attachment (unused_ms, author, message_id, number) WHERE unused_ms <> 0;
CREATE INDEX attachment_by_transition
	ON attachment (transition, object, author, message_id, number);

CREATE TABLE chunk (
	object INTEGER NOT NULL,
	number INTEGER NOT NULL,
	trail INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (object, number)
) STRICT;
