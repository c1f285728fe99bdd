"""Requests of tests to services on this machine."""

import httpx

# A client reads the authorities it trusts, which takes as long as twenty requests; connections are not kept,
# for services end and start again.
http = httpx.Client(trust_env=False, timeout=30, limits=httpx.Limits(max_keepalive_connections=0))
