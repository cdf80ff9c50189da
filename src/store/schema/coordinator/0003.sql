-- The provable timeline: the log's tree, checkpoints and witnesses, who read what, what was erased.

CREATE TABLE tile (
	epoch INTEGER NOT NULL,
	level INTEGER NOT NULL,
	position INTEGER NOT NULL,
	hashes BLOB NOT NULL,
	PRIMARY KEY (epoch, level, position)
) STRICT;

CREATE TABLE checkpoint (
	epoch INTEGER NOT NULL,
	size INTEGER NOT NULL,
	root BLOB NOT NULL,
	note BLOB NOT NULL,
	signed_ms INTEGER NOT NULL,
	quorum_ms INTEGER NOT NULL,
	PRIMARY KEY (epoch, size)
) STRICT;

CREATE TABLE cosignature (
	epoch INTEGER NOT NULL,
	size INTEGER NOT NULL,
	party BLOB NOT NULL,
	line BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	PRIMARY KEY (epoch, size, party)
) STRICT;

CREATE TABLE epoch (
	epoch INTEGER NOT NULL,
	base INTEGER NOT NULL,
	common_size INTEGER NOT NULL,
	record BLOB NOT NULL,
	PRIMARY KEY (epoch)
) STRICT;

CREATE TABLE access (
	leaf_index INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	account BLOB NOT NULL,
	reader BLOB NOT NULL,
	role INTEGER NOT NULL,
	purpose INTEGER NOT NULL,
	what INTEGER NOT NULL,
	transition BLOB NOT NULL,
	PRIMARY KEY (leaf_index)
) STRICT;
CREATE INDEX access_by_transition
	ON access (transition, leaf_index);

CREATE TABLE erasure (
	transition BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	ground INTEGER NOT NULL,
	leaf_index INTEGER NOT NULL,
	until_sequence INTEGER NOT NULL,
	head BLOB NOT NULL,
	PRIMARY KEY (transition)
) STRICT, WITHOUT ROWID;
