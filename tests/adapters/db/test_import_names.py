"""An erasure opens the results that name somebody, and no others."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.adapters.crypto.cipher import Cipher
from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import KeyRing
from app.adapters.crypto.keys import key_ring as read_key_ring
from app.adapters.db.database import Database
from app.adapters.db.import_names import ImportNames
from app.core.index.customer import LocalId
from app.services.import_job import ImportJob, ImportStatus, PartKind

JOB = UUID("01a20059-624a-7f9f-b35a-e4b5841b95c1")
PARTS = 5


def rows(part: int) -> list[dict[str, Any]]:
    """Three rows, of which the last one was rejected."""
    lines = [3 * part + n + 1 for n in range(3)]
    registered = [
        {
            "line": line,
            "outcome": "created",
            "source_system": "medical",
            "local_id": f"P{line}",
            "customer_id": f"C{line}",
        }
        for line in lines[:2]
    ]
    return [*registered, {"line": lines[2], "outcome": "rejected", "field": "gender"}]


def erased(line: int) -> dict[str, Any]:
    return {"line": line, "outcome": "erased"}


async def add(database: Database, people: Any) -> None:
    job = ImportJob(
        import_id=JOB,
        client_id="hospital",
        status=ImportStatus.COMPLETED,
        source_system=None,
        created_at=people.now,
        updated_at=people.now,
    )
    async with database.units() as unit:
        unit.imports.put(job)
        for part in range(PARTS):
            unit.imports.add_part(JOB, PartKind.RESULTS, part, rows(part))
        await unit.commit()


async def forget(database: Database, *customer_ids: str, locals_: tuple[LocalId, ...] = ()) -> None:
    async with database.units() as unit:
        await unit.imports.forget(customer_ids, locals_)
        await unit.commit()


async def results(database: Database) -> list[Any]:
    async with database.units() as unit:
        return [await unit.imports.part(JOB, PartKind.RESULTS, part) for part in range(PARTS)]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The numbers of the parts that were opened."""
    seen: list[bytes] = []
    plain = Cipher.open

    def watched(self: Cipher, sealed: bytes, key_id: str, belongs_to: bytes) -> bytes:
        seen.append(belongs_to.rpartition(b":")[2])
        return plain(self, sealed, key_id, belongs_to)

    monkeypatch.setattr(Cipher, "open", watched)
    return seen


async def test_a_customer_and_a_local_id_are_found_and_nothing_else_is_opened(
    database: Database, people: Any, opened: list[bytes]
) -> None:
    await add(database, people)
    await forget(database, "C4", "nobody", locals_=(LocalId("medical", "P14"), LocalId("elder_care", "P1")))
    assert sorted(opened) == [b"1", b"4"]
    found = await results(database)
    assert (found[1][0], found[4][1]) == (erased(4), erased(14))
    assert [found[n] for n in (0, 2, 3)] == [rows(n) for n in (0, 2, 3)]
    opened.clear()
    await forget(database, "C4")
    assert opened == [], "who is gone is named no more"
    await forget(database, "C5")
    assert (await results(database))[1][:2] == [erased(4), erased(5)]


async def test_names_under_a_key_that_is_gone_are_not_relied_on(
    database: Database, people: Any, key_ring: KeyRing
) -> None:
    await add(database, people)
    database.use_keys(replace(key_ring, index=read_key_ring(generate_keys()).index))
    await forget(database, "C4")
    assert (await results(database))[1][0] == erased(4)


async def test_parts_from_before_there_were_names_are_opened(
    database: Database, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ImportNames, "add", lambda *_: None)
        await add(database, people)
    await forget(database, "C10")
    assert (await results(database))[3][0] == erased(10)
