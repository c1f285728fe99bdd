"""After a rotation of the data key: every customer's key wrapped under the new one, as the service goes on.

What is sealed under a customer's key stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.services.ports import Units

Progress = Callable[[int], None]
"""Told how many more keys were wrapped anew."""


@dataclass(frozen=True, slots=True)
class RewrapKeys:
    """Page by page, each in a unit of work of its own. Under which data key a customer's key is changes
    nothing for who reads it: no lock is needed."""

    units: Units

    async def left(self) -> int:
        """How many are not under the active data key."""
        async with self.units() as unit:
            return await unit.rewrapping.count()

    async def __call__(self, progress: Progress) -> int:
        """Returns how many keys were wrapped anew. Raises `StorageUnavailable`."""
        done, after = 0, ""
        while True:
            async with self.units() as unit:
                count, after = await unit.rewrapping.rewrap(after)
                if not count:
                    return done
                await unit.commit()
            progress(count)
            done += count
