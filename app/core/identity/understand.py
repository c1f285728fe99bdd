"""From the five elements as written to the five as understood."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from app.core.identity.dates import parse_birth_date
from app.core.identity.documents.document import Document
from app.core.identity.documents.read import LONGEST_NUMBER, read_document, read_id_type
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.identity.gender import parse_gender
from app.core.identity.names.name import Name
from app.core.identity.names.reader import read_name_with_notes
from app.core.identity.tables import ReferenceTables

LONGEST_NAME = 200
_LONGEST_WORD = 64
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_T = TypeVar("_T")


def understand(given: GivenElements, tables: ReferenceTables, today: date) -> IdentityElements:
    """Reads all five elements; what is blank, a placeholder or unreadable is missing.

    Raises InvalidElements with every failure found, each naming its field: characters that no text holds
    (NUL, controls, lone surrogates), a name over 200 or a number over 64 characters, a gender or ID type that
    is no known word, a birth date that is no day, in the future or more than 150 years ago.
    """
    failures = _unfit_texts(given)
    gender = _read(failures, "gender", parse_gender, given.gender)
    birth_date = _read(failures, "birth_date", parse_birth_date, given.birth_date, today)
    _read(failures, "id_type", read_id_type, given.id_type, tables.id_types)
    if failures:
        raise InvalidElements(failures)
    document = read_document(given.id_type, given.id_number, birth_date, tables.id_types)
    name, notes = _name(given.name, tables)
    return IdentityElements(name, gender, birth_date, document, notes + _document_notes(given, document))


def _read(
    failures: list[InvalidElement], field: str, reader: Callable[..., _T], *arguments: object
) -> _T | None:
    """What a reader makes of an element. A failure is noted; an unfit text is not read at all."""
    if failures and any(failure.field == field for failure in failures):
        return None
    try:
        return reader(*arguments)
    except InvalidElement as failure:
        failures.append(failure)
        return None


def _unfit_texts(given: GivenElements) -> list[InvalidElement]:
    texts = (
        ("name", given.name, LONGEST_NAME),
        ("gender", given.gender, _LONGEST_WORD),
        ("birth_date", given.birth_date, _LONGEST_WORD),
        ("id_type", given.id_type, _LONGEST_WORD),
        ("id_number", given.id_number, LONGEST_NUMBER),
    )
    return [
        failure for field, text, longest in texts if (failure := _unfit(field, text, longest)) is not None
    ]


def _unfit(field: str, text: str | None, longest: int) -> InvalidElement | None:
    if text is None:
        return None
    if len(text) > longest:
        return InvalidElement(field, "too_long", f"must be at most {longest} characters")
    if _FORBIDDEN.search(text):
        return InvalidElement(
            field, "forbidden_characters", "must hold no control characters or lone surrogates"
        )
    return None


def _name(text: str | None, tables: ReferenceTables) -> tuple[Name | None, tuple[str, ...]]:
    return (None, ()) if text is None else read_name_with_notes(text, tables)


def _document_notes(given: GivenElements, document: Document | None) -> tuple[str, ...]:
    if document is None:
        return ("placeholder_number",) if given.id_number and given.id_number.strip() else ()
    if given.id_type and given.id_type.strip() and document.id_type is not document.declared:
        return ("other_id_type_recognised",)
    return ()
