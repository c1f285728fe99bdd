"""What of a customer's life decides who may see their records: childhood and death."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.access.scope import Domain

AGE_OF_MINORS = 14
"""Years: whoever is younger is a minor (Personal Information Protection Law of China, articles 28 and 31)."""


class AgeGroup(StrEnum):
    """`UNKNOWN`: no record of the customer has a birth date. It is treated as a minor's."""

    ADULT = "adult"
    MINOR = "minor"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """`called_dead`: some source system says so. `dead`: one of another domain than the client's says so.

    A death that is only said closes what is open to the living; it opens nothing until it is known.
    """

    age: AgeGroup = AgeGroup.ADULT
    called_dead: bool = False
    dead: bool = False


def age_group(birth_dates: Iterable[date], today: date) -> AgeGroup:
    """By the youngest age that any record gives. Who was born on 29 February grows older on 1 March."""
    youngest = max(birth_dates, default=None)
    if youngest is None:
        return AgeGroup.UNKNOWN
    years = today.year - youngest.year - ((today.month, today.day) < (youngest.month, youngest.day))
    return AgeGroup.MINOR if years < AGE_OF_MINORS else AgeGroup.ADULT


def death_is_known(said_by: Iterable[tuple[str, frozenset[Domain]]], client_domain: Domain | None) -> bool:
    """Whether somebody else than the client's own domain says that a customer is dead.

    `said_by`: the source systems that say so, each with the domains of the clients that write for it. A
    system that is named like a domain is of that domain, too; one that no partner writes for is nobody's but
    the operator's own.
    """
    return any(
        client_domain not in domains and (client_domain is None or system != client_domain.value)
        for system, domains in said_by
    )
