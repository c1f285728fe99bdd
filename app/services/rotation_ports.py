"""What a rotation of keys needs of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
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
    def active(self) -> str: ...
    async def spans(self, *, may_change: bool) -> list[Span]: ...
    async def resting(self, span: Span) -> Mapping[str, int]: ...
    async def reseal(self, span: Span) -> int: ...
