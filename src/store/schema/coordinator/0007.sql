-- Attachments that are on their way: sealed chunks, until everybody has answered their letter.

CREATE TABLE attachment (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	number INTEGER NOT NULL,
	object INTEGER NOT NULL,
	digest BLOB NOT NULL,
	size INTEGER NOT NULL,
	have INTEGER NOT NULL,
	link BLOB NOT NULL,
	open INTEGER NOT NULL,
	PRIMARY KEY (author, message_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_open_by_author
	ON attachment (author, open) WHERE open <> 0;

CREATE TABLE chunk (
	object INTEGER NOT NULL,
	number INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (object, number)
) STRICT;
