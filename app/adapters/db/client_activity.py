"""Counts what a client did: by the posting lists of the sealed log, and behind them event by event.

Nothing here grows with the log but the number of blocks, each of which is 4,096 events: a list of each word
for each block of the time is read, and the times of the client's leaves where a day ends within a block.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Text, bindparam, func, select

from app.adapters.db.event_search import EventSearch
from app.adapters.db.id_lists import among_numbers, among_texts
from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement
from app.adapters.db.tables import audit_blocks, audit_leaves, audit_postings
from app.adapters.db.types import Instant
from app.core.audit.client_activity import ClientActivity, Deed, ListedBlock, Tally
from app.core.audit.event import EventFilter
from app.core.audit.log import instant_of
from app.core.audit.postings import BLOCK, as_bits, customers_term, places_in

_BLOCKS_AT_ONCE = 64
_COLUMNS = ("at", "kind", "outcome", "client_id", "customer_id", "domains", "purpose", "reasons")

_block, _list, _leaf = audit_blocks.c, audit_postings.c, audit_leaves.c
MINE = Statement(
    select(_list.block, _list.places, _block.first_at, _block.last_at)
    .select_from(audit_postings.join(audit_blocks, _block.block == _list.block))
    .where(
        _list.term == bindparam("mine", type_=Text),
        _block.last_at >= bindparam("since", type_=Instant),
        _block.first_at < bindparam("until", type_=Instant),
    )
    .order_by(_list.block)
)


def _words() -> Statement:
    """The terms but those of clients, which come before all others: from one to the next, since there are few
    of them, each with many lists."""
    first = select(func.min(_list.term).label("term")).where(_list.term >= "domain")
    terms = first.cte("terms", recursive=True)
    following = select(func.min(_list.term)).where(_list.term > terms.c.term).scalar_subquery()
    terms = terms.union_all(select(following).where(terms.c.term.is_not(None)))
    return Statement(select(terms.c.term).where(terms.c.term.is_not(None)))


def _lists() -> Statement:
    texts, numbers = among_texts(_list.term, "terms"), among_numbers(_list.block, "blocks")
    query = select(_list.block, _list.term, _list.places)
    return Statement(**{on: query.where(texts[on], numbers[on]) for on in texts})


WORDS, LISTS = _words(), _lists()
TIMES = Statement(
    **{
        on: select(_leaf.leaf_index, _leaf.event_id).where(asked)
        for on, asked in among_numbers(_leaf.leaf_index, "leaves").items()
    }
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A block in which the client has places."""

    number: int
    mine: bytes
    first_at: datetime
    last_at: datetime

    def leaves(self) -> list[int]:
        return [self.number * BLOCK + place for place in places_in(as_bits(self.mine))]

    def within(self, since: datetime, until: datetime) -> bool:
        return since <= self.first_at and self.last_at < until

    def within_a_day(self, zone: tzinfo) -> bool:
        return self.first_at.astimezone(zone).date() == self.last_at.astimezone(zone).date()


async def client_activity(
    session: Session, client_id: str, since: datetime, until: datetime, zone: tzinfo
) -> ClientActivity:
    """What the client did from `since` on, until before `until`."""
    which = EventFilter(client_id=client_id, since=since, until=until)
    tally, search = Tally(zone), EventSearch(session, _COLUMNS)
    asked = {"mine": f"client_id={client_id}", "since": since, "until": until}
    found = [_Found(*row) for row in await session.fetch(MINE, asked)]
    whole = [block for block in found if block.within(since, until)]
    edges = [leaf for block in found if block not in whole for leaf in block.leaves()]
    for row in [*await search.at_leaves(edges, which), *await search.behind_the_lists(which)]:
        tally.add_event(Deed(*row))
    if whole:
        await _count(session, client_id, whole, tally)
    return tally.result()


async def _count(session: Session, client_id: str, whole: Sequence[_Found], tally: Tally) -> None:
    words = [row[0] for row in await session.fetch(WORDS, {})]
    marks, ends = customers_term(client_id), {whole[0].number, whole[-1].number}
    for start in range(0, len(whole), _BLOCKS_AT_ONCE):
        some = whole[start : start + _BLOCKS_AT_ONCE]
        asked = {"terms": [*words, marks], "blocks": [block.number for block in some]}
        rows = await session.fetch(LISTS, asked)
        # Of the first and the last block the times are wanted, too: when it began, and when it ended.
        timed = [b for b in some if b.number in ends or not b.within_a_day(tally.zone)]
        leaves = [leaf for block in timed for leaf in block.leaves()]
        times = await session.fetch(TIMES, {"leaves": leaves}) if leaves else ()
        await asyncio.to_thread(_add, tally, some, rows, times, marks)


def _add(
    tally: Tally, blocks: Iterable[_Found], rows: Iterable[Row], times: Iterable[Row], marks: str
) -> None:
    lists: dict[int, dict[str, bytes]] = {block.number: {} for block in blocks}
    for number, term, places in rows:
        lists[number][term] = places
    when: dict[int, dict[int, datetime]] = {}
    for leaf, event_id in times:
        when.setdefault(leaf // BLOCK, {})[leaf % BLOCK] = instant_of(event_id)
    for block in blocks:
        found: Mapping[str, Any] = lists[block.number]
        tally.add_block(
            ListedBlock(
                block.first_at,
                block.mine,
                {term: places for term, places in found.items() if term != marks},
                found.get(marks, b""),
                when.get(block.number, {}),
            )
        )
