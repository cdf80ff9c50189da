-- The provable timeline: the log's tree, checkpoints and witnesses, who read what, what was erased.

CREATE TABLE proof (
	epoch INTEGER NOT NULL,
	leaf_index INTEGER NOT NULL,
	message_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	own INTEGER NOT NULL,
	leaf BLOB NOT NULL,
	size INTEGER NOT NULL,
	path BLOB NOT NULL,
	open INTEGER NOT NULL,
	PRIMARY KEY (epoch, leaf_index)
) STRICT;
CREATE INDEX proof_open
	ON proof (open, epoch, leaf_index) WHERE open <> 0;
CREATE INDEX proof_by_message
	ON proof (message_id, epoch, leaf_index);

CREATE TABLE checkpoint (
	epoch INTEGER NOT NULL,
	size INTEGER NOT NULL,
	root BLOB NOT NULL,
	note BLOB NOT NULL,
	directory_version INTEGER NOT NULL,
	directory_head BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	cosigned INTEGER NOT NULL,
	witnessed BLOB NOT NULL,
	PRIMARY KEY (epoch, size)
) STRICT;

CREATE TABLE contradiction (
	position INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	size INTEGER NOT NULL,
	note BLOB NOT NULL,
	other BLOB NOT NULL,
	party BLOB NOT NULL,
	PRIMARY KEY (position)
) STRICT;

CREATE TABLE epoch (
	epoch INTEGER NOT NULL,
	common_size INTEGER NOT NULL,
	record BLOB NOT NULL,
	PRIMARY KEY (epoch)
) STRICT;

CREATE TABLE gossip (
	epoch INTEGER NOT NULL,
	size INTEGER NOT NULL,
	root BLOB NOT NULL,
	party BLOB NOT NULL,
	asked_ms INTEGER NOT NULL,
	PRIMARY KEY (epoch, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE content_key (
	transition BLOB NOT NULL,
	sealed BLOB NOT NULL,
	made_ms INTEGER NOT NULL,
	PRIMARY KEY (transition)
) STRICT;

CREATE TABLE access (
	position INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	account BLOB NOT NULL,
	role INTEGER NOT NULL,
	purpose INTEGER NOT NULL,
	what INTEGER NOT NULL,
	transition BLOB NOT NULL,
	message BLOB NOT NULL,
	PRIMARY KEY (position)
) STRICT;
CREATE INDEX access_by_transition
	ON access (transition, position);

CREATE TABLE erasure (
	transition BLOB NOT NULL,
	asked_ms INTEGER NOT NULL,
	ground INTEGER NOT NULL,
	done_ms INTEGER NOT NULL,
	PRIMARY KEY (transition)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_transition
	ON outbox (transition, message_id);
