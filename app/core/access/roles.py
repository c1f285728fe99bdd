"""Roles: named sets of scopes, and the duties that nobody may hold together.

Who registers partners can neither read the log nor settle identities; who reads the log changes nothing. Who
settles identities answers people, too: with the report of who looked at them, one at a time, never the log.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.core.access.scope import Scope


class Role(StrEnum):
    """What somebody works as."""

    AUDITOR = "auditor"
    STEWARD = "steward"
    SECURITY_OFFICER = "security_officer"
    ADMINISTRATOR = "administrator"


SCOPES_OF: Mapping[Role, frozenset[Scope]] = {
    Role.AUDITOR: frozenset({Scope.AUDIT_READ}),
    Role.STEWARD: frozenset(
        {
            Scope.CUSTOMER_STEWARD,
            Scope.CUSTOMER_READ,
            Scope.CUSTOMER_MATCH,
            Scope.MATCH_EXPLAIN,
            Scope.CONSENT_WRITE,
        }
    ),
    Role.SECURITY_OFFICER: frozenset({Scope.AUDIT_READ, Scope.POLICY_ADMIN, Scope.DATA_ERASE}),
    Role.ADMINISTRATOR: frozenset({Scope.CLIENT_ADMIN}),
}
"""What each role may do."""

APART: tuple[tuple[Scope, Scope], ...] = (
    (Scope.CLIENT_ADMIN, Scope.AUDIT_READ),
    (Scope.CLIENT_ADMIN, Scope.POLICY_ADMIN),
    (Scope.CLIENT_ADMIN, Scope.DATA_ERASE),
)
"""Duties that no client holds together: who grants access may not also review it, rule on it, or erase."""

OPERATOR_GRANTED: frozenset[Scope] = frozenset(
    {Scope.CLIENT_ADMIN, Scope.AUDIT_READ, Scope.POLICY_ADMIN, Scope.DATA_ERASE}
)
"""What is granted at the operator's terminal alone: an administrator who could grant these, or renew the
secret of a client that has them, would hold them."""


def held_together(scopes: Iterable[Scope]) -> tuple[Scope, Scope] | None:
    """The first pair of `APART` that these scopes hold together; None where duties are separate."""
    held = frozenset(scopes)
    return next((pair for pair in APART if held.issuperset(pair)), None)
