"""One transaction, and the only commit."""

from types import TracebackType
from typing import Self

from app.adapters.db.change_store import SqlChangeStore
from app.adapters.db.client_store import SqlClientStore
from app.adapters.db.cross_index import SqlCrossIndex
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.customer_store import SqlCustomerStore
from app.adapters.db.event_store import SqlEventStore
from app.adapters.db.import_store import SqlImportStore
from app.adapters.db.index_store import IndexKeys, SqlIndexStore
from app.adapters.db.ledger_store import SqlLedgerStore
from app.adapters.db.pool import Pool
from app.adapters.db.review_store import SqlReviewStore
from app.adapters.db.revocation_store import SqlRevocationStore
from app.adapters.db.seal_store import SqlSealStore
from app.adapters.db.session import Session


class SqlUnitOfWork:
    """Implements the port `UnitOfWork`: a session and the stores over it."""

    __slots__ = (
        "_keys",
        "_session",
        "changes",
        "clients",
        "cross_index",
        "customers",
        "events",
        "imports",
        "index",
        "ledger",
        "reviews",
        "revocations",
        "seals",
    )

    def __init__(self, pool: Pool, keys: IndexKeys) -> None:
        self._session = session = Session(pool)
        self._keys = customer_keys = CustomerKeys(session, keys.cipher)
        self.index = SqlIndexStore(session, keys, customer_keys)
        self.customers = SqlCustomerStore(session)
        self.ledger = SqlLedgerStore(session, customer_keys)
        self.reviews = SqlReviewStore(session)
        self.changes = SqlChangeStore(session)
        self.cross_index = SqlCrossIndex(session)
        self.imports = SqlImportStore(session, keys.cipher)
        self.clients = SqlClientStore(session)
        self.events = SqlEventStore(session, keys.cipher, customer_keys)
        self.revocations = SqlRevocationStore(session)
        self.seals = SqlSealStore(session)

    async def commit(self) -> None:
        """Writes everything that was collected, all or nothing. Raises `StorageUnavailable`, `Conflict`."""
        await self.index.settle()
        await self.ledger.settle()
        await self.events.settle()
        await self._session.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
