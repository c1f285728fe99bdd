"""What a rotation of keys needs of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.core.index.customer import SourceRecord
from app.core.matching.blocking_key import BlockingKey


class ReindexStore(Protocol):
    """Records that are not under the active key of the blind index, and their way there."""

    async def count(self) -> int:
        """How many records are not under the active key."""
        ...

    async def page(self, after: UUID) -> list[SourceRecord]:
        """The next of them, in the order of their IDs."""
        ...

    def put(self, records: Sequence[tuple[SourceRecord, Sequence[BlockingKey]]]) -> None:
        """These records under the active key. The unit must hold every lock; `commit` raises `Conflict` where
        one has changed since its page was read."""
        ...


class RewrapStore(Protocol):
    """Customers' keys that are not wrapped under the active data key, and their way there."""

    async def count(self) -> int:
        """How many customers' keys are not wrapped under the active data key."""
        ...

    async def rewrap(self, after: str) -> tuple[int, str]:
        """The next of them in the order of their customers' IDs, to be under it with the commit: how many,
        and the last one's customer. Raises `StorageUnavailable` where one cannot be opened."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Some rows of a table in the order of its primary key: behind `after`, up to `until`."""

    table: str
    after: tuple[Any, ...]
    until: tuple[Any, ...]


class ResealStore(Protocol):
    """What is sealed under a data key itself. `spans` of all such tables, or of those whose rows may change;
    `resting`: rows of a span by data key; `reseal`: the next of its rows under the active one."""

    @property
    def active(self) -> str:
        """The data key that seals."""
        ...

    async def spans(self, *, may_change: bool) -> list[Span]:
        """All rows that there are now."""
        ...

    async def resting(self, span: Span) -> Mapping[str, int]:
        """How many rows of the span are sealed under which data key."""
        ...

    async def reseal(self, span: Span) -> int:
        """The next rows of the span that are under an older key, to be under the active one with the commit:
        how many. Raises `StorageUnavailable` where one cannot be opened."""
        ...
