"""A change of keys is on record like every other decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.audit.event import Kind
from app.services.operator_log import OperatorLog
from app.services.scribe import Detail

Outcome = Literal["rotated", "compromised", "resumed", "reindexed", "rewrapped", "resealed", "retired"]
"""How: a new key is active; it is, and the others are worth nothing; a rotation goes on; re-indexing has
ended; customers' keys are wrapped under it; what older ones sealed is sealed under it; the key is out of the
file."""


@dataclass(frozen=True, slots=True)
class RecordKeyRotation:
    """Commits one event of the operator's: which list of keys, the ID of the key, and how far it
    is."""

    log: OperatorLog

    async def __call__(self, purpose: str, key_id: str, outcome: Outcome, counts: Mapping[str, int]) -> None:
        """Raises `StorageUnavailable`."""
        detail: Detail = {"purpose": purpose, "key": key_id, "by": "operator", **counts}
        await self.log.note(None, Kind.KEY_ROTATION, outcome, detail=detail)
