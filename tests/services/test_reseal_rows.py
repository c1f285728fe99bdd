"""What was sealed under the data key itself: with the old key gone, all that may change still opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from sqlalchemy import bindparam, update

from app.adapters.crypto.cipher import Cipher
from app.adapters.crypto.keys import KeyRing, SymmetricKey
from app.adapters.db import reseal_store
from app.adapters.db.database import Database
from app.adapters.db.record_codec import _content
from app.adapters.db.reseal_store import MOVABLE, PAGE
from app.adapters.db.statement import Command, Statement
from app.adapters.db.tables import metadata, source_record_versions, source_records
from app.adapters.db.types import Bytes, Identifier
from app.adapters.db.unit_of_work import SqlUnitOfWork
from app.adapters.ids import RandomIds
from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements
from app.core.index.customer import LocalId, SourceRecord
from app.services.import_job import ImportJob, ImportStatus, PartKind
from app.services.ports import StorageUnavailable
from app.services.reseal_rows import ResealRows

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEW = SymmetricKey("new", "A256GCM", bytes(range(32)))
GIVEN = GivenElements("王丽华", "female", "1980-02-29", None, None)
PARTS = PAGE + 3
IDS = RandomIds()
APPENDED = {"audit_events", "identity_decisions", "consents", "consent_withdrawals"}
"""What is only ever appended to: whose key stays for as long as the rows."""


@pytest.fixture
async def upload(database: Database) -> UUID:
    """More than a page of parts that wait."""
    job = ImportJob(
        import_id=IDS.uuid(),
        client_id="hospital",
        status=ImportStatus.QUEUED,
        source_system=None,
        created_at=NOW,
        updated_at=NOW,
    )
    async with database.units() as unit:
        unit.imports.put(job)
        for part in range(PARTS):
            unit.imports.add_part(job.import_id, PartKind.ROWS, part, [{"line": part}])
        await unit.commit()
    return job.import_id


@pytest.fixture
async def record(database: Database, key_ring: KeyRing) -> SourceRecord:
    """A record with a history, both sealed as they were before customers had keys."""
    first = SourceRecord(IDS.uuid(), LocalId("medical", "P1"), IDS.customer_id(), GIVEN, False, 1, NOW)
    async with database.units() as unit:
        unit.index.add_customers([first.customer_id], NOW)
        unit.index.put_records([(first, ())])
        await unit.commit()
    second = replace(
        first, given=replace(GIVEN, name="王丽花"), version=2, updated_at=NOW + timedelta(hours=1)
    )
    async with database.units() as unit:
        await unit.index.records([first.local])
        unit.index.put_records([(second, ())])
        await unit.commit()
    await _as_of_old(database, key_ring, first, second)
    return second


async def _as_of_old(
    database: Database, key_ring: KeyRing, first: SourceRecord, second: SourceRecord
) -> None:

    cipher = Cipher(key_ring.data)
    async with SqlUnitOfWork(database._pool, database._keys) as unit:
        for table, record in ((source_record_versions, first), (source_records, second)):
            old = (
                update(table)
                .where(table.c.record_id == bindparam("which", type_=Identifier))
                .values(sealed=bindparam("content", type_=Bytes), data_key_id=bindparam("key"))
            )
            sealed = cipher.seal(orjson.dumps(_content(record)), record.record_id.bytes)
            row = {"which": record.record_id, "content": sealed, "key": cipher.active_id}
            unit._session.write(Command(Statement(old)), [row])
        await unit.commit()


async def parts(database: Database, upload: UUID) -> list[object]:
    async with database.units() as unit:
        return [await unit.imports.part(upload, PartKind.ROWS, part) for part in range(PARTS)]


async def test_without_the_old_key_everything_opens(
    database: Database, upload: UUID, record: SourceRecord, key_ring: KeyRing
) -> None:
    reseal = ResealRows(database.units)
    assert await reseal.left() == 0
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    assert await reseal.left() == PARTS + 2
    told: list[int] = []
    assert await reseal(told.append) == PARTS + 2
    assert (sum(told), max(told)) == (PARTS + 2, PAGE)
    assert await reseal.left() == 0
    old = key_ring.data[0].key_id
    assert set((await reseal.resting())[old]) == {"customer_keys"}, "these are wrapped by themselves"
    async with database.units() as unit:
        await unit.rewrapping.rewrap("")
        await unit.commit()
    assert old not in await reseal.resting()
    database.use_keys(replace(key_ring, data=(NEW,)))
    assert await parts(database, upload) == [[{"line": part}] for part in range(PARTS)]
    async with database.units() as unit:
        assert await unit.index.records([record.local]) == [record]
        (before,) = await unit.index.contents_at([record.record_id], NOW)
    assert before.given == GIVEN


async def test_spans_leave_nothing_out(
    database: Database, upload: UUID, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_ring.data[0].key_id
    monkeypatch.setattr(reseal_store, "SPAN", 7)
    walks = {n: reseal_store._Walk.over(w.table) for n, w in reseal_store._WALKS.items()}
    monkeypatch.setattr(reseal_store, "_WALKS", walks)
    reseal = ResealRows(database.units)
    assert (await reseal.resting())[old]["import_parts"] == PARTS
    async with database.units() as unit:
        spans = [s for s in await unit.resealing.spans(may_change=True) if s.table == "import_parts"]
    assert len(spans) == -(-PARTS // 7)
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    assert await reseal(lambda _: None) == PARTS
    assert await parts(database, upload) == [[{"line": part}] for part in range(PARTS)]


async def test_what_was_broken_off_is_done_by_the_next(
    database: Database, upload: UUID, key_ring: KeyRing
) -> None:
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    reseal = ResealRows(database.units)

    def full_stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await reseal(full_stop)
    assert await reseal.left() == PARTS - PAGE
    assert await parts(database, upload) == [[{"line": part}] for part in range(PARTS)]
    assert await reseal(lambda _: None) == PARTS - PAGE


async def test_a_part_that_was_dropped_meanwhile_stays_so(
    database: Database, upload: UUID, key_ring: KeyRing
) -> None:
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    async with database.units() as unit, database.units() as other:
        for span in await unit.resealing.spans(may_change=True):
            await unit.resealing.reseal(span)
        other.imports.drop_parts(upload, PartKind.ROWS)
        await other.commit()
        await unit.commit()
    assert await parts(database, upload) == [None] * PARTS


async def test_what_does_not_open_is_said(database: Database, upload: UUID, key_ring: KeyRing) -> None:
    other = SymmetricKey(key_ring.data[0].key_id, "A256GCM", bytes(32))
    database.use_keys(replace(key_ring, data=(NEW, other)))
    with pytest.raises(StorageUnavailable, match="import_parts"):
        await ResealRows(database.units)(lambda _: None)


async def test_the_log_keeps_what_it_states_and_its_key_is_told(
    database: Database, key_ring: KeyRing
) -> None:
    event = Event(event_id=IDS.uuid(), at=NOW, kind=Kind.ACCESS, outcome="deny", statement="unconscious")
    async with database.units() as unit:
        unit.events.append(event)
        await unit.commit()
    database.use_keys(replace(key_ring, data=(NEW, *key_ring.data)))
    reseal = ResealRows(database.units)
    assert await reseal.left() == 0
    assert (await reseal.resting()) == {key_ring.data[0].key_id: {"audit_events": 1}}


def test_of_every_table_that_seals_it_is_known_what_becomes_of_it() -> None:
    sealing = {table.name for table in metadata.sorted_tables if "data_key_id" in table.c}
    assert sealing == {*MOVABLE, "customer_keys", *APPENDED}
