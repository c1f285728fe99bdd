"""Rows that are sealed under a data key itself, not under a customer's.

Which key sealed a row stands in its `data_key_id`, in which no index helps: tables are walked in the order of
their primary keys, so many rows a statement that none takes long.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, bindparam, func, select, tuple_, update

from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.db.id_lists import among_texts
from app.adapters.db.import_store import belongs_to_part
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement
from app.adapters.db.tables import import_parts, metadata, source_record_versions, source_records
from app.adapters.db.types import Bytes, Identifier
from app.services.ports import StorageUnavailable
from app.services.rotation_ports import Span

SPAN = 20_000
PAGE = 50
"""Rows at a time: a part of an import has up to a megabyte."""


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """A table, as it is walked."""

    table: Table
    last: Statement
    boundary: Statement
    resting: Statement

    @classmethod
    def over(cls, table: Table) -> "_Walk":
        """The walk along the primary key of a table that names, row by row, the key it is sealed under."""
        key = list(table.primary_key.columns)
        within = _behind(table) & (tuple_(*key) <= tuple_(*_place(table, "until")))
        counts = select(table.c.data_key_id, func.count()).where(within).group_by(table.c.data_key_id)
        return cls(
            table,
            Statement(select(*key).order_by(*(column.desc() for column in key)).limit(1)),
            Statement(select(*key).where(_behind(table)).order_by(*key).offset(SPAN - 1).limit(1)),
            Statement(**{on: counts.where(c) for on, c in among_texts(table.c.data_key_id, "keys").items()}),
        )

    def before_all(self) -> tuple[Any, ...]:
        """A key that is before that of any row."""
        return tuple(_least(column.type) for column in self.table.primary_key.columns)

    def places(self, span: Span) -> dict[str, Any]:
        """The parameters that say where the span begins and ends."""
        names = [column.name for column in self.table.primary_key.columns]
        return {
            **{f"after_{name}": value for name, value in zip(names, span.after, strict=True)},
            **{f"until_{name}": value for name, value in zip(names, span.until, strict=True)},
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Movable:
    """A table whose rows may be sealed anew. `belongs_to`: what a row's content is bound to."""

    page: Statement
    reseal: Command
    belongs_to: Callable[[Row], bytes]

    @classmethod
    def of(cls, table: Table, belongs_to: Callable[[Row], bytes]) -> "_Movable":
        """A table with `sealed` and `data_key_id`. A row changes only while it holds what was read."""
        key = list(table.primary_key.columns)
        within = _behind(table) & (tuple_(*key) <= tuple_(*_place(table, "until")))
        page = select(*key, table.c.sealed, table.c.data_key_id).where(within).limit(PAGE)
        # Not exact: a row that was changed or deleted since it was read stays as it is.
        same = [column == bindparam(f"the_{column.name}", type_=column.type) for column in key]
        anew = (
            update(table)
            .where(*same, table.c.sealed == bindparam("before", type_=Bytes))
            .values(sealed=bindparam("after", type_=Bytes), data_key_id=bindparam("active", type_=Text))
        )
        return cls(
            Statement(**{on: page.where(c) for on, c in among_texts(table.c.data_key_id, "keys").items()}),
            Command(Statement(anew)),
            belongs_to,
        )


def _place(table: Table, prefix: str) -> list[Any]:
    return [bindparam(f"{prefix}_{c.name}", type_=c.type) for c in table.primary_key.columns]


def _behind(table: Table) -> ColumnElement[bool]:
    return tuple_(*table.primary_key.columns) > tuple_(*_place(table, "after"))


def _least(kind: object) -> object:
    return UUID(int=0) if isinstance(kind, Identifier) else "" if isinstance(kind, Text) else -1


def _of_record(row: Row) -> bytes:
    record_id: UUID = row[0]
    return record_id.bytes


def _of_part(row: Row) -> bytes:
    return belongs_to_part(row[0], row[1], row[2])


_WALKS = {table.name: _Walk.over(table) for table in metadata.sorted_tables if "data_key_id" in table.c}
"""Every table in which something is sealed."""
MOVABLE: Mapping[str, _Movable] = {
    import_parts.name: _Movable.of(import_parts, _of_part),
    source_records.name: _Movable.of(source_records, _of_record),
    source_record_versions.name: _Movable.of(source_record_versions, _of_record),
}
"""Not the customers' keys, which are wrapped anew (rewrap_store.py), nor what is only ever appended to."""


class SqlResealStore:
    """Implements the port `ResealStore`."""

    __slots__ = ("_cipher", "_session")

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    @property
    def active(self) -> str:
        """The data key that seals."""
        return self._cipher.active_id

    async def spans(self, *, may_change: bool) -> list[Span]:
        """All rows that there are now."""
        walks = [walk for name, walk in _WALKS.items() if not may_change or name in MOVABLE]
        return [span for walk in walks for span in await self._spans(walk)]

    async def _spans(self, walk: _Walk) -> list[Span]:
        found = await self._session.fetch(walk.last, {})
        spans: list[Span] = []
        after, last = walk.before_all(), tuple(found[0]) if found else None
        while last is not None and after != last:
            asked = walk.places(Span(walk.table.name, after, last))
            boundary = await self._session.fetch(walk.boundary, asked)
            until = tuple(boundary[0]) if boundary else last
            spans.append(Span(walk.table.name, after, until))
            after = until
        return spans

    async def resting(self, span: Span) -> Mapping[str, int]:
        """How many rows of the span are sealed under which data key."""
        walk = _WALKS[span.table]
        asked = {**walk.places(span), "keys": list(self._cipher.key_ids)}
        return {key_id: int(rows) for key_id, rows in await self._session.fetch(walk.resting, asked)}

    async def reseal(self, span: Span) -> int:
        """The next rows of the span that are under an older key, to be under the active one with the commit:
        how many. Raises `StorageUnavailable` where one cannot be opened."""
        table, active = MOVABLE[span.table], self._cipher.active_id
        older = [key_id for key_id in self._cipher.key_ids if key_id != active]
        asked = {**_WALKS[span.table].places(span), "keys": older}
        rows = await self._session.fetch(table.page, asked) if older else []
        names = [column.name for column in metadata.tables[span.table].primary_key.columns]
        try:
            changed = [
                {
                    **{f"the_{name}": value for name, value in zip(names, row, strict=False)},
                    "before": row[-2],
                    "after": self._anew(row, table.belongs_to(row)),
                    "active": active,
                }
                for row in rows
            ]
        except CannotOpen as error:
            raise StorageUnavailable(f"a row of {span.table} cannot be read: {error}") from None
        self._session.write(table.reseal, changed)
        return len(rows)

    def _anew(self, row: Row, belongs_to: bytes) -> bytes:
        return self._cipher.seal(self._cipher.open(row[-2], row[-1], belongs_to), belongs_to)
