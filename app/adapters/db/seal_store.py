"""The sealed log: events that no leaf has yet, the tree, and its signed heads."""

import asyncio
import builtins
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    Text,
    bindparam,
    exists,
    func,
    literal,
    select,
    type_coerce,
)

from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement, insert_into
from app.adapters.db.tables import audit_checkpoints, audit_events, audit_leaves, audit_tiles
from app.adapters.db.types import Identifier, Instant, Json, Words
from app.core.audit.canonical import Form, canonical_form
from app.core.audit.log import Growth, Leaf, SealedEvent, SignedHead, StoredEvent
from app.core.audit.proofs import Span
from app.services.ports import Conflict

PAGE = 1000
"""How many leaves are read at a time."""
_SEALER = 1
"""The claim of the one sealer; claims and locks have number spaces of their own."""

_leaf, _event, _head, _tile = audit_leaves.c, audit_events.c, audit_checkpoints.c, audit_tiles.c
_NAMES = tuple(column.name for column in audit_events.columns)
# JSON in text is taken as the text that was stored: what was written is what is proved.
_AS_STORED = tuple(
    type_coerce(column, Text).label(column.name) if isinstance(column.type, Json | Words) else column
    for column in audit_events.columns
)
_HEAD = (_head.size, _head.root, _head.note, _head.at)


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _identifier(name: str) -> Any:
    return bindparam(name, type_=Identifier)


_LIMIT = bindparam("limit", type_=Integer)


def _within(column: Any) -> Any:
    return (column > _identifier("after")) & (column <= _identifier("until"))


# The bounds stand on both sides: no planner carries them over, and a merge would begin at the first leaf.
UNSEALED = Statement(
    select(*_AS_STORED)
    .where(
        _within(_event.event_id),
        ~exists().where(_leaf.event_id == _event.event_id, _within(_leaf.event_id)),
    )
    .order_by(_event.event_id)
    .limit(_LIMIT)
)
_UNSEALED_COUNT = Statement(
    select(func.count())
    .select_from(audit_events)
    .where(_event.event_id <= _identifier("until"), ~exists().where(_leaf.event_id == _event.event_id))
)
_LAST_SEALED = Statement(select(_leaf.event_id).order_by(_leaf.event_id.desc()).limit(1))
_WAITING = Statement(
    select(func.count()).select_from(
        select(literal(1)).where(_event.event_id > _identifier("after")).limit(_LIMIT).subquery()
    )
)
_STEP = Statement(
    select(_event.event_id)
    .where(_event.event_id > _identifier("after"))
    .order_by(_event.event_id)
    .offset(bindparam("step", type_=Integer) - 1)
    .limit(1)
)
_LEAF_HASHES = Statement(
    select(_leaf.leaf_hash)
    .where(_leaf.leaf_index >= _number("start"), _leaf.leaf_index < _number("stop"))
    .order_by(_leaf.leaf_index)
)
_TILE_HASHES = Statement(
    select(_tile.hash)
    .where(
        _tile.level == bindparam("level", type_=Integer),
        _tile.tile_index >= _number("start"),
        _tile.tile_index < _number("stop"),
    )
    .order_by(_tile.tile_index)
)


def _sealed(*conditions: Any) -> Select[Any]:
    leaf = (_leaf.leaf_index, _leaf.event_id.label("leaf_event_id"), _leaf.leaf_hash)
    joined = audit_leaves.outerjoin(audit_events, _event.event_id == _leaf.event_id)
    return select(*leaf, *_AS_STORED).select_from(joined).where(*conditions).order_by(_leaf.leaf_index)


SEALED = Statement(
    _sealed(_leaf.leaf_index >= _number("start"), _leaf.leaf_index < _number("stop")).limit(PAGE)
)
_SEALED_EVENT = Statement(_sealed(_leaf.event_id == _identifier("event_id")))
_NEWEST = Statement(select(*_HEAD).order_by(_head.size.desc()).limit(1))
HEADS = Statement(select(*_HEAD).where(_head.size > _number("after")).order_by(_head.size).limit(PAGE))
_HEAD_BEFORE = Statement(
    select(*_HEAD).where(_head.at <= bindparam("at", type_=Instant)).order_by(_head.size.desc()).limit(1)
)
_HEAD_AFTER = Statement(
    select(*_HEAD).where(_head.at >= bindparam("at", type_=Instant)).order_by(_head.size).limit(1)
)
_ADD_LEAVES, _ADD_TILES = insert_into(audit_leaves), insert_into(audit_tiles)
_ADD_HEAD = insert_into(audit_checkpoints)


