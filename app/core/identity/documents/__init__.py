"""ID documents: one file a format, each with compact, validate and named failures."""
