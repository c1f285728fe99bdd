"""A steward says that two customers are one, or that they are not after all."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer_id import is_well_formed
from app.core.index.ledger import Decision
from app.services.context import Caller
from app.services.errors import NotFound
from app.services.stewardship import Stewardship, check_systems


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that holds, or that was undone."""

    merge_id: UUID
    survivor_id: str
    retired_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MergeCustomers:
    """Merges are undone at any later time, whatever came after them."""

    stewardship: Stewardship

    async def merge(self, survivor_id: str, retired_id: str, reason: str, caller: Caller) -> Merge:
        """From now on `retired_id` is known as `survivor_id`, and tokens bound to either are dead.

        Raises `NotFound`, `NotPossible`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        _check_ids(survivor_id, retired_id)
        async with self.stewardship.edit(caller, Kind.MERGE) as editing:
            records = await editing.unit.index.records_of([survivor_id, retired_id])
            check_systems(caller, records)
            decision = await editing.editor.merge(survivor_id, retired_id, "steward", {"reason": reason})
            merge = _merge(decision.decision_id, decision)
            editing.note("merged", survivor_id, retired_id, **_detail(merge))
        return merge

    async def undo(self, merge_id: UUID, reason: str, caller: Caller) -> Merge:
        """The retired customer is one of their own again; the merge's `survivor_id` is whom they leave.

        Raises `NotFound`, `NotPossible`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        async with self.stewardship.edit(caller, Kind.MERGE) as editing:
            decision = await editing.editor.undo(merge_id, "steward", {"reason": reason})
            merge = _merge(merge_id, decision)
            records = await editing.unit.index.records_of([merge.survivor_id])
            check_systems(caller, records)
            editing.note("undone", merge.survivor_id, merge.retired_id, **_detail(merge))
        return merge


def _merge(merge_id: UUID, decision: Decision) -> Merge:
    assert decision.other_id is not None
    return Merge(merge_id, decision.customer_id, decision.other_id, decision.at)


def _detail(merge: Merge) -> dict[str, str | None]:
    return {
        "merge_id": str(merge.merge_id),
        "survivor_id": merge.survivor_id,
        "retired_id": merge.retired_id,
    }


def _check_ids(*customer_ids: str) -> None:
    if not all(map(is_well_formed, customer_ids)):
        raise NotFound("There is no customer with that ID.")
