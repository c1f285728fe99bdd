"""How long events are kept: whole months, by the time in their IDs."""

from datetime import UTC, datetime

LEAST_MONTHS = 6
"""Fewer are refused: the law asks for six months of logs, and the verifier for no less."""


def horizon(now: datetime, months: int) -> datetime:
    """The beginning of the oldest month that is kept: so many whole ones before the present one, in UTC.

    Raises `ValueError` for too few.
    """
    if months < LEAST_MONTHS:
        raise ValueError(f"at least {LEAST_MONTHS} months are kept")
    present = now.astimezone(UTC)
    year, month = divmod(present.year * 12 + present.month - 1 - months, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
