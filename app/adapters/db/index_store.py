"""The master customer index: records sealed, blocking keys as keyed hashes."""

import struct
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.db import index_queries as queries
from app.adapters.db.id_lists import records_asked
from app.adapters.db.session import Session
from app.adapters.db.statement import Parameters, Row
from app.core.identity.elements import GivenElements
from app.core.index.attributes import Attribute, Verification
from app.core.index.customer import CrossReference, LocalId, SourceRecord
from app.core.matching.blocking_key import BlockingKey
from app.services.ports import Hits, StorageUnavailable

_LOCK_SLOTS = 4096


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """What the index needs beside the database. A bucket is the records that share a blocking key: of one
    that holds more than `bucket_limit` no more are read, and the look-up says so."""

    cipher: Cipher
    blind_index: BlindIndex
    bucket_limit: int


class SqlIndexStore:
    """Implements the port `IndexStore`."""

    __slots__ = ("_hashes", "_keys", "_replaced", "_session")

    def __init__(self, session: Session, keys: IndexKeys) -> None:
        self._session = session
        self._keys = keys
        self._hashes: dict[BlockingKey, tuple[int, ...]] = {}
        self._replaced: dict[LocalId, tuple[frozenset[int], datetime]] = {}

    async def find(self, keys: Sequence[BlockingKey]) -> Hits:
        """Every record of every customer that holds one of `keys`, in one query."""
        asked = {hashed: key for key in keys for hashed in self._hashed(key)}
        if not asked:
            return Hits((), {}, frozenset())
        # One more than the limit is read: whether there are more shows in the answer itself.
        bucket = self._keys.bucket_limit + 1
        rows = await self._session.fetch(queries.FIND, {"keys": list(asked), "bucket": bucket})
        held = [[h for h in _unpack(row[9]) if h in asked] for row in rows]
        sizes = Counter(hashed for hashes in held for hashed in hashes)
        cut = frozenset(asked[hashed] for hashed, size in sizes.items() if size >= bucket)
        by_record = {row[0]: tuple({asked[h]: None for h in h_}) for row, h_ in zip(rows, held, strict=True)}
        return Hits(tuple(self._opened(rows)), by_record, cut)

    async def lock(self, keys: Sequence[BlockingKey]) -> None:
        """Waits for every other transaction that locked one of `keys`; may also wait for a few others."""
        await self._session.lock([zlib.crc32(_value(key)) % _LOCK_SLOTS for key in keys])

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
        """New customers, to be written before their records."""
        rows = [{"customer_id": customer_id, "created_at": at} for customer_id in customer_ids]
        self._session.write(queries.ADD_CUSTOMERS, rows)

    def put_records(self, records: Sequence[tuple[SourceRecord, Sequence[BlockingKey]]]) -> None:
        """New records, or new content of known ones. `commit` raises `Conflict` where the stored version of
        one is not older than what is put, or its local ID was taken by another record."""
        hashed = [(record, frozenset([self._hashed(key)[0] for key in keys])) for record, keys in records]
        rows = [{"key": h, "record_id": record.record_id} for record, hashes in hashed for h in hashes]
        self._session.write(queries.PUT_RECORDS, [self._sealed(*pair) for pair in hashed])
        self._session.write(queries.ADD_KEYS, rows)
        self._replaced |= {r.local: (hashes, r.updated_at) for r, hashes in hashed if r.version > 1}

    def withdraw_records(self, records: Sequence[SourceRecord], at: datetime) -> None:
        """Takes records out, keys and all; their contents stay in the history. `commit` raises `Conflict`
        where one has changed."""
        gone = [{"record_id": r.record_id, "version": r.version} for r in records]
        self._session.write(queries.DELETE_RECORDS, gone)
        self._replaced |= {record.local: (frozenset(), at) for record in records}

    async def lock_all(self) -> None:
        """Waits until nobody else holds any lock, and keeps everybody waiting until the commit."""
        await self._session.lock(range(_LOCK_SLOTS))

    async def contents_at(self, record_ids: Sequence[UUID], at: datetime) -> list[SourceRecord]:
        """The contents of these records that held then and do not any more; of no customer in particular."""
        if not record_ids:
            return []
        rows = await self._session.fetch(queries.VERSIONS, {**records_asked(record_ids), "at": at})
        return self._opened([(*r[:3], "", *r[3:], b"", None) for r in rows])

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
        """Before the commit: the keys that the replaced contents held, and the new ones do not, are to go;
        the contents go into the history."""
        replaced, self._replaced = self._replaced, {}
        if not replaced:
            return
        await self._session.lock([])  # what is read now must still be so when it is replaced
        rows = await self._session.fetch(queries.RECORDS, _pairs(list(replaced)))
        gone = [
            {"key": hashed, "record_id": row[0]}
            for row in rows
            for hashed in _unpack(row[9])
            if hashed not in replaced[LocalId(row[1], row[2])][0]
        ]
        self._session.write(queries.DELETE_KEYS, gone)
        old = [_version_row(row, replaced[LocalId(row[1], row[2])][1]) for row in rows]
        self._session.write(queries.ADD_VERSIONS, old)

    def _hashed(self, key: BlockingKey) -> tuple[int, ...]:
        """A batch looks up the very keys that it then stores."""
        hashes = self._hashes.get(key)
        if hashes is None:
            hashes = self._hashes[key] = self._keys.blind_index(_value(key))
        return hashes

    async def _read(self, query: Any, parameters: Parameters) -> list[SourceRecord]:
        return self._opened(await self._session.fetch(query, parameters))

    def _opened(self, rows: Sequence[Row]) -> list[SourceRecord]:
        try:
            return [self._record(row) for row in rows]
        except CannotOpen as error:
            raise StorageUnavailable(f"a source record cannot be read: {error}") from None

    def _record(self, row: Row) -> SourceRecord:
        (
            record_id,
            system,
            local_id,
            customer_id,
            sealed,
            key_id,
            deceased,
            version,
            updated_at,
            _,
            home_id,
        ) = row
        content = orjson.loads(self._keys.cipher.open(sealed, key_id, record_id.bytes))
        local = LocalId(system, local_id)
        return SourceRecord(
            record_id,
            local,
            customer_id,
            _given(content),
            deceased,
            version,
            updated_at,
            *_basic_data(content),
            home_id,
        )

    def _sealed(self, record: SourceRecord, hashes: frozenset[int]) -> dict[str, Any]:
        cipher = self._keys.cipher
        content = orjson.dumps(_content(record))
        return {
            "record_id": record.record_id,
            "source_system": record.local.source_system,
            "local_id": record.local.local_id,
            "customer_id": record.customer_id,
            "sealed": cipher.seal(content, record.record_id.bytes),
            "data_key_id": cipher.active_id,
            "deceased": record.deceased,
            "version": record.version,
            "updated_at": record.updated_at,
            "key_hashes": struct.pack(f">{len(hashes)}q", *sorted(hashes)),
            "index_key_id": self._keys.blind_index.active_id,
            "home_id": record.home_id,
        }


