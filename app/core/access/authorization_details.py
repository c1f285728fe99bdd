"""RFC 9396 authorization details of the one type we know, `customer_records`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from app.core.access.claims import CustomerGrant
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose

DETAILS_TYPE = "customer_records"
_LONGEST_ID = 64
_LIMITS = frozenset({"sensitive", "withheld"})
_Word = TypeVar("_Word", bound=StrEnum)


def write_authorization_details(grant: CustomerGrant) -> list[dict[str, Any]]:
    """The grant as tokens, introspection and match answers show it; `sensitive` and `withheld` stand there
    only where they hold something."""
    detail: dict[str, Any] = {
        "type": DETAILS_TYPE,
        "customer_id": grant.customer_id,
        "domains": [domain.value for domain in grant.domains],
        "purpose": grant.purpose.value,
    }
    if grant.sensitive:
        detail["sensitive"] = [label.value for label in grant.sensitive]
    if grant.withheld:
        detail["withheld"] = [kind.value for kind in grant.withheld]
    return [detail]


def read_authorization_details(details: object) -> CustomerGrant:
    """The grant of a token: exactly one entry with exactly our members. Raises `ValueError`."""
    match details:
        case [
            {
                "type": "customer_records",
                "customer_id": str(customer),
                "domains": list(names),
                "purpose": str(purpose),
                **rest,
            }
        ] if rest.keys() <= _LIMITS and 0 < len(customer) <= _LONGEST_ID:
            return CustomerGrant(
                customer,
                _words(names, Domain),
                Purpose(purpose),
                _limit(rest, "sensitive", Sensitivity),
                _limit(rest, "withheld", RecordKind),
            )
    raise ValueError("authorization details are not of our type")


def _limit(rest: Mapping[Any, object], name: str, words: type[_Word]) -> tuple[_Word, ...]:
    if name not in rest:
        return ()
    given = rest[name]
    if not isinstance(given, list):
        raise ValueError(f"{name} is not a list")
    return _words(given, words)


def _words(names: list[object], words: type[_Word]) -> tuple[_Word, ...]:
    """At least one, each once."""
    read = tuple(words(name) for name in names if isinstance(name, str))
    if not read or len(read) != len(names) or len(set(read)) != len(read):
        raise ValueError("words are missing or repeated")
    return read
