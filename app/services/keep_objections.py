"""When one customer turns out to be two: what either may have forbidden stays forbidden for both."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from app.core.access.consent import Stance
from app.core.access.consent_record import ConsentRecord
from app.services.ports import UnitOfWork

_PAGE = 200


async def keep_objections(
    unit: UnitOfWork, customer_id: str, other_id: str, since: datetime | None, new_id: Callable[[], UUID]
) -> None:
    """Repeats for `other_id` the denials and withdrawn permissions given under `customer_id` since then.

    Whose word they were is not known: the two were one customer. Permissions stay where they were given.
    """
    records = await unit.consents.list(customer_id, None, _PAGE)
    unit.consents.add(
        [
            _repeated(record, other_id, new_id())
            for record in reversed(records)
            if record.directive.customer_id == customer_id
            and (since is None or record.directive.recorded_at >= since)
            and _objects(record)
        ]
    )


def _objects(record: ConsentRecord) -> bool:
    denial = record.directive.stance is Stance.DENY
    return denial is (record.withdrawal is None)


def _repeated(record: ConsentRecord, other_id: str, consent_id: UUID) -> ConsentRecord:
    end = record.withdrawal
    return replace(
        record,
        directive=replace(record.directive, consent_id=consent_id, customer_id=other_id),
        copied_from=record.directive.consent_id,
        withdrawal=replace(end, consent_id=consent_id) if end else None,
    )
