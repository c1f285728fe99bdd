"""What the access log needs from the outside: events, their tree and head, search lists, its owner's work."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol
from uuid import UUID

from app.core.audit.activity import Count
from app.core.audit.client_activity import ClientActivity
from app.core.audit.event import Event, EventFilter
from app.core.audit.log import Growth, SealedEvent, SignedHead, StoredEvent
from app.core.audit.postings import Block, Posted
from app.core.audit.proofs import Span
from app.core.index.customer import (
    ReviewedPair,
)


class EventStore(Protocol):
    """The access log: append and read, nothing else."""

    def append(self, *events: Event) -> None:
        """Adds events to the log, with what the unit of work writes besides or not at all."""
        ...

    async def get(self, event_ids: Sequence[UUID]) -> list[Event]:
        """Those of these events that are there, in no order."""
        ...

    async def list(self, which: EventFilter, before: UUID | None, limit: int) -> list[Event]:
        """Events, newest first, beginning behind the event `before`."""
        ...


class ActivityStore(Protocol):
    """What happened, counted, and found by request."""

    async def counts(self, since: datetime, until: datetime | None, *, by_minute: bool) -> list[Count]:
        """Matches, permits and refusals since then, and before `until` if that is given, by minute or hour,
        kind and outcome; folded ones with their count."""
        ...

    async def review_counts(self, since: datetime) -> tuple[list[Count], list[Count]]:
        """Reviews that were opened and that were decided since then, by minute."""
        ...

    async def open_reviews(self) -> int:
        """How many pairs wait for a steward."""
        ...

    async def recent_reviews(self, limit: int) -> list[ReviewedPair]:
        """The newest reviews: score, what was in doubt, and what a steward said."""
        ...

    async def of_request(self, request_id: str, first: UUID, last: UUID, limit: int) -> list[UUID]:
        """The events of one request, between two IDs, in their order."""
        ...

    async def last_used(self, client_ids: Sequence[str]) -> dict[str, datetime]:
        """When each of these clients last left an event."""
        ...

    async def of_client(
        self, client_id: str, since: datetime, until: datetime, zone: tzinfo
    ) -> ClientActivity:
        """What a client did from `since` on, until before `until`; days are those of the zone."""
        ...


class SealStore(Protocol):
    """The access log's Merkle tree. Events between IDs: the first exclusive, the last inclusive.

    `claim` says whether this unit is the one sealer; `grow` raises `Conflict` where the log has not the size.
    """

    async def claim(self) -> bool:
        """Whether this unit is the one sealer until it ends."""
        ...

    async def unsealed(self, after: UUID, until: UUID, limit: int) -> list[StoredEvent]:
        """The first committed events between two IDs (exclusive, inclusive) that have no leaf."""
        ...

    async def unsealed_count(self, until: UUID) -> int:
        """How many committed events up to this ID have no leaf."""
        ...

    async def waiting(self, after: UUID, most: int) -> int:
        """How many events have a greater ID; counts no further than `most`."""
        ...

    async def last_sealed(self) -> UUID | None:
        """The greatest ID of an event that has a leaf."""
        ...

    async def step(self, after: UUID, count: int) -> UUID | None:
        """The ID of the event `count` further; None where there are fewer."""
        ...

    async def hashes(self, span: Span) -> list[bytes]:
        """The stored hashes of a span, fewer where the log has fewer."""
        ...

    async def sealed_event(self, event_id: UUID) -> SealedEvent | None:
        """The leaf of an event, where it has one."""
        ...

    def sealed(self, start: int, stop: int) -> AsyncIterator[Sequence[SealedEvent]]:
        """The leaves from `start` (inclusive) to `stop` (exclusive) in their order, page by page."""
        ...

    async def newest(self) -> SignedHead | None:
        """The newest checkpoint."""
        ...

    async def head_before(self, at: datetime) -> SignedHead | None:
        """The newest checkpoint that was signed until then."""
        ...

    async def head_after(self, at: datetime) -> SignedHead | None:
        """The oldest checkpoint that was signed from then on."""
        ...

    async def heads(self, after: int) -> list[SignedHead]:
        """The next checkpoints of trees larger than `after`, the smallest first."""
        ...

    async def grow(self, size: int, growth: Growth) -> None:
        """Adds to a log of this size, at the unit's commit. Raises `Conflict` where it has another."""
        ...


class CheckpointSigner(Protocol):
    """Signs the log's head as a note (C2SP signed-note). `origin` is the log's name."""

    @property
    def origin(self) -> str:
        """The name of the log, which outlives its keys."""
        ...

    def sign(self, size: int, root: bytes) -> str:
        """The signed note of the log's head."""
        ...


class CheckpointPlace(Protocol):
    """Where checkpoints are shown, out of the database's reach. Raises `CheckpointNotPublished`."""

    async def publish(self, note: str) -> None:
        """Shows the signed note of the newest head."""
        ...


class CheckpointNotPublished(Exception):  # noqa: N818 - a state, named as the operator sees it
    """A place that did not take a checkpoint; the message names no credentials."""


class PostingStore(Protocol):
    """What the sealed log is searched by, a block at a time; `add` raises `Conflict` where somebody else did.

    `claim` says whether this unit is the one that makes blocks.
    """

    async def claim(self) -> bool:
        """Whether this unit is the one that makes blocks until it ends."""
        ...

    async def next_block(self) -> int:
        """The number of the first block that is not made."""
        ...

    async def events_of(self, block: int) -> list[Posted]:
        """What is to be posted of a block's events; fewer where the log does not reach so far."""
        ...

    async def add(self, block: Block) -> None:
        """Adds a block, at the unit's commit. Raises `Conflict` where somebody else did."""
        ...


@dataclass(frozen=True, slots=True)
class Survey:
    """How many events there are before a time, and how many of them are not sealed."""

    events: int
    unsealed: int


class LogKeeper(Protocol):
    """What the owner of the log may do: drop the events before the beginning of a month. The event that says
    so is written with it, or neither."""

    async def survey(self, before: datetime) -> Survey:
        """How many events there are before this time, and how many of them have no leaf."""
        ...

    async def drop(self, before: datetime, event: Event) -> None:
        """Drops the events before this time, the beginning of a month, and writes the event that says so."""
        ...
