"""The master customer index: records sealed, blocking keys as keyed hashes."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.db import index_queries as queries
from app.adapters.db.blind_keys import LOCK_SLOTS, hashes_of, slot_of
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.id_lists import records_asked
from app.adapters.db.record_codec import RecordCodec, unpack, version_row
from app.adapters.db.session import Session
from app.adapters.db.statement import Parameters, Row
from app.core.index.customer import CrossReference, LocalId, SourceRecord
from app.core.matching.blocking_key import BlindKey, Key
from app.services.index_ports import Hits
from app.services.ports import StorageUnavailable


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """What the index needs beside the database. A bucket is the records that share a blocking key: of one
    that holds more than `bucket_limit` no more are read, and the look-up says so."""

    cipher: Cipher
    blind_index: BlindIndex
    bucket_limit: int


class SqlIndexStore:
    """Implements the port `IndexStore`."""

    __slots__ = (
        "_codec",
        "_customer_keys",
        "_hashed",
        "_keys",
        "_put",
        "_rehomed",
        "_replaced",
        "_ring",
        "_session",
    )

    def __init__(self, session: Session, keys: IndexKeys, customer_keys: CustomerKeys) -> None:
        self._session = session
        self._keys = keys
        self._customer_keys = customer_keys
        self._codec = RecordCodec(customer_keys)
        self._ring = keys.blind_index.ring  # the unit's own: what it looks up and stores is under one ring
        self._hashed: dict[Key, tuple[int, ...]] = {}
        self._put: list[tuple[SourceRecord, frozenset[int], str]] = []
        self._rehomed: list[SourceRecord] = []
        self._replaced: dict[LocalId, tuple[frozenset[int], datetime]] = {}

    async def find(self, keys: Sequence[Key]) -> Hits:
        """Every record of every customer that holds one of `keys`, in one query."""
        asked = {hashed: key for key in keys for hashed in self._hashes(key)}
        limit = self._keys.bucket_limit
        if not asked:
            return Hits((), {}, frozenset(), limit)
        bucket = limit + 1  # one more is read: whether there are more shows in the answer itself
        rows = await self._session.fetch(queries.FIND, {"keys": list(asked), "bucket": bucket})
        held = [[h for h in unpack(row[9]) if h in asked] for row in rows]
        sizes = Counter(hashed for hashes in held for hashed in hashes)
        cut = frozenset(asked[hashed] for hashed, size in sizes.items() if size >= bucket)
        by_record = {row[0]: tuple({asked[h]: None for h in h_}) for row, h_ in zip(rows, held, strict=True)}
        return Hits(tuple(self._codec.records(rows)), by_record, cut, limit)

    async def lock(self, keys: Sequence[Key]) -> None:
        """Waits for every other transaction that locked one of `keys`; may also wait for a few others."""
        await self._session.lock([slot_of(key) for key in keys])

    async def records(self, locals_: Sequence[LocalId]) -> list[SourceRecord]:
        """The records under these local IDs, as far as there are any, in no particular order."""
        asked = list(dict.fromkeys(locals_))
        return await self._read(queries.RECORDS, _pairs(asked)) if asked else []

    async def records_of(self, customer_ids: Sequence[str]) -> list[SourceRecord]:
        """Every record of these customers, in no particular order."""
        asked = list(dict.fromkeys(customer_ids))
        return await self._read(queries.RECORDS_OF, {"customer_ids": asked}) if asked else []

    async def records_by_id(self, record_ids: Sequence[UUID]) -> list[SourceRecord]:
        """These records, as far as they are there, in no particular order."""
        return await self._read(queries.RECORDS_BY_ID, records_asked(record_ids)) if record_ids else []

    async def exists(self, customer_id: str) -> bool:
        """Whether this customer was ever created."""
        return bool(await self._session.fetch(queries.EXISTS, {"customer_id": customer_id}))

    def add_customers(self, customer_ids: Sequence[str], at: datetime) -> None:
        """New customers, each with a key of their own, to be written before their records."""
        rows = [{"customer_id": customer_id, "created_at": at} for customer_id in customer_ids]
        self._session.write(queries.ADD_CUSTOMERS, rows)
        self._customer_keys.make(customer_ids)

    def put_records(self, records: Sequence[tuple[SourceRecord, Sequence[Key]]]) -> None:
        """New records, or new content of known ones. `commit` raises `Conflict` where the stored version of
        one is not older than what is put, or its local ID was taken by another record."""
        hashed = [(record, *self._stored_under(keys)) for record, keys in records]
        self._put += hashed
        for command in (queries.ADD_RECORDS, queries.PUT_RECORDS):  # their place in the order of writes
            self._session.write(command, ())
        for record, hashes, _ in hashed:  # of a new record nothing is there to collide with
            command = queries.ADD_KEYS if record.version > 1 else queries.ADD_KEYS_OF_NEW
            self._session.write(command, [{"key": h, "record_id": record.record_id} for h in hashes])
        self._replaced |= {r.local: (hashes, r.updated_at) for r, hashes, _ in hashed if r.version > 1}

    def withdraw_records(self, records: Sequence[SourceRecord], at: datetime) -> None:
        """Takes records out, keys and all; their contents stay in the history. `commit` raises `Conflict`
        where one has changed."""
        gone = [{"record_id": r.record_id, "version": r.version} for r in records]
        self._session.write(queries.DELETE_RECORDS, gone)
        self._replaced |= {record.local: (frozenset(), at) for record in records}

    def rehome(self, records: Sequence[SourceRecord]) -> None:
        """Records that are another's from now on, with what they said before: their content goes under the
        key of their new home. The unit must hold every lock."""
        self._rehomed += records
        self._session.write(queries.REHOME, ())

    async def lock_all(self) -> None:
        """Waits until nobody else holds any lock, and keeps everybody waiting until the commit."""
        await self._session.lock(range(LOCK_SLOTS))

    async def contents_at(self, record_ids: Sequence[UUID], at: datetime) -> list[SourceRecord]:
        """The contents of these records that held then and do not any more; of no customer in particular."""
        if not record_ids:
            return []
        rows = await self._session.fetch(queries.VERSIONS, {**records_asked(record_ids), "at": at})
        return self._codec.old_contents(rows)

    async def cross_references(self, source_system: str | None = None) -> AsyncIterator[CrossReference]:
        """All of them in order, read page by page: what changes meanwhile is seen or not."""
        query = queries.CROSS_REFERENCES if source_system is None else queries.CROSS_REFERENCES_OF
        after = ("" if source_system is None else source_system, "")
        while True:
            asked = {"after_system": after[0], "after_local": after[1], "source_system": source_system}
            rows = await self._session.fetch(query, asked)
            for system, local_id, customer_id in rows:
                yield CrossReference(LocalId(system, local_id), customer_id)
            if len(rows) < queries.PAGE:
                return
            after = (rows[-1][0], rows[-1][1])

    async def settle(self) -> None:
        """Before the commit: contents are sealed, each under the key of its record's home; the keys that the
        replaced contents held, and the new ones do not, are to go; the replaced contents go into the history.
        """
        await self._seal()
        await self._reseal()
        replaced, self._replaced = self._replaced, {}
        if not replaced:
            return
        await self._session.lock([])  # what is read now must still be so when it is replaced
        rows = await self._session.fetch(queries.RECORDS, _pairs(list(replaced)))
        gone = [
            {"key": hashed, "record_id": row[0]}
            for row in rows
            for hashed in unpack(row[9])
            if hashed not in replaced[LocalId(row[1], row[2])][0]
        ]
        self._session.write(queries.DELETE_KEYS, gone)
        old = [version_row(row, replaced[LocalId(row[1], row[2])][1]) for row in rows]
        self._session.write(queries.ADD_VERSIONS, old)

    async def _seal(self) -> None:
        put, self._put = self._put, []
        if not put:
            return
        await self._customer_keys.ready(record.home for record, *_ in put)
        for record, hashes, key_id in put:
            command = queries.PUT_RECORDS if record.version > 1 else queries.ADD_RECORDS
            self._session.write(command, [self._codec.row(record, hashes, key_id)])

    async def _reseal(self) -> None:
        moved, self._rehomed = {record.record_id: record for record in self._rehomed}, []
        if not moved:
            return
        await self._customer_keys.ready(record.home for record in moved.values())
        self._session.write(queries.REHOME, [self._moved_row(record) for record in moved.values()])
        asked = records_asked(list(moved))
        owners = {row[0]: row[5] for row in await self._session.fetch(queries.RECORDS_BY_ID, asked)}
        old = await self._session.fetch(queries.VERSIONS_OF, asked)
        self._session.write(
            queries.RESEAL_VERSION,
            [
                {"the_record": row[0], "the_version": row[6], **self._resealed(row, moved[row[0]].home)}
                for row in old
                if row[4] == owners[row[0]]  # under another key: the local ID was somebody else's then
            ],
        )

    def _moved_row(self, record: SourceRecord) -> dict[str, Any]:
        sealed = self._codec.sealed(record)
        moved = {"customer_id": record.customer_id, "home_id": record.home_id}
        return {"the_record": record.record_id, **moved, **sealed}

    def _resealed(self, row: Row, home: str) -> dict[str, Any]:
        try:
            return self._codec.resealed(row, home)
        except CannotOpen as error:
            raise StorageUnavailable(f"a source record's history cannot be read: {error}") from None

    def _hashes(self, key: Key) -> tuple[int, ...]:
        """The key as it is looked up; what is looked up is often stored next."""
        if isinstance(key, BlindKey):
            return key.hashes
        hashes = self._hashed.get(key)
        if hashes is None:
            hashes = self._hashed[key] = hashes_of(key, self._ring)
        return hashes

    def _stored_under(self, keys: Sequence[Key]) -> tuple[frozenset[int], str]:
        """The hashes of a record's keys under the active key, and that key's ID."""
        blind = keys[0] if keys else None
        key_ids = blind.key_ids if isinstance(blind, BlindKey) else self._ring.key_ids
        return frozenset([self._hashes(key)[0] for key in keys]), key_ids[0]

    async def _read(self, query: Any, parameters: Parameters) -> list[SourceRecord]:
        return self._codec.records(await self._session.fetch(query, parameters))


def _pairs(locals_: Sequence[LocalId]) -> Parameters:
    return {"systems": [x.source_system for x in locals_], "locals": [x.local_id for x in locals_]}
