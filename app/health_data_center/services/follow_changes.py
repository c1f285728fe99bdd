"""Follows the CDC's change feed: records go where their customer goes, and come back with them."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.health_data_center import change_store
from app.health_data_center.cdc_client import CdcClient, CdcUnavailable, NotAllowed
from app.health_data_center.cipher import Unreadable
from app.health_data_center.database import Database, StorageUnavailable
from app.health_data_center.record_store import RecordStore

_LOG = logging.getLogger(__name__)
_WAIT = 20
_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class FollowChanges:
    """The feed is read at least once; the place in it is kept in the same transaction as what was done, so
    that each change takes effect once."""

    cdc: CdcClient
    database: Database
    store: RecordStore
    pause: float = _PAUSE

    async def forever(self) -> None:
        """Until cancelled. While the CDC or the database is away, it tries again every few seconds; a center
        whose client may not read the feed does without."""
        while True:
            try:
                await self.once(_WAIT)
            except NotAllowed:
                _LOG.warning("the client lacks the scope changes:read: records will not follow merges")
                return
            except (CdcUnavailable, StorageUnavailable, Unreadable):
                await asyncio.sleep(self.pause)

    async def once(self, wait: int = 0) -> int:
        """Takes in one page; how many changes there were.

        Raises `CdcUnavailable`, `StorageUnavailable`, `Unreadable`.
        """
        async with self.database.transaction() as connection:
            before = await change_store.position(connection)
        changes, after = await self.cdc.changes(before, wait)
        if after != before:
            await self._take_in(changes, before, after)
        return len(changes)

    async def _take_in(self, changes: Sequence[Mapping[str, Any]], before: int, after: int) -> None:
        async with self.database.transaction() as connection:
            if not await change_store.advance(connection, before, after):
                return
            for change in changes:
                survivor, other = str(change["customer_id"]), change.get("other_id")
                if change["kind"] == "merged" and isinstance(other, str):
                    await change_store.note_merge(connection, survivor, other)
                    await self.store.rekey(connection, other, survivor, None)
                elif change["kind"] == "split" and isinstance(other, str):
                    homes = [str(home) for home in change.get("homes", ())]
                    await change_store.note_split(connection, other, homes)
                    await self.store.rekey(connection, survivor, other, homes)
                elif change["kind"] == "erased":
                    gone = {survivor, *(str(home) for home in change.get("homes", ()))}
                    await change_store.note_erasure(connection, gone)
                    await self.store.restrict(connection, gone)
