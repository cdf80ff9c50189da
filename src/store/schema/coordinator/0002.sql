-- Timers, agreements by signature, who is concerned, who knew what, reconciliation. Tables that gained columns are copied, because a
-- declared column has no default.

ALTER TABLE transition RENAME TO transition_1;
CREATE TABLE transition (
	id BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	head BLOB NOT NULL,
	state INTEGER NOT NULL,
	stay_state INTEGER NOT NULL,
	opened_ms INTEGER NOT NULL,
	updated_ms INTEGER NOT NULL,
	timed INTEGER NOT NULL,
	urgency INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	summary BLOB NOT NULL,
	PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;
-- Every transition is due at once: the first turns read each, and write what the new columns and tables say of it.
INSERT INTO transition
	SELECT id, sequence, head, state, stay_state, opened_ms, updated_ms, 1, 2, 1, zeroblob(32) FROM transition_1;
DROP TABLE transition_1;
CREATE INDEX transition_by_updated
	ON transition (updated_ms, id);
CREATE INDEX transition_by_due
	ON transition (urgency, due_ms, id) WHERE timed <> 0;

ALTER TABLE queue RENAME TO queue_1;
CREATE TABLE queue (
	recipient BLOB NOT NULL,
	position INTEGER NOT NULL,
	leaf_index INTEGER NOT NULL,
	whole INTEGER NOT NULL,
	since_ms INTEGER NOT NULL,
	transition BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	PRIMARY KEY (recipient, position)
) STRICT, WITHOUT ROWID;
INSERT INTO queue
	SELECT recipient, position, queue_1.leaf_index, whole, since_ms, transition, sequence
	FROM queue_1 JOIN event ON event.leaf_index = queue_1.leaf_index;
DROP TABLE queue_1;

ALTER TABLE delivery RENAME TO delivery_1;
CREATE TABLE delivery (
	author BLOB NOT NULL,
	message_id BLOB NOT NULL,
	recipient BLOB NOT NULL,
	state INTEGER NOT NULL,
	open INTEGER NOT NULL,
	since_ms INTEGER NOT NULL,
	transition BLOB NOT NULL,
	failed INTEGER NOT NULL,
	PRIMARY KEY (author, message_id, recipient)
) STRICT, WITHOUT ROWID;
-- 6 is fatal-error (SF_DELIVERY_LIST).
INSERT INTO delivery
	SELECT author, message_id, recipient, state, open, since_ms, transition, CASE state WHEN 6 THEN since_ms ELSE 0 END
	FROM delivery_1;
DROP TABLE delivery_1;
CREATE INDEX delivery_open
	ON delivery (open) WHERE open <> 0;
CREATE INDEX delivery_open_by_author
	ON delivery (author, open) WHERE open <> 0;
CREATE INDEX delivery_failed
	ON delivery (failed) WHERE failed <> 0;

ALTER TABLE party RENAME TO party_1;
CREATE TABLE party (
	party BLOB NOT NULL,
	position INTEGER NOT NULL,
	author_sequence INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL,
	reconciled_ms INTEGER NOT NULL,
	PRIMARY KEY (party)
) STRICT, WITHOUT ROWID;
INSERT INTO party SELECT party, position, author_sequence, seen_ms, 0 FROM party_1;
DROP TABLE party_1;

-- What the first version kept was configured: nobody could propose.
ALTER TABLE agreement RENAME TO agreement_1;
CREATE TABLE agreement (
	digest BLOB NOT NULL,
	agreement BLOB NOT NULL,
	party BLOB NOT NULL,
	origin INTEGER NOT NULL,
	PRIMARY KEY (digest)
) STRICT;
INSERT INTO agreement SELECT digest, agreement, zeroblob(16), 1 FROM agreement_1;
DROP TABLE agreement_1;

CREATE TABLE statement (
	leaf_index INTEGER NOT NULL,
	agreement BLOB NOT NULL,
	PRIMARY KEY (leaf_index)
) STRICT;

CREATE TABLE concern (
	transition BLOB NOT NULL,
	party BLOB NOT NULL,
	member INTEGER NOT NULL,
	due_ms INTEGER NOT NULL,
	PRIMARY KEY (transition, party)
) STRICT, WITHOUT ROWID;
CREATE INDEX concern_by_party
	ON concern (party, transition) WHERE member <> 0;
CREATE INDEX concern_by_due
	ON concern (party, due_ms, transition) WHERE due_ms <> 0;

CREATE TABLE person (
	person BLOB NOT NULL,
	opened_ms INTEGER NOT NULL,
	transition BLOB NOT NULL,
	PRIMARY KEY (person, opened_ms, transition)
) STRICT, WITHOUT ROWID;

CREATE TABLE knowledge (
	transition BLOB NOT NULL,
	party BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	taken_ms INTEGER NOT NULL,
	PRIMARY KEY (transition, party, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE difference (
	party BLOB NOT NULL,
	transition BLOB NOT NULL,
	sequence INTEGER NOT NULL,
	found_ms INTEGER NOT NULL,
	PRIMARY KEY (party, transition)
) STRICT, WITHOUT ROWID;
