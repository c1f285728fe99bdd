"""HTTP: routes, wire models, one table from error to problem+json."""
