"""What the services need from the outside, as protocols. Adapters satisfy them; tests may too."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.access.claims import Claims
from app.core.access.client import Client, ClientCredential
from app.core.audit.event import Event, EventFilter
from app.core.audit.log import Growth, SealedEvent, SignedHead, StoredEvent
from app.core.audit.proofs import Span
from app.core.index.change import Change
from app.core.index.customer import (
    CrossReference,
    Customer,
    DistinctPair,
    LocalId,
    Review,
    ReviewStatus,
    SourceRecord,
)
from app.core.index.ledger import Decision
from app.core.matching.blocking_key import BlockingKey
from app.services.import_job import ImportJob, PartKind


class Clock(Protocol):
    """Time, in UTC; `today` is the calendar day in the configured time zone."""

    def now(self) -> datetime: ...
    def today(self) -> date: ...


class Ids(Protocol):
    """New identifiers from a cryptographic source. `uuid` is time-ordered (RFC 9562 UUIDv7)."""

    def uuid(self) -> UUID: ...
    def customer_id(self) -> str: ...
    def secret(self) -> str: ...


class ElementsDigest(Protocol):
    """A keyed digest (hex) of arbitrary bytes, so that equal elements can be recognised in the log."""

    def __call__(self, content: bytes) -> str: ...


class SecretHasher(Protocol):
    """Client secrets at rest: HMAC-SHA-256 under a pepper."""

    def digest(self, secret: str) -> tuple[bytes, str]: ...
    def verify(self, secret: str, credential: ClientCredential) -> bool: ...


@dataclass(frozen=True, slots=True)
class Hits:
    """What a look-up by blocking keys found: whole customers, record by record.

    `keys` tells for each record which of the asked keys it holds; a record that is here only because its
    customer was hit through another record has none. `cut` are the asked keys whose bucket held more
    records than are read.
    """

    records: tuple[SourceRecord, ...]
    keys: Mapping[UUID, tuple[BlockingKey, ...]]
    cut: frozenset[BlockingKey]


class IndexStore(Protocol):
    """Customers, source records and their blocking keys. Writes take effect at the unit's `commit`."""

    async def find(self, keys: Sequence[BlockingKey]) -> Hits: ...
    async def lock(self, keys: Sequence[BlockingKey]) -> None: ...
    async def records(self, locals_: Sequence[LocalId]) -> list[SourceRecord]: ...
    async def records_of(self, customer_ids: Sequence[str]) -> list[SourceRecord]: ...
    async def records_by_id(self, record_ids: Sequence[UUID]) -> list[SourceRecord]: ...
    async def exists(self, customer_id: str) -> bool: ...
    def add_customers(self, customer_ids: Sequence[str], at: datetime) -> None: ...
    def put_records(self, records: Sequence[tuple[SourceRecord, Sequence[BlockingKey]]]) -> None: ...
    def withdraw_records(self, records: Sequence[SourceRecord], at: datetime) -> None: ...
    def rehome(self, records: Sequence[SourceRecord]) -> None: ...
    async def lock_all(self) -> None: ...
    async def contents_at(self, record_ids: Sequence[UUID], at: datetime) -> list[SourceRecord]: ...
    def cross_references(self, source_system: str | None = None) -> AsyncIterator[CrossReference]: ...


class CustomerStore(Protocol):
    """Customer IDs and where they lead."""

    async def get(self, customer_ids: Sequence[str]) -> dict[str, Customer]: ...
    async def retired_into(self, survivor_id: str) -> list[Customer]: ...
    def retired(self) -> AsyncIterator[Customer]: ...
    def homes(self) -> AsyncIterator[tuple[UUID, str, str]]: ...
    def put(self, changed: Sequence[Customer]) -> None: ...
    def move(self, records: Sequence[SourceRecord]) -> None: ...
    def end_tokens(self, customer_ids: Sequence[str], at: datetime) -> None: ...


