-- When a party was last heard of: its newest recorded event.

CREATE INDEX event_by_author
	ON event (author, recorded_ms, transition, sequence);
