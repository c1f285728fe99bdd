"""The newest signed head of the access log."""

from dataclasses import dataclass

from app.core.audit.log import SignedHead
from app.services.errors import NotFound
from app.services.ports import Units


@dataclass(frozen=True, slots=True)
class ReadCheckpoint:
    """The newest checkpoint. It says nothing of any event, and reading it is none."""

    units: Units

    async def __call__(self) -> SignedHead:
        """Raises `NotFound` before the first seal, `StorageUnavailable`."""
        async with self.units() as unit:
            head = await unit.seals.newest()
        if head is None:
            raise NotFound("Nothing is sealed yet; ask again in a few seconds.")
        return head
