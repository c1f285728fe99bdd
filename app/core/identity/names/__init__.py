"""Names of people, each kept in its own script."""
