-- Who may ask the coordinator over the network.
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
