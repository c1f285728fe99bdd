"""The erasure register: who was erased, kept outside the database."""
