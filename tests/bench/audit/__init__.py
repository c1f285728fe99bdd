"""`python -m tests.bench.audit`: the access log at size."""
