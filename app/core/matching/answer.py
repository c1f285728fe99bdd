"""What a match answers: outcome, grade, and the evidence for them."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.identity.elements import GivenElements, IdentityElements
from app.core.matching.comparison import Element


class Grade(StrEnum):
    """FHIR's match grades."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    CERTAINLY_NOT = "certainly-not"


class Outcome(StrEnum):
    """What the service does with a match."""

    MATCH = "match"
    REVIEW = "review"
    NO_MATCH = "no_match"


class Method(StrEnum):
    """Whether every element given was the same as the stored one in its normal form."""

    EXACT = "exact"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What one source record says of a customer."""

    given: GivenElements
    elements: IdentityElements


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer to compare with: every source record that is linked to them."""

    customer_id: str
    records: tuple[KnownRecord, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who shares a blocking key. `cut` names the rules whose bucket was too large to be read whole."""

    customers: tuple[KnownCustomer, ...]
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredElement:
    """One element's share of the score: `weight` is a log2 Bayes factor."""

    element: Element
    level: str
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its evidence. `score` is a probability in 0–1; `record` the record it rests on.

    `flags` are the vetoes that hold against the candidate, `doubts` what keeps it from being taken
    automatically; both are stable codes. `in_doubt`: a steward must settle whether this is the person.
    """

    customer_id: str
    record: KnownRecord
    grade: Grade
    score: float
    weight: float
    comparisons: tuple[ScoredElement, ...]
    flags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to "who is this?". `candidates` best first; `reasons` are stable codes of doubts and vetoes.

    `customer_id` stands only where `outcome` is `match`.
    """

    outcome: Outcome
    grade: Grade
    method: Method | None
    customer_id: str | None
    flags: tuple[str, ...]
    reasons: tuple[str, ...]
    candidates: tuple[ScoredCandidate, ...]
    model: str