class SqlSealStore:
    """Implements the port `SealStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def claim(self) -> bool:
        """Whether this unit is the only sealer until it ends; SQLite lets every one begin, and one commit."""
        return await self._session.claim(_SEALER)

    async def unsealed(self, after: UUID, until: UUID, limit: int) -> list[StoredEvent]:
        """The first committed events between two IDs (exclusive, inclusive) that have no leaf."""
        rows = await self._session.fetch(UNSEALED, {"after": after, "until": until, "limit": limit})
        # Off the event loop: a thousand rows take long enough for a request to notice.
        return await asyncio.to_thread(lambda: [StoredEvent(row[0], _form(row)) for row in rows])

    async def unsealed_count(self, until: UUID) -> int:
        """How many committed events up to this ID have no leaf; looks at every event."""
        return int((await self._session.fetch(_UNSEALED_COUNT, {"until": until}))[0][0])

    async def waiting(self, after: UUID, most: int) -> int:
        """How many events have a greater ID; counts no further than `most`."""
        return int((await self._session.fetch(_WAITING, {"after": after, "limit": most}))[0][0])

    async def last_sealed(self) -> UUID | None:
        """The greatest ID of an event that has a leaf."""
        rows = await self._session.fetch(_LAST_SEALED, {})
        return rows[0][0] if rows else None

    async def step(self, after: UUID, count: int) -> UUID | None:
        """The ID of the event `count` further; None where there are fewer."""
        rows = await self._session.fetch(_STEP, {"after": after, "step": count})
        return rows[0][0] if rows else None

    async def hashes(self, span: Span) -> list[bytes]:
        """The stored hashes of a span, fewer where the log has fewer."""
        asked: dict[str, int] = {"start": span.start, "stop": span.start + span.count}
        if span.level == 0:
            return [row[0] for row in await self._session.fetch(_LEAF_HASHES, asked)]
        return [row[0] for row in await self._session.fetch(_TILE_HASHES, {**asked, "level": span.level})]

    async def sealed_event(self, event_id: UUID) -> SealedEvent | None:
        """The leaf of an event, where it has one."""
        rows = await self._session.fetch(_SEALED_EVENT, {"event_id": event_id})
        return _sealed_event(rows[0]) if rows else None

    async def sealed(self, start: int, stop: int) -> AsyncIterator[Sequence[SealedEvent]]:
        """The leaves from `start` (inclusive) to `stop` (exclusive) in their order, page by page."""
        while rows := await self._session.fetch(SEALED, {"start": start, "stop": stop}):
            yield [_sealed_event(row) for row in rows]
            start = rows[-1][0] + 1

    async def newest(self) -> SignedHead | None:
        """The newest checkpoint."""
        return _first(await self._session.fetch(_NEWEST, {}))

    async def head_before(self, at: datetime) -> SignedHead | None:
        """The newest checkpoint that was signed until then."""
        return _first(await self._session.fetch(_HEAD_BEFORE, {"at": at}))

    async def head_after(self, at: datetime) -> SignedHead | None:
        """The oldest checkpoint that was signed from then on."""
        return _first(await self._session.fetch(_HEAD_AFTER, {"at": at}))

    async def heads(self, after: int) -> builtins.list[SignedHead]:
        """The next checkpoints of trees larger than `after`, the smallest first."""
        return [SignedHead(*row) for row in await self._session.fetch(HEADS, {"after": after})]

    async def grow(self, size: int, growth: Growth) -> None:
        """Adds to a log of this size, at the unit's commit. Raises `Conflict` where it has another."""
        await self._session.lock([])
        newest = await self.newest()
        if (newest.size if newest else 0) != size:
            raise Conflict("the log was sealed by somebody else")
        self._session.write(
            _ADD_LEAVES,
            [{"leaf_index": x.index, "event_id": x.event_id, "leaf_hash": x.hash} for x in growth.leaves],
        )
        self._session.write(
            _ADD_TILES, [{"level": t.level, "tile_index": t.index, "hash": t.hash} for t in growth.tiles]
        )
        head = growth.head
        row = {"size": head.size, "root": head.root, "note": head.note, "at": head.at}
        self._session.write(_ADD_HEAD, [row])


def _form(values: Sequence[Any]) -> Form:
    columns: Mapping[str, Any] = dict(zip(_NAMES, values, strict=True))
    return canonical_form(columns)


def _sealed_event(row: Row) -> SealedEvent:
    index, event_id, hash_, *columns = row
    gone = columns[0] is None
    return SealedEvent(Leaf(index, event_id, hash_), None if gone else _form(columns))


def _first(rows: Sequence[Row]) -> SignedHead | None:
    return SignedHead(*rows[0]) if rows else None
