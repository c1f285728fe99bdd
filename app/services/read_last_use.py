"""When clients were last heard of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.services.ports import Units


@dataclass(frozen=True, slots=True)
class ReadLastUse:
    """The time of each client's newest event; it says nothing of any customer, and asking is no event."""

    units: Units

    async def __call__(self, client_ids: Sequence[str]) -> Mapping[str, datetime]:
        """Those that were never heard of are missing. Raises `StorageUnavailable`."""
        if not client_ids:
            return {}
        async with self.units() as unit:
            return await unit.activity.last_used(client_ids)
