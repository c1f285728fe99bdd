"""What a client may do."""

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """The scopes a client can be registered for."""

    CUSTOMER_MATCH = "customer:match"
    CUSTOMER_REGISTER = "customer:register"
    CUSTOMER_READ = "customer:read"
    CUSTOMER_STEWARD = "customer:steward"
    MATCH_EXPLAIN = "match:explain"
    RECORDS_MEDICAL = "records:medical"
    RECORDS_ELDER_CARE = "records:elder_care"
    RECORDS_FUNERAL = "records:funeral"
    RECORDS_WRITE = "records:write"
    CONSENT_WRITE = "consent:write"
    CHANGES_READ = "changes:read"
    TOKEN_INTROSPECT = "token:introspect"  # noqa: S105 - a scope
    TOKEN_EXCHANGE = "token:exchange"  # noqa: S105
    POLICY_ADMIN = "policy:admin"
    CLIENT_ADMIN = "client:admin"
    DATA_ERASE = "data:erase"
    AUDIT_READ = "audit:read"


class Domain(StrEnum):
    """The domains whose records the Health Data Center holds."""

    MEDICAL = "medical"
    ELDER_CARE = "elder_care"
    FUNERAL = "funeral"


class Purpose(StrEnum):
    """Why records are asked for: HL7 PurposeOfUse, and ours for funeral."""

    TREAT = "TREAT"
    CAREMGT = "CAREMGT"
    HPAYMT = "HPAYMT"
    HOPERAT = "HOPERAT"
    ETREAT = "ETREAT"
    PATRQT = "PATRQT"
    DECEASED_AFFAIRS = "DECEASED-AFFAIRS"


RECORDS_SCOPES: dict[Domain, Scope] = {
    Domain.MEDICAL: Scope.RECORDS_MEDICAL,
    Domain.ELDER_CARE: Scope.RECORDS_ELDER_CARE,
    Domain.FUNERAL: Scope.RECORDS_FUNERAL,
}
"""The scope without which a client may not even ask for a domain."""

ON_BEHALF_SCOPES: frozenset[Scope] = frozenset({Scope.CUSTOMER_MATCH, *RECORDS_SCOPES.values()})
"""What a partner's token may still do after another client exchanged it (RFC 8693)."""

_BY_VALUE: dict[str, Scope] = {scope.value: scope for scope in Scope}


class UnknownScope(ValueError):  # noqa: N818 - named as the caller sees it
    """A scope list that is empty, badly spaced, or names what does not exist."""


def parse_scopes(text: str) -> frozenset[Scope]:
    """Reads a space-delimited scope list (RFC 6749 section 3.3); order and repeats do not matter.

    Raises `UnknownScope` unless the list is one or more known scopes with single spaces between them.
    """
    try:
        return frozenset(_BY_VALUE[word] for word in text.split(" "))
    except KeyError:
        raise UnknownScope("a scope is not known") from None


def format_scopes(scopes: Iterable[Scope]) -> str:
    """The scopes as a space-delimited list, sorted, so that equal sets give equal text."""
    return " ".join(sorted(scopes))
