"""Makes the sealed log searchable: the posting lists of each block that is full."""

import asyncio

from app.core.audit.postings import BLOCK, post
from app.services.ports import Units


class IndexEvents:
    """One block. Beside the requests, as sealing is: writing an event costs no index entry more."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def __call__(self) -> bool:
        """Whether there was a full block to index, and it was not another process's.

        Raises `StorageUnavailable`, `Conflict` (another process was faster).
        """
        async with self._units() as unit:
            newest = await unit.seals.newest()
            number = await unit.postings.next_block()
            if newest is None or newest.size < (number + 1) * BLOCK or not await unit.postings.claim():
                return False
            events = await unit.postings.events_of(number)
            await unit.postings.add(await asyncio.to_thread(post, number, events))
            await unit.commit()
        return True
