"""Consent directives: what a customer, or who speaks for them, permitted or forbade, and what that leaves.

Of each kind of record, and of each sensitive label, on its own:

1. a denial in force forbids it, whatever was permitted before or after;
2. else a withdrawn permission forbids it, as a denial in the same words, until a later permission;
3. else a permission in force permits it;
4. else nothing is recorded, and the policy says what that means.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core.access.record_kinds import KINDS, RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose


class Stance(StrEnum):
    """What a directive does."""

    PERMIT = "permit"
    DENY = "deny"


class GivenBy(StrEnum):
    """Whose word a directive is. `REPRESENTATIVE`: somebody whom an adult authorised in writing."""

    CUSTOMER = "customer"
    GUARDIAN = "guardian"
    NEXT_OF_KIN = "next_of_kin"
    REPRESENTATIVE = "representative"


class Consent(StrEnum):
    """Where the directives leave a kind of record."""

    NOT_RECORDED = "not_recorded"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive; an empty set of domains, purposes or partners (client IDs) is "any".

    `kinds` empty is every kind; `sensitive` are the labels that it names: none is meant unless it is named,
    but for a denial that names neither kinds nor labels, which forbids everything. `customer_id` is the ID
    under which it was given. In force from `valid_from` (inclusive) until `valid_until` (exclusive).
    """

    consent_id: UUID
    customer_id: str
    stance: Stance
    given_by: GivenBy
    valid_from: datetime
    recorded_at: datetime
    domains: frozenset[Domain] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    partners: frozenset[str] = frozenset()
    kinds: frozenset[RecordKind] = frozenset()
    sensitive: frozenset[Sensitivity] = frozenset()
    valid_until: datetime | None = None
    withdrawn_at: datetime | None = None

    def speaks_of(self, domain: Domain, purpose: Purpose, client_id: str) -> bool:
        """Whether it is about that client reading that domain for that purpose."""
        return (
            (not self.domains or domain in self.domains)
            and (not self.purposes or purpose in self.purposes)
            and (not self.partners or client_id in self.partners)
        )

    def in_force(self, now: datetime) -> bool:
        """Whether it is neither withdrawn nor out of its period."""
        ended = self.valid_until is not None and now >= self.valid_until
        return self.withdrawn_at is None and self.valid_from <= now and not ended

    def permits(self, what: RecordKind | Sensitivity) -> bool:
        """Whether a permission in these words is one for `what`."""
        if isinstance(what, Sensitivity):
            return what in self.sensitive
        return not self.kinds or what in self.kinds

    def forbids(self, what: RecordKind | Sensitivity) -> bool:
        """Whether a denial in these words is one of `what`."""
        return what in self.kinds or what in self.sensitive or not (self.kinds or self.sensitive)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the directives leave each kind of a domain, and each sensitive label."""

    kinds: dict[RecordKind, Consent]
    sensitive: dict[Sensitivity, Consent]


_NOTHING: dict[Domain, Standing] = {
    domain: Standing(
        dict.fromkeys(KINDS[domain], Consent.NOT_RECORDED), dict.fromkeys(Sensitivity, Consent.NOT_RECORDED)
    )
    for domain in Domain
}


def standing(
    directives: Sequence[Directive], domain: Domain, now: datetime, givers: AbstractSet[GivenBy]
) -> Standing:
    """Where directives that speak of the request leave its domain. Permissions count where one of `givers`
    gave them, denials and withdrawals whoever did."""
    if not directives:
        return _NOTHING[domain]
    denials = [d for d in directives if d.stance is Stance.DENY and d.in_force(now)]
    permissions = [d for d in directives if d.stance is Stance.PERMIT]
    withdrawn = [d for d in permissions if d.withdrawn_at is not None]
    given = [d for d in permissions if d.in_force(now) and d.given_by in givers]

    def of(what: RecordKind | Sensitivity) -> Consent:
        if any(d.forbids(what) for d in denials):
            return Consent.DENIED
        ended = max((d.withdrawn_at for d in withdrawn if d.withdrawn_at and d.forbids(what)), default=None)
        last = max((d.recorded_at for d in given if d.permits(what)), default=None)
        if ended is not None and (last is None or last <= ended):
            return Consent.WITHDRAWN
        return Consent.NOT_RECORDED if last is None else Consent.GIVEN

    return Standing({kind: of(kind) for kind in KINDS[domain]}, {label: of(label) for label in Sensitivity})
