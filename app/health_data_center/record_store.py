"""Records in the database: written idempotently, read newest first."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

import orjson
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.health_data_center import change_store
from app.health_data_center.cipher import BodyCipher
from app.health_data_center.cursor import Position
from app.health_data_center.identifiers import uuid7
from app.health_data_center.records.record import Record
from app.health_data_center.retention import kept_until
from app.health_data_center.tables import records


class Outcome(StrEnum):
    """What became of one given record. `CONFLICT`: it exists as another client's, or as another kind."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Written:
    """One given record and what became of it. `customer_id` is whom it is kept under: the survivor of a
    customer who was merged. `moved_from` is whom it was kept under until now, where that is somebody else."""

    record: Record
    record_id: str
    outcome: Outcome
    customer_id: str
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record as it is given out; `facts` are the kind's own fields."""

    record_id: str
    customer_id: str
    domain: str
    kind: str
    occurred_at: datetime
    source_system: str
    source_id: str
    sensitivity: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records: `since` inclusive, `until` exclusive, at most `limit`, those older than `after`."""

    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Records newest first; `next` is where to go on, None at the end."""

    items: tuple[StoredRecord, ...]
    next: Position | None


@dataclass(frozen=True, slots=True)
class Opening:
    """What a reader is let in to: records without a label of sensitivity and those with one of `sensitive`,
    of all kinds but the `withheld`; and whatever the client wrote itself, which it knows."""

    client_id: str
    sensitive: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


