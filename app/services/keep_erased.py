"""Who was erased stays erased: looked after before a worker serves, and from time to time while it does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from app.services.erase_customer import EraseCustomer
from app.services.ports import Conflict, StorageUnavailable
from app.services.reapply_erasures import ReapplyErasures

SOON = 5.0
LATER = 60.0


@dataclass(slots=True)
class KeepErased:
    """A worker is not ready before the erasure register was applied once: until then a database that was
    restored from a backup may know somebody who was erased."""

    reapply: ReapplyErasures
    ping: Callable[[], Awaitable[None]]
    applied: bool = False

    async def once(self) -> None:
        """Applies the register, unless the database or the register cannot be reached."""
        with suppress(StorageUnavailable, Conflict):
            await self.reapply()
            self.applied = True

    async def forever(self) -> None:
        """Until cancelled: a backup may be restored, or another machine may erase, while this one serves."""
        while True:
            await asyncio.sleep(LATER if self.applied else SOON)
            await self.once()

    async def ready(self) -> None:
        """Raises `StorageUnavailable`."""
        await self.ping()
        if not self.applied:
            raise StorageUnavailable("the erasure register was not applied yet")


@dataclass(frozen=True, slots=True)
class Erasures:
    """What a worker does about erasures: it erases when asked, and keeps erased who was."""

    of_customer: EraseCustomer
    keep: KeepErased
