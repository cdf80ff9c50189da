-- What faces of the network need to be durable: who may ask, and what was asked once already.
CREATE TABLE token (
	name BLOB NOT NULL,
	digest BLOB NOT NULL,
	roles INTEGER NOT NULL,
	created_ms INTEGER NOT NULL,
	revoked_ms INTEGER NOT NULL,
	used_ms INTEGER NOT NULL,
	PRIMARY KEY (name)
) STRICT;
CREATE UNIQUE INDEX token_by_digest
	ON token (digest);

CREATE TABLE repeat (
	key BLOB NOT NULL,
	body BLOB NOT NULL,
	at_ms INTEGER NOT NULL,
	reply INTEGER NOT NULL,
	message BLOB NOT NULL,
	transition BLOB NOT NULL,
	domains INTEGER NOT NULL,
	PRIMARY KEY (key)
) STRICT, WITHOUT ROWID;
CREATE INDEX repeat_by_age
	ON repeat (at_ms);
