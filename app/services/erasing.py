"""The end of a customer: everything but the ID goes."""

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from app.core.index.change import ChangeKind
from app.core.index.ledger import Act, fold
from app.services.ports import UnitOfWork
from app.services.read_history import decisions_about
from app.services.stewardship import Editing


@dataclass(frozen=True, slots=True)
class Estate:
    """What an erasure takes: `homes`, the customer with everybody merged into them; `records`, theirs,
    withdrawn ones included; `once_theirs`, these and those that are somebody else's today."""

    homes: tuple[str, ...]
    records: frozenset[UUID]
    once_theirs: frozenset[UUID]


async def estate_of(unit: UnitOfWork, customer_id: str) -> Estate:
    """Of an active customer, by the ledger."""
    retired = await unit.customers.retired_into(customer_id)
    homes = tuple(sorted({customer_id, *(customer.customer_id for customer in retired)}))
    decisions = await decisions_about(unit, customer_id)
    links = {d.record_id: d for d in decisions if d.act is Act.LINK and d.customer_id in homes}
    once_theirs = frozenset(record for record in links if record is not None)
    return Estate(homes, frozenset(fold(decisions).records_within(homes)), once_theirs)


async def erase(editing: Editing, customer_id: str, why: str) -> Estate:
    """An active customer with everybody merged into them, in an edit. Tokens that are bound to one of them
    are dead, followers are told, and the ledger says so; what the edit's events say is the caller's."""
    unit, journal = editing.unit, editing.editor.journal
    estate = await estate_of(unit, customer_id)
    journal.decide(Act.ERASE, customer_id, why)
    journal.tell(ChangeKind.ERASED, customer_id, homes=estate.homes)
    await editing.editor.end_tokens(*estate.homes)
    records = await unit.index.records_of(estate.homes)
    await unit.imports.forget(estate.homes, [record.local for record in records])
    await unit.erasures.erase(estate.homes, estate.records, _with(estate), journal.now)
    return estate


def _with(estate: Estate) -> Set[UUID]:
    return estate.records | estate.once_theirs
