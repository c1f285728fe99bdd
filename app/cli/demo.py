"""`cdc demo`: what `make run` runs."""

import typer

from app.demo.run import run


def demo() -> None:
    """Set up a synthetic sample, start both services, walk through one match, then serve until Ctrl-C."""
    raise typer.Exit(run())
