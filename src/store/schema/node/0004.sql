-- HL7 v2 messages that were taken: duplicates, and what a stay was told.

CREATE TABLE hl7 (
	name BLOB NOT NULL,
	digest BLOB NOT NULL,
	visit BLOB NOT NULL,
	position INTEGER NOT NULL,
	transition BLOB NOT NULL,
	message BLOB NOT NULL,
	received_ms INTEGER NOT NULL,
	event INTEGER NOT NULL,
	letter BLOB NOT NULL,
	predecessor BLOB NOT NULL,
	receiver BLOB NOT NULL,
	activity INTEGER NOT NULL,
	mode INTEGER NOT NULL,
	stay_class INTEGER NOT NULL,
	current INTEGER NOT NULL,
	event_ms INTEGER NOT NULL,
	occurred_ms INTEGER NOT NULL,
	recorded_ms INTEGER NOT NULL,
	admitted_ms INTEGER NOT NULL,
	department BLOB NOT NULL,
	content BLOB NOT NULL,
	acknowledgement BLOB NOT NULL,
	PRIMARY KEY (name)
) STRICT;
CREATE INDEX hl7_by_visit
	ON hl7 (visit, position, name);
CREATE INDEX hl7_by_transition
	ON hl7 (transition, position, name);
