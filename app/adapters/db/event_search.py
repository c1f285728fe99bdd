"""Finds the events of a page, newest first, whatever is asked.

Of one customer, or with no filter but time: in the order of the key, which says the time. Otherwise in the
order of the sealed log, through its posting lists (app/core/audit/postings.py), behind what they do not hold
yet: the events that are not sealed, and the leaves behind the last block. So no filter, however rare what it
asks for, has more than a few thousand events read for a page.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Text, bindparam, exists, func, select

from app.adapters.db.id_lists import among_numbers
from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement
from app.adapters.db.tables import (
    audit_blocks,
    audit_checkpoints,
    audit_events,
    audit_leaves,
    audit_postings,
)
from app.adapters.db.types import Identifier, Instant
from app.adapters.db.words import holds_word, word_pattern
from app.core.audit.event import EventFilter
from app.core.audit.log import FIRST_ID, LAST_ID, first_id_at
from app.core.audit.postings import BLOCK, leaves_with, terms_asked

SLACK = timedelta(hours=1)
"""How far an event's `at` may be from the time in its ID, which both are taken within a moment."""
LATE = timedelta(seconds=30)
"""How far behind the last seal an event that is not sealed yet may have been made."""
_FIRST_BLOCKS, _MOST_BLOCKS = 16, 1024
"""Blocks whose lists are read at a time: few where matches are many, more the longer none comes."""
_LEAVES_AT_ONCE = 1000
_NO_LIMIT = 2**31 - 1

_event, _leaf = audit_events.c, audit_leaves.c
_limit = bindparam("limit", type_=Integer)