class RecordStore:
    """Reads and writes within the caller's transaction."""

    def __init__(self, cipher: BodyCipher) -> None:
        self._cipher = cipher

    async def put(
        self, connection: AsyncConnection, given: Sequence[Record], client_id: str, now: datetime
    ) -> list[Written]:
        """Writes what is new or changed. A source system is the client's that wrote for it first: nobody else
        adds to it, and a record is changed only by the client that wrote it.

        Each (source system, source ID) is given once. Nothing is written if any record conflicts.
        Raises `Unreadable`.
        """
        await _queue(connection, {record.source_system for record in given})
        survivors = await change_store.survivors(connection, {record.customer_id for record in given})
        known = await _known(connection, given)
        foreign = await _foreign(connection, {record.source_system for record in given}, client_id)
        written = [self._judge(record, known, foreign, client_id, survivors) for record in given]
        if any(w.outcome is Outcome.CONFLICT for w in written):
            return written
        new = [self._row(w, client_id, now) for w in written if w.outcome is Outcome.CREATED]
        changed = [self._row(w, client_id, now) for w in written if w.outcome is Outcome.UPDATED]
        if new:
            await connection.execute(insert(records), new)
        if changed:
            await connection.execute(_UPDATE, [{**row, "which": row["record_id"]} for row in changed])
        await self.restrict(
            connection, await change_store.erased(connection, {w.customer_id for w in written})
        )
        return written

    async def restrict(self, connection: AsyncConnection, customer_ids: Collection[str]) -> int:
        """The records of these customers, who were erased, are read by nobody any more. How many."""
        if not customer_ids:
            return 0
        of_them = records.c.customer_id.in_(customer_ids) & records.c.kept_until.is_(None)
        columns = (records.c.record_id, records.c.domain, records.c.occurred_at)
        found = (await connection.execute(select(*columns).where(of_them))).all()
        rows = [{"which": r.record_id, "until": kept_until(r.domain, r.occurred_at)} for r in found]
        if rows:
            await connection.execute(_RESTRICT, rows)
        return len(rows)

    async def purge(self, connection: AsyncConnection, now: datetime) -> int:
        """Deletes what was kept of erased customers for long enough; the owner's work. How many."""
        done = await connection.execute(delete(records).where(records.c.kept_until <= now))
        return done.rowcount

    async def rekey(
        self, connection: AsyncConnection, from_id: str, to_id: str, homes: Collection[str] | None
    ) -> int:
        """Records of one customer become another's; with `homes` those alone that first came under one of
        these IDs. A body is sealed for its customer: it is opened and sealed again. How many.

        Raises `Unreadable`.
        """
        if connection.dialect.name == "postgresql":
            await connection.execute(_MOVE_ALONE)
        found = await connection.execute(select(records).where(records.c.customer_id == from_id))
        moving = [row for row in found if homes is None or _original(row) in homes]
        for row in moving:
            facts = self._cipher.open(
                row.body_key_id, row.body, _bound_to(row.record_id, row.customer_id, row.kind)
            )
            key_id, body = self._cipher.seal(facts, _bound_to(row.record_id, to_id, row.kind))
            original = _original(row)
            await connection.execute(
                update(records)
                .where(records.c.record_id == row.record_id)
                .values(
                    customer_id=to_id,
                    original_customer_id=original if original != to_id else None,
                    body_key_id=key_id,
                    body=body,
                )
            )
        return len(moving)

    async def page(
        self,
        connection: AsyncConnection,
        customer_id: str,
        domain: str,
        query: RecordQuery,
        opening: Opening,
    ) -> Page:
        """One page of a customer's records of a domain, as far as they are open. Raises `Unreadable`."""
        rows = (await connection.execute(_page(customer_id, domain, query, opening))).all()
        items = tuple(self._stored(row) for row in rows[: query.limit])
        more = len(rows) > query.limit
        return Page(items, Position(items[-1].occurred_at, items[-1].record_id) if more else None)

    def _judge(
        self,
        record: Record,
        known: Mapping[tuple[str, str], Row[Any]],
        foreign: Set[str],
        client_id: str,
        survivors: Mapping[str, str],
    ) -> Written:
        row = known.get((record.source_system, record.source_id))
        kept = survivors.get(record.customer_id, record.customer_id)
        if row is None:
            outcome = Outcome.CONFLICT if record.source_system in foreign else Outcome.CREATED
            return Written(record, uuid7(), outcome, kept)
        if row.written_by != client_id or row.kind != record.kind:
            return Written(record, row.record_id, Outcome.CONFLICT, kept)
        outcome = Outcome.UNCHANGED if self._same(record, kept, row) else Outcome.UPDATED
        moved_from = row.customer_id if row.customer_id != kept else None
        return Written(record, row.record_id, outcome, kept, moved_from)

    def _same(self, record: Record, kept: str, row: Row[Any]) -> bool:
        stored = self._stored(row)
        return (
            stored.customer_id == kept
            and _original(row) == record.customer_id
            and stored.occurred_at == record.occurred_at
            and stored.sensitivity == record.sensitivity
            and stored.facts == record.facts()
        )

    def _row(self, written: Written, client_id: str, now: datetime) -> dict[str, Any]:
        record = written.record
        kept = written.customer_id
        bound_to = _bound_to(written.record_id, kept, record.kind)
        key_id, body = self._cipher.seal(orjson.dumps(record.facts()), bound_to)
        return {
            "record_id": written.record_id,
            "customer_id": kept,
            "original_customer_id": record.customer_id if record.customer_id != kept else None,
            "domain": record.domain,
            "kind": record.kind,
            "occurred_at": record.occurred_at,
            "source_system": record.source_system,
            "source_id": record.source_id,
            "sensitivity": record.sensitivity,
            "written_by": client_id,
            "body_key_id": key_id,
            "body": body,
            "created_at": now,
            "updated_at": now,
        }

    def _stored(self, row: Row[Any]) -> StoredRecord:
        bound_to = _bound_to(row.record_id, row.customer_id, row.kind)
        facts = orjson.loads(self._cipher.open(row.body_key_id, row.body, bound_to))
        return StoredRecord(
            row.record_id,
            row.customer_id,
            row.domain,
            row.kind,
            row.occurred_at,
            row.source_system,
            row.source_id,
            row.sensitivity,
            facts,
        )


