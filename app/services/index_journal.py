"""What a change of the index leaves behind: decisions in the ledger, lines for followers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.index.change import Change, ChangeKind
from app.core.index.customer import LocalId, SourceRecord
from app.core.index.golden_record import (
    BY_VERIFICATION_AND_TIME,
    DECEASED,
    SurvivorshipRules,
    changed_fields,
    golden_record,
)
from app.core.index.ledger import Act, Decision
from app.core.matching.answer import Answer
from app.services.context import Origin
from app.services.ports import Ids, UnitOfWork

_MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose account the index changes: a caller's client, or an operator at the terminal."""

    client_id: str
    origin: Origin
    actor: str | None = None


@dataclass(slots=True)
class IndexJournal:
    """Collects, and writes with the change itself."""

    ids: Ids
    now: datetime
    by: Actor
    rules: SurvivorshipRules = BY_VERIFICATION_AND_TIME
    decisions: list[Decision] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def decide(self, act: Act, customer_id: str, why: str, **more: Any) -> Decision:
        """One decision; `more` are its other fields."""
        decision = Decision(
            decision_id=self.ids.uuid(),
            at=self.now,
            act=act,
            by=self.by.client_id,
            actor=self.by.actor,
            why=why,
            customer_id=customer_id,
            **more,
        )
        self.decisions.append(decision)
        return decision

    def tell(self, kind: ChangeKind, customer_id: str, local: LocalId | None = None, **more: Any) -> None:
        """One line for followers."""
        self.changes.append(
            Change(
                change_id=self.ids.uuid(),
                at=self.now,
                kind=kind,
                customer_id=customer_id,
                local=local,
                **more,
            )
        )

    def compare(
        self, customer_id: str, before: Sequence[SourceRecord], after: Sequence[SourceRecord]
    ) -> None:
        """Tells what the change makes of a customer's golden record. Of one who is new, or has nothing left,
        other lines tell."""
        if not after or (before and _all_alike((*before, *after))):
            return
        if before:
            changed = changed_fields(golden_record(before, self.rules), golden_record(after, self.rules))
            if changed:
                self.tell(ChangeKind.GOLDEN_RECORD_CHANGED, customer_id)
            died = DECEASED in changed and any(record.deceased for record in after)
        else:
            died = any(record.deceased for record in after)
        if died:
            self.tell(ChangeKind.DECEASED, customer_id)

    def write(self, unit: UnitOfWork) -> None:
        """Everything that was collected."""
        unit.ledger.append(self.decisions)
        unit.changes.add(self.changes)


def _all_alike(records: Sequence[SourceRecord]) -> bool:
    """Whether all say the same: then it does not matter which of them is believed."""
    first = records[0]
    return all(
        r.given == first.given and r.deceased == first.deceased and r.attributes == first.attributes
        for r in records
    )


def evidence_of(answer: Answer) -> Mapping[str, object] | None:
    """What a decision rested on: the nearest candidates, level by level. None where there was nobody near."""
    if not answer.candidates:
        return None
    return {
        "outcome": answer.outcome,
        "grade": answer.grade,
        "flags": answer.flags,
        "reasons": answer.reasons,
        "candidates": [
            {
                "customer_id": candidate.customer_id,
                "score": candidate.score,
                "weight": candidate.weight,
                "flags": candidate.flags,
                "doubts": candidate.doubts,
                "comparisons": [[c.element, c.level, c.weight] for c in candidate.comparisons],
            }
            for candidate in answer.candidates[:_MOST_EVIDENCE]
        ],
    }
