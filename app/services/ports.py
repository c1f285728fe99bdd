"""What the services need from the outside, as protocols. Adapters satisfy them; tests may too."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from app.core.access.claims import Claims
from app.core.access.client import Client, ClientCredential
from app.core.audit.event import Event, EventFilter
from app.core.audit.log import Growth, SealedEvent, SignedHead, StoredEvent
from app.core.audit.proofs import Span
from app.core.index.customer import CrossReference, LocalId, Review, SourceRecord
from app.core.matching.blocking_key import BlockingKey


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
    async def exists(self, customer_id: str) -> bool: ...
    def add_customers(self, customer_ids: Sequence[str], at: datetime) -> None: ...
    def put_records(self, records: Sequence[tuple[SourceRecord, Sequence[BlockingKey]]]) -> None: ...
    def add_reviews(self, reviews: Sequence[Review]) -> None: ...
    def cross_references(self, source_system: str | None = None) -> AsyncIterator[CrossReference]: ...


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


class RevocationStore(Protocol):
    """Tokens that ended early. A row lives until its token would have expired."""

    async def revoked(self, token_id: str) -> bool: ...
    def add(self, token_id: str, expires_at: datetime) -> None: ...
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
    """No usable answer from the HDC; `reason`: `timeout`, `unreachable`, `bad_answer` or `too_large`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
