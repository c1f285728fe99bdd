"""Whom the results of imports name, so that an erasure opens those parts alone.

Results are sealed. Beside each part stand the keyed hashes of the customer IDs and local IDs in it: a look
for one reads eight bytes a name and opens nothing. A hash that two names share costs a part opened in vain.
"""

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, LargeBinary, and_, bindparam, column, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.adapters.crypto.blind_index import BlindRing
from app.adapters.db.id_lists import among_texts
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Statement, insert_into
from app.adapters.db.tables import import_names, import_parts
from app.adapters.db.types import Bytes, Identifier, Json
from app.core.index.customer import LocalId

_HASH = struct.Struct(">q")
_name, _part = import_names.c, import_parts.c
_of_import = _name.import_id == bindparam("import_id", type_=Identifier)
_ADD = insert_into(import_names)
_DROP = Command(
    Statement(delete(import_names).where(_of_import, _name.part == bindparam("part", type_=Integer)))
)
_DROP_ALL = Command(Statement(delete(import_names).where(_of_import)))


def _holds_one() -> Mapping[str, Any]:
    """For each database: that the names of a part hold one of the hashes asked for. JSON, SQLite's only
    list, has no bytes: there the hashes stand side by side in one BLOB."""
    hashes = func.unnest(bindparam("hashes", type_=ARRAY(Bytes())))
    given = hashes.table_valued(column("hash", Bytes())).render_derived(name="asked")
    each = func.json_each(bindparam("starts", type_=Json)).table_valued("key", "value", name="asked")
    start = each.c.value.cast(Integer)
    piece = func.substr(bindparam("packed", type_=Bytes), start, _HASH.size, type_=LargeBinary)
    at = func.pg_catalog.position(_name.names, given.c.hash, type_=Integer)
    found = func.instr(_name.names, piece, type_=Integer)
    return {
        "postgresql": exists(select(1).select_from(given).where(at > 0)),
        "sqlite": exists(select(1).select_from(each).where(found > 0)),
    }


def _candidates() -> Statement:
    """The parts that hold one of the hashes, and those of which it cannot be said: without names, since they
    are older than these, or with names under a key that is gone."""
    joined = import_parts.outerjoin(
        import_names, and_(_name.import_id == _part.import_id, _name.part == _part.part)
    )
    query = select(_part.import_id, _part.part).select_from(joined).where(_part.kind == "results")
    known = among_texts(_name.index_key_id, "keys")
    return Statement(
        **{on: query.where(or_(_name.part.is_(None), ~known[on], held)) for on, held in _holds_one().items()}
    )


_CANDIDATES = _candidates()


class ImportNames:
    """The names beside the parts of results."""

    __slots__ = ("_ring", "_session")

    def __init__(self, session: Session, ring: BlindRing) -> None:
        self._session = session
        self._ring = ring

    def add(self, import_id: UUID, part: int, content: Iterable[Mapping[str, Any]]) -> None:
        """Those of a part that is added."""
        hashes = {self._ring(name)[0] for row in content for name in _names_in(row)}
        row = {"import_id": import_id, "part": part, "names": b"".join(map(_HASH.pack, sorted(hashes)))}
        self._session.write(_ADD, [{**row, "index_key_id": self._ring.key_ids[0]}])

    def drop(self, import_id: UUID, part: int) -> None:
        """Those of a part that is deleted."""
        self._session.write(_DROP, [{"import_id": import_id, "part": part}])

    def drop_all(self, import_id: UUID) -> None:
        """Those of every part of an import."""
        self._session.write(_DROP_ALL, [{"import_id": import_id}])

    async def parts_with(
        self, customer_ids: Collection[str], locals_: Collection[LocalId]
    ) -> list[tuple[UUID, int]]:
        """The parts of results that may name one of them: import and part."""
        names = [*map(_customer, customer_ids), *(_local(x.source_system, x.local_id) for x in locals_)]
        hashes = [_HASH.pack(hashed) for name in names for hashed in self._ring(name)]
        asked = {"hashes": hashes, "packed": b"".join(hashes), "keys": list(self._ring.key_ids)}
        starts = [1 + _HASH.size * n for n in range(len(hashes))]
        rows = await self._session.fetch(_CANDIDATES, {**asked, "starts": starts})
        return [(import_id, part) for import_id, part in rows]


def _names_in(row: Mapping[str, Any]) -> Iterator[bytes]:
    if row.get("customer_id"):
        yield _customer(row["customer_id"])
    if row.get("local_id"):
        yield _local(row["source_system"], row["local_id"])


def _customer(customer_id: str) -> bytes:
    return b"import\0customer\0" + customer_id.encode()


def _local(source_system: str, local_id: str) -> bytes:
    return b"import\0local\0" + source_system.encode() + b"\0" + local_id.encode()
