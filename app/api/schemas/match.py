"""`POST /v1/match` on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.api.schemas.elements import ElementsIn
from app.core.access.policy import AccessRequest
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose
from app.core.matching.answer import Grade, Method, Outcome
from app.core.matching.comparison import Element

Reason = Annotated[str, Field(max_length=500, description="Why, in words; required for ETREAT.")]


class AccessIn(BaseModel):
    """The access that is asked for: all of these domains, or none."""

    domains: Annotated[list[Domain], Field(min_length=1, max_length=len(Domain))]
    purpose: Purpose
    reason: Reason | None = None

    @model_validator(mode="after")
    def _emergency_has_a_reason(self) -> "AccessIn":
        if self.purpose is Purpose.ETREAT and not (self.reason or "").strip():
            raise ValueError("purpose ETREAT needs a written reason in the field reason")
        return self

    def asked(self) -> AccessRequest:
        """As the policy takes it."""
        return AccessRequest(tuple(dict.fromkeys(self.domains)), self.purpose, self.reason)


class MatchIn(ElementsIn):
    """The five elements, and the access that the caller needs."""

    access: AccessIn | None = None


class AuthorizationDetail(BaseModel):
    """RFC 9396: what a customer-bound token opens."""

    type: Literal["customer_records"]
    customer_id: str
    domains: list[Domain]
    purpose: Purpose
    sensitive: Annotated[
        list[Sensitivity],
        Field(description="Labels that are open. Records with any other are not given."),
    ] = []
    withheld: Annotated[list[RecordKind], Field(description="Kinds of records that are not given.")] = []


class AccessOut(BaseModel):
    """The decision. On a permit: a token bound to this client, customer, domains and purpose."""

    decision: Literal["permit", "deny"]
    reasons: list[str]
    access_token: str | None = None
    token_type: Literal["Bearer"] | None = None
    expires_in: Annotated[int | None, Field(description="Seconds.")] = None
    authorization_details: list[AuthorizationDetail] | None = None


class ComparisonOut(BaseModel):
    """One element's share of the evidence; `weight` is a log2 Bayes factor."""

    element: Element
    level: str
    weight: float
    given: str | None
    stored: Annotated[str | None, Field(description="Masked, unless the caller is a steward.")]
    why: str


class CandidateOut(BaseModel):
    """A customer who may be meant, and why."""

    customer_id: str
    grade: Grade
    score: Annotated[float, Field(ge=0, le=1)]
    weight: float
    comparisons: list[ComparisonOut]


class MatchOut(BaseModel):
    """The answer. `customer_id` stands only where `outcome` is `match`; `candidates` only with `explain`."""

    match_id: UUID
    outcome: Outcome
    grade: Grade
    method: Method | None
    customer_id: str | None
    flags: list[str]
    model: str
    access: AccessOut | None = None
    candidates: list[CandidateOut] | None = None
