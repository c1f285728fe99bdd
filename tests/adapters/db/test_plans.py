"""The look-ups go by index, even where they were planned while the tables were still empty."""

import sqlite3
from uuid import UUID

import asyncpg
import pytest

from app.adapters.db.index_queries import CROSS_REFERENCES, EXISTS, FIND, RECORDS, RECORDS_OF
from app.adapters.db.postgresql import _SESSION_SETTINGS
from app.adapters.db.seal_store import HEADS, SEALED, UNSEALED
from app.adapters.db.statement import Statement

ID = UUID("01a20059-624a-7f9f-b35a-e4b5841b95c1")
LOOK_UPS = [
    (FIND, {"keys": [1, 2], "bucket": 101}, "ARRAY[1, 2], 101"),
    (RECORDS, {"systems": ["a"], "locals": ["b"]}, "ARRAY['a'], ARRAY['b']"),
    (RECORDS_OF, {"customer_ids": ["a"]}, "ARRAY['a']"),
    (EXISTS, {"customer_id": "a"}, "'a'"),
    (UNSEALED, {"after": ID, "until": ID, "limit": 9}, f"'{ID}', '{ID}', 9"),
    (SEALED, {"start": 1, "stop": 9}, "1, 9, 1000"),
    (HEADS, {"after": 1}, "1, 1000"),
    (CROSS_REFERENCES, {"after_system": "a", "after_local": "b"}, "'a', 'b', 1000"),
]


@pytest.mark.parametrize(("statement", "parameters", "arguments"), LOOK_UPS)
async def test_postgresql_never_scans(
    postgres_url: str, statement: Statement, parameters: dict[str, object], arguments: str
) -> None:
    connection = await asyncpg.connect(postgres_url, server_settings=_SESSION_SETTINGS)
    await connection.execute(f"PREPARE asked AS {statement.on('postgresql').sql}")
    plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN EXECUTE asked({arguments})"))
    await connection.close()
    assert "Index" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize(("statement", "parameters", "arguments"), LOOK_UPS)
def test_sqlite_never_scans(
    sqlite_url: str, statement: Statement, parameters: dict[str, object], arguments: str
) -> None:
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    prepared = statement.on("sqlite")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {prepared.sql}", prepared.arguments(parameters))
    plan = [row[3] for row in rows]
    connection.close()
    assert any("SEARCH" in step for step in plan)
    scans = [step for step in plan if step.startswith("SCAN")]
    assert all("asked" in step or "found" in step for step in scans), plan
