"""A decision in words: what each reason of it means, and what would have to be otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.access.policy import Obstacle, PolicySet

WORDS: Mapping[str, str] = {
    Obstacle.MATCH_NOT_CERTAIN: "Nobody was matched with certainty: no such customer, a doubt, or a veto.",
    Obstacle.CLIENT_SUSPENDED: "The client was suspended.",
    Obstacle.CLIENT_WITHOUT_DOMAIN: "The client belongs to no domain, and only clients of one see records.",
    Obstacle.NO_DOMAIN_ASKED: "No domain was asked for.",
    Obstacle.SCOPE_MISSING: "The token lacked the scope records:<domain> of a domain that was asked for.",
    Obstacle.PURPOSE_NOT_PERMITTED: "No rule opens a domain asked for to such a client for that purpose.",
    Obstacle.CUSTOMER_NOT_DECEASED: "The rule is for the dead, and no other domain told of a death.",
    Obstacle.CUSTOMER_DECEASED: "The rule is for the living, and the customer was said to be dead.",
    Obstacle.CUSTOMER_IS_MINOR: "The rule is not for children under 14, or the customer's age was not known.",
    Obstacle.EMERGENCY_REASON_MISSING: "An emergency needs a written reason, and none was given.",
    Obstacle.CONSENT_DENIED: "A denial in force forbade it.",
    Obstacle.CONSENT_WITHDRAWN: "The permission was withdrawn, and none was given since.",
    Obstacle.CONSENT_MISSING: "The rule needs the customer's consent, and none recorded covers this.",
    Obstacle.GUARDIAN_CONSENT_MISSING: "The rule needs the guardian's consent, and none was recorded.",
    Obstacle.NEXT_OF_KIN_CONSENT_MISSING: "The rule needs the next of kin's consent, or the dead's own.",
}
"""What each obstacle means."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a decision, or a rule that was asked: its code, and what it says. `says` is None for a
    rule of a set whose text is not known."""

    code: str
    says: str | None
    law: str | None = None


def explain_reasons(codes: Sequence[str], policy: PolicySet | None) -> tuple[Reason, ...]:
    """The reasons of a decision in words, in its order; of rules in those of the set that decided."""
    rules = {rule.code: rule for rule in policy.rules} if policy else {}
    return tuple(
        Reason(code, rules[code].says, rules[code].law) if code in rules else Reason(code, WORDS.get(code))
        for code in codes
    )


def explain_rules(asked: str, policy: PolicySet | None) -> tuple[tuple[str, Reason | None], ...]:
    """For each domain of `domain:rule domain:none`, as the event keeps it, the rule that was asked."""
    pairs: Iterable[tuple[str, str, str]] = (each.partition(":") for each in asked.split())
    return tuple(
        (domain, None if code in ("none", "") else explain_reasons([code], policy)[0])
        for domain, _, code in pairs
    )
