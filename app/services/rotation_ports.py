"""What a rotation of keys needs of the database."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from app.core.index.customer import SourceRecord
from app.core.matching.blocking_key import BlockingKey


class ReindexStore(Protocol):
    """Records that are not under the active key of the blind index, and their way there."""

    async def count(self) -> int: ...
    async def page(self, after: UUID) -> list[SourceRecord]: ...
    def put(self, records: Sequence[tuple[SourceRecord, Sequence[BlockingKey]]]) -> None: ...


class RewrapStore(Protocol):
    """Customers' keys that are not wrapped under the active data key, and their way there."""

    async def count(self) -> int: ...
    async def rewrap(self, after: str) -> tuple[int, str]: ...