class LedgerStore(Protocol):
    """The ledger of identity decisions: append and read, nothing else."""

    def append(self, decisions: Sequence[Decision]) -> None: ...
    async def get(self, decision_id: UUID) -> Decision | None: ...
    async def about(self, customer_ids: Sequence[str], record_ids: Sequence[UUID]) -> dict[int, Decision]: ...
    def all(self) -> AsyncIterator[Decision]: ...


class ReviewStore(Protocol):
    """Pairs that stewards settle, and those they found to be two people."""

    def add(self, opened: Sequence[Review]) -> None: ...
    async def get(self, review_id: UUID) -> Review | None: ...
    def put(self, changed: Sequence[Review]) -> None: ...
    async def unsettled_of_records(self, record_ids: Sequence[UUID]) -> list[Review]: ...
    async def unsettled_of_customers(self, customer_ids: Sequence[str]) -> list[Review]: ...
    def decided(self) -> AsyncIterator[Review]: ...
    def add_pairs(self, pairs: Sequence[DistinctPair]) -> None: ...
    async def pairs_of(self, record_ids: Sequence[UUID]) -> list[DistinctPair]: ...
    async def list(
        self, status: ReviewStatus, assigned_to: str | None, after: Review | None, limit: int
    ) -> list[Review]: ...


class ChangeStore(Protocol):
    """The change feed's outbox: what followers are told."""

    def add(self, happened: Sequence[Change]) -> None: ...
    async def any_waiting(self) -> bool: ...
    def place(self) -> None: ...
    async def list(self, after: int, limit: int) -> list[tuple[int, Change]]: ...


class CrossIndex(Protocol):
    """The cross-index in pages, and counted."""

    async def page(self, source_system: str | None, after: LocalId) -> list[CrossReference]: ...
    async def counts(self, source_system: str) -> tuple[int, int]: ...
    async def systems(self) -> Sequence[str]: ...


class ImportStore(Protocol):
    """Import jobs, and the sealed parts of what was uploaded and what became of it."""

    async def get(self, import_id: UUID) -> ImportJob | None: ...
    async def waiting(self, now: datetime) -> ImportJob | None: ...
    def put(self, job: ImportJob) -> None: ...
    def add_part(self, import_id: UUID, kind: PartKind, part: int, content: Sequence[Any]) -> None: ...
    async def part(self, import_id: UUID, kind: PartKind, part: int) -> list[Any] | None: ...
    def drop_parts(self, import_id: UUID, kind: PartKind) -> None: ...


class ClientStore(Protocol):
    """Registered clients."""

    async def get(self, client_id: str) -> ClientCredential | None: ...
    async def list(self, after: str | None, limit: int) -> list[Client]: ...
    def add(self, credential: ClientCredential) -> None: ...
    def replace(self, credential: ClientCredential) -> None: ...


class EventStore(Protocol):
    """The access log: append and read, nothing else."""

    def append(self, *events: Event) -> None: ...
    async def list(self, which: EventFilter, before: UUID | None, limit: int) -> list[Event]: ...


@dataclass(frozen=True, slots=True)
class TokenState:
    """What a token's life hangs on, read at one moment: parties, customer, and revocations in its line."""

    client: Client | None
    actor: Client | None
    customer: Customer | None
    revoked: bool


class RevocationStore(Protocol):
    """Tokens that ended early. A row lives as long as a token that it ends."""

    async def state(self, claims: Claims) -> TokenState: ...
    async def revoked(self, token_id: str) -> bool: ...
    def add(self, token_id: str, until: datetime) -> None: ...
    def purge(self, now: datetime) -> None: ...


