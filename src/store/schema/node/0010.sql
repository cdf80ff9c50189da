-- Answers that senders want brought to them.
CREATE TABLE response (
	message_id BLOB NOT NULL,
	way INTEGER NOT NULL,
	transition BLOB NOT NULL,
	channel BLOB NOT NULL,
	url BLOB NOT NULL,
	content_type BLOB NOT NULL,
	heading BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	answered INTEGER NOT NULL,
	PRIMARY KEY (message_id)
) STRICT;
CREATE INDEX response_by_transition
	ON response (transition, message_id);
