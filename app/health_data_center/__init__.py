"""The reference Health Data Center: its own database and access log; speaks to the CDC over HTTP alone."""
