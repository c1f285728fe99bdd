"""What the index needs from the database: customers, their records, every decision, and who is told."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.index.change import Change
from app.core.index.customer import (
    CrossReference,
    Customer,
    DistinctPair,
    LocalId,
    Review,
    ReviewFilter,
    SourceRecord,
)
from app.core.index.ledger import Decision
from app.core.matching.blocking_key import Key


@dataclass(frozen=True, slots=True)
class Hits:
    """What a look-up by blocking keys found: whole customers, record by record.

    `keys` tells for each record which of the asked keys it holds; a record that is here only because its
    customer was hit through another record has none. `cut` are the asked keys whose bucket held more
    records than are read, `limit` and one more.
    """

    records: tuple[SourceRecord, ...]
    keys: Mapping[UUID, tuple[Key, ...]]
    cut: frozenset[Key]
    limit: int


class IndexStore(Protocol):
    """Customers, source records and their blocking keys. Writes take effect at the unit's `commit`."""

    async def find(self, keys: Sequence[Key]) -> Hits:
        """Every record of every customer that holds one of `keys`, in one query."""
        ...

    async def lock(self, keys: Sequence[Key]) -> None:
        """Waits for every other transaction that locked one of `keys`; may also wait for a few others."""
        ...

    async def records(self, locals_: Sequence[LocalId]) -> list[SourceRecord]:
        """The records under these local IDs, as far as there are any, in no particular order."""
        ...

    async def records_of(self, customer_ids: Sequence[str]) -> list[SourceRecord]:
        """Every record of these customers, in no particular order."""
        ...

    async def records_by_id(self, record_ids: Sequence[UUID]) -> list[SourceRecord]:
        """These records, as far as they are there, in no particular order."""
        ...

    async def exists(self, customer_id: str) -> bool:
        """Whether this customer was ever created."""
        ...

    def add_customers(self, customer_ids: Sequence[str], at: datetime) -> None:
        """New customers, each with a key of their own, to be written before their records."""
        ...

    def put_records(self, records: Sequence[tuple[SourceRecord, Sequence[Key]]]) -> None:
        """New records, or new content of known ones. `commit` raises `Conflict` where the stored version of
        one is not older than what is put, or its local ID was taken by another record."""
        ...

    def withdraw_records(self, records: Sequence[SourceRecord], at: datetime) -> None:
        """Takes records out, keys and all; their contents stay in the history. `commit` raises `Conflict`
        where one has changed."""
        ...

    def rehome(self, records: Sequence[SourceRecord]) -> None:
        """Records that are another's from now on, with what they said before: their content goes under the
        key of their new home. The unit must hold every lock."""
        ...

    async def lock_all(self) -> None:
        """Waits until nobody else holds any lock, and keeps everybody waiting until the commit."""
        ...

    async def contents_at(self, record_ids: Sequence[UUID], at: datetime) -> list[SourceRecord]:
        """The contents of these records that held then and do not any more; of no customer in particular."""
        ...

    def cross_references(self, source_system: str | None = None) -> AsyncIterator[CrossReference]:
        """All of them in order, read page by page: what changes meanwhile is seen or not."""
        ...


class CustomerStore(Protocol):
    """Customer IDs and where they lead."""

    async def get(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        """These customers, as far as there are any, by ID."""
        ...

    async def retired_into(self, survivor_id: str) -> list[Customer]:
        """Everybody who is found under this customer's ID today."""
        ...

    def retired(self) -> AsyncIterator[Customer]:
        """Everybody who is found under another ID, page by page."""
        ...

    def homes(self) -> AsyncIterator[tuple[UUID, str, str]]:
        """Every record with its customer and its home, page by page."""
        ...

    def put(self, changed: Sequence[Customer]) -> None:
        """Where these customers are found from now on."""
        ...

    def move(self, records: Sequence[SourceRecord]) -> None:
        """Records with another customer or home, their content unchanged."""
        ...

    def end_tokens(self, customer_ids: Sequence[str], at: datetime) -> None:
        """No token bound to these customers that was issued until then is good any more."""
        ...


class LedgerStore(Protocol):
    """The ledger of identity decisions: append and read, nothing else."""

    def append(self, decisions: Sequence[Decision]) -> None:
        """Adds decisions, with what the unit of work writes besides or not at all."""
        ...

    async def get(self, decision_id: UUID) -> Decision | None:
        """One decision."""
        ...

    async def about(self, customer_ids: Sequence[str], record_ids: Sequence[UUID]) -> dict[int, Decision]:
        """The decisions that name one of these, by position."""
        ...

    def all(self) -> AsyncIterator[Decision]:
        """The whole ledger in its order, page by page, without its evidence."""
        ...


class ReviewStore(Protocol):
    """Pairs that stewards settle, and those they found to be two people."""

    def add(self, opened: Sequence[Review]) -> None:
        """Opens reviews."""
        ...

    async def get(self, review_id: UUID) -> Review | None:
        """One review."""
        ...

    def put(self, changed: Sequence[Review]) -> None:
        """What became of known reviews."""
        ...

    async def unsettled_of_records(self, record_ids: Sequence[UUID]) -> list[Review]:
        """What is still asked about these records."""
        ...

    async def unsettled_of_customers(self, customer_ids: Sequence[str]) -> list[Review]:
        """What is still asked about these customers, on either side."""
        ...

    def decided(self) -> AsyncIterator[Review]:
        """Every decided review in the order in which they were opened, page by page."""
        ...

    def add_pairs(self, pairs: Sequence[DistinctPair]) -> None:
        """Pairs that are two people; each is found from either side."""
        ...

    async def pairs_of(self, record_ids: Sequence[UUID]) -> list[DistinctPair]:
        """The pairs that one of these records is the first of."""
        ...

    async def list(
        self, which: ReviewFilter, after: Review | None, limit: int, *, backwards: bool = False
    ) -> list[Review]:
        """The likeliest pairs first, beginning behind the review `after`; `backwards` those before it, the
        nearest first."""
        ...


class ChangeStore(Protocol):
    """The change feed's outbox: what followers are told."""

    def add(self, happened: Sequence[Change]) -> None:
        """Tells followers, if the unit of work commits."""
        ...

    async def any_waiting(self) -> bool:
        """Whether there are changes that no follower can see yet."""
        ...

    def place(self) -> None:
        """Gives positions to what is waiting. Whoever does so must be alone at it."""
        ...

    async def list(self, after: int, limit: int) -> list[tuple[int, Change]]:
        """Changes behind the position `after`, in order, each with its position."""
        ...


class CrossIndex(Protocol):
    """The cross-index in pages, and counted."""

    async def page(self, source_system: str | None, after: LocalId) -> list[CrossReference]:
        """The next cross-references behind this one, in order; none is the end."""
        ...

    async def counts(self, source_system: str) -> tuple[int, int]:
        """How many records a source system has, and of how many customers they are."""
        ...

    async def systems(self) -> Sequence[str]:
        """Every source system with a record, in order."""
        ...
