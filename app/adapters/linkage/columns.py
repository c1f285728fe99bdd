"""A person as text columns, the only form that DuckDB, Spark and Splink pass to a comparison function.

A column holds what was given, so that the core reads it again and nothing about an element is said twice; it
is NULL exactly where the element is missing. `surname` and `given` are what term frequencies are joined on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.core.identity.documents.document import Document
from app.core.identity.documents.read import read_document
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.gender import Gender
from app.core.identity.names.name import Name
from app.core.identity.names.reader import read_name
from app.core.identity.tables import ReferenceTables

REMEMBERED = 65_536
"""How many texts of one column stay read; each pair asks for its two once a level."""

UNSPLIT = "·"
"""Surname and given name of a name that has none of its own: they have one frequency together."""

Text = str | None


@dataclass(frozen=True, slots=True)
class Columns:
    """One person's columns."""

    name: Text
    gender: Text
    birth_date: Text
    document: Text
    surname: Text
    given: Text


def columns_of(given: GivenElements, elements: IdentityElements) -> Columns:
    """The columns of a person, from the elements as given and as understood."""
    name = elements.name
    document = None
    if elements.document is not None:
        born = elements.birth_date.isoformat() if elements.birth_date else None
        document = json.dumps([given.id_type, given.id_number, born], ensure_ascii=False)
    return Columns(
        name=given.name if name is not None else None,
        gender=elements.gender.value if elements.gender else None,
        birth_date=elements.birth_date.isoformat() if elements.birth_date else None,
        document=document,
        surname=None if name is None else name.surname or UNSPLIT,
        given=None if name is None else name.given if name.surname else UNSPLIT,
    )


class Reader:
    """Columns back to elements, remembering what it read."""

    def __init__(self, tables: ReferenceTables) -> None:
        self.tables = tables
        self.name: Callable[[Text], Name | None] = lru_cache(REMEMBERED)(self._name)
        self.document: Callable[[Text], Document | None] = lru_cache(REMEMBERED)(self._document)
        self.birth_date: Callable[[Text], date | None] = lru_cache(REMEMBERED)(_birth_date)

    def gender(self, text: Text) -> Gender | None:
        """The gender of its column."""
        return None if text is None else Gender(text)

    def elements(self, name: Text, gender: Text, birth_date: Text, document: Text) -> IdentityElements:
        """A person's elements as the core understands them."""
        return IdentityElements(
            self.name(name), self.gender(gender), self.birth_date(birth_date), self.document(document)
        )

    def _name(self, text: Text) -> Name | None:
        return None if text is None else read_name(text, self.tables)

    def _document(self, text: Text) -> Document | None:
        if text is None:
            return None
        id_type, number, born = json.loads(text)
        return read_document(id_type, number, _birth_date(born), self.tables.id_types)


def _birth_date(text: Text) -> date | None:
    return None if text is None else date.fromisoformat(text)
