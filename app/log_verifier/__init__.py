"""Checks an exported access log with nothing but the public key. Shares no code with what writes the log."""
