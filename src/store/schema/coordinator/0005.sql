-- People who sign in, their sessions, one-time links, and names at which somebody guesses.
CREATE TABLE user (
	name BLOB NOT NULL,
	full_name BLOB NOT NULL,
	roles INTEGER NOT NULL,
	salt BLOB NOT NULL,
	hash BLOB NOT NULL,
	passes INTEGER NOT NULL,
	memory_kib INTEGER NOT NULL,
	created_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL,
	revoked_ms INTEGER NOT NULL,
	signed_in_ms INTEGER NOT NULL,
	PRIMARY KEY (name)
) STRICT;

CREATE TABLE session (
	digest BLOB NOT NULL,
	user BLOB NOT NULL,
	begun_ms INTEGER NOT NULL,
	seen_ms INTEGER NOT NULL,
	PRIMARY KEY (digest)
) STRICT;
CREATE INDEX session_by_user
	ON session (user, begun_ms, digest);

CREATE TABLE link (
	digest BLOB NOT NULL,
	user BLOB NOT NULL,
	until_ms INTEGER NOT NULL,
	PRIMARY KEY (digest)
) STRICT;
CREATE INDEX link_by_user
	ON link (user, digest);

CREATE TABLE attempt (
	name BLOB NOT NULL,
	failures INTEGER NOT NULL,
	last_ms INTEGER NOT NULL,
	PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_by_last
	ON attempt (last_ms);
