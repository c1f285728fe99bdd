"""The customer's best known values."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from app.core.identity.elements import GivenElements
from app.core.index.customer import SourceRecord

Value = TypeVar("Value")


def golden_record(records: Sequence[SourceRecord]) -> GivenElements:
    """Survivorship, element by element: what most records say, and of equals what was said last.

    ID type and number are one element: a number never survives under another record's type.
    """
    said = [record.given for record in sorted(records, key=lambda r: r.updated_at, reverse=True)]
    document = _survivor(said, lambda given: (given.id_type, given.id_number) if given.id_number else None)
    id_type, id_number = document or (None, None)
    return GivenElements(
        name=_survivor(said, lambda given: given.name),
        gender=_survivor(said, lambda given: given.gender),
        birth_date=_survivor(said, lambda given: given.birth_date),
        id_type=id_type,
        id_number=id_number,
    )


def _survivor(
    said: Sequence[GivenElements], element: Callable[[GivenElements], Value | None]
) -> Value | None:
    """`said` newest first: `Counter` keeps that order among equals."""
    values = Counter(value for given in said if (value := element(given)) is not None)
    return values.most_common(1)[0][0] if values else None
