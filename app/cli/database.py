"""`cdc init` and `cdc db`."""

import typer

from app.adapters.crypto.key_file import add_missing_keys, generate_keys, write_keys
from app.adapters.db import migrate, partitions
from app.cli.failures import explained, warn_of_open_keys
from app.settings import Settings, read_settings

app = typer.Typer(help="The database schema.", no_args_is_help=True)


def init() -> None:
    """Make keys and schema in the data directory; does nothing the second time."""
    with explained():
        settings = read_settings()
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keys(settings)
        migrate.upgrade(settings.database_url)
        partitions.extend(settings.database_url)
        typer.echo("schema is up to date")


def _keys(settings: Settings) -> None:
    if settings.keys is not None:
        typer.echo("keys: from CDC_KEYS")
    elif settings.keys_file.exists():
        added = add_missing_keys(settings.keys_file)
        kept = f"kept; made and added: {', '.join(added)}; back it up" if added else "kept"
        typer.echo(f"keys: {settings.keys_file} ({kept})")
        warn_of_open_keys(settings)
    else:
        write_keys(settings.keys_file, generate_keys())
        typer.echo(f"keys: {settings.keys_file} (made; back it up: without it no stored value can be read)")


@app.command()
def upgrade() -> None:
    """Bring the schema to the newest version."""
    with explained():
        settings = read_settings()
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        migrate.upgrade(settings.database_url)
        partitions.extend(settings.database_url)
        typer.echo("schema is up to date")
