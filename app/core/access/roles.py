"""Roles of the people who work at the console: named sets of scopes, with duties kept apart.

Who registers partners can neither read the log nor settle identities; who reads the log changes nothing.
"""

from collections.abc import Mapping
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
    Role.SECURITY_OFFICER: frozenset({Scope.AUDIT_READ, Scope.POLICY_ADMIN}),
    Role.ADMINISTRATOR: frozenset({Scope.CLIENT_ADMIN}),
}
"""What each role may do."""
