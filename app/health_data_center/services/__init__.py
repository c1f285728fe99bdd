"""The use cases, one a file: read, write, look up; and who may come in."""
