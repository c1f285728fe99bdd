"""A customer is erased: one client, or one person at the console, asks, and another confirms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core.audit.event import Kind
from app.core.index.customer_id import is_well_formed
from app.core.index.erasure import Basis, Entry, Erasure, Stock
from app.services.context import Caller
from app.services.erasing import Estate, erase, estate_of
from app.services.erasure_ports import ErasureRegister
from app.services.errors import NotFound, NotPossible, SecondClientNeeded
from app.services.stewardship import Editing, Stewardship, check_systems


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """Requests, the newest first, as things stood at `at`; `next` continues the list, None at its end."""

    items: Sequence[Erasure]
    next: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EraseCustomer:
    """What is erased cannot be brought back, so it takes two; and a backup that is restored later must not
    bring it back either, so it is entered into a register outside the database."""

    stewardship: Stewardship
    register: ErasureRegister

    async def request(
        self, customer_id: str, basis: Basis, reference: str | None, caller: Caller
    ) -> tuple[Erasure, Stock]:
        """The request, and what there is to erase.

        Raises `NotFound`, `NotPossible`, `CustomerErased`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        if not is_well_formed(customer_id):
            raise NotFound("There is no customer with that ID.")
        async with self.stewardship.edit(caller, Kind.ERASURE) as editing:
            estate = await self._estate(editing, customer_id, caller)
            erasure = Erasure(
                erasure_id=self.stewardship.ids.uuid(),
                customer_id=customer_id,
                homes=estate.homes,
                basis=basis,
                reference=reference,
                requested_by=caller.principal,
                requested_at=editing.editor.journal.now,
            )
            editing.unit.erasures.add(erasure)
            stock = await editing.unit.erasures.stock(estate.homes, estate.records)
            editing.note("requested", *estate.homes, **_detail(erasure))
        return erasure, stock

    async def read(self, erasure_id: UUID, caller: Caller) -> tuple[Erasure, Stock]:
        """A request, and what there is to erase today: all zero when it is done.

        Raises `NotFound`, `SourceSystemNotAllowed`, `StorageUnavailable`.
        """
        async with self.stewardship.edit(caller, Kind.ERASURE) as editing:
            erasure = await _get(editing, erasure_id)
            stock = Stock({})
            if erasure.confirmed_at is None:
                check_systems(caller, await editing.unit.index.records_of(erasure.homes))
                estate = await estate_of(editing.unit, erasure.customer_id)
                stock = await editing.unit.erasures.stock(erasure.homes, estate.records)
            editing.note("read", erasure.customer_id, **_detail(erasure))
        return erasure, stock

    async def list(self, before: UUID | None, limit: int, caller: Caller) -> ErasurePage:
        """Who is to be erased, and who was. Raises `StorageUnavailable`."""
        async with self.stewardship.units() as unit:
            found = await unit.erasures.list(before, limit + 1)
            event = self.stewardship.scribe(caller, Kind.ERASURE, "listed")
            unit.events.append(event)
            await unit.commit()
        page = found[:limit]
        return ErasurePage(page, page[-1].erasure_id if len(found) > limit else None, event.at)

    async def confirm(self, erasure_id: UUID, caller: Caller) -> Erasure:
        """It is done. Raises `NotFound`, `NotPossible`, `SecondClientNeeded`, `SourceSystemNotAllowed`,
        `StorageUnavailable`.

        The register is written before the commit: what fails between the two is erased when the register is
        applied next, which is what both clients wanted.
        """
        try:
            async with self.stewardship.edit(caller, Kind.ERASURE) as editing:
                erasure = await self._open(editing, erasure_id, caller)
                estate = await self._estate(editing, erasure.customer_id, caller)
                if estate.homes != erasure.homes:
                    raise NotPossible("The customer was merged or split since; ask again.")
                await erase(editing, erasure.customer_id, erasure.basis)
                at = editing.editor.journal.now
                done = replace(erasure, confirmed_by=caller.principal, confirmed_at=at)
                editing.unit.erasures.confirm(done)
                editing.note("erased", *estate.homes, **_detail(done))
                await self.register.add([Entry(customer_id, at) for customer_id in estate.homes])
        except SecondClientNeeded:
            await self.stewardship.deny(caller, SecondClientNeeded.code, kind=Kind.ERASURE)
            raise
        return done

    async def _open(self, editing: Editing, erasure_id: UUID, caller: Caller) -> Erasure:
        erasure = await _get(editing, erasure_id)
        if erasure.confirmed_at is not None:
            raise NotPossible("This erasure is done.")
        if not erasure.waits(editing.editor.journal.now):
            raise NotPossible("This request has expired; ask again.")
        if erasure.requested_by == caller.principal:
            raise SecondClientNeeded
        return erasure

    async def _estate(self, editing: Editing, customer_id: str, caller: Caller) -> Estate:
        await editing.editor.active(customer_id)
        check_systems(caller, await editing.unit.index.records_of([customer_id]))
        return await estate_of(editing.unit, customer_id)


async def _get(editing: Editing, erasure_id: UUID) -> Erasure:
    erasure = await editing.unit.erasures.get(erasure_id)
    if erasure is None:
        raise NotFound("There is no erasure with that ID.")
    return erasure


def _detail(erasure: Erasure) -> dict[str, str | None]:
    return {
        "erasure_id": str(erasure.erasure_id),
        "basis": erasure.basis.value,
        "reference": erasure.reference,
    }
