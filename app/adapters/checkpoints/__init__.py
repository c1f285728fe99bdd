"""Places where the access log's checkpoints are shown."""
