"""What every service needs from the outside, as protocols: time, IDs, and the unit of work with its stores,
which stand in the `…_ports.py` of their aggregates. Adapters satisfy them; tests may too."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from app.services.access_ports import ClientStore, RevocationStore
from app.services.assertion_ports import AssertionStore
from app.services.consent_ports import ConsentStore
from app.services.console_ports import AccountStore, ConsoleSessionStore
from app.services.emergency_ports import EmergencyStore
from app.services.erasure_ports import ErasureStore
from app.services.import_ports import ImportStore
from app.services.index_ports import (
    ChangeStore,
    CrossIndex,
    CustomerStore,
    IndexStore,
    LedgerStore,
    ReviewStore,
)
from app.services.log_ports import ActivityStore, EventStore, PostingStore, SealStore
from app.services.policy_ports import PolicyStore
from app.services.rotation_ports import ReindexStore, ResealStore, RewrapStore
from app.services.watch_ports import AlertStore


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The time in UTC."""
        ...

    def today(self) -> date:
        """The calendar day in the configured time zone."""
        ...


class Ids(Protocol):
    """New identifiers from a cryptographic source. `uuid` is time-ordered (RFC 9562 UUIDv7)."""

    def uuid(self) -> UUID:
        """A UUIDv7 (RFC 9562, 5.7) greater than each one before it in this process: 48 bits of milliseconds,
        12 bits of their fraction (6.2, method 3), 62 random bits."""
        ...

    def customer_id(self) -> str:
        """A new master customer ID."""
        ...

    def secret(self) -> str:
        """256 random bits, base64url."""
        ...

    def one_time_password(self) -> str:
        """79 random bits as four groups of four characters, to be typed once."""
        ...


class ElementsDigest(Protocol):
    """A keyed digest (hex) of arbitrary bytes, so that equal elements can be recognised in the log."""

    def __call__(self, content: bytes) -> str: ...


class UnitOfWork(Protocol):
    """One transaction, and the only commit: reads see what was committed before, `commit` writes what was
    collected all together, or it is dropped. After `lock`, what is read stays true until the commit."""

    @property
    def index(self) -> IndexStore: ...
    @property
    def reindexing(self) -> ReindexStore: ...
    @property
    def rewrapping(self) -> RewrapStore: ...
    @property
    def resealing(self) -> ResealStore: ...
    @property
    def cross_index(self) -> CrossIndex: ...
    @property
    def imports(self) -> ImportStore: ...
    @property
    def customers(self) -> CustomerStore: ...
    @property
    def erasures(self) -> ErasureStore: ...
    @property
    def ledger(self) -> LedgerStore: ...
    @property
    def reviews(self) -> ReviewStore: ...
    @property
    def changes(self) -> ChangeStore: ...
    @property
    def clients(self) -> ClientStore: ...
    @property
    def activity(self) -> ActivityStore: ...
    @property
    def accounts(self) -> AccountStore: ...
    @property
    def console_sessions(self) -> ConsoleSessionStore: ...
    @property
    def consents(self) -> ConsentStore: ...
    @property
    def emergencies(self) -> EmergencyStore: ...
    @property
    def policies(self) -> PolicyStore: ...
    @property
    def events(self) -> EventStore: ...
    @property
    def revocations(self) -> RevocationStore: ...
    @property
    def assertions(self) -> AssertionStore: ...
    @property
    def seals(self) -> SealStore: ...
    @property
    def postings(self) -> PostingStore: ...
    @property
    def alerts(self) -> AlertStore: ...
    async def commit(self) -> None: ...


Units = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work: `async with units() as unit: …; await unit.commit()`. Raises `StorageUnavailable`."""


class StorageUnavailable(Exception):  # noqa: N818 - a state, named as the caller sees it
    """The database cannot be reached or refuses to write: nothing was done, and nothing may be answered."""


class Conflict(Exception):  # noqa: N818
    """A unique key was taken by somebody else in the meantime: read again, then try again."""
