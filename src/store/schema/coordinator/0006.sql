-- What folding a transition takes of its events, packed: a copy of them in one row.
CREATE TABLE fold (
	transition BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	head BLOB NOT NULL,
	events BLOB NOT NULL,
	PRIMARY KEY (transition)
) STRICT;
