"""The policy set and its decisions, in words."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.core.access.explanation import Reason
from app.core.access.policy import Condition, PolicySet, Rule
from app.core.access.record_kinds import RecordKind
from app.core.access.scope import Domain, Purpose
from app.services.explain_decision import Explanation


class RuleOut(BaseModel):
    """One rule: in words, what it rests on, and field by field."""

    code: str
    says: str
    law: str
    clients: list[Domain]
    records: Annotated[list[Domain] | None, Field(description="Null: the client's own domain.")]
    purposes: list[Purpose]
    adult: Condition
    minor: Condition
    deceased: Condition
    sensitive: Condition
    kinds: Annotated[list[RecordKind], Field(description="Empty: every kind.")]
    emergency: bool

    @classmethod
    def of(cls, rule: Rule) -> "RuleOut":
        """From the core's shape."""
        return cls(
            code=rule.code,
            says=rule.says,
            law=rule.law,
            clients=sorted(rule.clients),
            records=None if rule.records is None else sorted(rule.records),
            purposes=sorted(rule.purposes),
            adult=rule.adult,
            minor=rule.minor,
            deceased=rule.deceased,
            sensitive=rule.sensitive,
            kinds=sorted(rule.kinds),
            emergency=rule.emergency,
        )


class PolicyOut(BaseModel):
    """The set in force. The first rule that covers a domain decides; what none covers is denied."""

    name: str
    title: str
    version: str
    rules: list[RuleOut]

    @classmethod
    def of(cls, policy: PolicySet) -> "PolicyOut":
        """From the core's shape."""
        rules = [RuleOut.of(rule) for rule in policy.rules]
        return cls(name=policy.name, title=policy.title, version=policy.version, rules=rules)


class ReasonOut(BaseModel):
    """A reason in words; `says` is null for a rule of a set whose text is not known."""

    code: str
    says: str | None
    law: str | None

    @classmethod
    def of(cls, reason: Reason) -> "ReasonOut":
        """From the core's shape."""
        return cls.model_validate(reason, from_attributes=True)


class DomainRuleOut(BaseModel):
    """The rule that was asked for a domain; null where none covered it."""

    domain: str
    rule: ReasonOut | None


class ExplanationOut(BaseModel):
    """Why a decision fell as it did."""

    event_id: UUID
    at: datetime
    outcome: str
    client_id: str | None
    customer_id: str | None
    purpose: str | None
    policy: Annotated[str, Field(description="The version of the set that decided.")]
    policy_title: Annotated[
        str | None, Field(description="Null: the text of that set was not kept, or is not what it was.")
    ]
    reasons: list[ReasonOut]
    rules: list[DomainRuleOut]

    @classmethod
    def of(cls, found: Explanation) -> "ExplanationOut":
        """From the service's shape."""
        event = found.event
        return cls(
            event_id=event.event_id,
            at=event.at,
            outcome=event.outcome,
            client_id=event.client_id,
            customer_id=event.customer_id,
            purpose=event.purpose,
            policy=event.policy or "",
            policy_title=found.policy.title if found.policy else None,
            reasons=[ReasonOut.of(reason) for reason in found.reasons],
            rules=[
                DomainRuleOut(domain=domain, rule=ReasonOut.of(rule) if rule else None)
                for domain, rule in found.rules
            ],
        )
