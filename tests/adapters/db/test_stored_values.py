"""What stands in the database tells nothing of the person; keys rotate; a changed row is refused."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.adapters.crypto.key_file import generate_key, generate_keys
from app.adapters.crypto.keys import key_ring
from app.adapters.db.database import Database, open_database
from app.services.ports import StorageUnavailable

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People

PeopleOn = Callable[[Database], "People"]


async def test_no_element_and_no_blocking_key_stands_in_the_file(
    sqlite_url: str, people_on: PeopleOn
) -> None:
    database = open_database(sqlite_url, key_ring(generate_keys()))
    people = people_on(database)
    await people.register(people.record("1"), "blocked-by-this")
    await database.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = b"".join(p.read_bytes() for p in path.parent.iterdir() if p.name.startswith(path.name))
    assert b"hospital" in content
    given = people.given
    for value in (given.name, given.birth_date, given.id_number, "blocked-by-this"):
        assert str(value).encode() not in content


async def test_after_a_rotation_old_records_open_and_are_found(
    database_url: str, people_on: PeopleOn
) -> None:
    keys = generate_keys()
    before = open_database(database_url, key_ring(keys))
    old = await people_on(before).register(people_on(before).record("old"), "a")
    await before.close()
    for purpose in ("data", "index"):
        keys[purpose].insert(0, generate_key(purpose))
    after = open_database(database_url, key_ring(keys))
    people = people_on(after)
    new = await people.register(people.record("new"), "a")
    async with after.units() as unit:
        hits = await unit.index.find(people.keys("a"))
    assert {r.record_id: r.given for r in hits.records} == {r.record_id: people.given for r in (old, new)}
    assert hits.keys[old.record_id] == hits.keys[new.record_id] == tuple(people.keys("a"))
    await after.close()


async def test_a_record_whose_key_is_lost_is_not_answered_for(database_url: str, people_on: PeopleOn) -> None:
    keys = generate_keys()
    before = open_database(database_url, key_ring(keys))
    people = people_on(before)
    record = await people.register(people.record("1"), "a")
    await before.close()
    after = open_database(database_url, key_ring({**keys, "data": [generate_key("data")]}))
    async with after.units() as unit:
        with pytest.raises(StorageUnavailable) as refused:
            await unit.index.find(people.keys("a"))
        assert await unit.index.exists(record.customer_id)
    assert "王" not in str(refused.value)
    await after.close()


async def test_elements_moved_to_another_record_do_not_open(sqlite_url: str, people_on: PeopleOn) -> None:
    database = open_database(sqlite_url, key_ring(generate_keys()))
    people = people_on(database)
    one = await people.register(people.record("1"))
    other = await people.register(people.record("2"))
    thief = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    thief.execute(
        "UPDATE source_records SET sealed = (SELECT sealed FROM source_records WHERE local_id = '2')"
    )
    thief.commit()
    thief.close()
    async with database.units() as unit:
        assert await unit.index.records([other.local]) == [other]
        with pytest.raises(StorageUnavailable):
            await unit.index.records([one.local])
    await database.close()
