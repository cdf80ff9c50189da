-- What happened here and matters to systems outside, over restarts.
CREATE TABLE feed (
	cursor INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	what INTEGER NOT NULL,
	message BLOB NOT NULL,
	transition BLOB NOT NULL,
	party BLOB NOT NULL,
	peer BLOB NOT NULL,
	kind INTEGER NOT NULL,
	activity INTEGER NOT NULL,
	mode INTEGER NOT NULL,
	domains INTEGER NOT NULL,
	outcome INTEGER NOT NULL,
	ack INTEGER NOT NULL,
	code INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	PRIMARY KEY (cursor)
) STRICT;
