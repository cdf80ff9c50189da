-- The coordinator's tables as src/coordinator/tables.c declares and explains them; written by schema_text.

CREATE TABLE counter (
	name INTEGER NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (name)
) STRICT;

CREATE TABLE event (
	leaf_index INTEGER NOT NULL,
	transition BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	kind_class INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	author BLOB NOT NULL,
	author_role INTEGER NOT NULL,
	message_id BLOB NOT NULL,
	envelope_id BLOB NOT NULL,
	digest BLOB NOT NULL,
	recorded_ms INTEGER NOT NULL,
	outcome INTEGER NOT NULL,
	code INTEGER NOT NULL,
	r BLOB NOT NULL,
	previous_head BLOB NOT NULL,
	head BLOB NOT NULL,
	leaf BLOB NOT NULL,
	cover BLOB NOT NULL,
	receipt BLOB NOT NULL,
	receipt_index INTEGER NOT NULL,
	receipt_count INTEGER NOT NULL,
	receipt_path BLOB NOT NULL,
	receipt_signature BLOB NOT NULL,
	PRIMARY KEY (leaf_index)
) STRICT;
CREATE UNIQUE INDEX event_by_sequence
	ON event (transition, sequence) WHERE sequence <> 0;

CREATE TABLE message (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	content_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	leaf_index INTEGER NOT NULL,
	outcome INTEGER NOT NULL,
	code INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	author_sequence INTEGER NOT NULL,
	numbered INTEGER NOT NULL,
	PRIMARY KEY (author, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_by_number
	ON message (author, numbered) WHERE numbered <> 0;

CREATE TABLE envelope (
	envelope_id BLOB NOT NULL,
	digest BLOB NOT NULL,
	leaf_index INTEGER NOT NULL,
	PRIMARY KEY (envelope_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE transition (
	id BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	head BLOB NOT NULL,
	state INTEGER NOT NULL,
	stay_state INTEGER NOT NULL,
	opened_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX transition_by_updated
	ON transition (updated_ms, id);

CREATE TABLE queue (
	recipient BLOB NOT NULL,
	position INTEGER NOT NULL,
	leaf_index INTEGER NOT NULL,
	whole INTEGER NOT NULL,
	since_ms INTEGER NOT NULL,
	PRIMARY KEY (recipient, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	recipient BLOB NOT NULL,
	state INTEGER NOT NULL,
	open INTEGER NOT NULL,
	since_ms INTEGER NOT NULL,
	transition BLOB NOT NULL,
	PRIMARY KEY (author, message_id, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_open
	ON delivery (open) WHERE open <> 0;
CREATE INDEX delivery_open_by_author
	ON delivery (author, open) WHERE open <> 0;

CREATE TABLE sealed (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	envelope_id BLOB NOT NULL,
	envelope BLOB NOT NULL,
	PRIMARY KEY (author, message_id)
) STRICT;

CREATE TABLE party (
	party BLOB NOT NULL,
	position INTEGER NOT NULL,
	author_sequence INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL,
	PRIMARY KEY (party)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
	version INTEGER NOT NULL,
	record BLOB NOT NULL,
	PRIMARY KEY (version)
) STRICT;

CREATE TABLE agreement (
	digest BLOB NOT NULL,
	agreement BLOB NOT NULL,
	PRIMARY KEY (digest)
) STRICT;
