"""Documents whose numbers carry neither a check digit nor facts about the holder."""

from app.core.identity.documents.document import Document, Fault, IdType


def unchecked(
    id_type: IdType, declared: IdType, key: str, faults: tuple[Fault, ...], *, unique: bool = True
) -> Document:
    """A document of such a format, valid where its shape is."""
    return Document(
        id_type=id_type, declared=declared, key=key, valid=not faults, unique=unique, failures=faults
    )