def _value(key: BlockingKey) -> bytes:
    return f"{key.rule}\0{key.value}".encode("utf-8", "surrogatepass")


def _pairs(locals_: Sequence[LocalId]) -> Parameters:
    return {"systems": [x.source_system for x in locals_], "locals": [x.local_id for x in locals_]}


def _unpack(hashes: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(hashes) // 8}q", hashes)


def _given(content: Mapping[str, Any]) -> GivenElements:
    return GivenElements(
        name=content["name"],
        gender=content["gender"],
        birth_date=content["birth_date"],
        id_type=content["id_type"],
        id_number=content["id_number"],
    )


def _content(record: SourceRecord) -> dict[str, Any]:
    """What is sealed: the five, and what is known beside them, where there is anything."""
    given = record.given
    content: dict[str, Any] = {
        "name": given.name,
        "gender": given.gender,
        "birth_date": given.birth_date,
        "id_type": given.id_type,
        "id_number": given.id_number,
    }
    if record.verification is not Verification.SELF_REPORTED:
        content["verification"] = record.verification
    if record.attributes:
        content["attributes"] = [[a.field, a.value, a.kind, a.verification] for a in record.attributes]
    return content


def _basic_data(content: Mapping[str, Any]) -> tuple[Verification, tuple[Attribute, ...]]:
    """Contents sealed before there was any have neither key."""
    verification = Verification(content.get("verification", Verification.SELF_REPORTED))
    attributes = content.get("attributes", ())
    return verification, tuple(Attribute(f, v, k, Verification(level)) for f, v, k, level in attributes)


def _version_row(row: Row, until: datetime) -> dict[str, Any]:
    record_id, system, local_id, _, sealed, key_id, deceased, version, updated_at, _, _ = row
    return {
        "record_id": record_id,
        "version": version,
        "source_system": system,
        "local_id": local_id,
        "sealed": sealed,
        "data_key_id": key_id,
        "deceased": deceased,
        "updated_at": updated_at,
        "until": until,
    }
