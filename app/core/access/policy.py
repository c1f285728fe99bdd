"""The access decision: may this client see these domains of this customer, for this purpose?

A pure function over a policy set, which is data. `docs/policy.md` explains the sets that we ship.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.access.client import Client
from app.core.access.consent import Consent, Directive, GivenBy, Standing, standing
from app.core.access.person import AgeGroup, Person
from app.core.access.record_kinds import KINDS, RecordKind, Sensitivity
from app.core.access.scope import RECORDS_SCOPES, Domain, Purpose, Scope
from app.core.matching.answer import Grade


class Obstacle(StrEnum):
    """What stands in the way of a permit."""

    MATCH_NOT_CERTAIN = "match_not_certain"
    CLIENT_SUSPENDED = "client_suspended"
    CLIENT_WITHOUT_DOMAIN = "client_without_domain"
    NO_DOMAIN_ASKED = "no_domain_asked"
    SCOPE_MISSING = "scope_missing"
    PURPOSE_NOT_PERMITTED = "purpose_not_permitted"
    CUSTOMER_NOT_DECEASED = "customer_not_deceased"
    CUSTOMER_DECEASED = "customer_deceased"
    CUSTOMER_IS_MINOR = "customer_is_minor"
    EMERGENCY_REASON_MISSING = "emergency_reason_missing"
    CONSENT_DENIED = "consent_denied"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_MISSING = "consent_missing"
    GUARDIAN_CONSENT_MISSING = "guardian_consent_missing"
    NEXT_OF_KIN_CONSENT_MISSING = "next_of_kin_consent_missing"


class Condition(StrEnum):
    """What a rule asks of consent, from the laxest to the strictest."""

    OPEN = "open"
    UNLESS_WITHDRAWN = "unless_withdrawn"
    WITH_CONSENT = "with_consent"
    NEVER = "never"


_STRICTNESS = {condition: place for place, condition in enumerate(Condition)}
_SUFFICES = {
    Condition.OPEN: frozenset(Consent),
    Condition.UNLESS_WITHDRAWN: frozenset({Consent.NOT_RECORDED, Consent.GIVEN}),
    Condition.WITH_CONSENT: frozenset({Consent.GIVEN}),
    Condition.NEVER: frozenset[Consent](),
}


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """What is asked for: domains, purpose, and the written reason of an emergency."""

    domains: tuple[Domain, ...]
    purpose: Purpose
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of who asks and whom they ask for, now.

    `scopes` are the token's. `matched`: the outcome is `match`, so no veto, no rival. `directives` are all
    that were ever recorded for the customer, and for whoever was merged into them.
    """

    client: Client
    scopes: frozenset[Scope]
    grade: Grade
    matched: bool
    now: datetime
    person: Person
    directives: tuple[Directive, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to open a domain: clients of `clients` may read `records` for `purposes`.

    `records` None: the client's own domain. `adult`, `minor`, `deceased`: what is asked of consent for whom;
    `sensitive`: what is asked for records with a sensitive label. `kinds` empty: every kind. `emergency`: a
    written reason is needed, and the permit is reviewed afterwards. `says` and `law` are for people.
    """

    code: str
    says: str
    law: str
    clients: frozenset[Domain]
    records: frozenset[Domain] | None
    purposes: frozenset[Purpose]
    adult: Condition
    minor: Condition
    deceased: Condition
    sensitive: Condition
    kinds: frozenset[RecordKind] = frozenset()
    emergency: bool = False

    def covers(self, client: Domain, record: Domain, purpose: Purpose) -> bool:
        """Whether the rule speaks of that client reading that domain for that purpose."""
        if purpose not in self.purposes or client not in self.clients:
            return False
        return client is record if self.records is None else record in self.records

    def condition(self, person: Person) -> Condition:
        """What is asked of consent for this person; of whom is only said to be dead, the stricter of both."""
        living = self.adult if person.age is AgeGroup.ADULT else self.minor
        if not person.called_dead:
            return living
        return self.deceased if person.dead else max(living, self.deceased, key=_STRICTNESS.__getitem__)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Rules in order: the first that covers a domain decides it, and what no rule covers is denied.

    `version` names the content, so that equal versions are equal sets.
    """

    name: str
    title: str
    version: str
    rules: tuple[Rule, ...]

    def rule_for(self, client: Domain | None, record: Domain, purpose: Purpose) -> Rule | None:
        """The rule that decides; a client without a domain has none."""
        if client is None:
            return None
        return next((rule for rule in self.rules if rule.covers(client, record, purpose)), None)


@dataclass(frozen=True, slots=True)
class Permit:
    """All domains asked for are open, but for records of the `withheld` kinds, and those with a sensitive
    label that is not in `sensitive`. `reasons` are the rules' codes. An `emergency` is reviewed later."""

    reasons: tuple[str, ...]
    policy: str
    sensitive: frozenset[Sensitivity] = frozenset()
    withheld: frozenset[RecordKind] = frozenset()
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Deny:
    """No domain is open; `reasons` holds everything that stood in the way."""

    reasons: tuple[Obstacle, ...]
    policy: str


@dataclass(frozen=True, slots=True)
class _Considered:
    """A domain with its rule, and where consent leaves it."""

    domain: Domain
    rule: Rule
    condition: Condition
    standing: Standing

    def kinds_of_rule(self) -> list[RecordKind]:
        """The kinds of record that the rule speaks of."""
        return [kind for kind in self.standing.kinds if not self.rule.kinds or kind in self.rule.kinds]

    def open_kinds(self) -> list[RecordKind]:
        """Those of them that consent leaves open."""
        enough = _SUFFICES[self.condition]
        return [kind for kind in self.kinds_of_rule() if self.standing.kinds[kind] in enough]

    def open_labels(self) -> set[Sensitivity]:
        """The sensitive labels that consent leaves open."""
        enough = _SUFFICES[self.rule.sensitive]
        return {label for label, consent in self.standing.sensitive.items() if consent in enough}


def decide(request: AccessRequest, facts: Facts, policy: PolicySet) -> Permit | Deny:
    """Permits all domains asked for, or none. Every obstacle is named, each once, in a fixed order."""
    considered = [_consider(domain, request.purpose, facts, policy) for domain in request.domains]
    obstacles = tuple(dict.fromkeys(_obstacles(request, facts, considered)))
    if obstacles:
        return Deny(obstacles, policy.version)
    known = [each for each in considered if each is not None]
    every = {kind for each in known for kind in KINDS[each.domain]}
    return Permit(
        tuple(dict.fromkeys(each.rule.code for each in known)),
        policy.version,
        frozenset(Sensitivity).intersection(*(each.open_labels() for each in known)),
        frozenset(every.difference(*(each.open_kinds() for each in known))),
        any(each.rule.emergency for each in known),
    )


def accepted_givers(person: Person) -> frozenset[GivenBy]:
    """Whose permission counts: a guardian's for a minor; after death the next of kin's, or what the customer
    had settled before (article 49); of whom is only said to be dead, whoever counts both ways."""
    living = (
        frozenset({GivenBy.CUSTOMER, GivenBy.GUARDIAN, GivenBy.REPRESENTATIVE})
        if person.age is AgeGroup.ADULT
        else frozenset({GivenBy.GUARDIAN})
    )
    if not person.called_dead:
        return living
    late = frozenset({GivenBy.NEXT_OF_KIN, GivenBy.CUSTOMER})
    return late if person.dead else living & late


def _consider(domain: Domain, purpose: Purpose, facts: Facts, policy: PolicySet) -> _Considered | None:
    rule = policy.rule_for(facts.client.domain, domain, purpose)
    if rule is None:
        return None
    speaking = [d for d in facts.directives if d.speaks_of(domain, purpose, facts.client.client_id)]
    left = standing(speaking, domain, facts.now, accepted_givers(facts.person))
    return _Considered(domain, rule, rule.condition(facts.person), left)


def _obstacles(
    request: AccessRequest, facts: Facts, considered: Sequence[_Considered | None]
) -> Iterator[Obstacle]:
    if not facts.matched or facts.grade is not Grade.CERTAIN:
        yield Obstacle.MATCH_NOT_CERTAIN
    yield from _obstacles_of_client(request, facts)
    if None in considered and facts.client.domain is not None:
        yield Obstacle.PURPOSE_NOT_PERMITTED
    for each in considered:
        if each is not None:
            yield from _obstacles_of_rule(each, request, facts.person)


def _obstacles_of_client(request: AccessRequest, facts: Facts) -> Iterator[Obstacle]:
    if not facts.client.active:
        yield Obstacle.CLIENT_SUSPENDED
    if facts.client.domain is None:
        yield Obstacle.CLIENT_WITHOUT_DOMAIN
    if not request.domains:
        yield Obstacle.NO_DOMAIN_ASKED
    if any(RECORDS_SCOPES[domain] not in facts.scopes for domain in request.domains):
        yield Obstacle.SCOPE_MISSING


def _obstacles_of_rule(considered: _Considered, request: AccessRequest, person: Person) -> Iterator[Obstacle]:
    if considered.rule.emergency and not _is_written(request.reason):
        yield Obstacle.EMERGENCY_REASON_MISSING
    if considered.condition is Condition.NEVER:
        yield _why_never(considered.rule, person)
    elif not considered.open_kinds():
        yield from _obstacles_of_consent(considered, person)


def _why_never(rule: Rule, person: Person) -> Obstacle:
    if rule.deceased is not Condition.NEVER and not person.dead:
        return Obstacle.CUSTOMER_NOT_DECEASED
    if person.called_dead:
        return Obstacle.CUSTOMER_DECEASED
    return Obstacle.CUSTOMER_IS_MINOR


def _obstacles_of_consent(considered: _Considered, person: Person) -> Iterator[Obstacle]:
    found = {considered.standing.kinds[kind] for kind in considered.kinds_of_rule()}
    if Consent.DENIED in found:
        yield Obstacle.CONSENT_DENIED
    if Consent.WITHDRAWN in found:
        yield Obstacle.CONSENT_WITHDRAWN
    if Consent.NOT_RECORDED in found:
        yield _whose_consent(person)


def _whose_consent(person: Person) -> Obstacle:
    if person.called_dead:
        return Obstacle.NEXT_OF_KIN_CONSENT_MISSING
    return Obstacle.CONSENT_MISSING if person.age is AgeGroup.ADULT else Obstacle.GUARDIAN_CONSENT_MISSING


def _is_written(reason: str | None) -> bool:
    """A reason that says something: at least one letter, digit or character of a script."""
    return reason is not None and any(character.isalnum() for character in reason)
