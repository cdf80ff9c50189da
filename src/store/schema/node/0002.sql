-- Agreements that parties sign, obligations and clocks: what a node keeps for them. Tables with new
-- columns are made anew, because a column that is added later must have a default.

CREATE TABLE event_2 (
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
	received_ms INTEGER NOT NULL,
	PRIMARY KEY (transition, sequence)
) STRICT;
-- When an old event came was not kept; it cannot have been before it was recorded.
INSERT INTO event_2 SELECT transition, sequence, message_id, author, kind, kind_class, recorded_ms,
	outcome, code, head, cover, receipt, receipt_index, receipt_count, receipt_path,
	receipt_signature, recorded_ms FROM event;
DROP TABLE event;
ALTER TABLE event_2 RENAME TO event;
CREATE INDEX event_by_message
	ON event (message_id, sequence, transition);

CREATE TABLE transition_2 (
	id BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	head BLOB NOT NULL,
	state INTEGER NOT NULL,
	stay_state INTEGER NOT NULL,
	opened_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	municipality BLOB NOT NULL,
	open INTEGER NOT NULL,
	summary BLOB NOT NULL,
	difference_ms INTEGER NOT NULL,
	PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
-- No summary yet: the node makes it before the first reconciliation. State 10 is closed.
INSERT INTO transition_2 SELECT id, sequence, head, state, stay_state, opened_ms, updated_ms,
	municipality, state <> 10, zeroblob(32), 0 FROM transition;
DROP TABLE transition;
ALTER TABLE transition_2 RENAME TO transition;
CREATE INDEX transition_by_updated
	ON transition (updated_ms, id);
CREATE INDEX transition_open
	ON transition (open, id) WHERE open <> 0;

CREATE TABLE delivery_2 (
	message_id BLOB NOT NULL,
	recipient BLOB NOT NULL,
	state INTEGER NOT NULL,
	open INTEGER NOT NULL,
	since_ms INTEGER NOT NULL,
	due INTEGER NOT NULL,
	code INTEGER NOT NULL,
	acknowledged_by BLOB NOT NULL,
	errors BLOB NOT NULL,
	failed INTEGER NOT NULL,
	PRIMARY KEY (message_id, recipient)
) STRICT;
-- State 6 is fatal-error.
INSERT INTO delivery_2 SELECT message_id, recipient, state, open, since_ms, due, code,
	acknowledged_by, errors, state = 6 FROM delivery;
DROP TABLE delivery;
ALTER TABLE delivery_2 RENAME TO delivery;
CREATE INDEX delivery_due
	ON delivery (due, message_id, recipient) WHERE due <> 0;
CREATE INDEX delivery_open
	ON delivery (open, since_ms, message_id, recipient) WHERE open <> 0;
CREATE INDEX delivery_failed
	ON delivery (failed, since_ms, message_id, recipient) WHERE failed <> 0;

CREATE TABLE patient (
	patient BLOB NOT NULL,
	transition BLOB NOT NULL,
	PRIMARY KEY (patient, transition)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	agreement BLOB NOT NULL,
	kind INTEGER NOT NULL,
	recorded_ms INTEGER NOT NULL,
	outcome INTEGER NOT NULL,
	code INTEGER NOT NULL,
	cover BLOB NOT NULL,
	receipt BLOB NOT NULL,
	receipt_index INTEGER NOT NULL,
	receipt_count INTEGER NOT NULL,
	receipt_path BLOB NOT NULL,
	receipt_signature BLOB NOT NULL,
	PRIMARY KEY (author, message_id)
) STRICT;
CREATE INDEX statement_by_recorded
	ON statement (recorded_ms, author, message_id);
CREATE INDEX statement_by_agreement
	ON statement (agreement, recorded_ms, author, message_id);

CREATE TABLE told (
	transition BLOB NOT NULL,
	message_id BLOB NOT NULL,
	acknowledgement BLOB NOT NULL,
	told_ms INTEGER NOT NULL,
	PRIMARY KEY (transition, message_id)
) STRICT, WITHOUT ROWID;
