"""What a source record's elements are worth: which are missing, invalid, or contradict one another."""

from enum import StrEnum

from app.core.identity.documents.document import Document
from app.core.identity.elements import IdentityElements
from app.core.identity.failure import InvalidElements

FIELDS = ("name", "gender", "birth_date", "id_type", "id_number")


class Fault(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    INVALID = "invalid"
    CONTRADICTORY = "contradictory"


Faults = frozenset[tuple[str, Fault]]


def faults(understood: IdentityElements | InvalidElements) -> Faults:
    """The faults of one record's elements, by field.

    Missing is also what says nothing: an unknown gender, a placeholder for a name or number. A number is
    invalid where it breaks its own format's rules. Gender (digit 17 of a resident number) and birth date are
    held against the number only where that is valid, so that a slip in it blames no other field; an ID type
    contradicts the number where that is plainly of another type.
    """
    if isinstance(understood, InvalidElements):
        return frozenset((failure.field, Fault.INVALID) for failure in understood.failures)
    found = {
        ("name", understood.name),
        ("gender", understood.gender),
        ("birth_date", understood.birth_date),
        ("id_type", understood.document and understood.document.declared),
        ("id_number", understood.document and understood.document.key),
    }
    missing = {(field, Fault.MISSING) for field, value in found if value is None}
    document = understood.document
    return frozenset(missing | (_of_document(understood, document) if document is not None else set()))


def _of_document(understood: IdentityElements, document: Document) -> set[tuple[str, Fault]]:
    wrong = set()
    if not document.valid:
        wrong.add(("id_number", Fault.INVALID))
    if document.id_type is not document.declared:
        wrong.add(("id_type", Fault.CONTRADICTORY))
    if document.valid and _differ(understood.gender, document.gender):
        wrong.add(("gender", Fault.CONTRADICTORY))
    if document.valid and _differ(understood.birth_date, document.birth_date):
        wrong.add(("birth_date", Fault.CONTRADICTORY))
    return wrong


def _differ(said: object, by_number: object) -> bool:
    return said is not None and by_number is not None and said != by_number
