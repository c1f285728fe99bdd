"""What the upkeep of the access log needs of the outside: search lists, and what only the owner may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.core.audit.event import Event
from app.core.audit.postings import Block, Posted


class PostingStore(Protocol):
    """What the sealed log is searched by, a block at a time; `add` raises `Conflict` where somebody else did.

    `claim` says whether this unit is the one that makes blocks.
    """

    async def claim(self) -> bool: ...
    async def next_block(self) -> int: ...
    async def events_of(self, block: int) -> list[Posted]: ...
    async def add(self, block: Block) -> None: ...


@dataclass(frozen=True, slots=True)
class Survey:
    """How many events there are before a time, and how many of them are not sealed."""

    events: int
    unsealed: int


class LogKeeper(Protocol):
    """What the owner of the log may do: drop the events before the beginning of a month. The event that says
    so is written with it, or neither."""

    async def survey(self, before: datetime) -> Survey: ...
    async def drop(self, before: datetime, event: Event) -> None: ...
