"""The access decision: may this client see these domains of this customer, for this purpose?

A pure function over a small table. `docs/policy.md` says each rule in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.access.client import Client
from app.core.access.scope import RECORDS_SCOPES, Domain, Purpose, Scope
from app.core.matching.answer import Grade

POLICY_VERSION = "default-1"


class ReasonCode(StrEnum):
    """Why a decision fell. The first four name the rule that opened a domain; the others are denials."""

    CARE_BETWEEN_DOMAINS = "care_between_domains"
    OWN_DOMAIN = "own_domain"
    DECEASED_AFFAIRS = "deceased_affairs"
    EMERGENCY_ACCESS = "emergency_access"
    MATCH_NOT_CERTAIN = "match_not_certain"
    CLIENT_SUSPENDED = "client_suspended"
    CLIENT_WITHOUT_DOMAIN = "client_without_domain"
    NO_DOMAIN_ASKED = "no_domain_asked"
    SCOPE_MISSING = "scope_missing"
    PURPOSE_NOT_PERMITTED = "purpose_not_permitted"
    CUSTOMER_NOT_DECEASED = "customer_not_deceased"
    EMERGENCY_REASON_MISSING = "emergency_reason_missing"
    CONSENT_WITHDRAWN = "consent_withdrawn"


class Consent(StrEnum):
    """What the customer said about this client's access to these domains."""

    NOT_RECORDED = "not_recorded"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """What is asked for: domains, purpose, and the written reason of an emergency."""

    domains: tuple[Domain, ...]
    purpose: Purpose
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of who asks and whom they ask for.

    `scopes` are the token's. `matched`: the outcome is `match`, so no veto, no rival. `consent` is what the
    customer said about this client and these domains.
    """

    client: Client
    scopes: frozenset[Scope]
    grade: Grade
    matched: bool
    deceased: bool
    consent: Consent = Consent.NOT_RECORDED


@dataclass(frozen=True, slots=True)
class Permit:
    """All domains asked for are open. An `emergency` is to be reviewed afterwards."""

    reasons: tuple[ReasonCode, ...]
    emergency: bool = False
    policy: str = POLICY_VERSION


@dataclass(frozen=True, slots=True)
class Deny:
    """No domain is open; `reasons` holds everything that stood in the way."""

    reasons: tuple[ReasonCode, ...]
    policy: str = POLICY_VERSION


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to open a domain: clients of `clients` may read `records` for `purposes`.

    `own_only`: only the client's own domain among `records`.
    """

    code: ReasonCode
    purposes: frozenset[Purpose]
    clients: frozenset[Domain]
    records: frozenset[Domain]
    own_only: bool = False
    deceased_only: bool = False
    reason_needed: bool = False

    def covers(self, client: Domain, record: Domain, purpose: Purpose) -> bool:
        """Whether the rule speaks of that client reading that domain for that purpose."""
        if purpose not in self.purposes or client not in self.clients or record not in self.records:
            return False
        return not self.own_only or client is record


_CARE = frozenset({Domain.MEDICAL, Domain.ELDER_CARE})
_FUNERAL = frozenset({Domain.FUNERAL})

RULES: tuple[Rule, ...] = (
    Rule(
        ReasonCode.OWN_DOMAIN,
        frozenset({Purpose.TREAT, Purpose.CAREMGT, Purpose.HPAYMT, Purpose.HOPERAT, Purpose.PATRQT}),
        clients=_CARE,
        records=_CARE,
        own_only=True,
    ),
    Rule(
        ReasonCode.CARE_BETWEEN_DOMAINS,
        frozenset({Purpose.TREAT, Purpose.CAREMGT}),
        clients=_CARE,
        records=_CARE,
    ),
    Rule(
        ReasonCode.DECEASED_AFFAIRS,
        frozenset({Purpose.DECEASED_AFFAIRS}),
        clients=_FUNERAL,
        records=_FUNERAL,
        deceased_only=True,
    ),
    Rule(
        ReasonCode.EMERGENCY_ACCESS,
        frozenset({Purpose.ETREAT}),
        clients=_CARE,
        records=frozenset(Domain),
        reason_needed=True,
    ),
)
"""The default policy. Whatever no rule covers is denied; the first rule that covers a domain decides it."""


def decide(request: AccessRequest, facts: Facts) -> Permit | Deny:
    """Permits all domains asked for, or none. Every obstacle is named, each once, in a fixed order."""
    rules = tuple(_rule_for(domain, request.purpose, facts.client) for domain in request.domains)
    obstacles = tuple(dict.fromkeys(_obstacles(request, facts, rules)))
    if obstacles:
        return Deny(obstacles)
    codes = tuple(dict.fromkeys(rule.code for rule in rules if rule is not None))
    return Permit(codes, emergency=ReasonCode.EMERGENCY_ACCESS in codes)


def _rule_for(record: Domain, purpose: Purpose, client: Client) -> Rule | None:
    if client.domain is None:
        return None
    return next((rule for rule in RULES if rule.covers(client.domain, record, purpose)), None)


def _obstacles(request: AccessRequest, facts: Facts, rules: tuple[Rule | None, ...]) -> Iterator[ReasonCode]:
    if not facts.matched or facts.grade is not Grade.CERTAIN:
        yield ReasonCode.MATCH_NOT_CERTAIN
    yield from _obstacles_of_client(request, facts)
    if None in rules and facts.client.domain is not None:
        yield ReasonCode.PURPOSE_NOT_PERMITTED
    for rule in rules:
        if rule is not None:
            yield from _obstacles_of_rule(rule, request, facts)


def _obstacles_of_client(request: AccessRequest, facts: Facts) -> Iterator[ReasonCode]:
    if not facts.client.active:
        yield ReasonCode.CLIENT_SUSPENDED
    if facts.client.domain is None:
        yield ReasonCode.CLIENT_WITHOUT_DOMAIN
    if not request.domains:
        yield ReasonCode.NO_DOMAIN_ASKED
    if any(RECORDS_SCOPES[domain] not in facts.scopes for domain in request.domains):
        yield ReasonCode.SCOPE_MISSING


def _obstacles_of_rule(rule: Rule, request: AccessRequest, facts: Facts) -> Iterator[ReasonCode]:
    if rule.deceased_only and not facts.deceased:
        yield ReasonCode.CUSTOMER_NOT_DECEASED
    if rule.reason_needed and not _is_written(request.reason):
        yield ReasonCode.EMERGENCY_REASON_MISSING
    # An emergency is answered for afterwards, by review; a withdrawal binds whatever leaves one's own domain.
    if facts.consent is Consent.WITHDRAWN and not (rule.own_only or rule.reason_needed):
        yield ReasonCode.CONSENT_WITHDRAWN


def _is_written(reason: str | None) -> bool:
    """A reason that says something: at least one letter, digit or character of a script."""
    return reason is not None and any(character.isalnum() for character in reason)
