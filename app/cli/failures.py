"""What goes wrong at the terminal: one line that says what to do, and exit status 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from app.adapters.counters.remote import InvalidLimitStore
from app.adapters.crypto.file_mode import check_key_file
from app.adapters.crypto.keys import InvalidKeys
from app.adapters.db.url import InvalidDatabaseUrl
from app.adapters.reference.alert_rules import InvalidAlertRules
from app.adapters.reference.policy import UnusablePolicy
from app.adapters.reference.survivorship import InvalidSurvivorship
from app.adapters.tokens.signing_keys import InvalidSigningKey
from app.core.matching.model import InvalidModel
from app.services.errors import Refusal
from app.services.ports import Conflict, StorageUnavailable
from app.services.tree_reader import LogDamaged
from app.settings import InvalidSetting, Settings


@contextmanager
def explained() -> Iterator[None]:
    """Turns the failures that an operator can mend into a line on standard error."""
    try:
        yield
    except (
        InvalidSetting,
        InvalidAlertRules,
        InvalidKeys,
        InvalidSigningKey,
        InvalidDatabaseUrl,
        InvalidLimitStore,
        InvalidModel,
        InvalidSurvivorship,
        UnusablePolicy,
        LogDamaged,
        OSError,
    ) as wrong:
        raise fail(str(wrong)) from None
    except Refusal as refused:
        raise fail(refused.detail) from None
    except StorageUnavailable as unavailable:
        raise fail(
            f"{unavailable or 'the database cannot be reached'} (is the schema there? cdc init)"
        ) from None
    except Conflict:
        raise fail("somebody else changed this at the same time; try again") from None


def warn_of_open_keys(settings: Settings) -> None:
    """Says on standard error that everybody can read the key file. Raises `InvalidKeys` where others may
    change it."""
    wrong = check_key_file(settings.keys_file) if settings.keys is None else None
    if wrong:
        typer.echo(f"cdc: warning: {wrong}", err=True)


def fail(message: str) -> typer.Exit:
    """Prints why, and is what to raise."""
    typer.echo(f"cdc: {message}", err=True)
    return typer.Exit(1)
