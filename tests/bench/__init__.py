"""`make bench`: what the services cost, on a real PostgreSQL, measured from outside."""
