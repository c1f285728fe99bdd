"""The five identity elements, as given and as understood."""

from dataclasses import dataclass
from datetime import date

from app.core.identity.documents.document import Document
from app.core.identity.gender import Gender
from app.core.identity.names.name import Name


@dataclass(frozen=True, slots=True)
class GivenElements:
    """The five as a partner wrote them; `None` is "not given". What is stored, encrypted, is this."""

    name: str | None
    gender: str | None
    birth_date: str | None
    id_type: str | None
    id_number: str | None


@dataclass(frozen=True, slots=True)
class IdentityElements:
    """The five as understood. `None` is missing (not given, a placeholder, unreadable): never agreement.

    `notes` are stable codes of what normalising saw: `decoration_cut`, `placeholder_number`, …
    """

    name: Name | None
    gender: Gender | None
    birth_date: date | None
    document: Document | None
    notes: tuple[str, ...] = ()
