"""What a registration does with the answer to "who is this?"."""

from dataclasses import dataclass

from app.core.matching.answer import Answer, Outcome


@dataclass(frozen=True, slots=True)
class Link:
    """The record is one of this customer's."""

    customer_id: str


@dataclass(frozen=True, slots=True)
class Create:
    """The record is a new customer's."""


@dataclass(frozen=True, slots=True)
class CreateWithReview:
    """The record gets a customer of its own for now, and a review for each customer it may be."""

    candidate_ids: tuple[str, ...]


def decide_link(answer: Answer) -> Link | Create | CreateWithReview:
    """Registering is exactly as careful as matching: only what a match would answer automatically is linked.

    A false merge shows one person's records to another; a missed one costs a steward a look. So doubt makes a
    new customer, never a link, and nothing is lost: the review can still join the two.
    """
    if answer.outcome is Outcome.MATCH and answer.customer_id is not None:
        return Link(answer.customer_id)
    doubtful = tuple(c.customer_id for c in answer.candidates if c.in_doubt)
    if answer.outcome is Outcome.REVIEW and doubtful:
        return CreateWithReview(doubtful)
    return Create()
