-- The node's tables as src/node/tables.c declares and explains them; written by schema_text.

CREATE TABLE counter (
	name INTEGER NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (name)
) STRICT;

CREATE TABLE outbox (
	message_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	kind INTEGER NOT NULL,
	author_sequence INTEGER NOT NULL,
	content_id BLOB NOT NULL,
	message BLOB NOT NULL,
	salted_body BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	sending INTEGER NOT NULL,
	recorded_sequence INTEGER NOT NULL,
	outcome INTEGER NOT NULL,
	code INTEGER NOT NULL,
	PRIMARY KEY (message_id)
) STRICT;
CREATE INDEX outbox_by_created
	ON outbox (created_ms, message_id);

CREATE TABLE sending (
	envelope_id BLOB NOT NULL,
	position INTEGER NOT NULL,
	message_id BLOB NOT NULL,
	envelope BLOB NOT NULL,
	digest BLOB NOT NULL,
	sent_ms INTEGER NOT NULL,
	open INTEGER NOT NULL,
	PRIMARY KEY (envelope_id)
) STRICT;
CREATE INDEX sending_open
	ON sending (open, envelope_id) WHERE open <> 0;
CREATE INDEX sending_by_message
	ON sending (message_id, position, envelope_id);

CREATE TABLE delivery (
	message_id BLOB NOT NULL,
	recipient BLOB NOT NULL,
	state INTEGER NOT NULL,
	open INTEGER NOT NULL,
	since_ms INTEGER NOT NULL,
	due INTEGER NOT NULL,
	code INTEGER NOT NULL,
	acknowledged_by BLOB NOT NULL,
	errors BLOB NOT NULL,
	PRIMARY KEY (message_id, recipient)
) STRICT;
CREATE INDEX delivery_due
	ON delivery (due, message_id, recipient) WHERE due <> 0;
CREATE INDEX delivery_open
	ON delivery (open, since_ms, message_id, recipient) WHERE open <> 0;

CREATE TABLE inbox (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	position INTEGER NOT NULL,
	transition BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	content_id BLOB NOT NULL,
	recorded_ms INTEGER NOT NULL,
	received_ms INTEGER NOT NULL,
	state INTEGER NOT NULL,
	code INTEGER NOT NULL,
	unhandled INTEGER NOT NULL,
	body BLOB NOT NULL,
	acknowledgement BLOB NOT NULL,
	PRIMARY KEY (author, message_id)
) STRICT;
CREATE UNIQUE INDEX inbox_by_position
	ON inbox (position);
CREATE INDEX inbox_unhandled
	ON inbox (unhandled, author, message_id) WHERE unhandled <> 0;
CREATE INDEX inbox_by_message
	ON inbox (message_id, author);

CREATE TABLE event (
	transition BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	message_id BLOB NOT NULL,
	author BLOB NOT NULL,
	kind INTEGER NOT NULL,
	kind_class INTEGER NOT NULL,
	recorded_ms INTEGER NOT NULL,
	outcome INTEGER NOT NULL,
	code INTEGER NOT NULL,
	head BLOB NOT NULL,
	cover BLOB NOT NULL,
	receipt BLOB NOT NULL,
	receipt_index INTEGER NOT NULL,
	receipt_count INTEGER NOT NULL,
	receipt_path BLOB NOT NULL,
	receipt_signature BLOB NOT NULL,
	PRIMARY KEY (transition, sequence)
) STRICT;
CREATE INDEX event_by_message
	ON event (message_id, sequence, transition);

CREATE TABLE transition (
	id BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	head BLOB NOT NULL,
	state INTEGER NOT NULL,
	stay_state INTEGER NOT NULL,
	opened_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	municipality BLOB NOT NULL,
	PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX transition_by_updated
	ON transition (updated_ms, id);

CREATE TABLE episode (
	episode BLOB NOT NULL,
	transition BLOB NOT NULL,
	PRIMARY KEY (episode)
) STRICT, WITHOUT ROWID;

CREATE TABLE letter (
	message_id BLOB NOT NULL,
	transition BLOB NOT NULL,
	canonical BLOB NOT NULL,
	created_ms INTEGER NOT NULL,
	content_type BLOB NOT NULL,
	content BLOB NOT NULL,
	acknowledgement BLOB NOT NULL,
	PRIMARY KEY (message_id)
) STRICT;

CREATE TABLE quarantine (
	position INTEGER NOT NULL,
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	code INTEGER NOT NULL,
	received_ms INTEGER NOT NULL,
	envelope BLOB NOT NULL,
	PRIMARY KEY (position)
) STRICT;

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
