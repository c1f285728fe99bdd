"""Records that the index holds under a blind-index key that is not the active one any more."""

import struct
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from app.adapters.crypto.blind_index import BlindRing
from app.adapters.db import index_queries as queries
from app.adapters.db.blind_keys import hashes_of
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.id_lists import records_asked
from app.adapters.db.record_codec import RecordCodec, unpack
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement
from app.adapters.db.tables import source_records
from app.adapters.db.types import Identifier
from app.core.index.customer import SourceRecord
from app.core.matching.blocking_key import BlockingKey

PAGE = 200
"""Records at a time: everybody who writes waits while a page is written."""


_record = source_records.c
_stale = _record.index_key_id != bindparam("active")
_COUNT = Statement(select(func.count()).select_from(source_records).where(_stale))
_PAGE = Statement(
    select(_record.record_id, _record.index_key_id, _record.key_hashes)
    .where(_stale, _record.record_id > bindparam("after", type_=Identifier))
    .order_by(_record.record_id)
    .limit(PAGE)
)
_REINDEX = Command(
    Statement(
        update(source_records)
        .where(
            _record.record_id == bindparam("the_record"),
            _record.version == bindparam("the_version"),
            _record.index_key_id == bindparam("before"),
        )
        .values(
            key_hashes=bindparam("hashes", type_=_record.key_hashes.type),
            index_key_id=bindparam("active"),
        )
    ),
    exact=True,
)


class SqlReindexStore:
    """Implements the port `ReindexStore`. What is put must be of the last page."""

    __slots__ = ("_codec", "_held", "_ring", "_session")

    def __init__(self, session: Session, ring: BlindRing, customer_keys: CustomerKeys) -> None:
        self._session = session
        self._ring = ring
        self._codec = RecordCodec(customer_keys)
        self._held: dict[UUID, tuple[str, frozenset[int]]] = {}

    @property
    def _active(self) -> str:
        return self._ring.key_ids[0]

    async def count(self) -> int:
        """How many records are not under the active key."""
        ((count,),) = await self._session.fetch(_COUNT, {"active": self._active})
        return int(count)

    async def page(self, after: UUID) -> list[SourceRecord]:
        """The next of them, in the order of their IDs."""
        asked = {"active": self._active, "after": after}
        rows = await self._session.fetch(_PAGE, asked)
        self._held = {row[0]: (row[1], frozenset(unpack(row[2]))) for row in rows}
        found = await self._session.fetch(queries.RECORDS_BY_ID, records_asked(list(self._held)))
        return sorted(self._codec.records(found), key=lambda record: record.record_id)

    def put(self, records: Sequence[tuple[SourceRecord, Sequence[BlockingKey]]]) -> None:
        """These records under the active key. The unit must hold every lock; `commit` raises `Conflict` where
        one has changed since its page was read."""
        for record, keys in records:
            before, old = self._held[record.record_id]
            new = frozenset([hashes_of(key, self._ring)[0] for key in keys])
            changed = {
                "the_record": record.record_id,
                "the_version": record.version,
                "before": before,
                "hashes": struct.pack(f">{len(new)}q", *sorted(new)),
                "active": self._active,
            }
            self._session.write(_REINDEX, [changed])
            self._session.write(queries.ADD_KEYS, [_key(h, record) for h in new - old])
            self._session.write(queries.DELETE_KEYS, [_key(h, record) for h in old - new])


def _key(hashed: int, record: SourceRecord) -> dict[str, object]:
    return {"key": hashed, "record_id": record.record_id}
