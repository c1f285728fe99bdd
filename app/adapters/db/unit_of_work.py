"""One transaction, and the only commit."""

from functools import cached_property
from types import TracebackType
from typing import Self

from app.adapters.db.account_store import SqlAccountStore, SqlConsoleSessionStore
from app.adapters.db.activity_store import SqlActivityStore
from app.adapters.db.alert_store import SqlAlertStore
from app.adapters.db.assertion_store import SqlAssertionStore
from app.adapters.db.change_store import SqlChangeStore
from app.adapters.db.client_store import SqlClientStore
from app.adapters.db.consent_store import SqlConsentStore
from app.adapters.db.cross_index import SqlCrossIndex
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.customer_store import SqlCustomerStore
from app.adapters.db.emergency_store import SqlEmergencyStore
from app.adapters.db.erasure_store import SqlErasureStore
from app.adapters.db.event_store import SqlEventStore
from app.adapters.db.import_store import SqlImportStore
from app.adapters.db.index_store import IndexKeys, SqlIndexStore
from app.adapters.db.ledger_store import SqlLedgerStore
from app.adapters.db.policy_store import SqlPolicyStore
from app.adapters.db.pool import Pool
from app.adapters.db.posting_store import SqlPostingStore
from app.adapters.db.reindex_store import SqlReindexStore
from app.adapters.db.reseal_store import SqlResealStore
from app.adapters.db.review_store import SqlReviewStore
from app.adapters.db.revocation_store import SqlRevocationStore
from app.adapters.db.rewrap_store import SqlRewrapStore
from app.adapters.db.seal_store import SqlSealStore
from app.adapters.db.session import Session

_SETTLING = ("ledger", "consents", "events")
"""Stores that seal what was collected before the commit, where they were asked for."""


class SqlUnitOfWork:
    """Implements the port `UnitOfWork`: a session and the stores over it, each made when first asked for,
    since a request needs two of them."""

    def __init__(self, pool: Pool, keys: IndexKeys) -> None:
        self._session = Session(pool)
        self._cipher = keys.cipher
        self._keys = CustomerKeys(self._session, keys.cipher)
        self._ring = keys.blind_index.ring
        self.index = SqlIndexStore(self._session, keys, self._keys)

    @cached_property
    def reindexing(self) -> SqlReindexStore:
        return SqlReindexStore(self._session, self._ring, self._keys)

    @cached_property
    def rewrapping(self) -> SqlRewrapStore:
        return SqlRewrapStore(self._session, self._cipher)

    @cached_property
    def resealing(self) -> SqlResealStore:
        return SqlResealStore(self._session, self._cipher)

    @cached_property
    def customers(self) -> SqlCustomerStore:
        return SqlCustomerStore(self._session)

    @cached_property
    def ledger(self) -> SqlLedgerStore:
        return SqlLedgerStore(self._session, self._keys)

    @cached_property
    def erasures(self) -> SqlErasureStore:
        return SqlErasureStore(self._session, self._keys)

    @cached_property
    def reviews(self) -> SqlReviewStore:
        return SqlReviewStore(self._session)

    @cached_property
    def changes(self) -> SqlChangeStore:
        return SqlChangeStore(self._session)

    @cached_property
    def cross_index(self) -> SqlCrossIndex:
        return SqlCrossIndex(self._session)

    @cached_property
    def imports(self) -> SqlImportStore:
        return SqlImportStore(self._session, self._cipher, self._ring)

    @cached_property
    def clients(self) -> SqlClientStore:
        return SqlClientStore(self._session)

    @cached_property
    def consents(self) -> SqlConsentStore:
        return SqlConsentStore(self._session, self._keys)

    @cached_property
    def emergencies(self) -> SqlEmergencyStore:
        return SqlEmergencyStore(self._session)

    @cached_property
    def policies(self) -> SqlPolicyStore:
        return SqlPolicyStore(self._session)

    @cached_property
    def events(self) -> SqlEventStore:
        return SqlEventStore(self._session, self._cipher, self._keys)

    @cached_property
    def revocations(self) -> SqlRevocationStore:
        return SqlRevocationStore(self._session)

    @cached_property
    def seals(self) -> SqlSealStore:
        return SqlSealStore(self._session)

    @cached_property
    def postings(self) -> SqlPostingStore:
        return SqlPostingStore(self._session)

    @cached_property
    def activity(self) -> SqlActivityStore:
        return SqlActivityStore(self._session)

    @cached_property
    def accounts(self) -> SqlAccountStore:
        return SqlAccountStore(self._session)

    @cached_property
    def console_sessions(self) -> SqlConsoleSessionStore:
        return SqlConsoleSessionStore(self._session)

    @cached_property
    def alerts(self) -> SqlAlertStore:
        return SqlAlertStore(self._session)

    @cached_property
    def assertions(self) -> SqlAssertionStore:
        return SqlAssertionStore(self._session)

    async def commit(self) -> None:
        """Writes everything that was collected, all or nothing. Raises `StorageUnavailable`, `Conflict`."""
        await self.index.settle()
        for name in _SETTLING:
            if name in self.__dict__:
                await getattr(self, name).settle()
        await self._session.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
