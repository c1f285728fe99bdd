"""The `cdc` command."""
