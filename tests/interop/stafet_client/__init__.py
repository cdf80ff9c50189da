"""An independent Stafet client, written from the protocol's text and proto/*.proto alone."""