class EventSearch:
    """Gives rows with the asked columns."""

    __slots__ = ("_columns", "_session")

    def __init__(self, session: Session, columns: tuple[str, ...]) -> None:
        self._session = session
        self._columns = columns

    async def page(self, which: EventFilter, before: UUID | None, limit: int) -> Sequence[Row]:
        """At most `limit` events behind the event `before`."""
        asked, terms = _asked(which), terms_asked(which)
        if which.customer_id is not None or not terms:
            values = {**asked, "after": _first_id(which.since), "before": before or _last_id(which.until)}
            statement = _by_key(self._columns, frozenset(asked))
            return await self._session.fetch(statement, {**values, "limit": limit})
        return await self._in_the_log(asked, terms, before, limit)

    async def at_leaves(self, leaves: Sequence[int], which: EventFilter) -> list[Row]:
        """Those of these leaves' events that fit."""
        return await self._events_of(iter(leaves), _asked(which), len(leaves))

    async def behind_the_lists(self, which: EventFilter) -> list[Row]:
        """All that fit of what no list holds yet: the leaves behind the last block, what is not sealed."""
        asked = _asked(which)
        size, sealed_at = await self._newest()
        floor = FIRST_ID if sealed_at is None else first_id_at(sealed_at - LATE)
        bounds = {"after": max(floor, _first_id(which.since)), "before": _last_id(which.until)}
        values = {**asked, **bounds, "size": size, "limit": _NO_LIMIT}
        unsealed = await self._session.fetch(_unsealed(self._columns, frozenset(asked)), values)
        return [*unsealed, *await self.at_leaves(range(await self._end(), size), which)]

    async def _in_the_log(
        self, asked: Mapping[str, Any], terms: tuple[str, ...], before: UUID | None, limit: int
    ) -> Sequence[Row]:
        names = frozenset(asked)
        size, sealed_at = await self._newest()
        end = await self._end()
        below = await self._leaf_of(before) if before is not None else None
        found: list[Row] = []
        if below is None or below >= size:
            floor = FIRST_ID if sealed_at is None else first_id_at(sealed_at - LATE)
            values = {**asked, "size": size, "after": floor, "before": before or LAST_ID, "limit": limit}
            found += await self._session.fetch(_unsealed(self._columns, names), values)
            below = size
        if len(found) < limit and below > end:
            leaves = iter(range(below - 1, end - 1, -1))
            found += await self._events_of(leaves, asked, limit - len(found))
        if len(found) < limit:
            found += await self._posted(asked, terms, min(below, end), limit - len(found))
        return found

    async def _posted(
        self, asked: Mapping[str, Any], terms: tuple[str, ...], below: int, limit: int
    ) -> list[Row]:
        """The events of the leaves below this one that the lists name."""
        times = {name: asked[name] for name in ("since", "until") if name in asked}
        first, last = (await self._session.fetch(_blocks(frozenset(times)), times))[0]
        if first is None:
            return []
        found: list[Row] = []
        stop, width = min(last + 1, -(-below // BLOCK)), _FIRST_BLOCKS
        while stop > first and len(found) < limit:
            start = max(first, stop - width)
            values = {**{f"term_{n}": term for n, term in enumerate(terms)}, "start": start, "stop": stop}
            rows = await self._session.fetch(_lists(len(terms)), values)
            leaves = (leaf for leaf in leaves_with((row[0], row[1:]) for row in rows) if leaf < below)
            found += await self._events_of(leaves, times, limit - len(found))
            stop, width = start, min(4 * width, _MOST_BLOCKS)
        return found

    async def _events_of(self, leaves: Iterator[int], asked: Mapping[str, Any], limit: int) -> list[Row]:
        """The first `limit` that fit, and are still there."""
        found: list[Row] = []
        statement = _at_leaves(self._columns, frozenset(asked))
        while len(found) < limit:
            # Where there is something left to ask, many may not fit: those of a block at the edge of a time.
            some = list(islice(leaves, _LEAVES_AT_ONCE if asked else limit - len(found)))
            if not some:
                break
            values = {**asked, "leaves": some, "limit": limit - len(found)}
            found += await self._session.fetch(statement, values)
        return found

    async def _newest(self) -> tuple[int, datetime | None]:
        rows = await self._session.fetch(_NEWEST, {})
        return (rows[0][0], rows[0][1]) if rows else (0, None)

    async def _end(self) -> int:
        """The first leaf that is in no block."""
        last = (await self._session.fetch(_LAST_BLOCK, {}))[0][0]
        return 0 if last is None else (int(last) + 1) * BLOCK

    async def _leaf_of(self, event_id: UUID) -> int | None:
        rows = await self._session.fetch(_LEAF_OF, {"event_id": event_id})
        return int(rows[0][0]) if rows else None


def _asked(which: EventFilter) -> dict[str, Any]:
    """The parameters of the filters that are set."""
    names = ("customer_id", "client_id", "kind", "outcome", "purpose", "domain", "reason", "since", "until")
    asked = {name: value for name in names if (value := getattr(which, name)) is not None}
    return asked | {name: word_pattern(asked[name]) for name in ("domain", "reason") if name in asked}


def _first_id(since: datetime | None) -> UUID:
    return FIRST_ID if since is None else first_id_at(since - SLACK)


def _last_id(until: datetime | None) -> UUID:
    return LAST_ID if until is None else first_id_at(until + SLACK)


def _conditions(asked: frozenset[str]) -> list[Any]:
    every: Mapping[str, Any] = {
        **{n: _event[n] == bindparam(n) for n in ("customer_id", "client_id", "kind", "outcome", "purpose")},
        "domain": holds_word(_event.domains, "domain"),
        "reason": holds_word(_event.reasons, "reason"),
        "since": _event.at >= bindparam("since", type_=Instant),
        "until": _event.at < bindparam("until", type_=Instant),
    }
    return [every[name] for name in sorted(asked)]


def _between(column: Any) -> Any:
    return (column > bindparam("after", type_=Identifier)) & (column < bindparam("before", type_=Identifier))


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


@cache
def _by_key(columns: tuple[str, ...], asked: frozenset[str]) -> Statement:
    query = select(*(_event[name] for name in columns)).where(_between(_event.event_id), *_conditions(asked))
    return Statement(query.order_by(_event.event_id.desc()).limit(_limit))


@cache
def _unsealed(columns: tuple[str, ...], asked: frozenset[str]) -> Statement:
    """Of the events between two IDs those that are no leaf below `size`; bounded as `UNSEALED` is."""
    leaf = exists().where(
        _leaf.event_id == _event.event_id, _between(_leaf.event_id), _leaf.leaf_index < _number("size")
    )
    query = select(*(_event[name] for name in columns)).where(_between(_event.event_id), ~leaf)
    return Statement(query.where(*_conditions(asked)).order_by(_event.event_id.desc()).limit(_limit))


@cache
def _at_leaves(columns: tuple[str, ...], asked: frozenset[str]) -> Statement:
    """A list of leaves, no range: a planner that does not know how wide one is might read them all."""
    joined = audit_leaves.join(audit_events, _event.event_id == _leaf.event_id)
    query = select(*(_event[name] for name in columns)).select_from(joined).where(*_conditions(asked))
    query = query.order_by(_leaf.leaf_index.desc()).limit(_limit)
    leaves = among_numbers(_leaf.leaf_index, "leaves")
    return Statement(**{on: query.where(asked_for) for on, asked_for in leaves.items()})


@cache
def _lists(terms: int) -> Statement:
    """The lists of all terms, a row for each block that has them all."""
    tables = [audit_postings.alias(f"list_{n}") for n in range(terms)]
    joined: Any = tables[0]
    for one in tables[1:]:
        joined = joined.join(one, one.c.block == tables[0].c.block)
    conditions = [
        condition
        for n, one in enumerate(tables)
        for condition in (
            one.c.term == bindparam(f"term_{n}", type_=Text),
            one.c.block >= _number("start"),
            one.c.block < _number("stop"),
        )
    ]
    query = select(tables[0].c.block, *(one.c.places for one in tables)).select_from(joined)
    return Statement(query.where(*conditions).order_by(tables[0].c.block.desc()))


@cache
def _blocks(times: frozenset[str]) -> Statement:
    """The first and the last block with events of this time."""
    block = audit_blocks.c
    every: Mapping[str, Any] = {
        "since": block.last_at >= bindparam("since", type_=Instant),
        "until": block.first_at < bindparam("until", type_=Instant),
    }
    query = select(func.min(block.block), func.max(block.block))
    return Statement(query.where(*(every[name] for name in sorted(times))))


_head = audit_checkpoints.c
_NEWEST = Statement(select(_head.size, _head.at).order_by(_head.size.desc()).limit(1))
_LAST_BLOCK = Statement(select(func.max(audit_blocks.c.block)))
_LEAF_OF = Statement(
    select(_leaf.leaf_index).where(_leaf.event_id == bindparam("event_id", type_=Identifier))
)
