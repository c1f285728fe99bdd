"""A steward says that some of a customer's records are another person's."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer import LocalId
from app.core.index.customer_id import is_well_formed
from app.services.context import Caller
from app.services.errors import InvalidRequest, NotFound
from app.services.stewardship import Stewardship, check_systems


@dataclass(frozen=True, slots=True)
class Split:
    """`new_id` is whose the records are now: a new customer, or one who came back to life."""

    split_id: UUID
    customer_id: str
    new_id: str


@dataclass(frozen=True, slots=True)
class SplitCustomer:
    """Where exactly the records of somebody who was merged leave, that ID comes back to life."""

    stewardship: Stewardship

    async def __call__(
        self, customer_id: str, leaving: Collection[LocalId], reason: str, caller: Caller
    ) -> Split:
        """Raises `NotFound`, `NotPossible`, `InvalidRequest`, `SourceSystemNotAllowed`,
        `StorageUnavailable`."""
        if not is_well_formed(customer_id):
            raise NotFound("There is no customer with that ID.")
        async with self.stewardship.edit(caller, Kind.SPLIT) as editing:
            await editing.editor.active(customer_id)
            records = await editing.unit.index.records_of([customer_id])
            check_systems(caller, records)
            asked = set(leaving)
            chosen = [record for record in records if record.local in asked]
            if len(chosen) != len(asked) or len(chosen) == len(records):
                raise InvalidRequest("records", "some of this customer's cross-references, but not all")
            decision = await editing.editor.split(customer_id, chosen, "steward", {"reason": reason})
            assert decision.other_id is not None
            split = Split(decision.decision_id, customer_id, decision.other_id)
            editing.note("split", customer_id, split.new_id, split_id=str(split.split_id))
        return split
