"""The master customer index: customers, source records, how they are linked."""