class SealStore(Protocol):
    """The access log's Merkle tree. Events between IDs: the first exclusive, the last inclusive.

    `claim` says whether this unit is the one sealer; `grow` raises `Conflict` where the log has not the size.
    """

    async def claim(self) -> bool: ...
    async def unsealed(self, after: UUID, until: UUID, limit: int) -> list[StoredEvent]: ...
    async def unsealed_count(self, until: UUID) -> int: ...
    async def waiting(self, after: UUID, most: int) -> int: ...
    async def last_sealed(self) -> UUID | None: ...
    async def step(self, after: UUID, count: int) -> UUID | None: ...
    async def hashes(self, span: Span) -> list[bytes]: ...
    async def sealed_event(self, event_id: UUID) -> SealedEvent | None: ...
    def sealed(self, start: int, stop: int) -> AsyncIterator[Sequence[SealedEvent]]: ...
    async def newest(self) -> SignedHead | None: ...
    async def head_before(self, at: datetime) -> SignedHead | None: ...
    async def head_after(self, at: datetime) -> SignedHead | None: ...
    async def heads(self, after: int) -> list[SignedHead]: ...
    async def grow(self, size: int, growth: Growth) -> None: ...


class CheckpointSigner(Protocol):
    """Signs the log's head as a note (C2SP signed-note). `origin` is the log's name."""

    @property
    def origin(self) -> str: ...
    def sign(self, size: int, root: bytes) -> str: ...


class CheckpointPlace(Protocol):
    """Where checkpoints are shown, out of the database's reach. Raises `CheckpointNotPublished`."""

    async def publish(self, note: str) -> None: ...


class CheckpointNotPublished(Exception):  # noqa: N818 - a state, named as the operator sees it
    """A place that did not take a checkpoint; the message names no credentials."""


class UnitOfWork(Protocol):
    """One transaction, and the only commit. Reads see what was committed before; writes are collected and
    flushed by `commit` in one transaction; leaving without `commit` drops them. `lock` opens the transaction
    early, so that what is read after it stays true until the commit."""

    @property
    def index(self) -> IndexStore: ...
    @property
    def cross_index(self) -> CrossIndex: ...
    @property
    def imports(self) -> ImportStore: ...
    @property
    def customers(self) -> CustomerStore: ...
    @property
    def ledger(self) -> LedgerStore: ...
    @property
    def reviews(self) -> ReviewStore: ...
    @property
    def changes(self) -> ChangeStore: ...
    @property
    def clients(self) -> ClientStore: ...
    @property
    def events(self) -> EventStore: ...
    @property
    def revocations(self) -> RevocationStore: ...
    @property
    def seals(self) -> SealStore: ...
    async def commit(self) -> None: ...


Units = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work: `async with units() as unit: …; await unit.commit()`. Raises `StorageUnavailable`."""


class StorageUnavailable(Exception):  # noqa: N818 - a state, named as the caller sees it
    """The database cannot be reached or refuses to write: nothing was done, and nothing may be answered."""


class Conflict(Exception):  # noqa: N818
    """A unique key was taken by somebody else in the meantime: read again, then try again."""


class TokenSigner(Protocol):
    """Signs claims as an `at+jwt` (RFC 9068)."""

    def sign(self, claims: Claims) -> str: ...


class TokenVerifier(Protocol):
    """Checks signature, type, issuer, audience and life of a token. Raises `InvalidToken`.

    `audiences` are the acceptable values of `aud`, any one of which must be the token's only one.
    """

    def verify(self, token: str, audiences: frozenset[str], now: datetime) -> Claims: ...


class InvalidToken(Exception):  # noqa: N818
    """A token that must not be taken; `reason` is a stable code for the log, never for the caller.

    `client_id` is whose token it was, where a good signature tells.
    """

    def __init__(self, reason: str, client_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.client_id = client_id


@dataclass(frozen=True, slots=True)
class RecordsReply:
    """The HDC's answer, as a stream. `status` is its HTTP status."""

    status: int
    content_type: str
    body: AsyncIterator[bytes]


class HealthDataCenter(Protocol):
    """The records behind a customer-bound token. Raises `HealthDataCenterUnavailable`."""

    def records(
        self, customer_id: str, domain: str, query: Mapping[str, str], token: str, request_id: str | None
    ) -> AbstractAsyncContextManager[RecordsReply]: ...


class HealthDataCenterUnavailable(Exception):  # noqa: N818
    """No usable answer from the HDC. `reason`: timeout, unreachable, bad_answer, broken_off or too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
