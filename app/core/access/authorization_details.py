"""RFC 9396 authorization details of the one type we know, `customer_records`."""

from typing import Any

from app.core.access.claims import CustomerGrant
from app.core.access.scope import Domain, Purpose

DETAILS_TYPE = "customer_records"
_LONGEST_ID = 64


def write_authorization_details(grant: CustomerGrant) -> list[dict[str, Any]]:
    """The grant as tokens, introspection and match answers show it."""
    return [
        {
            "type": DETAILS_TYPE,
            "customer_id": grant.customer_id,
            "domains": [domain.value for domain in grant.domains],
            "purpose": grant.purpose.value,
        }
    ]


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
        ] if not rest and 0 < len(customer) <= _LONGEST_ID:
            return CustomerGrant(customer, _domains(names), Purpose(purpose))
    raise ValueError("authorization details are not of our type")


def _domains(names: list[object]) -> tuple[Domain, ...]:
    domains = tuple(Domain(name) for name in names if isinstance(name, str))
    if not domains or len(domains) != len(names) or len(set(domains)) != len(domains):
        raise ValueError("domains are missing or repeated")
    return domains
