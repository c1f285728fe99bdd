"""People as the core reads them, and the question of who one is, with the shipped tables and model."""

from collections.abc import Callable
from datetime import date

import pytest

from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_shipped_model
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.understand import understand
from app.core.matching.answer import Answer, Candidates, KnownCustomer, KnownRecord
from app.core.matching.resolve import resolve

Elements = tuple[str | None, str | None, str | None, str | None, str | None]
"""Name, gender, birth date, ID type, ID number, as a partner writes them."""
Person = Callable[[Elements], IdentityElements]
Ask = Callable[..., Answer]

_TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def person() -> Person:
    """Reads five elements."""

    def read(elements: Elements) -> IdentityElements:
        return understand(GivenElements(*elements), load_reference_tables(), _TODAY)

    return read


@pytest.fixture(scope="session")
def ask(person: Person) -> Ask:
    """Asks who somebody is, among customers given as lists of their records or as their only one."""

    def known(elements: Elements) -> KnownRecord:
        return KnownRecord(GivenElements(*elements), person(elements))

    def answer(given: Elements, *stored: Elements | list[Elements], cut: tuple[str, ...] = ()) -> Answer:
        customers = [one if isinstance(one, list) else [one] for one in stored]
        known_customers = (
            KnownCustomer(f"C{i}", tuple(map(known, records))) for i, records in enumerate(customers, 1)
        )
        candidates = Candidates(tuple(known_customers), cut)
        return resolve(person(given), candidates, load_shipped_model(), load_reference_tables())

    return answer
