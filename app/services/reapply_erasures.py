"""A restored backup knows those again who were erased since it was made: the register tells who."""

from collections.abc import Collection
from dataclasses import dataclass

from app.core.audit.event import Event, Kind
from app.core.index.customer import Customer
from app.core.index.erasure import Entry
from app.services.context import Origin
from app.services.erasing import erase
from app.services.erasure_ports import ErasureRegister
from app.services.index_journal import Actor
from app.services.stewardship import Stewardship

BY = Actor("service:erasures", Origin())
"""The colon keeps it apart from every registered client."""
_WHY = "erased_before_restore"


@dataclass(frozen=True, slots=True)
class Reapplied:
    """`erased` anew by the register; `entered` into it, since another machine's had them alone."""

    erased: tuple[str, ...]
    entered: int


@dataclass(frozen=True, slots=True)
class ReapplyErasures:
    """Whoever stands in the register is erased, and whoever is erased stands in the register."""

    stewardship: Stewardship
    register: ErasureRegister

    async def __call__(self) -> Reapplied:
        """Does nothing the second time. Raises `StorageUnavailable`, `Conflict`."""
        entered = {entry.customer_id for entry in await self.register.entries()}
        async with self.stewardship.units() as unit:
            done = {entry.customer_id: entry for entry in await unit.erasures.erased()}
        alive = sorted(entered - done.keys())
        again = [c for customer_id in alive for c in await self._again(customer_id, entered)]
        missing = [entry for customer_id, entry in done.items() if customer_id not in entered]
        if missing:
            await self.register.add(missing)
        return Reapplied(tuple(again), len(missing))

    async def listed(self) -> list[Entry]:
        """Everybody who was erased, by the database. Raises `StorageUnavailable`."""
        async with self.stewardship.units() as unit:
            return await unit.erasures.erased()

    async def _again(self, customer_id: str, entered: Collection[str]) -> tuple[str, ...]:
        """Erases one of the register. Who is merged in the backup with somebody who is not in the register
        was parted from them before the erasure: that merge is undone first."""
        while (merge := await self._merge_to_undo(customer_id, entered)) is not None:
            assert merge.merge_id is not None
            async with self.stewardship.edit_as(BY, self._event(Kind.MERGE)) as editing:
                await editing.editor.undo(merge.merge_id, _WHY, None)
                editing.note("undone", merge.known_as, merge.customer_id)
        async with self.stewardship.edit_as(BY, self._event(Kind.ERASURE)) as editing:
            customer = (await editing.unit.customers.get([customer_id])).get(customer_id)
            if customer is None or customer.erased_at is not None:
                return ()
            estate = await erase(editing, customer.known_as, _WHY)
            editing.note("reapplied", *estate.homes)
        return estate.homes

    async def _merge_to_undo(self, customer_id: str, entered: Collection[str]) -> Customer | None:
        """A merge in this one's family of whose two customers the register has just one."""
        async with self.stewardship.units() as unit:
            customer = (await unit.customers.get([customer_id])).get(customer_id)
            if customer is None:
                return None
            family = await unit.customers.retired_into(customer.known_as)
        mixed = ((c.customer_id in entered) != (c.merged_into in entered) for c in family)
        return next((c for c, parted in zip(family, mixed, strict=True) if parted), None)

    def _event(self, kind: Kind) -> Event:
        return Event(
            event_id=self.stewardship.ids.uuid(),
            at=self.stewardship.clock.now(),
            kind=kind,
            outcome="",
            client_id=BY.client_id,
        )
