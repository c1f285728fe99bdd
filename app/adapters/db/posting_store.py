"""The posting lists of the sealed log: made a block at a time, read by the search."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, Text, bindparam, func, select, type_coerce

from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement, insert_into
from app.adapters.db.tables import audit_blocks, audit_events, audit_leaves, audit_postings
from app.core.audit.log import instant_of
from app.core.audit.postings import BLOCK, WORDS, Block, Posted, look_of, terms_of
from app.services.ports import Conflict

_INDEXER = 2
"""The claim of the one who makes blocks, beside the sealer's."""
_PAGE = 1024
"""Leaves that are read at a time: more would hold up the event loop."""

_leaf, _event = audit_leaves.c, audit_events.c
_LAST_BLOCK = Statement(select(func.max(audit_blocks.c.block)))
_FACTS = Statement(
    select(
        _leaf.event_id,
        _event.at,
        *(_event[name] for name in WORDS),
        _event.customer_id,
        type_coerce(_event.domains, Text).label("domains"),
        type_coerce(_event.reasons, Text).label("reasons"),
    )
    .select_from(audit_leaves.outerjoin(audit_events, _event.event_id == _leaf.event_id))
    .where(
        _leaf.leaf_index >= bindparam("start", type_=BigInteger),
        _leaf.leaf_index < bindparam("stop", type_=BigInteger),
    )
    .order_by(_leaf.leaf_index)
    .limit(_PAGE)  # without it, a planner that knows no numbers would rather read the whole log and join that
)
_ADD_BLOCK, _ADD_POSTINGS = insert_into(audit_blocks), insert_into(audit_postings)


class SqlPostingStore:
    """Implements the port `PostingStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def claim(self) -> bool:
        """Whether this unit alone makes blocks until it ends; SQLite lets every one begin, and one commit."""
        return await self._session.claim(_INDEXER)

    async def next_block(self) -> int:
        """The number of the first block that is not made."""
        last = (await self._session.fetch(_LAST_BLOCK, {}))[0][0]
        return 0 if last is None else int(last) + 1

    async def events_of(self, block: int) -> list[Posted]:
        """What is to be posted of a block's events; fewer where the log does not reach so far."""
        found: list[Posted] = []
        end = (block + 1) * BLOCK
        for start in range(block * BLOCK, end, _PAGE):
            rows = await self._session.fetch(_FACTS, {"start": start, "stop": min(start + _PAGE, end)})
            found += await asyncio.to_thread(_read, rows)
        return found

    async def add(self, block: Block) -> None:
        """Adds a block, at the unit's commit. Raises `Conflict` where somebody else did."""
        await self._session.lock([])
        if await self.next_block() != block.number:
            raise Conflict("the block was made by somebody else")
        times = {"first_at": block.first_at, "last_at": block.last_at}
        self._session.write(_ADD_BLOCK, [{"block": block.number, **times}])
        rows = [{"term": t, "block": block.number, "places": p} for t, p in sorted(block.places.items())]
        self._session.write(_ADD_POSTINGS, rows)


def _read(rows: Sequence[Row]) -> list[Posted]:
    return [_posted(row) for row in rows]


def _posted(row: Row) -> Posted:
    """An event that is gone, its retention over, leaves its time alone."""
    event_id, at, *words, customer_id, domains, reasons = row
    if at is None:
        return Posted(instant_of(event_id), ())
    named: dict[str, Any] = dict(zip(WORDS, words, strict=True))
    look = look_of(named["client_id"], customer_id, named["kind"], named["outcome"])
    return Posted(at, terms_of(named, orjson.loads(domains), orjson.loads(reasons)), look)
