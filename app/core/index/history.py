"""Who a customer was at some time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from app.core.index.ledger import Decision, IndexState, fold


@dataclass(frozen=True, slots=True)
class Then:
    """Under which ID the customer was known, and which records were theirs, each with its home."""

    known_as: str
    records: Mapping[UUID, str]


def who_was(customer_id: str, at: datetime, decisions: Iterable[Decision]) -> Then | None:
    """From the decisions that concern the customer, in their order. None: there was no such customer yet."""
    state: IndexState = fold(_until(at, decisions))
    if customer_id not in state.customers:
        return None
    known_as = state.survivor(customer_id)
    return Then(known_as, {record: state.homes[record] for record in state.members(known_as)})


def _until(at: datetime, decisions: Iterable[Decision]) -> Iterator[Decision]:
    """The ledger's order is the truth; where two machines' clocks differ, a decision counts from when the one
    before it did."""
    latest = datetime.min.replace(tzinfo=UTC)
    for decision in decisions:
        latest = max(latest, decision.at)
        if latest > at:
            return
        yield decision
