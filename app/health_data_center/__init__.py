"""The reference Health Data Center: business records under master customer IDs, behind the CDC's tokens.

A service of its own: it shares no code, no database and no keys with the Customer Data Center and talks to
it over HTTP alone.
"""