_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(0x4844, CAST(:number AS integer))")
_HOLD_STILL = text("SELECT pg_advisory_xact_lock_shared(0x4845, 0)")
_MOVE_ALONE = text("SELECT pg_advisory_xact_lock(0x4845, 0)")
_CHANGED = (
    "customer_id",
    "original_customer_id",
    "occurred_at",
    "sensitivity",
    "body_key_id",
    "body",
    "updated_at",
)
_UPDATE = (
    update(records)
    .where(records.c.record_id == bindparam("which"))
    .values({name: bindparam(name) for name in _CHANGED})
)
_RESTRICT = (
    update(records).where(records.c.record_id == bindparam("which")).values(kept_until=bindparam("until"))
)


_OWNER = (
    select(records.c.written_by)
    .where(records.c.source_system == bindparam("system"))
    .order_by(records.c.source_id)
    .limit(1)
)


def _bound_to(record_id: str, customer_id: str, kind: str) -> str:
    return f"{record_id}\x00{customer_id}\x00{kind}"


async def _queue(connection: AsyncConnection, source_systems: Set[str]) -> None:
    """Writers of one source system take turns until they commit, so that what is read here stays true.

    And while they write, no customer's records move. In one order for all: they wait for each other but never
    deadlock. On SQLite every transaction has the
    only write lock already.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(_HOLD_STILL)
        for number in sorted({crc32(system.encode()) - 2**31 for system in source_systems}):
            await connection.execute(_TAKE_TURNS, {"number": number})


def _original(row: Row[Any]) -> str:
    """The customer under whom the record came."""
    original: str = row.original_customer_id or row.customer_id
    return original


async def _known(connection: AsyncConnection, given: Sequence[Record]) -> dict[tuple[str, str], Row[Any]]:
    wanted: dict[str, list[str]] = {}
    for record in given:
        wanted.setdefault(record.source_system, []).append(record.source_id)
    known: dict[tuple[str, str], Row[Any]] = {}
    for system, ids in wanted.items():
        which = and_(records.c.source_system == system, records.c.source_id.in_(ids))
        for row in await connection.execute(select(records).where(which)):
            known[row.source_system, row.source_id] = row
    return known


async def _foreign(connection: AsyncConnection, source_systems: Set[str], client_id: str) -> set[str]:
    """Which of these systems are another client's. One record tells: its index gives it at once."""
    owners = {
        system: await connection.scalar(_OWNER, {"system": system}) for system in sorted(source_systems)
    }
    return {system for system, owner in owners.items() if owner not in (None, client_id)}


def _is_open(opening: Opening) -> ColumnElement[bool]:
    label, kind = records.c.sensitivity, records.c.kind
    open_to_reader = and_(or_(label.is_(None), label.in_(opening.sensitive)), kind.not_in(opening.withheld))
    return or_(open_to_reader, records.c.written_by == opening.client_id)


def _page(customer_id: str, domain: str, query: RecordQuery, opening: Opening) -> Select[Any]:
    """One record more than asked for tells whether there is a next page."""
    of_domain = (records.c.customer_id == customer_id) & (records.c.domain == domain)
    found = select(records).where(of_domain, records.c.kept_until.is_(None), _is_open(opening))
    if query.kind is not None:
        found = found.where(records.c.kind == query.kind)
    if query.since is not None:
        found = found.where(records.c.occurred_at >= query.since)
    if query.until is not None:
        found = found.where(records.c.occurred_at < query.until)
    if query.after is not None:
        at, record_id = query.after.occurred_at, query.after.record_id
        older = records.c.occurred_at < at
        found = found.where(or_(older, and_(records.c.occurred_at == at, records.c.record_id < record_id)))
    newest = found.order_by(records.c.occurred_at.desc(), records.c.record_id.desc())
    return newest.limit(query.limit + 1)
