-- What each party's node says of itself when it connects, and when it last did.
CREATE TABLE node (
	party BLOB NOT NULL,
	software BLOB NOT NULL,
	hello_ms INTEGER NOT NULL,
	PRIMARY KEY (party)
) STRICT;
