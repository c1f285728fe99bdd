"""The ledger keeps what was decided and refuses every change; lists of IDs are found on both databases."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.adapters.crypto.keys import KeyRing
from app.adapters.db.database import Database, open_database
from app.core.index.change import Change, ChangeKind
from app.core.index.ledger import Act, Decision

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People

STATEMENTS = ["UPDATE identity_decisions SET why = 'x'", "DELETE FROM identity_decisions"]


def decision(people: "People", customer_id: str, **more: object) -> Decision:
    values = {"act": Act.LINK, "by": "test", "why": "new", "record_id": people.ids.uuid(), **more}
    return Decision(
        decision_id=people.ids.uuid(),
        at=people.now,
        customer_id=customer_id,
        **values,  # type: ignore[arg-type]
    )


async def written(database: Database, *decisions: Decision) -> None:
    async with database.units() as unit:
        unit.ledger.append(decisions)
        await unit.commit()


async def test_decisions_are_read_as_they_were_written_and_in_order(
    database: Database, people: "People"
) -> None:
    decisions = [decision(people, f"C{i}", evidence={"name": "王丽华"}, model="m1") for i in range(3)]
    await written(database, *decisions)
    async with database.units() as unit:
        assert [d async for d in unit.ledger.all()] == [replace(d, evidence=None) for d in decisions]
        assert await unit.ledger.get(decisions[1].decision_id) == decisions[1]
        assert await unit.ledger.get(people.ids.uuid()) is None
        records = [d.record_id for d in decisions[1:] if d.record_id]
        found = await unit.ledger.about(["C0"], records)
        assert [found[position] for position in sorted(found)] == decisions


@pytest.fixture
async def ledger_file(
    sqlite_url: str, key_ring: KeyRing, people_on: "Callable[[Database], People]"
) -> sqlite3.Connection:
    """The SQLite file with one decision in it, seen from beside the application."""
    database = open_database(sqlite_url, key_ring)
    await written(database, decision(people_on(database), "C0", evidence={"name": "王丽华"}))
    await database.close()
    return sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))


async def test_evidence_is_sealed(ledger_file: sqlite3.Connection) -> None:
    ((evidence,),) = ledger_file.execute("SELECT evidence FROM identity_decisions").fetchall()
    ledger_file.close()
    assert len(evidence) > 16
    assert "王".encode() not in evidence


@pytest.mark.parametrize(
    "statement", [*STATEMENTS, "INSERT OR REPLACE INTO identity_decisions SELECT * FROM x"]
)
async def test_sqlite_refuses_every_change(ledger_file: sqlite3.Connection, statement: str) -> None:
    ledger_file.execute("CREATE TEMP TABLE x AS SELECT * FROM identity_decisions")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        ledger_file.execute(statement)
    ledger_file.close()


@pytest.mark.parametrize("statement", [*STATEMENTS, "TRUNCATE identity_decisions"])
async def test_postgresql_refuses_every_change(postgres_url: str, statement: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await connection.execute(statement)
    await connection.close()


async def test_changes_get_positions_in_the_order_of_insertion(database: Database, people: "People") -> None:
    changes = [
        Change(
            change_id=people.ids.uuid(),
            at=people.now,
            kind=ChangeKind.SPLIT,
            customer_id=f"C{i}",
            homes=("C1",),
        )
        for i in range(5)
    ]
    for batch in (changes[:2], changes[2:]):
        async with database.units() as unit:
            unit.changes.add(batch)
            await unit.commit()
        async with database.units() as unit:
            assert await unit.changes.any_waiting()
            unit.changes.place()
            await unit.commit()
    async with database.units() as unit:
        assert not await unit.changes.any_waiting()
        assert await unit.changes.list(0, 10) == list(enumerate(changes, start=1))
        assert await unit.changes.list(3, 1) == [(4, changes[3])]
