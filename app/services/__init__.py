"""One use case a file; the outside is spoken to through ports.py alone."""
