"""The `cdc` command."""


def main() -> None:
    """The console script's entry.

    The commands are imported only here: each worker of `cdc serve` imports the console script anew, and has
    no use for them.
    """
    from app.cli.root import main as run

    run()
