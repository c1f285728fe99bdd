"""The menu."""

from dataclasses import dataclass

from app.core.access.scope import Scope


@dataclass(frozen=True, slots=True)
class Section:
    """A place in the menu: its message key, address, and the scopes one of which opens it (none: all)."""

    key: str
    path: str
    scopes: tuple[Scope, ...] = ()


SECTIONS = (
    Section("overview", "/console/overview"),
    Section("reviews", "/console/reviews", (Scope.CUSTOMER_STEWARD,)),
    Section("customers", "/console/customers", (Scope.CUSTOMER_STEWARD,)),
    Section("partners", "/console/partners", (Scope.CLIENT_ADMIN,)),
    Section("log", "/console/log", (Scope.AUDIT_READ,)),
    Section("emergencies", "/console/emergencies", (Scope.AUDIT_READ,)),
    Section("erasures", "/console/erasures", (Scope.DATA_ERASE,)),
    Section("policy", "/console/policy"),
)
