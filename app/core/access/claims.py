"""What a token says, checked and typed."""

from dataclasses import dataclass
from datetime import datetime

from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose, Scope


@dataclass(frozen=True, slots=True)
class CustomerGrant:
    """RFC 9396 authorization details of type `customer_records`: one customer, some domains, one purpose.

    `sensitive` are the labels that are open: records with any other are not given. Records of the kinds
    `withheld` are not given, either.
    """

    customer_id: str
    domains: tuple[Domain, ...]
    purpose: Purpose
    sensitive: tuple[Sensitivity, ...] = ()
    withheld: tuple[RecordKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """An access token's claims (RFC 9068). `client_id` is also `sub`; `actor` is `act.sub` (RFC 8693).

    `derived_from` are the IDs of the tokens that this one was obtained with: it ends with any of them.
    """

    token_id: str
    client_id: str
    audience: str
    scopes: frozenset[Scope]
    issued_at: datetime
    expires_at: datetime
    actor: str | None = None
    grant: CustomerGrant | None = None
    derived_from: tuple[str, ...] = ()

    @property
    def lineage(self) -> tuple[str, ...]:
        """The token and those it was obtained with."""
        return (self.token_id, *self.derived_from)
