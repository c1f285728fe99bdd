"""The access log: events and their canonical bytes."""
