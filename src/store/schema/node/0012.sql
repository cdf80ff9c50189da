-- When the content of a message received here was deleted; what is known of it stays.
CREATE TABLE deletion (
	message_id BLOB NOT NULL,
	author BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	unanswered INTEGER NOT NULL,
	PRIMARY KEY (message_id, author)
) STRICT, WITHOUT ROWID;
