"""The database as the composition root holds it."""

from dataclasses import dataclass

from sqlalchemy import literal, select

from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.cipher import Cipher
from app.adapters.crypto.keys import KeyRing
from app.adapters.db.connection import Connection
from app.adapters.db.index_store import IndexKeys
from app.adapters.db.pool import Pool
from app.adapters.db.postgresql import open_postgresql
from app.adapters.db.session import Session
from app.adapters.db.sqlite import WriterTurn, open_sqlite
from app.adapters.db.statement import Statement
from app.adapters.db.unit_of_work import SqlUnitOfWork
from app.adapters.db.url import PostgresqlUrl, read_url
from app.services.ports import Units

_PING = Statement(select(literal(1)))


@dataclass(frozen=True, slots=True)
class Database:
    """`units` opens units of work on it."""

    units: Units
    _pool: Pool
    _keys: IndexKeys

    def use_keys(self, keys: KeyRing) -> None:
        """From now on seals and opens with these data keys; units of work that are opened from now
        on look up and store under these index keys."""
        self._keys.cipher.use(keys.data)
        self._keys.blind_index.use(keys.index)

    async def ping(self) -> None:
        """Asks the database for a sign of life. Raises `StorageUnavailable`."""
        session = Session(self._pool)
        try:
            await session.fetch(_PING, {})
        finally:
            await session.close()

    async def close(self) -> None:
        """Closes every connection; no unit of work may be open."""
        await self._pool.close()


def open_database(
    url: str, keys: KeyRing, *, bucket_limit: int = 100, connections: int = 8, patience: float = 10.0
) -> Database:
    """A database that connects when it is first used, in the event loop that uses it.

    `connections` is the most it opens; `patience` (seconds) how long one of them, a lock or a statement is
    waited for. Raises `InvalidDatabaseUrl`.
    """
    read = read_url(url)
    turn = WriterTurn(patience)

    async def connect() -> Connection:
        if isinstance(read, PostgresqlUrl):
            return await open_postgresql(read.dsn, patience)
        return await open_sqlite(read.path, turn, patience)

    pool = Pool(connect, connections, patience)
    index_keys = IndexKeys(Cipher(keys.data), BlindIndex(keys.index), bucket_limit)
    return Database(lambda: SqlUnitOfWork(pool, index_keys), pool, index_keys)
